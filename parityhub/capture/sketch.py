"""A value in a few numbers, so that values of two frameworks can be paired without keeping them."""

import itertools
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.protocol import Sketch

DRAWS = 4
"""projections for each order of axes"""
CHANNELS = 64
"""the most channels that a sketch shows"""
BLOCK = 1 << 15
"""elements that are held in float64 at a time: they fit a cache, and their products with some ten
columns of weights are few enough for BLAS to start no threads, which cost more than they give"""
INNER = 1 << 14
"""elements whose weights are multiplied out once"""

Floats = npt.NDArray[np.float64]


def list_orders(rank: int) -> tuple[str, ...]:
    """Return the orders in which another framework may hold a value of that rank.

    Each is how this side's axes are transposed to the other's: the same; channels from second to
    last (`0231`: NCHW to NHWC); and for rank 3 batch and time exchanged (`102`). No other order is
    allowed, or exchanged height and width would pass for the same value.
    """
    same = "".join(map(str, range(rank)))
    if rank not in (3, 4, 5):
        return (same,)
    last = "0" + same[2:] + "1"
    return (same, last, "102") if rank == 3 else (same, last)


def sketch_value(array: npt.NDArray[Any], seed: int, orders: Sequence[str]) -> Sketch:
    """Sketch a value, reading it once, a block at a time.

    A projection is the sum of the elements, each times the product of one weight an axis, divided
    by the root of their number: so it is of the order of `rms`. The weights of an axis are drawn
    for (seed, draw, place of the axis, its length), with mean 0 and variance 1: two sides that
    hold the same value in the same order of axes get the same projections, up to float64 rounding.
    A complex value's real and imaginary parts have weights of their own.

    Args:
        array: of any shape and any bool, integer, floating or complex dtype.
        seed: of the weights; the same on both sides.
        orders: as `list_orders` has them; each gives one list of projections.

    Returns:
        The sketch. All its numbers are of the finite elements, in float64; of a complex value, of
        its real and imaginary parts together. `channels`: along the axis that the last order puts
        last, where there are at least two axes.
    """
    parts = [array.real, array.imag] if np.iscomplexobj(array) else [array]
    last = int(orders[-1][-1]) if array.ndim > 1 and orders and array.size else None
    moments = _Moments(0 if last is None else array.shape[last])
    totals = np.zeros((len(orders), DRAWS))
    with np.errstate(over="ignore", invalid="ignore"):
        for number, part in enumerate(parts):
            totals += _sketch_part(part, number, seed, orders, last, moments)
        sketch = moments.finish(array.size)
        totals /= math.sqrt(max(array.size, 1))
    sketch["projections"] = dict(zip(orders, totals.tolist(), strict=True))
    if last is not None:
        sketch["channels"] = moments.list_channels()
    return sketch


class _Moments:
    """Sums over the blocks of a value, and over its channels."""

    def __init__(self, channels: int) -> None:
        self.nonfinite = 0
        self.cubes = 0.0
        self.low = math.inf
        self.high = -math.inf
        self.sums = np.zeros((3, max(channels, 1)))
        """of each channel: elements that are finite, their sum, that of their squares"""

    def add(self, block: Floats, axis: int, tally: Floats) -> Floats:
        """Take in a block, (rows, columns); return it with 0 for what is not finite.

        Args:
            block: elements.
            axis: along which the channels lie.
            tally: (3, places along that axis), to which counts, sums and squares are added.
        """
        squares = np.square(block)
        finite = None
        if not math.isfinite(float(squares.sum())):
            finite = np.isfinite(block)
            block = np.where(finite, block, 0.0)
            squares = np.square(block)
        self._add_extremes(block, finite)
        self.cubes += float(np.einsum("ij,ij->", squares, block))
        over = 1 - axis
        tally[0] += block.shape[over] if finite is None else finite.sum(axis=over)
        tally[1] += block.sum(axis=over)
        tally[2] += squares.sum(axis=over)
        return block

    def fold(self, tally: Floats, channels: npt.NDArray[np.intp] | None) -> None:
        """Add what was tallied; `channels`: that of each place; None: there are none."""
        for total, sums in zip(self.sums, tally, strict=True):
            if channels is None:
                total[0] += sums.sum()
            else:
                total += np.bincount(channels, weights=sums, minlength=len(total))

    def finish(self, size: int) -> Sketch:
        count, total, squares = (float(sums.sum()) for sums in self.sums)
        return Sketch(
            size=size,
            nonfinite=self.nonfinite,
            mean=total / max(count, 1.0),
            rms=math.sqrt(squares / max(count, 1.0)),
            cube=self.cubes / max(count, 1.0),
            low=self.low if count else 0.0,
            high=self.high if count else 0.0,
            projections={},
        )

    def list_channels(self) -> list[list[float]]:
        """Return mean and rms of the first channels."""
        counts, totals, squares = self.sums[:, :CHANNELS]
        counts = np.maximum(counts, 1.0)
        pairs: list[list[float]] = np.stack(
            [totals / counts, np.sqrt(squares / counts)], 1
        ).tolist()
        return pairs

    def _add_extremes(self, block: Floats, finite: npt.NDArray[np.bool_] | None) -> None:
        kept = block if finite is None else block[finite]
        self.nonfinite += block.size - kept.size
        if kept.size:
            self.low = min(self.low, float(kept.min()))
            self.high = max(self.high, float(kept.max()))


