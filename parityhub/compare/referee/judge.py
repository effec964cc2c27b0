"""One output of two sides: measured, and judged against the referee."""

from dataclasses import dataclass
from math import inf, isfinite

from msgspec import structs

from parityhub.capture.protocol import Response
from parityhub.compare.referee.admit import Bar, find_bar
from parityhub.compare.referee.decide import Setting, decide_output
from parityhub.compare.referee.describe import describe_difference
from parityhub.compare.referee.describe_image import add_image_metrics
from parityhub.compare.referee.distance import (
    Array,
    Span,
    measure_distance,
    measure_errors,
    measure_span,
)
from parityhub.compare.referee.tolerance import bound_referee
from parityhub.hub.parity_records import OutputRecord, ShareRecord
from parityhub.hub.records import Verdict


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An output as one side gave it."""

    side: str
    """how the side is called in reasons: `TensorFlow`"""
    source: str
    """what stood there: the output's name in its framework, or a file of the hub"""
    values: Array
    """in the order of axes of the left side; bfloat16 as float32"""
    dtype: str
    """what it was given as: `float32`, `bfloat16`"""
    spread: float | None = None
    """largest |difference| of its repeats; None: it was not repeated"""


@dataclass(frozen=True, kw_only=True)
class Referee:
    """The same output of the same network in float64."""

    tensorflow: Array
    pytorch: Array
    """in TensorFlow's order of axes"""
    response: Response | None = None
    """to rounding; None: it is not known"""
    shares: tuple[ShareRecord, ...] = ()


def judge_output(
    name: str,
    left: Taken,
    right: Taken,
    referee: Referee | None,
    setting: Setting,
    *,
    image: bool = False,
) -> OutputRecord:
    """Judge one output of two sides.

    Shapes and dtypes come first, then what is empty or not finite; then the deviation of the two
    sides, and each one's error against the referee: the mean of the two float64 runs. See
    `decide_output` for the verdict.

    Args:
        name: what the output is called.
        left: TensorFlow's.
        right: PyTorch's.
        referee: None: there is none, and the setting says why.
        setting: what it is judged under.
        image: its last two axes are an image's height and width.
    """
    record = measure_output(name, left, right)
    if referee is not None and record.max_abs is not None:
        record = add_referee(record, left, right, referee, setting.dtype)
    return add_metrics(decide_output(record, setting), left, right, image=image)


def add_metrics(record: OutputRecord, left: Taken, right: Taken, *, image: bool) -> OutputRecord:
    """Add the numbers that no verdict rests on; the share beyond the tolerance among them."""
    if left.values.shape != right.values.shape or not left.values.size:
        return record
    found = describe_difference(left.values, right.values, record.dtype, record.tolerance)
    record = structs.replace(record, metrics=record.metrics | found)
    return add_image_metrics(record, left.values, right.values) if image else record


def measure_output(name: str, left: Taken, right: Taken) -> OutputRecord:
    """Return an output with its numbers, not judged yet unless they could not be had.

    Where they could not (shapes or dtypes differ, it is empty or not finite, a difference is beyond
    float64), `max_abs` is None and the verdict is final.
    """
    bare = OutputRecord(
        name=name,
        verdict="INCONCLUSIVE",
        reason="not judged",
        shape=tuple(left.values.shape),
        dtype=left.dtype,
        spread_tensorflow=_keep_finite(left.spread),
        spread_pytorch=_keep_finite(right.spread),
        left=left.source,
        right=right.source,
    )
    bar = find_bar(left.values, right.values, (left.dtype, right.dtype))
    if bar := bar or _find_erratic(left, right):
        return _close(bare, bar.verdict, bar.reason, bar.caught_by)
    apart = measure_distance(left.values, right.values)
    if apart.max_abs == inf:
        return _close(bare, "FAIL", "the difference is beyond float64", "max_abs")
    spans = measure_span(left.values), measure_span(right.values)
    return structs.replace(
        bare,
        scale=spans[0].scale,
        max_abs=apart.max_abs,
        rms=apart.rms,
        mae=apart.mean,
        metrics=_describe_spans(spans, (left.side, right.side), left.values.size),
    )


def add_referee(
    record: OutputRecord, left: Taken, right: Taken, referee: Referee, dtype: str
) -> OutputRecord:
    """Add what the float64 runs tell: errors, their ratio, scale, and the response to rounding.

    Float64 runs of another shape, or that are not finite, are no referee: nothing is added but the
    response. Two that differ beyond rounding are none either: they have a difference, and no side
    has an error.

    Args:
        record: as `measure_output` made it.
        left: TensorFlow's.
        right: PyTorch's.
        referee: both float64 runs.
        dtype: what both sides computed in.
    """
    response = referee.response
    if response is not None:
        record = structs.replace(
            record,
            sigma_max=response["sigma_max"],
            sigma_rms=response["sigma_rms"],
            shares=referee.shares,
        )
    runs = referee.tensorflow, referee.pytorch
    spans = [measure_span(run) for run in runs if run.shape == record.shape and run.size]
    if len(spans) < 2 or any(span.nonfinite for span in spans):
        return record
    errors = measure_errors(left.values, right.values, runs)
    if inf in errors:
        return record
    record = structs.replace(record, scale=spans[1].scale, referee_difference=errors[2])
    if errors[2] > bound_referee(record, dtype):
        return record
    return structs.replace(
        record,
        error_tensorflow=errors[0],
        error_pytorch=errors[1],
        error_ratio=errors[0] / errors[1] if errors[1] else None,
    )


def _close(record: OutputRecord, verdict: Verdict, reason: str, by: str) -> OutputRecord:
    return structs.replace(record, verdict=verdict, reason=reason, metrics={"caught_by": by})


def _find_erratic(left: Taken, right: Taken) -> Bar | None:
    """Say which side's repeats are further apart than any number."""
    erratic = [side.side for side in (left, right) if not isfinite(side.spread or 0.0)]
    if not erratic:
        return None
    told = "repeats are further apart than any number: not finite, or of another shape"
    return Bar("INCONCLUSIVE", f"{' and '.join(erratic)}: {told}", "")


def _keep_finite(spread: float | None) -> float | None:
    return spread if spread is not None and isfinite(spread) else None


def _describe_spans(
    spans: tuple[Span, Span], sides: tuple[str, str], size: int
) -> dict[str, float | int | str | None]:
    constant = [side for side, span in zip(sides, spans, strict=True) if span.variation == 0]
    return {
        "variation": min(span.variation for span in spans),
        "constant": " and ".join(constant) if size > 1 else "",
    }
