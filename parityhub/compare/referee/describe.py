"""The numbers of an output that no verdict rests on, by name, as a record keeps them."""

from math import isfinite
from typing import Any

import numpy as np

from parityhub.compare.metrics.full import FullSet, measure_arrays
from parityhub.compare.metrics.numbers import view_bfloat16
from parityhub.compare.metrics.screen import Screening, screen_arrays
from parityhub.compare.referee.distance import Array

Numbers = dict[str, float | int | str | None]


def describe_difference(left: Array, right: Array, dtype: str, tolerance: float | None) -> Numbers:
    """Measure how an array differs from its reference, over what is finite in both.

    `max_relative` and `mean_relative` are relative to the reference's element, where that is not 0;
    `p50_abs` and `p99_abs` are percentiles of |left - right|, within the bin width of metrics.

    Args:
        left: an array; bfloat16 as float32.
        right: the reference, of the same shape.
        dtype: what both are said to hold.
        tolerance: on |left - right|; None: there is none.
    """
    if dtype == "bfloat16":
        left, right = _encode_bfloat16(left), _encode_bfloat16(right)
    described = _describe_screening(screen_arrays(left, right))
    described |= _describe_full(measure_arrays(left, right, atol=tolerance))
    return {name: _keep_finite(value) for name, value in described.items()}


def _describe_screening(screening: Screening) -> Numbers:
    nonfinite, worst = screening.nonfinite, screening.absolute.worst
    return {
        "compared": screening.compared,
        "unequal": screening.unequal,
        "max_relative": screening.relative.max,
        "mean_relative": screening.relative.mean,
        "zero_reference": screening.zero_reference,
        "worst_index": str(worst.index) if worst else None,
        "worst_left": _show(worst.left) if worst else None,
        "worst_right": _show(worst.right) if worst else None,
        "nan_left": nonfinite.nan_left,
        "nan_right": nonfinite.nan_right,
        "infinite_left": nonfinite.infinite_left,
        "infinite_right": nonfinite.infinite_right,
        "nonfinite_disagreeing": nonfinite.disagreeing,
        "first_nonfinite": None if nonfinite.first is None else str(nonfinite.first),
    }


def _describe_full(full: FullSet) -> Numbers:
    return {
        "p50_abs": full.p50.value if full.p50 else None,
        "p99_abs": full.p99.value if full.p99 else None,
        "max_ulp": full.ulp.max if full.ulp else None,
        "cosine": full.likeness.cosine,
        "correlation": full.likeness.correlation,
        "slope": full.likeness.slope,
        "share_beyond": full.tolerance.share if full.tolerance else None,
        "subnormals": full.subnormals.left + full.subnormals.right if full.subnormals else None,
        "subnormals_flushed": full.subnormals.flushed if full.subnormals else None,
    }


def _encode_bfloat16(array: Array) -> Array:
    bits = np.ascontiguousarray(array, dtype=np.float32).view(np.uint32) >> np.uint32(16)
    return view_bfloat16(bits.astype(np.uint16)).reshape(array.shape)


def _show(value: Any) -> float | int | str:
    return str(value) if isinstance(value, complex) else value


def _keep_finite(value: float | int | str | None) -> float | int | str | None:
    return None if isinstance(value, float) and not isfinite(value) else value
