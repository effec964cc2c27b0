"""Checks of recorded statistics: alive, close, above, stats."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import isfinite

from parityhub.compare.evidence import Evidence, Missing
from parityhub.compare.findings import Finding, Judgement, conclude, keep_findings
from parityhub.compare.liveness import find_death
from parityhub.compare.readings import Reading, defer, refuse_same, take_number
from parityhub.compare.stats import diff_stats
from parityhub.hub.records import CheckNumber, Measured, Verdict
from parityhub.hub.stat_records import DiffRecord
from parityhub.plan.model import METRICS, AboveCheck, AliveCheck, CloseCheck, StatsCheck


def judge_alive(check: AliveCheck, evidence: Evidence) -> Judgement:
    """Judge whether statistics are there, finite, and not those of a constant output."""
    findings = []
    for ref in check.of:
        for section in check.sections:
            stats = evidence.find_section(ref, section)
            if isinstance(stats, Missing):
                findings.append(defer(stats))
            else:
                findings.extend(_judge_section(f"{ref} {section}", stats))
    return conclude(check, findings)


def judge_close(check: CloseCheck, evidence: Evidence) -> Judgement:
    """Judge |left - right| <= rel |right| for one statistic of two runs, computed exactly.

    A right side of 0 admits no ratio: FAIL where the left is not 0, INCONCLUSIVE where it is.
    """
    tolerance = f"|left - right| <= {check.rel!r} |right|: {check.reason}"
    if same := refuse_same(evidence, check.left, check.right):
        return conclude(check, [same], tolerance=tolerance)
    left, right = (
        take_number(f"{ref} {check.metric}", evidence.find_metric(ref, check.metric))
        for ref in (check.left, check.right)
    )
    if isinstance(left, Finding) or isinstance(right, Finding):
        return conclude(check, keep_findings(left, right), tolerance=tolerance)
    return conclude(check, [_judge_distance(left, right, check.rel)], tolerance=tolerance)


def judge_above(check: AboveCheck, evidence: Evidence) -> Judgement:
    """Judge |value| > bound for one statistic of each run."""
    findings = []
    for ref in check.of:
        reading = take_number(f"{ref} {check.metric}", evidence.find_metric(ref, check.metric))
        if isinstance(reading, Finding):
            findings.append(reading)
            continue
        above = abs(reading.value) > check.bound
        relation = "above" if above else "not above"
        reason = f"|{reading.name}| is {abs(reading.value)!r}, {relation} {check.bound!r}"
        findings.append(Finding("PASS" if above else "FAIL", reason, reading.used))
    return conclude(check, findings, tolerance=f"|value| > {check.bound!r}: {check.reason}")


def judge_stats(check: StatsCheck, evidence: Evidence) -> Judgement:
    """Judge by diff-stats whether the candidate's statistics have collapsed."""
    tolerance = f"collapsed: under {check.collapse_below!r} of the baseline's magnitude"
    if same := refuse_same(evidence, check.baseline, check.candidate):
        return conclude(check, [same], tolerance=tolerance)
    base, candidate = (evidence.find_run(ref) for ref in (check.baseline, check.candidate))
    if isinstance(base, Missing) or isinstance(candidate, Missing):
        lacking = [side for side in (base, candidate) if isinstance(side, Missing)]
        return conclude(check, map(defer, lacking), tolerance=tolerance)
    record = diff_stats(
        base.stats,
        candidate.stats,
        base_name=check.baseline,
        candidate_name=check.candidate,
        sections=check.sections,
        collapse_below=check.collapse_below,
    )
    finding = Finding(record.verdict, record.reason, tuple(_list_numbers(record)))
    return conclude(check, [finding], tolerance=tolerance)


def _judge_section(name: str, stats: Mapping[str, Measured]) -> Iterator[Finding]:
    absent = Missing(f"{name} has no such statistic", deferred=False)
    readings = {m: take_number(f"{name}.{m}", stats.get(m, absent)) for m in METRICS}
    lacking = keep_findings(*readings.values())
    yield from lacking
    numbers = tuple(
        number for part in readings.values() if isinstance(part, Reading) for number in part.used
    )
    if death := find_death(stats):
        yield Finding("FAIL", f"{name} is {death}", numbers)
    elif not lacking:
        shown = ", ".join(
            f"{number.name.rpartition('.')[2]} {number.value!r}" for number in numbers
        )
        yield Finding("PASS", f"{name} is alive: {shown}", numbers)


def _judge_distance(left: Reading[float], right: Reading[float], rel: float) -> Finding:
    numbers = left.used + right.used
    pair = f"{left.name} {left.value!r} against {right.name} {right.value!r}"
    if right.value == 0:
        verdict: Verdict = "INCONCLUSIVE" if left.value == 0 else "FAIL"
        return Finding(verdict, f"{pair}: a base of 0, so there is no ratio", numbers)
    distance = abs(Fraction(left.value) / Fraction(right.value) - 1)
    close = distance <= Fraction(rel)
    ratio = left.value / right.value
    relation = "within" if close else "outside"
    reason = f"{pair}: ratio {ratio!r}, {relation} {rel!r} of 1"
    computed = CheckNumber(name="ratio, left / right", value=ratio if isfinite(ratio) else None)
    return Finding("PASS" if close else "FAIL", reason, (*numbers, computed))


def _list_numbers(record: DiffRecord) -> Iterator[CheckNumber]:
    for row in record.rows:
        name = f"{row.section}.{row.metric}"
        for side, value, source in (
            (record.baseline, row.baseline, row.baseline_source),
            (record.candidate, row.candidate, row.candidate_source),
        ):
            yield CheckNumber(name=f"{side} {name}", value=value, source=source)
        yield CheckNumber(name=f"ratio of {name}", value=row.ratio)
