"""Status words in rendered reports against the records that they speak of."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.sentences import split_tokens
from parityhub.audit.findings import Standing
from parityhub.audit.rules.proof_rules import PROOF, find_proof
from parityhub.audit.rules.record_evidence import judge_sentence, list_attempts
from parityhub.audit.rules.record_pointed import judge_pointed
from parityhub.audit.rules.rule import Said, confirmed
from parityhub.hub.records import PhaseRecord, Place

TICKS = frozenset({"x", "X", " "})
OPEN = re.compile(r"has not run|\b(?:FAIL|INCONCLUSIVE)\b|\bred\b|no whole run|missing|not kept")
GOOD = re.compile(r"\b(?:PASS|green|passed)\b|sha1 [0-9a-f]{7}")


def judge_status(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a status word of a rendered report against the record that it speaks of (PH602)."""
    said = claim.value.strip("*`").lower()
    for true, what, place in list_statuses(claim, facts):
        if said == true.lower():
            yield confirmed(f"{what}: {true}", place)
        else:
            yield Said(
                found=f"{what}: {true}", hint=f"write {true}, or render it again", evidence=place
            )
        return
    pointed = list(judge_pointed(claim, facts)) or list(confirm_proof(said, claim, facts))
    yield from pointed or judge_sentence(claim, facts)


def confirm_proof(said: str, claim: Claim, facts: Facts) -> Iterator[Standing]:
    """Confirm a level of proof that the record of the attempt or blocker has."""
    line = facts.lines.of(claim)
    assert facts.history is not None
    if PROOF.search(line):
        true = find_proof(claim.spot.file, claim.subject.phase, line, facts.history)
        if said == true:
            yield confirmed(f"the record has {true}")


def list_statuses(claim: Claim, facts: Facts) -> Iterator[tuple[str, str, Place]]:
    """Yield what the records say of what a status word is said of: value, what, place."""
    history = facts.history
    assert history is not None
    line = facts.lines.clean(claim).strip()
    word = re.escape(claim.value.strip("*` "))
    if shows := find_shows(claim, facts):
        yield shows
        return
    if line.startswith("Verdict:"):
        reason = (
            facts.lines.at(claim.spot.file, claim.spot.line + 1).removeprefix("Reason:").strip()
        )
        for other in facts.records.newest_phases():
            for at, check in enumerate(other.checks):
                if check.reason == reason:
                    place = facts.records.phase_place(other, f"checks/{at}/verdict")
                    yield check.verdict, f"check {check.id}", place
                    return
    column = claim.column.lower()
    if column == "state" and history.last_phase(claim.row or claim.name) is None:
        yield "pending", "no whole run", Place(file="manifest.json")
        return
    if column in {"state", "verdict"} and (phase := history.last_phase(claim.row or claim.name)):
        yield (
            getattr(phase, column),
            f"phase {phase.phase}",
            facts.records.phase_place(phase, column),
        )
        return
    for phase in facts.records.newest_phases():
        if re.match(rf"#{{1,6}} {re.escape(phase.phase)}: {word}", line):
            yield phase.verdict, f"phase {phase.phase}", facts.records.phase_place(phase, "verdict")
            return
    if claim.value in TICKS:
        yield from _list_ticks(line, facts)
        return
    for other in facts.records.newest_phases():
        for at, check in enumerate(other.checks):
            if re.search(
                rf"\b{re.escape(other.phase)}: check {re.escape(check.id)}: {word}\b", line
            ):
                place = facts.records.phase_place(other, f"checks/{at}/verdict")
                yield check.verdict, f"check {check.id}", place
    phase = history.last_phase(claim.subject.phase)
    if phase is None:
        return
    if re.search(rf"\bState: {word}", line):
        yield phase.state, f"phase {phase.phase}", facts.records.phase_place(phase, "state")
    yield from _list_check(claim, line, word, phase, facts)
    if phase.gate is not None and re.search(rf"\bgate {word}\b", line):
        yield phase.gate.color, "the gate", facts.records.phase_place(phase, "gate/color")
    for side in phase.sides:
        if re.search(rf"\({re.escape(side.name)}\): {word}", line):
            yield side.status, f"side {side.name}", facts.records.phase_place(phase, "sides")
    yield from _list_case(line, word, phase, facts)
    if claim.column == "status":
        for record, place in list_attempts(claim, facts):
            yield record.status, f"attempt {record.number}", place


def find_shows(claim: Claim, facts: Facts) -> tuple[str, str, Place] | None:
    """Return the word that the manifest has in a line of the inventory that says what a file is."""
    for back in (1, 2):
        path = facts.lines.at(claim.spot.file, claim.spot.line - back).strip()
        item = facts.records.items.get(path)
        if item is None:
            continue
        here, there = split_tokens(facts.lines.of(claim).strip()), split_tokens(item.shows)
        if len(here) != len(there) or claim.value not in here:
            return None
        place = Place(file="manifest.json", pointer="/artifacts")
        return there[here.index(claim.value)], path, place
    return None


def _list_check(
    claim: Claim, line: str, word: str, phase: PhaseRecord, facts: Facts
) -> Iterator[tuple[str, str, Place]]:
    for at, check in enumerate(phase.checks):
        name = re.escape(check.id)
        if re.match(rf"{word} {name} \(", line):
            yield (
                check.verdict,
                f"check {check.id}",
                facts.records.phase_place(phase, f"checks/{at}/verdict"),
            )
        elif re.match(rf"\w+ {name} \({word}\):", line):
            place = facts.records.phase_place(phase, f"checks/{at}/kind")
            yield check.kind, f"check {check.id}", place


def _list_ticks(line: str, facts: Facts) -> Iterator[tuple[str, str, Place]]:
    """Yield whether the records tick what a tick says: `x` or a blank."""
    for phase in facts.records.newest_phases():
        for at, step in enumerate(phase.steps):
            if re.search(rf"\] {re.escape(step.id)} ", line):
                place = facts.records.phase_place(phase, f"steps/{at}/ticked")
                yield "x" if step.ticked else " ", f"step {step.id}", place
                return
    evidence = line.partition(" – ")[2]
    if evidence:
        good = not OPEN.search(evidence) and GOOD.search(evidence) is not None
        newest = facts.records.newest_phases()[0]
        yield "x" if good else " ", "its evidence", facts.records.phase_place(newest, "checks")


def _list_case(
    line: str, word: str, phase: PhaseRecord, facts: Facts
) -> Iterator[tuple[str, str, Place]]:
    for at, case in enumerate(phase.gate.cases if phase.gate else ()):
        if re.search(rf"\b{word} {re.escape(case.name)}(?!\S)", line):
            yield (
                case.outcome,
                case.name,
                facts.records.phase_place(phase, f"gate/cases/{at}/outcome"),
            )
