"""Whether statistics can be those of an output that varies."""

from collections.abc import Mapping

from parityhub.compare.measured import read_number
from parityhub.hub.records import Measured


def find_death(stats: Mapping[str, Measured]) -> str:
    """Say why a section's statistics are not those of a living output; empty where they are.

    Looks at the finite numbers alone: what is missing or not finite is for the caller to name.
    An output of one element (`count` is 1) may be constant.

    Args:
        stats: metric to value: std, min, max, var_zero_mean; count and nonfinite where known.
    """
    numbers = {name: read_number(value) for name, value in stats.items()}
    if impossible := _find_impossible(numbers):
        return impossible
    if nonfinite := numbers.get("nonfinite"):
        return f"{nonfinite:.0f} elements are not finite"
    if holds_one_element(stats):
        return ""
    if numbers.get("std") == 0:
        return "constant: std is 0"
    low, high = numbers.get("min"), numbers.get("max")
    if low is not None and low == high:
        return f"constant: min and max are both {low!r}"
    return ""


def holds_one_element(stats: Mapping[str, Measured]) -> bool:
    """Say whether the section is known to be of a single element."""
    return read_number(stats.get("count")) == 1


def _find_impossible(numbers: Mapping[str, float | None]) -> str:
    for name in ("std", "var_zero_mean", "nonfinite"):
        value = numbers.get(name)
        if value is not None and value < 0:
            return f"impossible: {name} is {value!r}"
    low, high, count = (numbers.get(name) for name in ("min", "max", "count"))
    if low is not None and high is not None and low > high:
        return f"impossible: min {low!r} is above max {high!r}"
    if count is not None and count < 1:
        return f"empty: count is {count!r}"
    return ""
