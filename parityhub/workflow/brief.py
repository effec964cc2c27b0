"""brief: what to do about a phase now, with exact commands, and what the phase would do."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from parityhub.compare.blockers import UNKNOWN, BlockerStanding
from parityhub.compare.decisions import Standing, list_standings
from parityhub.hub.history import History
from parityhub.hub.records import PhaseRecord
from parityhub.hub.store import Clock
from parityhub.plan.model import Phase, Plan, SameWeightsCheck
from parityhub.plan.read import LoadedPlan
from parityhub.run.brief import make_brief
from parityhub.workflow.guarded import FOLDER, guard_module
from parityhub.workflow.hubs import find_newest_hub, read_hub
from parityhub.workflow.ledger import find_acceptance
from parityhub.workflow.triage import list_waiting


class Now(NamedTuple):
    """A command to type next, and why. Words in capitals are for the user to fill in."""

    command: str
    why: str


def brief_phase(
    loaded: LoadedPlan,
    phase: Phase,
    reports: Path,
    named: Path | None,
    root: Path,
    python: str,
    clock: Clock,
) -> dict[str, Any]:
    """Return the brief of a phase, with what to do now and its sub-steps as they are ticked.

    Args:
        loaded: the plan.
        phase: one of its phases.
        reports: the folder of hubs.
        named: the hub, where it was named.
        root: the repository.
        python: the interpreter that stands in where the plan names none.
        clock: gives the time.

    Raises:
        PlanError: a placeholder of a command stands for nothing.
    """
    plan, history, standings = loaded.plan, History(), []
    if named is not None or find_newest_hub(loaded, reports) is not None:
        hub, history = read_hub(loaded, reports, named, clock)
        standings = list_standings(plan, history, hub)
    brief = make_brief(plan, phase, history, root, python)
    record = history.last_phase(phase.id)
    ticks = {tick.id: tick for tick in record.steps} if record else {}
    steps = [
        step
        | {
            "ticked": step["id"] in ticks and ticks[step["id"]].ticked,
            "found": list(ticks[step["id"]].evidence) if step["id"] in ticks else [],
        }
        for step in brief["steps"]
    ]
    now = [item._asdict() for item in list_now(plan, phase, history, standings, root)]
    return brief | {"now": now, "steps": steps}


def list_now(
    plan: Plan, phase: Phase, history: History, standings: list[Standing], root: Path
) -> Iterator[Now]:
    """Yield what to do about a phase now, in order."""
    record, start = history.last_phase(phase.id), history.last_start(phase.id)
    if start is not None and (record is None or start.run > record.run):
        yield Now(f"parityhub run-phase {phase.id} --resume", f"run {start.run} was interrupted")
        return
    if record is None and phase.idle:
        # What was imported: a run of it would be refused.
        return
    if record is None:
        yield from list_required(phase, history)
        yield Now(f"parityhub run-phase {phase.id}", "it has not run in this hub")
        return
    yield from list_blocked(phase, history)
    yield from list_after_run(phase, record, standings)
    if not any(turn.time >= record.ended for turn in history.turns):
        yield Now(
            f"parityhub note --file FILE.md --phase {phase.id}",
            f"no turn says what came of run {record.run}",
        )
    if record.verdict == "PASS":
        yield from list_unguarded(record, root)
        following = next(
            (
                other.id
                for other in plan.phases
                if (last := history.last_phase(other.id)) is None or last.verdict != "PASS"
            ),
            None,
        )
        if following is not None:
            yield Now(f"parityhub brief {following}", f"{phase.id} passed; {following} is next")


def list_unguarded(record: PhaseRecord, root: Path) -> Iterator[Now]:
    """Yield the guard of a phase that passed, where none lies at its usual place."""
    passed = sum(check.verdict == "PASS" for check in record.checks)
    if passed and not (root / FOLDER / guard_module(record.phase)).exists():
        yield Now(
            f"parityhub guard {record.phase}",
            f"nothing keeps what passed: {passed} check{'s' if passed > 1 else ''}",
        )


def list_required(phase: Phase, history: History) -> Iterator[Now]:
    """Yield the phases that must run first."""
    for required in phase.requires:
        last = history.last_phase(required)
        if last is None or last.state == "blocked":
            state = "has not run" if last is None else "is blocked"
            yield Now(f"parityhub run-phase {required}", f"{phase.id} requires it, and it {state}")


def list_blocked(phase: Phase, history: History) -> Iterator[Now]:
    """Yield what is to be done about the blockers of a phase that wait."""
    for standing in list_waiting(history):
        if standing.record.phase == phase.id and standing.issue == UNKNOWN:
            yield Now(
                f"parityhub triage {name_blocker(standing)} --issue ID --pattern REGEX "
                "--summary TEXT --mitigation TEXT",
                f"unknown: {standing.record.signature}",
            )


def name_blocker(standing: BlockerStanding) -> str:
    """Return a blocker's name, as commands take it."""
    return PurePosixPath(standing.record.path).stem


def list_after_run(phase: Phase, record: PhaseRecord, standings: list[Standing]) -> Iterator[Now]:
    """Yield what the outcome of the newest run asks for."""
    if record.dataset_note and record.dataset_note.owed:
        owed = ", ".join(record.dataset_note.owed)
        yield Now(f"parityhub run-phase {phase.id} --rerun-owed", f"a rerun is owed of {owed}")
        return
    failed = {check.id for check in record.checks if check.verdict == "FAIL"}
    for check in phase.checks:
        if check.id in failed and isinstance(check, SameWeightsCheck):
            yield Now(f"parityhub localize {phase.id} --check {check.id}", "where the sides part")
    if record.verdict == "PASS" or find_acceptance(record, standings) is not None:
        return
    if record.state == "one-sided":
        for side in record.sides:
            if side.exhausted_under:
                yield Now(
                    f"parityhub decide {phase.id}-ONE-SIDED --policy {side.exhausted_under} "
                    f"--phase {phase.id} --evidence {phase.id}/run:{side.name} --text WHY",
                    f"{side.name} is spent: accept it, or mend it and run again",
                )
    yield Now(f"parityhub run-phase {phase.id}", f"run {record.run}: {record.reason}")
