"""What comes before any number: whether two outputs can be set against each other at all."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np

from parityhub.compare.referee.distance import Array, iterate_blocks
from parityhub.hub.records import Verdict

MOST_AXES = 6
"""whose orders are all tried"""


@dataclass(frozen=True)
class Bar:
    """Why two outputs get their verdict before any tolerance."""

    verdict: Verdict
    reason: str
    caught_by: str
    """`shape`, `dtype`, `nonfinite`; empty: nothing was caught"""


def find_bar(left: Array, right: Array, dtypes: tuple[str, str]) -> Bar | None:
    """Say why two outputs cannot be measured against each other; None where they can.

    Args:
        left: TensorFlow's, or the first side's.
        right: the other's.
        dtypes: what the two are said to hold: bfloat16 comes as float32, which holds it.
    """
    if left.shape != right.shape:
        return Bar("FAIL", f"shapes differ: {left.shape} against {right.shape}", "shape")
    if dtypes[0] != dtypes[1]:
        return Bar("FAIL", f"dtypes differ: {dtypes[0]} against {dtypes[1]}", "dtype")
    if not left.size:
        return Bar("INCONCLUSIVE", f"empty: shape {left.shape}", "")
    return _find_nonfinite(left, right)


def suggest_axes(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """Return an order of the right side's axes that gives the left's shape; empty: there is none.

    Channels that moved to or from the end are tried before any other order.
    """
    if len(left) != len(right) or len(left) > MOST_AXES or left == right:
        return ()
    axes = tuple(range(len(right)))
    usual = [(0, *axes[2:], 1), (0, axes[-1], *axes[1:-1])] if len(axes) > 2 else []
    for order in (*usual, *permutations(axes)):
        if tuple(right[axis] for axis in order) == left:
            return order
    return ()


def _find_nonfinite(left: Array, right: Array) -> Bar | None:
    counts, apart = [0, 0], 0
    with np.errstate(all="ignore"):
        for a, b in iterate_blocks(left, right):
            lost = [~np.isfinite(values) for values in (a, b)]
            if not (lost[0].any() or lost[1].any()):
                continue
            counts = [n + int(np.count_nonzero(m)) for n, m in zip(counts, lost, strict=True)]
            same = (a == b) | (np.isnan(a) & np.isnan(b))
            apart += int(np.count_nonzero((lost[0] | lost[1]) & ~same))
    if not any(counts):
        return None
    told = f"{counts[0]} against {counts[1]} of {left.size} elements are not finite"
    if apart:
        return Bar("FAIL", f"{told}: at {apart} the two differ in that", "nonfinite")
    return Bar("INCONCLUSIVE", f"{told}, the same ones: nothing is shown of them", "")
