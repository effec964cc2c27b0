"""Which test log a sentence speaks of, and what it makes of counts and durations."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gates import Gate
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.rounding import SECONDS, match_number
from parityhub.audit.findings import Standing
from parityhub.audit.rules.field_rules import is_own
from parityhub.audit.rules.rule import Said, confirmed, unverifiable

RESULTS = re.compile(
    r"\b(passed|failed|tests?|skipped|errors?|selector|pytest|guard)\b", re.IGNORECASE
)
COUNTS = re.compile(r"(?:tests?|checks?)?[_ ]?(?:passed|failed|errors?|skipped|tests?)")


def find_gates(claim: Claim, facts: Facts) -> list[Gate]:
    """Return the test logs that a claim speaks of: those it names, else those of its section."""
    own = list(facts.resolve(claim.subject.artifact, claim).files) if claim.row else []
    if own and is_own(claim, facts):
        return [gate for path in own if (gate := facts.contents.gate(path)) is not None]
    for files in (facts.governing(claim), facts.section_files(claim)):
        gates = [gate for path in files if (gate := facts.contents.gate(path)) is not None]
        if gates:
            return gates
    if claim.subject.stage != "gate":
        return []
    folder = facts.phase_of(claim)
    logs = [p for p in facts.logs if "/green/" in f"/{p}" or "/red/" in f"/{p}"]
    own = [p for p in logs if folder and phase_folder(p) == folder]
    return [gate for path in own if (gate := facts.contents.gate(path)) is not None]


def is_gate_number(claim: Claim, facts: Facts) -> bool:
    """Tell whether a number is a count or duration of tests."""
    timed = claim.unit.lower() in SECONDS
    counts = bool(COUNTS.fullmatch(claim.name.lower()))
    if not (timed or counts):
        return False
    if claim.subject.stage == "gate" or RESULTS.search(f"{claim.name} {claim.label} {claim.text}"):
        return bool(find_gates(claim, facts)) or claim.subject.stage == "gate"
    return any(facts.contents.gate(path) is not None for path in facts.governing(claim))


def judge_gate_number(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a count or duration against the test logs that it may speak of (PH401)."""
    gates = find_gates(claim, facts)
    if not gates:
        yield unverifiable("the log of these tests is not in the hub")
        return
    timed = claim.unit.lower() in SECONDS
    for gate in gates:
        if any(
            match_number(value, claim.unit, held) == "equal"
            for value, held in pairs(claim, gate, timed)
        ):
            place = gate.seconds_place if timed else gate.place
            yield confirmed(f"{gate.file} says so", place or gate.place)
            return
    gate = gates[0]
    if timed and gate.seconds is None:
        yield unverifiable(f"{gate.file} has no last line with a duration", gate.place)
        return
    held = f"{gate.seconds} s" if timed else f"{gate.passed} passed, {gate.failed} failed"
    sure = claim.mood == "said" and len(gates) == 1 and not claim.subject.when
    yield Said(
        found=f"{gate.file} has {held}",
        hint=f"write {held}, or keep the log of the run that is spoken of",
        evidence=(gate.seconds_place if timed else None) or gate.place,
        severity=None if sure else "warning",
    )


def pairs(claim: Claim, gate: Gate, timed: bool) -> Iterator[tuple[str, float | int]]:
    """Yield each written number with what the log holds of it."""
    if timed:
        if gate.seconds is not None:
            yield claim.value, gate.seconds
        return
    name = claim.name.lower()
    count = gate.failed if "fail" in name or "error" in name else gate.passed
    total = gate.passed + gate.failed
    if "/" in claim.value:
        part, _, whole = claim.value.partition("/")
        if match_number(whole, "", total) == "equal":
            yield part, count
    elif "test" in name and "passed" not in name:
        yield claim.value, gate.collected if gate.collected is not None else total
    else:
        yield claim.value, count
