"""The guards of a phase's runs: run again, in a hub of its own, it must answer what it did."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from parityhub.errors import UsageError
from parityhub.guards.held import Held, HeldNumber, describe_accepted
from parityhub.guards.reference import (
    Reference,
    UpdateRecord,
    find_root,
    read_reference,
    write_reference,
)
from parityhub.hub import layout
from parityhub.hub.records import CheckNumber, CheckRecord, PhaseRecord
from parityhub.plan.model import SameWeightsCheck
from parityhub.plan.read import LoadedPlan, read_plan
from parityhub.run.git import read_git_state
from parityhub.workflow.request import Request, serve_request

COLLAPSED = 1e-3
"""a number that must be above a bound, and is under this fraction of what it was, has collapsed"""


def hold_phase(
    folder: Path,
    work: Path,
    inherited: Mapping[str, str],
    clock: Callable[[], datetime],
    update: str | None,
) -> dict[str, Held]:
    """Run a phase again and hold each check against what was accepted.

    Args:
        folder: of the reference.
        work: a folder for the hub of this run.
        inherited: the environment.
        clock: gives the time, with its zone.
        update: why a change is accepted; None: none is. What is no PASS is never accepted.

    Raises:
        EvidenceError: the reference is missing or damaged.
        UsageError: the plan has no such phase any more.
        PlanError: the plan cannot be read.
    """
    reference = read_reference(folder)
    root = find_root(folder, reference)
    loaded = narrow_plan(read_plan(root / reference.plan), reference)
    record = run_again(loaded, reference, root, work, inherited, clock)
    answers = {answer.id: answer for answer in record.checks}
    held = {
        check.id: judge_check(reference, check, answers.get(check.id), record)
        for check in reference.checks
    }
    moved = [one for one in held.values() if one.verdict != "PASS"]
    if update is None or not moved:
        return held
    if any(answer.verdict != "PASS" for answer in record.checks):
        return {
            name: msgspec.structs.replace(one, updated="nothing: not every check passes")
            for name, one in held.items()
        }
    told = accept_answers(folder, reference, answers, moved, update, clock, root)
    return {
        name: msgspec.structs.replace(one, verdict="PASS", updated=told if one in moved else "")
        for name, one in held.items()
    }


def narrow_plan(loaded: LoadedPlan, reference: Reference) -> LoadedPlan:
    """Return the plan with a phase that asks its guarded checks alone, and requires nothing.

    Raises:
        UsageError: the phase, or a check of it, is no longer in the plan.
    """
    phase = loaded.plan.find_phase(reference.phase)
    known = {check.id for check in phase.checks} if phase else set()
    gone = [check.id for check in reference.checks if check.id not in known]
    if phase is None or gone:
        what = f"{reference.phase} has no check {gone[0]!r}" if phase else f"no {reference.phase}"
        raise UsageError(
            f"{reference.plan}: {what} any more",
            hint=f"write the guard anew: parityhub guard {reference.phase} --replace",
        )
    wanted = {check.id for check in reference.checks}
    checks = tuple(
        check
        for check in phase.checks
        if check.id in wanted and not isinstance(check, SameWeightsCheck)
    )
    narrowed = msgspec.structs.replace(phase, checks=checks, requires=(), steps=())
    phases = tuple(narrowed if one is phase else one for one in loaded.plan.phases)
    # Its working files stay apart from those of a run that may be under way.
    initiative = loaded.plan.initiative
    outputs = f"{initiative.outputs}/guards/{phase.id}"
    initiative = msgspec.structs.replace(initiative, outputs=outputs)
    plan = msgspec.structs.replace(loaded.plan, phases=phases, initiative=initiative)
    return replace(loaded, plan=plan)


def run_again(
    loaded: LoadedPlan,
    reference: Reference,
    root: Path,
    work: Path,
    inherited: Mapping[str, str],
    clock: Callable[[], datetime],
) -> PhaseRecord:
    """Run the phase in a new hub."""
    request = Request(
        phase=reference.phase,
        reports=work,
        root=root,
        hub=None,
        new_hub=True,
        accept_plan=False,
        resume=False,
        rerun_owed=False,
        with_required=False,
        inherited=inherited,
        clock=clock,
        tell=lambda _: None,
        tick=lambda _, __: None,
    )
    return serve_request(loaded, request)[1]


def judge_check(
    reference: Reference, accepted: CheckRecord, now: CheckRecord | None, record: PhaseRecord
) -> Held:
    """Return what a guard says of one check."""
    before = {number.name: number for number in accepted.numbers}
    after = {number.name: number for number in now.numbers} if now else {}
    numbers = tuple(
        HeldNumber(
            name=name,
            accepted=number.value,
            now=after[name].value if name in after else None,
        )
        for name, number in before.items()
    )
    if now is None:
        verdict, reason = record.verdict, f"it was not asked: {record.reason}"
        verdict = "INCONCLUSIVE" if verdict == "PASS" else verdict
    else:
        verdict, reason = now.verdict, now.reason
    tolerance = now.tolerance if now else accepted.tolerance
    if verdict == "PASS" and accepted.comparison is None and tolerance != accepted.tolerance:
        verdict = "FAIL"
        reason = f"the plan's bound is not what was accepted, which was {accepted.tolerance}"
    collapsed = [
        name for name in after if has_collapsed(accepted.kind, before.get(name), after[name])
    ]
    if verdict == "PASS" and collapsed:
        verdict = "FAIL"
        reason = f"{collapsed[0]} is under {COLLAPSED:g} of what was accepted: it has collapsed"
    if tolerance and numbers:
        numbers = (msgspec.structs.replace(numbers[0], tolerance=tolerance), *numbers[1:])
    return Held(
        guard=f"{reference.phase}/{accepted.id}",
        title=accepted.title,
        verdict=verdict,
        reason=reason,
        accepted=describe_accepted(reference),
        numbers=numbers,
    )


def has_collapsed(kind: str, before: CheckNumber | None, now: CheckNumber) -> bool:
    """Say whether a number that must be above a bound is next to nothing of what it was."""
    if kind != "above" or before is None:
        return False
    was, value = before.value, now.value
    if not isinstance(was, float) or not isinstance(value, float):
        return False
    return abs(value) < COLLAPSED * abs(was)


def accept_answers(
    folder: Path,
    reference: Reference,
    answers: Mapping[str, CheckRecord],
    moved: list[Held],
    reason: str,
    clock: Callable[[], datetime],
    root: Path,
) -> str:
    """Take what the phase answers now for what was accepted; return what changed."""
    changed = tuple(f"{one.guard}: {one.reason}" for one in moved)
    update = UpdateRecord(
        time=layout.format_time(clock()),
        reason=reason,
        commit=read_git_state(root).commit,
        changed=changed,
    )
    checks = tuple(answers[check.id] for check in reference.checks)
    updates = (*reference.updates, update)
    write_reference(folder, msgspec.structs.replace(reference, checks=checks, updates=updates))
    return f"{'; '.join(changed)}; because: {reason}"
