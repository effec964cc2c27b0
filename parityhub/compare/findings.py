"""What a question found, piece by piece, and the answer that the pieces come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from parityhub.compare.verdict import combine_verdicts
from parityhub.hub.records import CheckNumber, CheckRecord, Verdict
from parityhub.plan.model import AnyCheck

SHOWN = 3
"""reasons of one verdict that are spelled out"""


@dataclass(frozen=True)
class Finding:
    """One piece of an answer: a verdict, why, and the numbers that it rests on."""

    verdict: Verdict
    reason: str
    numbers: tuple[CheckNumber, ...] = ()
    deferred: bool = False
    """it could not be asked: a whole side is missing"""


@dataclass(frozen=True)
class Judgement:
    """The answer to a check, and the arrays that its pictures are drawn from."""

    record: CheckRecord
    arrays: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


def summarize(findings: Sequence[Finding]) -> tuple[Verdict, str]:
    """Return the combined verdict and one line of reasons: the worst first, all kinds named."""
    if not findings:
        return "INCONCLUSIVE", "nothing was asked of any evidence"
    verdict = combine_verdicts(finding.verdict for finding in findings)
    parts = [_join_reasons(findings, verdict)]
    if verdict == "FAIL" and (unjudged := _join_reasons(findings, "INCONCLUSIVE")):
        parts.append(f"not judged: {unjudged}")
    return verdict, " ".join("; ".join(parts).split())


def conclude(
    check: AnyCheck,
    findings: Iterable[Finding],
    *,
    tolerance: str = "",
    arrays: Mapping[str, npt.NDArray[Any]] | None = None,
) -> Judgement:
    """Make the answer to a check from what was found. No finding at all is INCONCLUSIVE.

    Args:
        check: the check that was asked.
        findings: what was found, in the order it is to be read.
        tolerance: the bound and its reason, in words.
        arrays: name to array, for pictures.
    """
    found = tuple(findings)
    verdict, reason = summarize(found)
    record = CheckRecord(
        id=check.id,
        kind=str(check.__struct_config__.tag),
        title=check.title,
        verdict=verdict,
        reason=reason,
        numbers=tuple(number for finding in found for number in finding.numbers),
        tolerance=tolerance,
        deferred=verdict == "INCONCLUSIVE" and any(finding.deferred for finding in found),
    )
    return Judgement(record, arrays or {})


def keep_findings(*parts: object) -> tuple[Finding, ...]:
    """Return those of the parts that are findings."""
    return tuple(part for part in parts if isinstance(part, Finding))


def _join_reasons(findings: Sequence[Finding], verdict: Verdict) -> str:
    reasons = list(dict.fromkeys(f.reason for f in findings if f.verdict == verdict))
    if len(reasons) > SHOWN + 1:
        reasons[SHOWN:] = [f"and {len(reasons) - SHOWN} more"]
    return "; ".join(reasons)
