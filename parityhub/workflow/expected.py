"""How long the parts of a run took before, from hubs of the same effort."""

from collections.abc import Iterator
from pathlib import Path

from parityhub.errors import Error
from parityhub.hub.history import History, read_history
from parityhub.hub.records import AttemptRecord, PhaseRecord
from parityhub.hub.store import Hub, find_hubs
from parityhub.plan.read import LoadedPlan
from parityhub.run.moment import Expected, name_work

EARLIER = 5
"""hubs that are read, the newest ones: it must not take long to say how long it takes"""


def read_expected(loaded: LoadedPlan, reports: Path, hub: Hub) -> Expected:
    """Return the seconds that each part took when it was last done whole.

    A step counts where it passed on the same rung with the same data and options; a phase where it
    ran in one go under the same version of the plan. A hub that cannot be read tells nothing.
    """
    initiative = loaded.plan.initiative
    found = [root.resolve() for root in find_hubs(reports, initiative.hub, initiative.id)]
    here = hub.root.resolve()
    earlier = [root for root in reversed(found) if root != here][:EARLIER]
    expected: dict[tuple[object, ...], float] = {}
    for root in (here, *earlier):
        try:
            history = read_history(Hub.open(root, hub.clock))
        except Error:
            continue
        for key, seconds in list_taken(history, loaded.sha256):
            expected.setdefault(key, seconds)
    return expected


def list_taken(history: History, plan: str) -> Iterator[tuple[tuple[object, ...], float]]:
    """Yield what each part of a hub's runs took, the newest first."""
    for phase in reversed(history.phases):
        if phase.plan_sha256 == plan and ran_through(history, phase):
            yield (phase.phase,), phase.seconds
    for gate in sorted(history.gates, key=lambda gate: -gate.run):
        if gate.color == "green":
            yield (gate.phase, "gate"), gate.seconds
    for attempt in sorted(history.attempts.values(), key=lambda attempt: -attempt.number):
        yield from list_steps_taken(attempt)


def ran_through(history: History, record: PhaseRecord) -> bool:
    """Say whether a phase ran in one go: neither gone on with nor only what was owed."""
    return any(
        (start.phase, start.run, start.started) == (record.phase, record.run, record.started)
        and not start.owed
        for start in history.starts
    )


def list_steps_taken(attempt: AttemptRecord) -> Iterator[tuple[tuple[object, ...], float]]:
    """Yield what each step took that an attempt ran to a good end."""
    for step in attempt.steps:
        if step.status == "passed":
            key = name_work(
                attempt.phase,
                attempt.baseline,
                attempt.rung,
                step.name,
                attempt.dataset,
                attempt.options,
            )
            yield key, step.seconds
