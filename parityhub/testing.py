"""Assertions for a test or a notebook: two arrays, no plan, no hub.

`assert_parity` refuses what other assertions let pass: NaN on both sides, an empty array, an output
that is constant, a difference that is the same everywhere.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["assert_parity", "derive_bound"]

GROWTH = 2.0**10
"""roundings add up like the root of their number: this is for about a million in a row"""
WIDEST = 2.0**-7
"""no dtype is so coarse that a hundredth is rounding"""
ALIKE = 8.0
"""a difference whose mean is so many times its spread is a shift, and no rounding"""
FEWEST = 8
"""elements from which a shift can be told"""


def assert_parity(
    tensorflow: Any,
    pytorch: Any,
    *,
    atol: float | None = None,
    rtol: float | None = None,
    reason: str = "",
    allow_constant: bool = False,
    name: str = "output",
) -> None:
    """Assert that two frameworks gave the same array, but for rounding.

    Where no tolerance is given, |a - b| <= c (max(|a|, |b|) + rms), with rms the root mean square
    of the arrays: an element near zero has the rounding of the large ones that it came from. c is
    1024 u, at most 2**-7 and at least 4 u, with u the dtype's unit roundoff. The error of n
    roundings grows like sqrt(n) u (Higham and Mary, SIAM J. Sci. Comput. 41, 2019), so that 1024 is
    for about a million in a row. Integers must be equal.

    Args:
        tensorflow: array or tensor of any shape; integer, float or complex.
        pytorch: of the same shape and dtype.
        atol: absolute tolerance in place of the derived one.
        rtol: likewise, relative to |tensorflow|.
        reason: why that tolerance; required with one.
        allow_constant: an output of equal elements is meant.
        name: what the message calls it.

    Raises:
        AssertionError: they differ, or cannot be taken for equal; the message says where, by how
            much, what the difference looks like, and against which tolerance.
        DataError: one is no array of numbers.
        UsageError: a tolerance without a reason, or one that is negative or not finite.
    """
    import numpy as np

    from parityhub.capture.arrays import read_array
    from parityhub.compare.metrics.admit import admit_arrays

    check_override(atol, rtol, reason)
    one, other = read_array(tensorflow), read_array(pytorch)
    refused = admit_arrays(one, other, ("TensorFlow", "PyTorch"))
    if refused and not (allow_constant and is_comparable(one, other)):
        raise AssertionError(f"{name}: {refused.reason}{tell_transposed(one, other)}")
    for side, array in (("TensorFlow", one), ("PyTorch", other)):
        if told := tell_nonfinite(array):
            raise AssertionError(f"{name}: {side} {told}")
    # What overflows float64 is far beyond any tolerance, and needs no warning.
    with np.errstate(all="ignore"):
        judge_numbers(one, other, choose_bound(one, other, atol, rtol, reason), name)


def judge_numbers(
    one: "npt.NDArray[Any]",
    other: "npt.NDArray[Any]",
    allowed: "tuple[npt.NDArray[Any], str, bool]",
    name: str,
) -> None:
    """Hold the difference of two finite arrays against a bound, and its shape against rounding.

    Raises:
        AssertionError: it is beyond, or the same everywhere where the bound is for rounding.
    """
    import numpy as np

    bound, words, derived = allowed
    wide = np.result_type(one, np.float64)
    difference = other.astype(wide) - one.astype(wide)
    beyond = np.abs(difference) > bound
    if derived and one.dtype.kind in "iu":
        # Beyond 2**53 neighbours are one number in float64.
        beyond = one != other
    if beyond.any():
        raise AssertionError(
            describe_difference(name, one, other, difference, beyond, bound, words)
        )
    if derived and (shift := find_shift(difference, one)) is not None:
        raise AssertionError(
            f"{name}: PyTorch is TensorFlow plus {shift:.6g} everywhere: no more than {words}, but "
            "rounding does not look like this"
        )


def choose_bound(
    one: "npt.NDArray[Any]",
    other: "npt.NDArray[Any]",
    atol: float | None,
    rtol: float | None,
    reason: str,
) -> "tuple[npt.NDArray[Any], str, bool]":
    """Return how far each element may be apart, why, and whether that is derived."""
    import numpy as np

    if atol is None and rtol is None:
        return *derive_bound(one, other), True
    size = np.abs(one.astype(np.result_type(one, np.float64)))
    words = f"atol {atol or 0:g}, rtol {rtol or 0:g}: {reason}"
    return (atol or 0.0) + (rtol or 0.0) * size, words, False


def derive_bound(
    tensorflow: "npt.NDArray[Any]", pytorch: "npt.NDArray[Any]"
) -> "tuple[npt.NDArray[Any], str]":
    """Return how far each element may be apart by rounding, and why.

    Args:
        tensorflow: finite, of any shape.
        pytorch: finite, of the same shape and dtype.

    Returns:
        An array of float64 of that shape, 0 for integers, and the reason in words.
    """
    import numpy as np

    if tensorflow.dtype.kind in "iu":
        return np.zeros(tensorflow.shape), "integers: equal or not"
    unit = float(np.finfo(tensorflow.dtype).eps) / 2
    share = max(min(GROWTH * unit, WIDEST), 4 * unit)
    one, other = (np.abs(x).astype(np.float64) for x in (tensorflow, pytorch))
    peak = max(one.max(), other.max(), np.finfo(np.float64).tiny)
    # The squares of large numbers would overflow.
    rms = peak * float(np.sqrt(max(np.mean((one / peak) ** 2), np.mean((other / peak) ** 2))))
    words = f"{share / unit:g} units of roundoff of {tensorflow.dtype}, {share:.3g} of the values"
    return share * np.maximum(one, other) + share * rms, words


def check_override(atol: float | None, rtol: float | None, reason: str) -> None:
    """See that a tolerance in place of the derived one is a number and has a reason.

    Raises:
        UsageError: it is not, or has none.
    """
    from math import isfinite

    from parityhub.errors import UsageError

    given = [value for value in (atol, rtol) if value is not None]
    if any(not isfinite(value) or value < 0 for value in given):
        raise UsageError("a tolerance is not a number from 0", hint="give a finite atol or rtol")
    if given and not reason.strip():
        raise UsageError(
            "a tolerance without a reason", hint='say why: reason="measured over 50 seeds"'
        )


def is_comparable(one: "npt.NDArray[Any]", other: "npt.NDArray[Any]") -> bool:
    """Tell whether both may be compared though their elements are all equal."""
    return one.shape == other.shape and one.dtype == other.dtype and one.size > 0


def tell_nonfinite(array: "npt.NDArray[Any]") -> str:
    """Say where an array is NaN or infinite; empty where it is not."""
    import numpy as np

    wrong = np.argwhere(~np.isfinite(array))
    if not len(wrong):
        return ""
    first = tuple(map(int, wrong[0]))
    return f"has {len(wrong)} elements that are not finite, first at {first}: {array[first]}"


def tell_transposed(one: "npt.NDArray[Any]", other: "npt.NDArray[Any]") -> str:
    """Say which order of axes would give both the same shape, if one does."""
    from itertools import permutations

    if one.shape == other.shape or one.ndim != other.ndim or one.ndim > 6:
        return ""
    for axes in permutations(range(one.ndim)):
        if tuple(one.shape[axis] for axis in axes) == other.shape:
            return f"; the axes {axes} of TensorFlow would have PyTorch's shape"
    return ""


def find_shift(difference: "npt.NDArray[Any]", one: "npt.NDArray[Any]") -> complex | float | None:
    """Return a difference that is the same everywhere, and more than the last bit; else None."""
    import numpy as np

    if difference.size < FEWEST or one.dtype.kind in "iu":
        return None
    mean = difference.mean()
    bits = float(np.abs(one).max()) * float(np.finfo(one.dtype).eps)
    same = abs(mean) > ALIKE * float(np.abs(difference - mean).max()) and abs(mean) > 2 * bits
    return mean.item() if same else None


def describe_difference(
    name: str,
    one: "npt.NDArray[Any]",
    other: "npt.NDArray[Any]",
    difference: "npt.NDArray[Any]",
    beyond: "npt.NDArray[Any]",
    bound: "npt.NDArray[Any]",
    words: str,
) -> str:
    """Say where two arrays differ, by how much, against what, and what it looks like."""
    import numpy as np

    from parityhub.compare.metrics.full import measure_arrays
    from parityhub.compare.resemblance import list_resemblances

    error = np.abs(difference)
    at = np.unravel_index(int(np.argmax(np.where(beyond, error - bound, -np.inf))), error.shape)
    place = tuple(map(int, at))
    size = max(abs(one[at]), abs(other[at]))
    ulps = measure_arrays(other, one).ulp
    lines = [
        f"{name}: TensorFlow and PyTorch differ in {int(beyond.sum())} of {beyond.size} elements "
        f"({beyond.mean():.1%}), shape {one.shape}, {one.dtype}",
        f"  worst at {place}: TensorFlow {one[at]!s}, PyTorch {other[at]!s}",
        f"  there |difference| {error[at]:.6g}, relative {error[at] / size if size else 0:.3g}, "
        f"allowed {np.broadcast_to(bound, error.shape)[at]:.3g}",
        f"  largest |difference| {error.max():.6g}, mean {error.mean():.3g}"
        + (f", largest distance {ulps.max} ULP" if ulps is not None else ""),
        f"  tolerance: {words}",
    ]
    lines += [f"  looks like: {told}" for told in list_resemblances(one, other)]
    return "\n".join(lines)
