"""The verdict on an output, from its numbers alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from msgspec import structs

from parityhub.compare.findings import Finding, summarize
from parityhub.compare.referee.tolerance import (
    Override,
    Tolerance,
    bound_referee,
    choose_tolerance,
    is_discrete,
)
from parityhub.hub.parity_records import OutputRecord


@dataclass(frozen=True)
class Setting:
    """What an output is judged under."""

    dtype: str
    """what both sides computed in: `float32`"""
    referee: str
    """how the referee was had, or why there is none"""
    override: Override | None = None
    sides: tuple[str, str] = ("TensorFlow", "PyTorch")
    """how the left and the right one are called"""


@dataclass(frozen=True)
class Case:
    """An output, its tolerance, and how far its float64 runs may be apart."""

    record: OutputRecord
    deviation: float
    tolerance: Tolerance
    referee_tolerance: float | None
    sides: tuple[str, str]


@dataclass(frozen=True)
class Catch:
    """A finding, and what caught it: `max_abs`, `rms`, `referee`, `constant`."""

    finding: Finding
    by: str = ""


def decide_output(record: OutputRecord, setting: Setting) -> OutputRecord:
    """Return an output with its tolerance and its verdict, whatever they were before.

    Needs no arrays: the numbers that it goes by are all in the record. An output that could not be
    measured (its shapes differ, it is empty or not finite) keeps the verdict that it has.

    FAIL: the two float64 runs differ beyond rounding, or the deviation is beyond the tolerance.
    INCONCLUSIVE: nothing could be derived; the tolerance is as wide as the output varies; a side
    does not repeat itself by more than rounding explains, or is further from the referee; integers
    differ that are the same in float64.
    """
    if record.max_abs is None:
        return record
    tolerance = choose_tolerance(record, setting.dtype, setting.referee, setting.override)
    known = record.referee_difference is not None
    case = Case(
        record,
        record.max_abs,
        tolerance,
        bound_referee(record, setting.dtype) if known else None,
        setting.sides,
    )
    caught = list(_find_beyond(case)) or list(_find_unproven(case))
    findings = [catch.finding for catch in caught] or [_praise(case)]
    verdict, reason = summarize(findings)
    # How many elements are beyond a tolerance is known of the one that they were counted by.
    moved = record.tolerance is not None and record.tolerance != tolerance.max_abs
    known_still: dict[str, None] = {"share_beyond": None} if moved else {}
    by = dict.fromkeys(catch.by for catch in caught if catch.by)
    return structs.replace(
        record,
        verdict=verdict,
        reason=reason,
        tolerance=tolerance.max_abs,
        rms_tolerance=tolerance.rms,
        tolerance_kind=tolerance.kind,
        tolerance_reason=tolerance.reason,
        margin=tolerance.max_abs / case.deviation if case.deviation else None,
        referee_tolerance=case.referee_tolerance,
        metrics=record.metrics | known_still | {"caught_by": ", ".join(by)},
    )


def _find_beyond(case: Case) -> Iterator[Catch]:
    record, tolerance = case.record, case.tolerance
    apart, bound = record.referee_difference, case.referee_tolerance
    if apart is not None and bound is not None and apart > bound and not _is_accepted(case):
        yield Catch(
            Finding(
                "FAIL",
                f"the code differs, whatever {record.dtype} says: the two float64 runs are "
                f"{apart:.3g} apart, and rounding explains {bound:.3g}",
            ),
            "referee",
        )
    if case.deviation > tolerance.max_abs and not _is_tipped(case):
        told = f"max |difference| {case.deviation:.3g} is beyond {_name_tolerance(tolerance)}"
        yield Catch(Finding("FAIL", told), "max_abs")
        if constant := record.metrics.get("constant"):
            yield Catch(Finding("FAIL", f"constant in {constant}"), "constant")
    if tolerance.rms is not None and record.rms is not None and record.rms > tolerance.rms:
        told = f"rms difference {record.rms:.3g} is beyond the derived {tolerance.rms:.3g}"
        yield Catch(Finding("FAIL", told), "rms")


def _find_unproven(case: Case) -> Iterator[Catch]:
    record, tolerance = case.record, case.tolerance
    room = record.scale if prod(record.shape) == 1 else record.metrics.get("variation")
    if isinstance(room, int | float) and tolerance.max_abs >= room:
        constant = record.metrics.get("constant")
        told = f"is constant in {constant}" if constant else f"varies by {room:.3g} alone"
        yield _doubt(
            f"nothing is shown: the output {told}, and the tolerance is {tolerance.max_abs:.3g}"
        )
    yield from _find_erratic(case)
    if case.deviation > tolerance.max_abs:
        yield _doubt(
            f"max |difference| {case.deviation:.3g}, and none in float64: rounding may have tipped "
            "the balance of what is no continuous output"
        )
    if tolerance.kind == "underived":
        yield _doubt(
            f"max |difference| {case.deviation:.3g} is within {tolerance.max_abs:.3g}, which is "
            "underived"
        )
    elif tolerance.kind == "derived" and record.referee_difference is None:
        yield _doubt("the two float64 runs could not be set against each other")


def _find_erratic(case: Case) -> Iterator[Catch]:
    record, tolerance = case.record, case.tolerance
    for side, spread, error in (
        (case.sides[0], record.spread_tensorflow, record.error_tensorflow),
        (case.sides[1], record.spread_pytorch, record.error_pytorch),
    ):
        if tolerance.rounding is not None and (spread or 0.0) > tolerance.rounding:
            yield _doubt(
                f"{side} does not repeat itself: by {spread:.3g}, and rounding explains "
                f"{tolerance.rounding:.3g}"
            )
        if tolerance.one_side is not None and (error or 0.0) > tolerance.one_side:
            yield _doubt(
                f"{side} is {error:.3g} from the referee, and rounding explains "
                f"{tolerance.one_side:.3g}"
            )


def _doubt(reason: str) -> Catch:
    return Catch(Finding("INCONCLUSIVE", reason))


def _praise(case: Case) -> Finding:
    tolerance = case.tolerance
    shown = f"max |difference| {case.deviation:.3g} is within {_name_tolerance(tolerance)}"
    if case.deviation:
        shown += f", margin {tolerance.max_abs / case.deviation:.3g}"
    if tolerance.kind == "derived":
        apart = f"in float64 the two are {case.record.referee_difference:.3g} apart"
        return Finding("PASS", f"PASS by rounding alone: {shown}; {apart}")
    if case.referee_tolerance is not None and not _has_agreed(case):
        shown += f"; in float64 the two are {case.record.referee_difference:.3g} apart: not by "
        shown += "rounding, the code differs"
    return Finding("PASS", shown)


def _has_agreed(case: Case) -> bool:
    apart, bound = case.record.referee_difference, case.referee_tolerance
    return apart is not None and bound is not None and apart <= bound


def _is_tipped(case: Case) -> bool:
    """Say whether integers differ that are the same in float64, as an argmax of a tie does."""
    tolerance = case.tolerance
    return tolerance.kind == "derived" and is_discrete(case.record.dtype) and _has_agreed(case)


def _is_accepted(case: Case) -> bool:
    """Say whether a person's override covers what the two float64 runs are apart."""
    apart = case.record.referee_difference
    return case.tolerance.kind == "override" and (apart or 0.0) <= case.tolerance.max_abs


def _name_tolerance(tolerance: Tolerance) -> str:
    names = {"derived": "the derived", "underived": "the assumed", "override": "the override's"}
    return f"{names[tolerance.kind]} {tolerance.max_abs:.3g}"
