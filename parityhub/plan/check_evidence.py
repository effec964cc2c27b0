"""Checklist items and exit criteria: what is to tick them can come to be."""

from collections.abc import Iterator

from parityhub.plan.model import Phase, Plan
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.references import EvidenceReference, parse_criterion, parse_evidence
from parityhub.plan.walk import walk_phases

EVIDENCE_HINT = "write gate, run:NAME, check:ID or artifact:NAME/PATH"
CRITERION_HINT = "write PHASE/ before gate, run:NAME, check:ID or artifact:NAME/PATH"


def check_evidence(plan: Plan) -> Iterator[Problem]:
    """Yield each item that nothing could ever tick, or that would be ticked by nothing."""
    for where, phase in walk_phases(plan):
        for place, step in enumerate(phase.steps):
            path = (*where, "steps", place, "evidence")
            yield from find_empty(path, step.evidence)
            for at, text in enumerate(step.evidence):
                reference = parse_evidence(text)
                if reference is None:
                    yield Problem((*path, at), f"{text!r} is no evidence", EVIDENCE_HINT)
                else:
                    yield from find_untickable((*path, at), plan, phase, reference)
    for place, criterion in enumerate(plan.exit_criteria):
        path = ("exit_criterion", place, "evidence")
        yield from find_empty(path, criterion.evidence)
        for at, text in enumerate(criterion.evidence):
            yield from find_bad_criterion((*path, at), plan, text)


def find_empty(path: KeyPath, evidence: tuple[str, ...]) -> Iterator[Problem]:
    """Yield an item without evidence."""
    if not evidence:
        yield Problem(path, "empty: nothing would tick it", EVIDENCE_HINT)


def find_bad_criterion(path: KeyPath, plan: Plan, text: str) -> Iterator[Problem]:
    """Yield what is wrong with the evidence of an exit criterion."""
    parsed = parse_criterion(text)
    if parsed is None:
        yield Problem(path, f"{text!r} is no evidence of a phase", CRITERION_HINT)
        return
    phase = plan.find_phase(parsed[0])
    if phase is None:
        known = [phase.id for phase in plan.phases]
        yield Problem(path, f"there is no phase {parsed[0]!r}", suggest(parsed[0], known))
    else:
        yield from find_untickable(path, plan, phase, parsed[1])


def find_untickable(
    path: KeyPath, plan: Plan, phase: Phase, reference: EvidenceReference
) -> Iterator[Problem]:
    """Yield evidence that a phase does not bring."""
    if reference.kind == "gate":
        if phase.gate is None:
            yield Problem(path, f"phase {phase.id!r} has no gate", "give it one, or name a check")
        return
    if reference.kind == "check":
        ids = [check.id for check in phase.checks]
        if reference.name not in ids:
            text = f"phase {phase.id!r} has no check {reference.name!r}"
            yield Problem(path, text, suggest(reference.name, ids))
        return
    if phase.find_run(reference.name) is None:
        names = [run.baseline for run in phase.runs]
        text = f"phase {phase.id!r} runs no baseline {reference.name!r}"
        yield Problem(path, text, suggest(reference.name, names))
    elif reference.kind == "artifact" and reference.name in plan.baselines:
        steps = plan.baselines[reference.name].steps
        left = [item.path for step in steps for item in step.list_artifacts()]
        if reference.artifact not in left:
            text = f"baseline {reference.name!r} leaves no artifact {reference.artifact!r}"
            yield Problem(path, text, suggest(reference.artifact, left))
