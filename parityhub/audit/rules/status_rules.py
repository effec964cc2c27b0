"""Status words in reports against logs, statistics and records."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.numbers import NumberFact
from parityhub.audit.findings import Finding, Standing
from parityhub.audit.rules.field_rules import is_own
from parityhub.audit.rules.gate_evidence import find_gates
from parityhub.audit.rules.record_statuses import judge_status
from parityhub.audit.rules.rule import ClaimRule, HubRule, Said, confirmed, spot_of, unverifiable
from parityhub.audit.rules.status_words import (
    PHASE_LABEL,
    RUN_ENDED,
    RUN_FAILED,
    TEST_WORDS,
    VERDICT_LABEL,
    is_bad,
    is_good,
)
from parityhub.audit.rules.vacuous_evidence import find_dead_ratios, list_vacuous
from parityhub.hub.records import Place

ZERO = re.compile(r"^[-+]?0*(?:\.0*)?(?:[eE][-+]?\d+)?$")
LIVE = frozenset({"std", "global_std", "var_zero_mean", "amplitude_range", "max"})
"""statistics of which each is 0 only where an output is constant"""
TAIL = 60
"""lines from the end in which a failure ended the run"""
ROW_VALUE = re.compile(
    r"^\s{0,12}(?:candidate|ratio)[:\s]\s{0,12}(?P<value>[-+.\deE]{1,40}|nan)\b", re.IGNORECASE
)


class VacuousPass(ClaimRule):
    """A good status rests on something: a comparison of live outputs, tests that ran, a log.

    A ratio of 0, an output of zeros, NaN, no test and an empty log are no success.
    """

    code, slug, severity = "PH601", "vacuous-pass", "error"
    kinds = frozenset({"status"})
    example = "`Overall Status: ok` over a table in which each ratio is 0.000000"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if not is_good(claim.value) or claim.mood != "said" or facts.is_rendered(claim):
            return
        if VERDICT_LABEL.search(f"{claim.name} {claim.label}"):
            yield from self._check_table(claim, facts)
        for gate in find_gates(claim, facts)[:1]:
            if TEST_WORDS.match(claim.value) and gate.color == "empty":
                yield Said(
                    found=f"{gate.file}: no test passed",
                    hint="run the tests",
                    evidence=gate.place,
                    severity=None if gate.collected == 0 else "warning",
                )
        nearest = 1 if is_own(claim, facts) else 3
        for path in facts.governing(claim)[:nearest]:
            if facts.is_log(path) and not facts.table.files[path].size:
                yield Said(
                    found=f"{path} is empty", hint="keep the output", evidence=Place(file=path)
                )
        yield from self._check_output(claim, facts)
        yield from list_vacuous(claim, facts)

    def _check_table(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Look at the ratios of the report itself: all of them, or the one beside the word."""
        lines = facts.reports.get(claim.spot.file, ())
        if re.fullmatch("ratio", claim.name.strip(), re.IGNORECASE):
            lines = (facts.lines.of(claim),)
        rows = [
            (number, match["value"])
            for number, line in enumerate(lines, 1)
            if (match := ROW_VALUE.match(line))
        ]
        ratios = [(n, v) for n, v in rows if "ratio" in lines[n - 1].lower()]
        if not ratios:
            if found := find_dead_ratios([line[:400] for line in lines[:5000]]):
                yield Said(
                    found=f"each of {found[1]} ratios is 0 or NaN: one side has collapsed",
                    hint="say that it has collapsed; compared is not equal",
                    evidence=Place(file=claim.spot.file, line=found[0]),
                )
            return
        dead = [n for n, v in ratios if ZERO.match(v) or v.lower() == "nan"]
        if len(dead) == len(ratios):
            own = len(lines) == 1
            line = claim.spot.line if own else dead[0]
            what = "the ratio is 0" if own else f"each of {len(ratios)} ratios is 0 or NaN"
            yield Said(
                found=f"{what}: one side has collapsed",
                hint="say that it has collapsed; compared is not equal",
                evidence=Place(file=claim.spot.file, line=line),
            )

    def _check_output(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Look whether what a run left is all zero."""
        if claim.subject.stage not in {"train", "inference"}:
            return
        logs = [path for path in facts.governing(claim) if facts.is_log(path)]
        for path in logs[:1]:
            facts_of = [fact for fact in facts.contents.numbers(path) if fact.name in LIVE]
            if facts_of and all(dead(fact) for fact in facts_of):
                first = facts_of[0]
                yield Said(
                    found=f"{path} prints {first.name}={first.value}: the output is all zero",
                    hint="say that the run ended and that its output is zero",
                    evidence=first.place,
                    severity="error" if claim.value.upper() == "SUCCESS" else "warning",
                )


class StatusContradicted(ClaimRule):
    """A status is the one that the log, the statistics or the record of the run has.

    A GREEN log that failed, a SUCCESS with a traceback, a COMPLETE phase with a blocker and no
    attempt that passed: the evidence counts, not the word.
    """

    code, slug, severity = "PH602", "status-contradicted", "error"
    kinds = frozenset({"status"})
    example = "`Integration test: PASSED` where the log cited says FAILED"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if facts.is_rendered(claim):
            yield from judge_status(claim, facts)
            return
        good, bad = is_good(claim.value), is_bad(claim.value)
        if claim.mood != "said" or not (good or bad):
            return
        if TEST_WORDS.match(claim.value) or bad:
            yield from self._check_gate(claim, facts, good=good)
        if claim.subject.stage in {"train", "inference"} or is_own(claim, facts):
            yield from self._check_run(claim, facts, good=good)
        if good and PHASE_LABEL.search(f"{claim.name} {claim.label}"):
            yield from self._check_phase(claim, facts)

    def _check_gate(self, claim: Claim, facts: Facts, *, good: bool) -> Iterator[Said | Standing]:
        named = any(facts.contents.gate(path) for path in facts.governing(claim))
        gates = find_gates(claim, facts) if named or claim.subject.stage == "gate" else []
        if not gates or (claim.value == "x" and claim.subject.stage != "gate"):
            return
        wanted = "green" if good else "red"
        hit = next((gate for gate in gates if gate.color == wanted), None)
        if hit is not None:
            yield confirmed(f"{hit.file}: {hit.passed} passed, {hit.failed} failed", hit.place)
        elif all(gate.color == ("red" if good else "green") for gate in gates):
            gate = gates[0]
            if claim.subject.stage != "gate" and not good:
                return
            yield Said(
                found=f"{gate.file}: {gate.passed} passed, {gate.failed} failed",
                hint="say what the log says, or keep the log of the run that is spoken of",
                evidence=gate.place,
                severity=None if len(gates) == 1 and not claim.subject.when[11:] else "warning",
            )

    def _check_run(self, claim: Claim, facts: Facts, *, good: bool) -> Iterator[Said | Standing]:
        logs = [path for path in facts.governing(claim) if facts.is_log(path)]
        logs = [path for path in logs if facts.contents.gate(path) is None]
        for path in logs[:1]:
            text = facts.texts.read(path)
            if text is None:
                continue
            failed, ended = find_end(text)
            if good and failed and not ended:
                yield Said(
                    found=f"{path} ends with: {text.line(failed)[:160]}",
                    hint="say that it failed",
                    evidence=Place(file=path, line=failed),
                    severity=None if len(logs) == 1 and text.lines - failed < TAIL else "warning",
                )
            elif good and ended and not failed:
                yield confirmed(f"{path}: {text.line(ended)[:120]}", Place(file=path, line=ended))
            elif not good and failed:
                yield confirmed(f"{path}: {text.line(failed)[:120]}", Place(file=path, line=failed))
            elif not good and ended:
                yield Said(
                    found=f"{path} says: {text.line(ended)[:160]}",
                    hint="say what failed, or keep the log of that run",
                    evidence=Place(file=path, line=ended),
                    severity="warning",
                )

    def _check_phase(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        folder = facts.phase_of(claim)
        if not folder:
            return
        inside = facts.table.below(folder)
        blockers = [path for path in inside if "/red/blocked_" in path]
        logs = [path for path in inside if path.endswith(".log") and "/cli/" in path]
        ends = [find_end(text) for path in logs if (text := facts.texts.read(path)) is not None]
        if blockers and not any(ended for _, ended in ends):
            yield Said(
                found=f"{folder} holds {len(blockers)} blockers and no run that ended well",
                hint="say that the phase is blocked",
                evidence=Place(file=blockers[-1]),
                severity=None if any(failed for failed, _ in ends) else "warning",
            )
        else:
            yield unverifiable("no record says that the phase is complete")


class GateMisplaced(HubRule):
    """A log under green/ passed.

    What lies in green/ is read as proof that the tests were green.
    """

    code, slug, severity = "PH602", "status-contradicted", "error"
    example = "`green/pytest.log` in which a test FAILED"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for path in facts.logs:
            gate = facts.contents.gate(path) if "/green/" in f"/{path}" else None
            if gate is not None and gate.color == "red":
                case = next((c for c in gate.cases if c[1] in {"FAILED", "ERROR"}), None)
                yield self.find(
                    spot_of(path, gate.place.line or 1),
                    path,
                    Said(
                        found=f"{case[0]} {case[1]}" if case else f"{gate.failed} failed",
                        hint="move it to red/, and run the gate again",
                        evidence=gate.place,
                    ),
                )


def dead(fact: NumberFact) -> bool:
    """Tell whether a statistic is zero to all its digits, or not finite."""
    return not abs(fact.value) > 0


def find_end(text: Text) -> tuple[int, int]:
    """Return the last lines that tell of a failure and of a good end; 0: none."""
    failed = ended = 0
    for number, line in text.walk():
        short = line[:512]
        if RUN_FAILED.search(short):
            failed = number
        elif RUN_ENDED.search(short):
            ended = number
    return failed, ended
