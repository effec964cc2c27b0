"""Pairs of weights that the plan declares."""

import math
from collections.abc import Sequence

from parityhub.capture.protocol import WeightInfo
from parityhub.compare.weights.pairs import Shape, WeightPair
from parityhub.compare.weights.rules import SAME, AmbiguousOrderError, Move, fit_units
from parityhub.compare.weights.units import list_pytorch_units, list_tensorflow_units
from parityhub.errors import EvidenceError
from parityhub.plan.pair import WeightEntry


def read_declared(
    tensorflow: Sequence[WeightInfo], pytorch: Sequence[WeightInfo], declared: Sequence[WeightEntry]
) -> list[WeightPair]:
    """Hold declared pairs against both listings.

    An entry without axes moves as its layer's kind has it; where no rule is known, not at all.

    Raises:
        EvidenceError: a name is unknown, comes twice in PyTorch, or the shapes do not fit.
    """
    ours = {info["name"]: info for info in tensorflow}
    theirs = {info["name"]: info for info in pytorch}
    pairs: list[WeightPair] = []
    for entry in declared:
        _find(ours, entry.tensorflow, "TensorFlow")
        _find(theirs, entry.pytorch, "PyTorch")
        if any(pair.pytorch == entry.pytorch for pair in pairs):
            raise EvidenceError(
                f"the plan declares PyTorch's {entry.pytorch} twice",
                hint="leave one of the entries out",
            )
        pairs.append(_make_pair(ours[entry.tensorflow], theirs[entry.pytorch], entry.axes))
    return pairs


def _find(known: dict[str, WeightInfo], name: str, side: str) -> None:
    if name not in known:
        raise EvidenceError(
            f"the plan declares {side}'s weight {name}, which it does not have",
            hint=f"it has {', '.join(sorted(known)) or 'none'}",
        )


def _make_pair(left: WeightInfo, right: WeightInfo, axes: tuple[int, ...]) -> WeightPair:
    shape, target = tuple(left["shape"]), tuple(right["shape"])
    move = _move_as_said(shape, target, axes) if axes else _move_by_kind(left, right)
    if math.prod(move.reshape) != math.prod(shape) or move.reshape != target:
        raise EvidenceError(
            f"TensorFlow's {left['name']} {shape} does not fit PyTorch's {right['name']} {target}"
            f" with axes {list(move.axes)}",
            hint="axes are TensorFlow's, in the order of PyTorch's",
        )
    return WeightPair(
        tensorflow=left["name"],
        pytorch=right["name"],
        axes=move.axes,
        reshape=move.reshape,
        found="declared",
        confidence="certain",
        rule=move.rule,
        tensorflow_shape=shape,
        pytorch_shape=target,
        gates=move.gates,
    )


def _move_as_said(shape: Shape, target: Shape, axes: tuple[int, ...]) -> Move:
    if sorted(axes) != list(range(len(shape))):
        raise EvidenceError(
            f"the plan declares axes {list(axes)} for a weight of shape {shape}",
            hint=f"give each of 0 to {len(shape) - 1} once",
        )
    moved = tuple(shape[axis] for axis in axes)
    rule = f"axes {list(axes)}"
    if moved != target and math.prod(moved) == math.prod(target):
        return Move(axes, target, f"{rule}, {moved} -> {target}")
    return Move(axes, moved, rule)


def _move_by_kind(left: WeightInfo, right: WeightInfo) -> Move:
    """Return the rule of the layers' kind, where the two weights alone make a unit each."""
    shape = tuple(left["shape"])
    try:
        for mine in list_tensorflow_units([left]):
            for yours in list_pytorch_units([right], split_fused=False):
                moves = fit_units(mine, yours)
                if moves:
                    return next(iter(moves.values()))
    except (AmbiguousOrderError, KeyError):
        pass
    return Move(tuple(range(len(shape))), shape, SAME)