def _sketch_part(
    array: npt.NDArray[Any],
    part: int,
    seed: int,
    orders: Sequence[str],
    last: int | None,
    moments: _Moments,
) -> Floats:
    """Add a real array to the moments; return the sums of its projections, (orders, draws)."""
    # In the order of memory, so that blocks are stretches of it, whatever view this is.
    axes = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    stored = array.transpose(axes)
    shape, cut = stored.shape, _cut_axes(stored.shape)
    places = [tuple(order.index(str(axis)) for axis in axes) for order in orders]
    outer, inner = (
        _multiply_out(seed, part, tuple(one[start:stop] for one in places), shape[start:stop])
        for start, stop in ((0, cut), (cut, array.ndim))
    )
    axis, channels = _find_channels(shape, cut, None if last is None else axes.index(last))
    totals = np.zeros(len(orders) * DRAWS)
    matrix = stored.reshape(math.prod(shape[:cut]), math.prod(shape[cut:]))
    tally = np.zeros((3, matrix.shape[axis]))
    for rows, columns, block in _iterate_blocks(matrix):
        clean = moments.add(block, axis, tally[:, (rows, columns)[axis]])
        totals += ((clean @ inner[columns]) * outer[rows]).sum(axis=0)
    moments.fold(tally, channels)
    return totals.reshape(len(orders), DRAWS)


def _cut_axes(shape: tuple[int, ...]) -> int:
    """Return where the inner axes begin: as many as fit INNER, the last one at least."""
    cut = max(len(shape) - 1, 0)
    while cut and math.prod(shape[cut - 1 :]) <= INNER:
        cut -= 1
    return cut


def _find_channels(
    shape: tuple[int, ...], cut: int, axis: int | None
) -> tuple[int, npt.NDArray[np.intp] | None]:
    """Return along which axis of (rows, columns) the channels lie, and which channel is where."""
    if axis is None:
        return 0, None
    group = shape[:cut] if axis < cut else shape[cut:]
    place = axis if axis < cut else axis - cut
    view = [-1 if number == place else 1 for number in range(len(group))]
    channels = np.broadcast_to(np.arange(shape[axis]).reshape(view), group)
    return (0 if axis < cut else 1), channels.ravel()


def _iterate_blocks(matrix: npt.NDArray[Any]) -> Iterator[tuple[slice, slice, Floats]]:
    """Yield (rows, columns, elements in float64)."""
    if not matrix.size:
        return
    width = min(matrix.shape[1], BLOCK)
    step = max(1, BLOCK // width)
    for start in range(0, len(matrix), step):
        rows = slice(start, start + step)
        for left in range(0, matrix.shape[1], width):
            columns = slice(left, left + width)
            yield rows, columns, matrix[rows, columns].astype(np.float64)


@lru_cache(maxsize=64)
def _multiply_out(
    seed: int, part: int, places: tuple[tuple[int, ...], ...], lengths: tuple[int, ...]
) -> Floats:
    """Return the products of the weights of some axes, (elements, orders x draws).

    Args:
        seed: of the weights.
        part: 0: real; 1: imaginary.
        places: of each axis, in each order.
        lengths: of the axes.
    """
    columns = np.ones((math.prod(lengths), len(places) * DRAWS))
    for number, (order, draw) in enumerate(itertools.product(places, range(DRAWS))):
        product = np.ones(1)
        for place, length in zip(order, lengths, strict=True):
            weights = _draw(seed, draw, part, place, length)
            product = (product[:, None] * weights).ravel()
        columns[:, number] = product
    return columns


@lru_cache(maxsize=256)
def _draw(seed: int, draw: int, part: int, place: int, length: int) -> Floats:
    """Return the weights of an axis."""
    # Raw bits, whose stream numpy promises to keep over its versions; a distribution's may
    # change, and the two sides may have two numpys.
    seeds = np.random.SeedSequence([seed, draw, part, place, length])
    bits = np.random.PCG64(seeds).random_raw(length)
    uniform = (np.asarray(bits, np.uint64) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    weights: Floats = (2 * uniform - 1) * math.sqrt(3)
    return weights
