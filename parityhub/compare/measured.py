"""A recorded value as a number, or what stands in its place."""

import math
from typing import Literal

from parityhub.hub.records import Measured


def read_number(measured: Measured | None) -> float | None:
    """Return a finite number as float64, or None where there is none."""
    if measured is None or measured.status != "finite":
        return None
    if not isinstance(measured.value, int | float):
        return None
    try:
        number = float(measured.value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def classify(measured: Measured | None) -> Literal["finite", "not-finite", "missing"]:
    """Say whether a number is there. A text in its place counts as missing."""
    if measured is None or measured.status in ("missing", "text"):
        return "missing"
    return "not-finite" if read_number(measured) is None else "finite"


def describe(measured: Measured | None) -> str:
    """Describe what was recorded: the value in full, or what is there instead."""
    if measured is None:
        return "missing"
    if measured.status == "text":
        return f"the text {measured.value!r}"
    if measured.value is not None:
        return repr(measured.value)
    if measured.status == "missing" and measured.note:
        return f"missing ({measured.note})"
    return measured.note or measured.status
