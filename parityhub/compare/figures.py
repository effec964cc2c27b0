"""What pictures show, in numbers: extremes of images, histograms of differences, losses."""

from collections.abc import Sequence
from math import isfinite, ldexp
from sys import float_info
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.hub.figure_records import (
    CheckFigures,
    CurveRecord,
    FiguresRecord,
    GridRecord,
    HistogramRecord,
    PlaneRecord,
)

GRID = 16
"""patches of a grid, at most"""
BINS = 64
"""bins of a histogram, at most, from the greatest difference downwards: a factor of 2 ** 64"""


def measure_grid(
    side: str, name: str, shows: str, file: str, patches: npt.NDArray[Any]
) -> GridRecord | None:
    """Measure the patches that a grid shows; None: it is no stack of patches, or an empty one.

    Args:
        side: the baseline that left them.
        name: of the artifact.
        shows: what it shows.
        file: where it lies in the hub.
        patches: (n, H, W), real or complex.
    """
    if patches.ndim != 3 or patches.size == 0:
        return None
    shown = np.abs(np.asarray(patches[:GRID]))
    least, greatest, not_finite = find_extremes(shown)
    return GridRecord(
        side=side,
        name=name,
        shows=shows,
        file=file,
        shape=tuple(patches.shape),
        shown=len(shown),
        least=least,
        greatest=greatest,
        not_finite=not_finite,
    )


def measure_plane(name: str, file: str, plane: npt.NDArray[Any]) -> PlaneRecord:
    """Measure an image that a check kept: (H, W), real."""
    least, greatest, not_finite = find_extremes(plane)
    return PlaneRecord(
        name=name,
        file=file,
        shape=tuple(plane.shape),
        least=least,
        greatest=greatest,
        not_finite=not_finite,
    )


def find_extremes(values: npt.NDArray[Any]) -> tuple[float | None, float | None, int]:
    """Return the least and the greatest finite value, and how many are not finite."""
    finite = values[np.isfinite(values)]
    lost = int(values.size - finite.size)
    return (float(finite.min()), float(finite.max()), lost) if finite.size else (None, None, lost)


def count_differences(
    name: str, unit: str, files: Sequence[str], differences: npt.NDArray[Any]
) -> HistogramRecord:
    """Count differences by the power of 2 that their magnitude reaches: exact, no bin is chosen.

    Args:
        name: what differs.
        unit: of the differences.
        files: what they were computed from.
        differences: any shape, real or complex; NaN and infinities are counted apart.
    """
    sizes = np.abs(np.asarray(differences).reshape(-1)).astype(np.float64)
    finite = sizes[np.isfinite(sizes)]
    unequal = finite[finite > 0]
    # frexp gives 2 ** (exponent - 1) <= size < 2 ** exponent, for subnormal numbers too.
    exponents = np.frexp(unequal)[1] - 1
    first = top = 0
    if unequal.size:
        top = int(exponents.max())
        first = max(int(exponents.min()), top - BINS + 1)
    within = exponents[exponents >= first]
    counts = np.bincount(within - first) if within.size else np.zeros(0, dtype=np.int64)
    return HistogramRecord(
        name=name,
        unit=unit,
        files=tuple(files),
        elements=int(sizes.size),
        zeros=int(finite.size - unequal.size),
        not_finite=int(sizes.size - finite.size),
        below=int(unequal.size - within.size),
        edges=tuple(power_of_2(first + k) for k in range(counts.size + 1)) if counts.size else (),
        counts=tuple(int(count) for count in counts),
        greatest=float(unequal.max()) if unequal.size else None,
    )


def power_of_2(exponent: int) -> float:
    """Return 2 ** exponent; beyond float64 its greatest number."""
    return ldexp(1.0, exponent) if exponent < float_info.max_exp else float_info.max


def make_curve(side: str, file: str, losses: Sequence[float]) -> CurveRecord:
    """Make the curve of one side; JSON has no NaN, so a loss that is not finite is None."""
    kept = tuple(loss if isfinite(loss) else None for loss in losses)
    return CurveRecord(side=side, file=file, losses=kept)


def gather_figures(
    phase: str,
    run: int,
    curves: Sequence[CurveRecord],
    grids: Sequence[GridRecord],
    checks: Sequence[CheckFigures],
) -> FiguresRecord:
    """Gather what the pictures of a run show, with the difference of its two curves."""
    differences: tuple[float | None, ...] = ()
    if len(curves) == 2 and len(curves[0].losses) == len(curves[1].losses):
        pairs = zip(curves[0].losses, curves[1].losses, strict=True)
        differences = tuple(
            None if one is None or other is None else other - one for one, other in pairs
        )
    return FiguresRecord(
        phase=phase,
        run=run,
        curves=tuple(curves),
        curve_differences=differences,
        grids=tuple(grids),
        checks=tuple(checks),
    )
