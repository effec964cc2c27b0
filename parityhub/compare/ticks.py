"""Checklist items and exit criteria, ticked by evidence and by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from parityhub.hub.history import History
from parityhub.hub.records import PhaseRecord, TickRecord
from parityhub.plan.model import ExitCriterion, SubStep


@dataclass(frozen=True)
class Finding:
    """Whether an item's evidence is there, and what was found."""

    ticked: bool
    words: str


def tick_step(step: SubStep, record: PhaseRecord, history: History) -> TickRecord:
    """Tick a sub-step of a phase by the record of its run."""
    findings = [find_evidence(reference, record, history) for reference in step.evidence]
    return make_tick(step.id, step.text, findings)


def tick_criterion(criterion: ExitCriterion, history: History) -> TickRecord:
    """Tick an exit criterion by the newest whole run of each phase that it speaks of."""
    findings = []
    for reference in criterion.evidence:
        phase, _, rest = reference.partition("/")
        record = history.last_phase(phase)
        if record is None:
            findings.append(Finding(False, f"{phase} has not run"))
        else:
            found = find_evidence(rest, record, history)
            findings.append(Finding(found.ticked, f"{phase}: {found.words}"))
    return make_tick(criterion.id, criterion.text, findings)


def make_tick(name: str, text: str, findings: Sequence[Finding]) -> TickRecord:
    """Combine findings: ticked where there are some and each is there."""
    return TickRecord(
        id=name,
        text=text,
        ticked=bool(findings) and all(finding.ticked for finding in findings),
        evidence=tuple(finding.words for finding in findings),
    )


def find_evidence(reference: str, record: PhaseRecord, history: History) -> Finding:
    """Find what a reference names: gate, run:NAME, check:ID or artifact:NAME/PATH."""
    kind, _, name = reference.partition(":")
    if kind == "gate":
        gate = record.gate
        if gate is None:
            return Finding(False, "no gate ran")
        return Finding(gate.color == "green", f"gate {gate.color}, {gate.reason} ({gate.log})")
    if kind == "check":
        check = next((check for check in record.checks if check.id == name), None)
        if check is None:
            return Finding(False, f"check {name} was not asked")
        return Finding(check.verdict == "PASS", f"check {name}: {check.verdict}, {check.reason}")
    side_name, _, artifact = name.partition("/")
    side = next((side for side in record.sides if side.name == side_name), None)
    if side is None or side.counts is None:
        return Finding(False, f"no attempt of {side_name} passed")
    path = next(
        path
        for path in side.attempts
        if path in history.attempts and history.attempts[path].number == side.counts
    )
    if kind == "run":
        return Finding(True, f"{side_name} attempt {side.counts} passed ({path})")
    kept = {
        item.name: item
        for step in history.attempts[path].steps
        for item in step.artifacts
        if item.digest is not None
    }
    found = kept.get(artifact)
    if found is None or found.digest is None:
        return Finding(False, f"{artifact} of {side_name} was not left")
    return Finding(True, f"{found.digest.path}, sha1 {found.digest.sha1[:12]}")
