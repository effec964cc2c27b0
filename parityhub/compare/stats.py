"""diff-stats: two sets of statistics beside each other, and whether one has collapsed."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import inf, isfinite
from typing import Literal

from parityhub.compare.findings import Finding, summarize
from parityhub.compare.liveness import find_death, holds_one_element
from parityhub.compare.measured import classify, describe, read_number
from parityhub.errors import UsageError
from parityhub.hub.records import Measured
from parityhub.hub.stat_records import DiffRecord, StatRow
from parityhub.plan.model import METRICS

Stats = Mapping[str, Mapping[str, Measured]]
"""section to metric to value"""

Status = Literal["compared", "zero-base", "both-zero", "missing", "not-finite"]

COLLAPSES = {
    "std": "variance collapse",
    "var_zero_mean": "variance collapse",
    "mean": "mean collapse",
    "max": "maximum collapse",
}
"""What a collapse of each judged metric is called, the telling ones first.

`min` is not judged: the least amplitude of a sound output is often 0.
"""


def diff_stats(
    base: Stats,
    candidate: Stats,
    *,
    base_name: str,
    candidate_name: str,
    sections: Sequence[str],
    collapse_below: float,
) -> DiffRecord:
    """Compare the statistics of two runs, section by section, metric by metric.

    FAIL: a statistic has collapsed, the candidate is constant, or a number is not finite.
    INCONCLUSIVE: a statistic is missing, or has a baseline of 0. PASS: all were compared and none
    has collapsed, which does not say that they are equal.

    Args:
        base: what is compared against.
        candidate: what is judged.
        base_name: how the baseline is called in reasons.
        candidate_name: how the candidate is called in reasons.
        sections: which sections to compare, in order.
        collapse_below: a statistic whose magnitude is under this fraction of its baseline's has
            collapsed; between 0 and 1, both excluded.

    Raises:
        UsageError: collapse_below is not between 0 and 1.
    """
    if not 0 < collapse_below < 1:
        raise UsageError(
            f"collapse_below is {collapse_below!r}", hint="pass a fraction between 0 and 1"
        )
    rows = tuple(
        _compare(section, metric, base.get(section, {}), candidate.get(section, {}), collapse_below)
        for section in sections
        for metric in METRICS
    )
    verdict, reason = summarize(_judge(rows, base, candidate, (base_name, candidate_name)))
    return DiffRecord(
        baseline=base_name,
        candidate=candidate_name,
        verdict=verdict,
        reason=reason,
        collapse_below=collapse_below,
        rows=rows,
    )


def _compare(
    section: str,
    metric: str,
    base: Mapping[str, Measured],
    candidate: Mapping[str, Measured],
    collapse_below: float,
) -> StatRow:
    left, right = base.get(metric), candidate.get(metric)
    old, new = read_number(left), read_number(right)
    return StatRow(
        section=section,
        metric=metric,
        baseline=old,
        candidate=new,
        delta=None if old is None or new is None else _keep_finite(new - old),
        ratio=None if new is None or not old else _keep_finite(new / old),
        status=_name_status(left, right),
        collapsed=metric in COLLAPSES and _has_collapsed(old, new, collapse_below),
        baseline_source=left.source if left else None,
        candidate_source=right.source if right else None,
    )


def _name_status(left: Measured | None, right: Measured | None) -> Status:
    kinds = (classify(left), classify(right))
    if "not-finite" in kinds:
        return "not-finite"
    if "missing" in kinds:
        return "missing"
    if read_number(left) == 0:
        return "both-zero" if read_number(right) == 0 else "zero-base"
    return "compared"


def _has_collapsed(old: float | None, new: float | None, collapse_below: float) -> bool:
    if new is None or not old:
        return False
    # Exact: a bound taken in float64 would round to 0 under a denormal baseline.
    return abs(Fraction(new)) < Fraction(collapse_below) * abs(Fraction(old))


def _keep_finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _judge(
    rows: Sequence[StatRow], base: Stats, candidate: Stats, names: tuple[str, str]
) -> list[Finding]:
    findings = [
        *_judge_rows(rows, base, candidate, names),
        *_judge_sections(rows, base, candidate, names),
    ]
    if rows and not findings:
        return [Finding("PASS", _describe_sound(rows))]
    return findings


def _judge_rows(
    rows: Sequence[StatRow], base: Stats, candidate: Stats, names: tuple[str, str]
) -> Iterator[Finding]:
    for metric in (*COLLAPSES, "min"):
        for row in rows:
            if row.metric == metric:
                left, right = base.get(row.section, {}), candidate.get(row.section, {})
                yield from _judge_row(row, left, right, names)


def _judge_row(
    row: StatRow,
    left: Mapping[str, Measured],
    right: Mapping[str, Measured],
    names: tuple[str, str],
) -> Iterator[Finding]:
    name = f"{row.section}.{row.metric}"
    numbers = f"{describe(right.get(row.metric))} against {describe(left.get(row.metric))}"
    if row.status == "not-finite":
        yield Finding("FAIL", f"{name} is not finite: {numbers}")
    elif row.status == "missing":
        lacking = _name_lacking(left.get(row.metric), right.get(row.metric), names)
        yield Finding("INCONCLUSIVE", f"{name} is missing in {lacking}")
    elif row.collapsed:
        yield Finding("FAIL", f"{COLLAPSES[row.metric]}: {name} is {numbers}")
    elif row.status != "compared" and _needs_base(row.metric, right):
        yield Finding("INCONCLUSIVE", f"{name} has a baseline of 0: {numbers}")


def _needs_base(metric: str, stats: Mapping[str, Measured]) -> bool:
    if metric in ("std", "var_zero_mean"):
        return not holds_one_element(stats)
    return metric in COLLAPSES


def _name_lacking(left: Measured | None, right: Measured | None, names: tuple[str, str]) -> str:
    sides = zip(names, (left, right), strict=True)
    return " and ".join(name for name, value in sides if classify(value) == "missing")


def _judge_sections(
    rows: Sequence[StatRow], base: Stats, candidate: Stats, names: tuple[str, str]
) -> Iterator[Finding]:
    for section in dict.fromkeys(row.section for row in rows):
        left, right = base.get(section, {}), candidate.get(section, {})
        if death := find_death(right):
            kind = "variance collapse: " if death.startswith("constant") else ""
            yield Finding("FAIL", f"{kind}{section} of {names[1]} is {death}")
        if death := find_death(left):
            yield Finding("INCONCLUSIVE", f"{section} of {names[0]} is {death}")
        statuses = {row.status for row in rows if row.section == section} - {"missing"}
        if statuses == {"both-zero"}:
            yield Finding("FAIL", f"{section} is 0 throughout on both sides: both are constant")


def _describe_sound(rows: Sequence[StatRow]) -> str:
    judged = [row for row in rows if row.metric in COLLAPSES and row.status == "compared"]
    least = min(judged, key=lambda row: inf if row.ratio is None else abs(row.ratio))
    return (
        f"compared, no collapse (compared is not equal): the least ratio is {least.ratio!r}, of "
        f"{least.section}.{least.metric}, {least.candidate!r} against {least.baseline!r}"
    )
