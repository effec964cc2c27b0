"""Arrays that two plain commands left: no referee can be had of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from parityhub.compare.referee.admit import find_bar
from parityhub.compare.referee.decide import Setting, decide_output
from parityhub.compare.referee.distance import Array, measure_distance
from parityhub.compare.referee.judge import Taken, add_metrics, measure_output
from parityhub.compare.referee.numbers import check_axes
from parityhub.compare.referee.opened import open_numbers
from parityhub.compare.referee.tolerance import UNIT_ROUNDOFF, read_override
from parityhub.hub.parity_records import OutputRecord
from parityhub.plan.pair import RunOutput

NO_REFEREE = "no referee: plain commands leave arrays, not a network that float64 could run"


@dataclass(frozen=True)
class ArrayFile:
    """An array that a run left: where it can be read, and what it is called in records."""

    path: Path
    source: str


@dataclass(frozen=True)
class PlainSide:
    """What one side's runs left."""

    name: str
    """of the baseline"""
    attempts: Sequence[Mapping[str, ArrayFile]]
    """path below {out} to file; the attempt that counts first, then its repeats"""


def compare_plain(
    outputs: Sequence[RunOutput], left: PlainSide, right: PlainSide
) -> tuple[OutputRecord, ...]:
    """Compare the arrays that two plain commands left, output by output, as declared.

    Without a referee an output is INCONCLUSIVE at best, unless the plan gives it a tolerance with a
    reason. The spread of repeated attempts enters the assumed bound. In the records TensorFlow's
    fields hold the left side's numbers, PyTorch's the right side's.

    Args:
        outputs: which array of the left side is which of the right.
        left: one side.
        right: the other.

    Raises:
        EvidenceError: an array is damaged, or axes do not fit.
        UsageError: a tolerance has no reason.
    """
    return tuple(_judge(output, left, right) for output in outputs)


def _judge(output: RunOutput, left: PlainSide, right: PlainSide) -> OutputRecord:
    lacking = [
        f"{side.name} left no {name}"
        for side, name in ((left, output.left), (right, output.right))
        if not side.attempts or name not in side.attempts[0]
    ]
    if lacking:
        return OutputRecord(
            name=output.name, verdict="INCONCLUSIVE", reason=f"unmatched: {'; '.join(lacking)}"
        )
    taken = _take(left, output.left, ()), _take(right, output.right, output.axes)
    record = measure_output(output.name, *taken)
    dtype = record.dtype if record.dtype in UNIT_ROUNDOFF else "float32"
    decided = decide_output(record, Setting(dtype, NO_REFEREE, read_override(output)))
    return add_metrics(decided, *taken, image=output.image)


def _take(side: PlainSide, name: str, axes: tuple[int, ...]) -> Taken:
    file = side.attempts[0][name]
    values, dtype = open_numbers(file.path)
    spreads = list(_measure_spreads(values, dtype, side, name))
    if axes:
        check_axes(f"{side.name}, {name}", values.ndim, axes)
        values = values.transpose(axes)
    return Taken(
        side=side.name,
        source=file.source,
        values=values,
        dtype=dtype,
        spread=max(spreads, default=None),
    )


def _measure_spreads(first: Array, dtype: str, side: PlainSide, name: str) -> Iterator[float]:
    """Yield how far each repeat is from the first; inf where that is beyond any number."""
    for attempt in side.attempts[1:]:
        if name not in attempt:
            continue
        repeat, other = open_numbers(attempt[name].path)
        barred = find_bar(first, repeat, (dtype, other))
        yield inf if barred else measure_distance(first, repeat).max_abs
