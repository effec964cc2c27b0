"""Numbers of a shorter dtype on the way, or in what the other side gave."""

import itertools
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from parityhub.frameworks.pytorch.rounding import shorten
from parityhub.frameworks.pytorch.stretch import Call, Change, Stretch, Trial
from parityhub.frameworks.pytorch.tensors import name_dtype

BITS = {"bfloat16": 8, "TF32": 11, "float16": 11, "float32": 24}
"""of the significand, the first one included"""
FEW = 16
"""values of fewer elements say nothing of a dtype"""
FEW_ULP = 16
"""how far rounding on the way may throw a value, in unit roundoffs of the dtype and its scale"""


def try_unrounded(stretch: Stretch) -> Iterator[Trial]:
    """Try the value before wherever one is the shortened form of it.

    Weights and operands that were shortened on the way are taken as they were before.
    """
    casts = _find_casts(stretch)
    if casts:
        result = _run_wide(stretch, {}).get(stretch.node)
        if result is not None:
            shown = ", ".join(sorted(set(casts.values()) - {"float64"}))
            detail = f"without its casts to {shown}"
            yield Trial("dtype", detail, result.to(stretch.target.dtype))
    plain = stretch.run_all({})
    for dtype in BITS:
        replaced: dict[int, Tensor] = {}
        for place in stretch.places:
            step = stretch.watched.tape.steps[place]
            given = [value for value in step.gives if value in plain and value != stretch.node]
            # Anew each time: what it takes may have been replaced already.
            live = _run_wide(stretch, replaced)
            for value, taken in itertools.product(given, step.takes):
                before = live.get(taken)
                if before is not None and is_shortened(before, plain[value], dtype):
                    replaced[value] = before.to(torch.float64)
        if replaced:
            result = _run_wide(stretch, replaced).get(stretch.node)
            if result is not None:
                detail = f"without rounding to {dtype} ({len(replaced)} values on the way)"
                yield Trial("dtype", detail, result.to(stretch.target.dtype))


def try_short_target(stretch: Stretch) -> Iterator[Trial]:
    """Try the node's own value rounded to the dtype that the other side's numbers fit."""
    y, t = stretch.plain, stretch.target
    if y.shape != t.shape or y.numel() < FEW or not y.is_floating_point():
        return
    for dtype, bits in BITS.items():
        near = float((y - t).abs().max()) <= FEW_ULP * 2.0**-bits * float(t.abs().max())
        if near and fits(t, dtype) and not fits(y, dtype):
            yield Trial("dtype", f"rounded to {dtype} as the other side's values are",
                        shorten(y, bits))  # fmt: skip
            return


def is_shortened(before: Tensor, after: Tensor, dtype: str) -> bool:
    """Tell whether a value is another one, rounded or cut to a dtype."""
    if before.shape != after.shape or before.numel() < FEW:
        return False
    if not before.is_floating_point() or not after.is_floating_point():
        return False
    one, other = before.to(torch.float64), after.to(torch.float64)
    if torch.equal(one, other) or not fits(other, dtype) or fits(one, dtype):
        return False
    near = (one - other).abs() <= one.abs() * 2.0 ** (1 - BITS[dtype]) + 1e-7 * (
        2.0**-14 if dtype == "float16" else 0.0
    )
    return bool(near.all())


def fits(x: Tensor, dtype: str) -> bool:
    """Tell whether every number has no more bits than the dtype."""
    wide = x.to(torch.float64)
    return torch.equal(shorten(wide, BITS[dtype]), wide)


def _run_wide(stretch: Stretch, replaced: dict[int, Tensor]) -> dict[int, Tensor]:
    """Run the stretch with values replaced and without casts to a shorter dtype."""
    changes: dict[int, Change] = dict.fromkeys(_find_casts(stretch), _leave)
    try:
        return stretch.run_all(changes, values=replaced)
    except RuntimeError:
        # An operation that wants the shorter dtype.
        return {}


def _find_casts(stretch: Stretch) -> dict[int, str]:
    """Return the place of each cast to a floating dtype, and the dtype where it is shorter."""
    tape = stretch.watched.tape
    casts = {}
    for place in stretch.places:
        value = tape.values[tape.steps[place].gives[0]] if tape.steps[place].gives else None
        is_cast = tape.steps[place].func is torch.ops.aten._to_copy.default
        if is_cast and value is not None and value.dtype.is_floating_point:
            casts[place] = name_dtype(value.dtype)
    return casts if set(casts.values()) != {"float64"} else {}


def _leave(func: Any, call: Call) -> Tensor:
    tensor: Tensor = call["self"]
    return tensor.to(torch.float64)
