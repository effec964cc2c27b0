"""What comes before any number: can two arrays be compared, and would equality mean anything?"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.blocks import SMALL
from parityhub.compare.findings import Finding
from parityhub.compare.metrics.blocks import pair_arrays
from parityhub.compare.metrics.numbers import is_numeric, load_numbers, name_dtype
from parityhub.compare.metrics.screen import Screening
from parityhub.errors import EvidenceError

DAMAGE = (
    OSError,
    ValueError,
    EOFError,
    TypeError,
    OverflowError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TokenError,
)
"""What numpy raises for a damaged .npy: its header parser lets Python's own errors through."""


@dataclass(frozen=True)
class Content:
    """What the finite elements of an array are."""

    finite: bool
    """there is one"""
    constant: float | int | complex | None
    """the value of all of them, if they are 2 or more; None: they differ"""


def open_array(
    path: Path,
    *,
    name: str | None = None,
    hint: str = "save it with numpy.save(allow_pickle=False), to its end",
) -> npt.NDArray[Any]:
    """Open an .npy file of numbers, mapped and read-only.

    Args:
        path: the file. Two-byte `V2` elements are bfloat16: the format has no name for it.
        name: what an error calls it; None: the file's name.
        hint: what an error says to do.

    Raises:
        EvidenceError: it is missing, cut short, damaged, no .npy, needs pickle or holds no numbers.
    """
    name = name or path.name
    try:
        with warnings.catch_warnings(action="ignore"):
            array = np.lib.format.open_memmap(path, mode="r")
    except FileNotFoundError as error:
        raise EvidenceError(f"{name}: not a whole array: no such file", hint=hint) from error
    except DAMAGE as error:
        told = str(error).partition("\n")[0] or type(error).__name__
        if "Python objects" in told:
            told = "object dtype: Python objects, which would have to be unpickled"
        raise EvidenceError(f"{name}: not a whole array: {told}", hint=hint) from error
    if not is_numeric(array.dtype):
        raise EvidenceError(
            f"{name}: not a whole array: dtype {array.dtype}, not numbers", hint=hint
        )
    return array


def admit_arrays(
    left: npt.NDArray[Any],
    right: npt.NDArray[Any],
    names: tuple[str, str] = ("left", "right"),
) -> Finding | None:
    """Return what forbids to take two arrays for equal, whatever their numbers; None: nothing.

    FAIL: shapes or dtypes differ; only one is constant or without a finite element. INCONCLUSIVE:
    both are empty, constant (of 2 elements or more), or without a finite element; their numbers
    may still be shown, and make it FAIL. What is not finite is judged by `judge_nonfinite`.

    Args:
        left: any shape and dtype; may be mapped from a file.
        right: the reference; likewise.
        names: what the reasons call them.

    Raises:
        EvidenceError: an array holds no numbers.
    """
    for array, name in zip((left, right), names, strict=True):
        if not is_numeric(array.dtype):
            raise EvidenceError(
                f"{name}: dtype {array.dtype}, not numbers",
                hint="save integers, floats or complex numbers",
            )
    if left.shape != right.shape:
        return Finding("FAIL", _describe_shapes(left.shape, right.shape, names))
    one, other = name_dtype(left.dtype), name_dtype(right.dtype)
    if one != other:
        return Finding("FAIL", f"dtypes differ: {one} ({names[0]}) and {other} ({names[1]})")
    if left.size == 0:
        return Finding("INCONCLUSIVE", f"both are empty, of shape {left.shape}: nothing compared")
    return _judge_contents(find_content(left), find_content(right), names)


def judge_nonfinite(screening: Screening) -> Finding | None:
    """Return what NaN, infinities and overflow come to; None: there are none.

    FAIL: they disagree, or an error is beyond float64. INCONCLUSIVE: they are alike in both, or
    nothing was compared: what is no number is no evidence of equality.
    """
    found = screening.nonfinite
    counts = (
        f"{found.nan_left} and {found.nan_right} NaN, "
        f"{found.infinite_left} and {found.infinite_right} infinite"
    )
    if found.disagreeing:
        return Finding(
            "FAIL",
            f"what is not finite disagrees at {found.disagreeing} places, first at "
            f"{found.first_disagreeing}: {counts}",
        )
    if screening.overflows:
        return Finding("FAIL", f"errors beyond float64 at {screening.overflows} places")
    if found.both:
        return Finding(
            "INCONCLUSIVE",
            f"not finite in both, alike, at {found.both} places, first at {found.first}: {counts}; "
            f"{screening.compared} elements compared",
        )
    if screening.compared == 0:
        return Finding("INCONCLUSIVE", "nothing compared: there is no element")
    return None


def find_content(array: npt.NDArray[Any]) -> Content:
    """Look whether an array of numbers has finite elements, and whether these are all one value.

    It is read only as far as the answer is open, and in constant memory.

    Raises:
        EvidenceError: it holds no numbers.
    """
    pair, first, seen = pair_arrays(array, array), None, 0
    for start in range(0, pair.size, SMALL):
        block = load_numbers(pair.read(start, min(start + SMALL, pair.size))[0])
        values = block[np.isfinite(block)]
        if values.size == 0:
            continue
        first, seen = values[0] if first is None else first, seen + values.size
        if (values != first).any():
            return Content(True, None)
    return Content(seen > 0, first.item() if first is not None and seen > 1 else None)


def _judge_contents(left: Content, right: Content, names: tuple[str, str]) -> Finding | None:
    sides = tuple(zip((left, right), names, strict=True))
    empty = [name for content, name in sides if not content.finite]
    if len(empty) == 2:
        return Finding("INCONCLUSIVE", "neither has a finite element: nothing compared")
    if empty:
        return Finding("FAIL", f"{empty[0]} has no finite element")
    told = [
        f"{name} is constant: {_describe_value(content.constant)}"
        for content, name in sides
        if content.constant is not None
    ]
    if not told:
        return None
    if len(told) == 2:
        return Finding("INCONCLUSIVE", ", ".join(told))
    return Finding("FAIL", f"{told[0]}; the other is not")


def _describe_value(value: object) -> str:
    return "all zero" if value == 0 else repr(value)


def _describe_shapes(left: tuple[int, ...], right: tuple[int, ...], names: tuple[str, str]) -> str:
    told = f"shapes differ: {left} ({names[0]}) and {right} ({names[1]})"
    if len(left) == len(right) and left[1:] == right[1:]:
        return f"{told}, in the first axis alone"
    if sorted(left) == sorted(right):
        return f"{told}, the same axes in another order"
    try:
        np.broadcast_shapes(left, right)
    except ValueError:
        return told
    return f"{told}; they would broadcast, which hides a missing axis"
