"""Checks of a plan: each asks about runs that there will be, and has something to say."""

from collections.abc import Iterator

from parityhub.plan.check_links import list_required
from parityhub.plan.check_readings import find_missing_readings, find_missing_value
from parityhub.plan.kinds import (
    AliveCheck,
    AnyCheck,
    ArchivedCheck,
    StatsCheck,
    TrainedCheck,
)
from parityhub.plan.model import Phase, Plan
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.question import Question, describe_question
from parityhub.plan.references import RunReference, parse_run, parse_value
from parityhub.plan.walk import walk_phases

RUN_HINT = "write [PHASE:]BASELINE"
VALUE_HINT = "write [PHASE:]BASELINE.VALUE"


def check_questions(plan: Plan) -> Iterator[Problem]:
    """Yield what keeps a check from ever being answered, or its answer from saying anything."""
    for where, phase in walk_phases(plan):
        for place, check in enumerate(phase.checks):
            path = (*where, "checks", place)
            question = describe_question(check)
            yield from find_idle(path, check)
            yield from find_idle_runs(path, phase, question)
            yield from find_bad_runs(path, plan, phase, question)
            yield from find_bad_values(path, plan, phase, question)


def find_idle(path: KeyPath, check: AnyCheck) -> Iterator[Problem]:
    """Yield a check that asks for nothing, and a bound that no reason is given for."""
    if isinstance(check, AliveCheck | StatsCheck) and not check.sections:
        yield Problem((*path, "sections"), "names no section", "name one")
    if isinstance(check, ArchivedCheck) and not check.artifacts:
        yield Problem((*path, "artifacts"), "names no artifact", "name one")
    if isinstance(check, TrainedCheck) and check.ssim_at_least and not check.reason.strip():
        hint = "say where the bound comes from: a tolerance has a reason"
        yield Problem((*path, "reason"), "empty, though ssim_at_least is given", hint)


def find_idle_runs(path: KeyPath, phase: Phase, question: Question) -> Iterator[Problem]:
    """Yield a check of too few runs, and one that compares a run or value with itself."""
    asked: list[tuple[KeyPath, object]] = []
    asked += [(key, parse_run(name, phase.id)) for key, name in question.runs]
    asked += [(key, parse_value(name, phase.id)) for key, name in question.values]
    if len(asked) < question.least:
        text = f"{len(asked)} of the {question.least} runs that it takes"
        yield Problem((*path, "of"), text, RUN_HINT)
    seen = set()
    for key, reference in asked:
        if reference is not None and reference in seen:
            yield Problem((*path, *key), "named twice by this check", "name another")
        seen.add(reference)


def find_bad_runs(path: KeyPath, plan: Plan, phase: Phase, question: Question) -> Iterator[Problem]:
    """Yield each run that will not be there, and what the others will not leave."""
    for key, name in question.runs:
        reference = parse_run(name, phase.id)
        if reference is None:
            yield Problem((*path, *key), f"{name!r} does not name a run", RUN_HINT)
        elif problem := find_bad_run((*path, *key), plan, phase, reference):
            yield problem
        elif reference.baseline in plan.baselines:
            baseline = plan.baselines[reference.baseline]
            yield from find_missing_readings(path, question, reference, baseline)


def find_bad_values(
    path: KeyPath, plan: Plan, phase: Phase, question: Question
) -> Iterator[Problem]:
    """Yield each value that no run will leave."""
    for key, name in question.values:
        reference = parse_value(name, phase.id)
        if reference is None:
            yield Problem((*path, *key), f"{name!r} does not name a value", VALUE_HINT)
        elif problem := find_bad_run((*path, *key), plan, phase, reference.run):
            yield problem
        elif reference.run.baseline in plan.baselines:
            baseline = plan.baselines[reference.run.baseline]
            yield from find_missing_value((*path, *key), reference, baseline)


def find_bad_run(
    path: KeyPath, plan: Plan, phase: Phase, reference: RunReference
) -> Problem | None:
    """Return why a run will not be there when a phase asks about it, or None."""
    other = plan.find_phase(reference.phase)
    if other is None:
        text = f"there is no phase {reference.phase!r}"
        return Problem(path, text, suggest(reference.phase, [each.id for each in plan.phases]))
    if other.find_run(reference.baseline) is None:
        text = f"phase {other.id!r} runs no baseline {reference.baseline!r}"
        known = [run.baseline for run in other.runs]
        return Problem(path, text, suggest(reference.baseline, known))
    if other.id not in {phase.id, *list_required(plan, phase.id)}:
        text = f"phase {phase.id!r} does not require {other.id!r}"
        return Problem(path, text, f"add {other.id!r} to its requires")
    return None
