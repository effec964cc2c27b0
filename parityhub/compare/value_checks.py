"""Checks of recorded values: equal, learned."""

from math import copysign

from parityhub.compare.evidence import Evidence
from parityhub.compare.findings import Finding, Judgement, conclude, keep_findings
from parityhub.compare.readings import refuse_same, take_number, take_value
from parityhub.plan.model import EqualCheck, LearnedCheck


def judge_equal(check: EqualCheck, evidence: Evidence) -> Judgement:
    """Judge whether two recorded values are the same, bit for bit.

    Floats must have the same bits, so 0.0 is not -0.0; an integer equals the float of its value;
    a text equals the same text and no number.
    """
    if same := refuse_same(evidence, check.left, check.right):
        return conclude(check, [same])
    left = take_value(check.left, evidence.find_value(check.left))
    right = take_value(check.right, evidence.find_value(check.right))
    if isinstance(left, Finding) or isinstance(right, Finding):
        return conclude(check, keep_findings(left, right))
    equal = _is_equal(left.value, right.value)
    relation = "equals" if equal else "differs from"
    reason = f"{left.name} {left.value!r} {relation} {right.name} {right.value!r}"
    finding = Finding("PASS" if equal else "FAIL", reason, left.used + right.used)
    return conclude(check, [finding])


def judge_learned(check: LearnedCheck, evidence: Evidence) -> Judgement:
    """Judge whether a trained value differs from the one it started at."""
    if same := refuse_same(evidence, check.initial, check.final):
        return conclude(check, [same])
    initial = take_number(check.initial, evidence.find_value(check.initial))
    final = take_number(check.final, evidence.find_value(check.final))
    if isinstance(initial, Finding) or isinstance(final, Finding):
        return conclude(check, keep_findings(initial, final))
    numbers = initial.used + final.used
    if initial.value == final.value:
        reason = f"{final.name} is {final.value!r} as at the start: unchanged, so not learned"
        return conclude(check, [Finding("FAIL", reason, numbers)])
    reason = f"{final.name} moved from {initial.value!r} to {final.value!r}"
    return conclude(check, [Finding("PASS", reason, numbers)])


def _is_equal(left: float | str, right: float | str) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return left == right and copysign(1, left) == copysign(1, right)
    return left == right
