"""How a number is shown: as it was recorded, or rounded so that it can be found again."""

from collections.abc import Sequence
from math import isfinite

MISSING = "missing"
SIZE_UNITS = ("kB", "MB", "GB", "TB")


def format_number(value: object, beside: Sequence[object] = ()) -> str:
    """Format a recorded value.

    Integers are exact. Floats have nine significant digits, which tell any two float32 values
    apart; they are given in full where nine digits would make a value look whole that is not, or
    like a different one that stands beside it. None is `missing`.

    Args:
        value: what a record holds.
        beside: the values that stand next to it in the report.
    """
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, float):
        return str(value)
    short = f"{value:.9g}"
    others = [other for other in beside if isinstance(other, float) and other != value]
    looks_whole = "." not in short and float(short) != value
    if isfinite(value) and (looks_whole or any(f"{other:.9g}" == short for other in others)):
        return repr(value)
    return short if set(short) & set(".en") else f"{short}.0"


def format_seconds(value: float | None) -> str:
    """Format a duration in seconds, with two decimals, or three digits where it is short."""
    if value is None:
        return MISSING
    return f"{value:.2f} s" if value >= 0.1 or value == 0 else f"{value:.3g} s"


def format_size(value: int | None) -> str:
    """Format a size in bytes; decimal units with three digits from 1000 bytes up."""
    if value is None:
        return MISSING
    if value < 1000:
        return f"{value} bytes"
    scaled, units = value / 1000, iter(SIZE_UNITS)
    unit = next(units)
    while scaled >= 999.5 and unit != SIZE_UNITS[-1]:
        scaled, unit = scaled / 1000, next(units)
    return f"{scaled:.3g} {unit}"
