"""Which hub a command works on."""

from pathlib import Path

from parityhub.errors import HubError, UsageError
from parityhub.hub import layout
from parityhub.hub.history import History, read_history
from parityhub.hub.store import Clock, Hub, find_hubs
from parityhub.plan.read import LoadedPlan


def find_newest_hub(loaded: LoadedPlan, reports: Path) -> Path | None:
    """Return the newest hub of a plan's initiative, or None."""
    initiative = loaded.plan.initiative
    hubs = find_hubs(reports, initiative.hub, initiative.id)
    return hubs[-1] if hubs else None


def open_hub(loaded: LoadedPlan, reports: Path, named: Path | None, clock: Clock) -> Hub:
    """Open the named hub or the newest of the plan, to read it.

    Raises:
        HubError: there is none, or it is of another initiative.
    """
    root = named or find_newest_hub(loaded, reports)
    if root is None:
        raise HubError(
            f"{reports}: no hub of {loaded.plan.initiative.id} yet",
            hint=f"make one: parityhub run-phase {loaded.plan.phases[0].id}",
        )
    hub = Hub.open(root, clock)
    if hub.manifest.initiative != loaded.plan.initiative.id:
        raise HubError(
            f"{root}: a hub of {hub.manifest.initiative}, not of {loaded.plan.initiative.id}",
            hint="name the plan it belongs to with --plan",
        )
    return hub


def open_hub_to_write(
    loaded: LoadedPlan,
    reports: Path,
    named: Path | None,
    clock: Clock,
    *,
    new: bool,
    accept_plan: bool,
) -> Hub:
    """Open the hub that a run goes on in, or start one.

    Raises:
        UsageError: both a named hub and a new one are asked for.
        HubError: the hub was run with another version of the plan, and nobody said to accept it.
    """
    if new and named is not None:
        raise UsageError("--new-hub and --hub exclude each other", hint="leave one out")
    if new or (named is None and find_newest_hub(loaded, reports) is None):
        initiative = loaded.plan.initiative
        return Hub.create(reports, initiative.hub, initiative.id, clock)
    hub = open_hub(loaded, reports, named, clock)
    if not accept_plan:
        refuse_other_plan(hub, loaded)
    return hub


def refuse_other_plan(hub: Hub, loaded: LoadedPlan) -> None:
    """See that a hub was run with this version of the plan, or with none yet.

    Raises:
        HubError: it was run with another one.
    """
    plans = hub.manifest.plans
    if plans and loaded.sha256 not in plans:
        raise HubError(
            f"{hub.root}: was run with another version of {loaded.path} "
            f"(kept as {layout.plan_path(plans[-1])})",
            hint="start another hub with run-phase --new-hub, or go on here with run-phase "
            "--accept-plan-change",
        )


def read_hub(
    loaded: LoadedPlan, reports: Path, named: Path | None, clock: Clock
) -> tuple[Hub, History]:
    """Open a hub and read its records."""
    hub = open_hub(loaded, reports, named, clock)
    return hub, read_history(hub)


def read_history_so_far(
    loaded: LoadedPlan, reports: Path, named: Path | None, clock: Clock
) -> History:
    """Read the records of the hub, or none where there is no hub yet."""
    if named is None and find_newest_hub(loaded, reports) is None:
        return History()
    return read_hub(loaded, reports, named, clock)[1]
