"""What a phase's questions are put to: the attempts that count, of it and of other phases."""

from collections.abc import Callable, Mapping

from parityhub.compare.evidence import Evidence
from parityhub.hub.history import History
from parityhub.hub.records import AttemptRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Phase, Plan

Found = tuple[AttemptRecord | None, tuple[str, ...]]
"""the attempt that counts, and the blockers where there is none"""


def gather_recorded(plan: Plan, phase: Phase, history: History, hub: Hub) -> Evidence:
    """Gather the attempts that count in the whole runs that the hub records."""
    return gather_by(plan, phase, hub, lambda other, name: find_recorded(history, other, name))


def gather_running(
    plan: Plan,
    phase: Phase,
    history: History,
    hub: Hub,
    counting: Mapping[str, AttemptRecord],
    blockers: tuple[str, ...],
) -> Evidence:
    """Gather likewise for a phase that is running: of itself, what this run has made so far."""

    def find(other: str, name: str) -> Found:
        if other == phase.id:
            return counting.get(name), blockers
        return find_recorded(history, other, name)

    return gather_by(plan, phase, hub, find)


def find_recorded(history: History, phase: str, baseline: str) -> Found:
    """Find the attempt of a baseline that counts in a phase's newest whole run."""
    last = history.last_phase(phase)
    return history.counting_attempt(phase, baseline), last.blockers if last else ()


def gather_by(plan: Plan, phase: Phase, hub: Hub, find: Callable[[str, str], Found]) -> Evidence:
    """Gather each run of the plan, or why there is none."""
    runs: dict[str, AttemptRecord] = {}
    missing: dict[str, str] = {}
    for other in plan.phases:
        for run in other.runs:
            key = f"{other.id}:{run.baseline}"
            attempt, blockers = find(other.id, run.baseline)
            if attempt is not None:
                runs[key] = attempt
            elif blockers:
                missing[key] = f"{run.baseline} of {other.id} is blocked: {', '.join(blockers)}"
            else:
                missing[key] = f"{other.id} has not run {run.baseline} in this hub"
    return Evidence(runs=runs, missing=missing, phase=phase.id, root=hub.root)
