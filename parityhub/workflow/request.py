"""From what a user asked for to a run: which hub, which run of the phase, what comes first."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from parityhub.errors import UsageError
from parityhub.hub import layout
from parityhub.hub.history import read_history
from parityhub.hub.lock import hold_hub
from parityhub.hub.records import PhaseRecord
from parityhub.hub.store import Clock, Hub
from parityhub.plan.model import Phase, Plan
from parityhub.plan.read import LoadedPlan
from parityhub.run.moment import Expected, Mark, ignore_moment
from parityhub.run.setting import Setting, Tell, Tick
from parityhub.workflow.announce import announce_phases
from parityhub.workflow.expected import read_expected
from parityhub.workflow.hubs import open_hub_to_write
from parityhub.workflow.job import Job
from parityhub.workflow.phase import run_phase
from parityhub.workflow.show import render_hub


@dataclass(frozen=True, kw_only=True)
class Request:
    """A run-phase as it was asked for."""

    phase: str
    reports: Path
    root: Path
    """the repository"""
    hub: Path | None
    new_hub: bool
    accept_plan: bool
    resume: bool
    rerun_owed: bool
    with_required: bool
    inherited: Mapping[str, str]
    clock: Clock
    tell: Tell
    tick: Tick
    mark: Mark = ignore_moment


def find_phase(plan: Plan, phase_id: str) -> Phase:
    """Return a phase of the plan.

    Raises:
        UsageError: there is none of that id.
    """
    phase = plan.find_phase(phase_id)
    if phase is None:
        known = ", ".join(phase.id for phase in plan.phases)
        raise UsageError(f"no phase {phase_id} in the plan", hint=f"its phases are {known}")
    return phase


def serve_request(loaded: LoadedPlan, request: Request) -> tuple[Hub, PhaseRecord]:
    """Run a phase as asked for, those it requires first where told to.

    Raises:
        Error: the request does not fit the plan or the hub.
    """
    phase = find_phase(loaded.plan, request.phase)
    hub = open_hub_to_write(
        loaded,
        request.reports,
        request.hub,
        request.clock,
        new=request.new_hub,
        accept_plan=request.accept_plan,
    )
    since = layout.format_time(request.clock())
    with hold_hub(hub.root, command=f"parityhub run-phase {phase.id}", since=since):
        # What another process kept since the manifest was read must not be lost.
        hub = Hub.open(hub.root, request.clock)
        hub.take_in_strays()
        expected = read_expected(loaded, request.reports, hub)
        first = list_unmet(loaded.plan, phase, hub) if request.with_required else []
        announce_phases((*first, phase), expected, request.mark)
        for required in first:
            asked = replace(request, phase=required.id, resume=False, rerun_owed=False)
            run_one(loaded, required, hub, asked, expected)
        return hub, run_one(loaded, phase, hub, request, expected)


def list_unmet(plan: Plan, phase: Phase, hub: Hub) -> list[Phase]:
    """Return each phase that a phase requires and that has no run here, or a blocked one."""
    history = read_history(hub)
    return [
        required
        for required in list_required(plan, phase)
        if (last := history.last_phase(required.id)) is None or last.state == "blocked"
    ]


def list_required(plan: Plan, phase: Phase) -> list[Phase]:
    """Return each phase that a phase requires, directly or not, what comes first first."""
    ordered: dict[str, Phase] = {}

    def visit(current: Phase) -> None:
        for name in current.requires:
            required = find_phase(plan, name)
            visit(required)
            ordered.setdefault(name, required)

    visit(phase)
    return list(ordered.values())


def run_one(
    loaded: LoadedPlan, phase: Phase, hub: Hub, request: Request, expected: Expected
) -> PhaseRecord:
    """Run one phase, or go on with the run of it that was interrupted.

    Raises:
        UsageError: there is nothing to run, to resume, or to rerun.
    """
    if phase.idle:
        raise UsageError(
            f"{phase.id} has nothing to run: what is known of it was imported",
            hint="give it a gate, runs or checks in the plan",
        )
    history = read_history(hub)
    start, last = history.last_start(phase.id), history.last_phase(phase.id)
    opened = start is not None and (last is None or start.run > last.run)
    number = 1 + (start.run if start else 0)
    if request.resume:
        if start is None:
            raise UsageError(
                f"{phase.id} has no run in {hub.root} to resume",
                hint=f"parityhub run-phase {phase.id}",
            )
        if not opened and last is not None:
            request.tell(f"{phase.id}: nothing is missing of its last run")
            render_hub(hub, loaded.plan, history, request.root)
            return last
        number = start.run
    owed = start.owed if request.resume and start else request.rerun_owed
    if owed and not (last and last.dataset_note and last.dataset_note.owed):
        raise UsageError(f"{phase.id} owes no rerun", hint="see `parityhub status`")
    setting = Setting(
        plan=loaded.plan,
        phase=phase,
        hub=hub,
        number=number,
        root=request.root,
        inherited=request.inherited,
        python=sys.executable,
        tell=request.tell,
        tick=request.tick,
        mark=request.mark,
        expected=expected,
    )
    started = request.clock()
    return run_phase(Job(loaded, setting, history, owed, started))
