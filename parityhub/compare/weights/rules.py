"""How a weight of each kind goes from TensorFlow's order to PyTorch's."""

import math
from dataclasses import dataclass

from parityhub.compare.weights import kinds
from parityhub.compare.weights.pairs import Shape
from parityhub.compare.weights.units import Unit

GATES: dict[str, tuple[tuple[int, ...], str]] = {
    "lstm": ((0, 1, 2, 3), "gates i,f,c,o -> i,f,g,o"),
    "gru": ((1, 0, 2), "gates z,r,h -> r,z,n"),
    "rnn": ((0,), ""),
}
"""order in which PyTorch has Keras's gates"""
SPACE = {0: "", 1: "W", 2: "HW", 3: "DHW"}
SAME = "the same order"


@dataclass(frozen=True)
class Move:
    """How one slot becomes another."""

    axes: tuple[int, ...]
    reshape: Shape
    rule: str
    gates: tuple[int, ...] = ()
    assumed: bool = False
    """a user's own class: the rule of its partner's kind is assumed"""


class AmbiguousOrderError(Exception):
    """Two rules fit the shapes, and nothing says which is meant."""


def fit_units(left: Unit, right: Unit) -> dict[str, Move] | None:
    """Return how each slot of a TensorFlow unit becomes the one of the same role in PyTorch.

    None where they are no partners. PyTorch's second bias of an LSTM has no partner of its own.

    Raises:
        AmbiguousOrderError: a class that is not known has a square weight.
    """
    if left.direction != right.direction or not _are_partners(left.kind, right.kind):
        return None
    wanted = set(right.slots)
    if right.kind in ("lstm", "rnn") and "recurrent bias" not in left.slots:
        wanted.discard("recurrent bias")
    if set(left.slots) != wanted:
        return None
    moves = {}
    for role, slot in left.slots.items():
        move = _fit_slot(left.kind, right.kind, role, slot.shape, right.slots[role].shape)
        if move is None:
            return None
        moves[role] = move
    return moves


def _are_partners(left: str, right: str) -> bool:
    if kinds.FREE in (left, right):
        return right not in kinds.RECURRENT and left not in kinds.RECURRENT
    return right in kinds.PARTNERS[left]


def _fit_slot(left: str, right: str, role: str, shape: Shape, target: Shape) -> Move | None:
    if left in kinds.RECURRENT:
        return _fit_recurrent(left, shape, target)
    if kinds.FREE in (left, right):
        return _fit_free(left, right, role, shape, target)
    if role == "weight":
        return _fit_weight(left, shape, target)
    return _fit_flat(shape, target)


def _fit_weight(kind: str, shape: Shape, target: Shape) -> Move | None:
    if kind == "einsum":
        return _fit_einsum(shape, target)
    if kind == "slope":
        return _fit_ones(shape, target)
    if kind in ("table", "norm", "batchnorm"):
        return _keep(shape) if shape == target else None
    axes, space = _order_axes(kind, len(shape)), SPACE.get(len(shape) - 2)
    if axes is None or space is None:
        return None
    moved = tuple(shape[axis] for axis in axes)
    rule = {
        "conv": f"{space}IO -> OI{space}",
        "transposed": f"{space}OI -> IO{space}",
        "dense": "IO -> OI",
        "depthwise": f"{space}IM -> (I*M)1{space}",
    }[kind]
    if kind == "depthwise":
        moved = (moved[0] * moved[1], 1, *moved[2:])
    if kind in ("conv", "dense") and moved != target:
        # A convolution over single pixels is a dense layer.
        if moved[:2] != target[:2] or math.prod(moved[2:]) != 1 or math.prod(target[2:]) != 1:
            return None
        return Move(axes, target, f"{rule}, {moved} -> {target}")
    return Move(axes, moved, rule) if moved == target else None


def _order_axes(kind: str, rank: int) -> tuple[int, ...] | None:
    if kind == "dense":
        return (1, 0) if rank == 2 else None
    if rank < 3:
        return None
    space = tuple(range(rank - 2))
    return (rank - 2, rank - 1, *space) if kind == "depthwise" else (rank - 1, rank - 2, *space)


def _fit_einsum(shape: Shape, target: Shape) -> Move | None:
    """Flatten a kernel's first axes to inputs and its last to outputs: which, the sizes say."""
    if len(target) != 2:
        return None
    for cut in range(1, len(shape)):
        if (math.prod(shape[cut:]), math.prod(shape[:cut])) == target:
            axes = (*range(cut, len(shape)), *range(cut))
            letters = "ABCDEFGH"[: len(shape)]
            after = _join(letters[cut:]) + _join(letters[:cut])
            return Move(axes, target, f"{letters} -> {after}")
    return None


def _join(letters: str) -> str:
    return letters if len(letters) == 1 else f"({'*'.join(letters)})"


def _fit_recurrent(kind: str, shape: Shape, target: Shape) -> Move | None:
    axes = tuple(reversed(range(len(shape))))
    moved = tuple(shape[axis] for axis in axes)
    gates, rule = GATES[kind]
    if moved != target or len(shape) > 2 or moved[0] % len(gates):
        return None
    words = [word for word in ("IO -> OI" if len(shape) == 2 else "", rule) if word]
    order = gates if gates != tuple(range(len(gates))) else ()
    return Move(axes, moved, ", ".join(words) or SAME, order)


def _fit_free(left: str, right: str, role: str, shape: Shape, target: Shape) -> Move | None:
    """Fit a weight of a class that is not known: the order as it is, or that of its partner."""
    found = [move for move in (_fit_ones(shape, target),) if move]
    kind = left if left != kinds.FREE else _guess_kind(right, len(shape))
    if role == "weight" and kind:
        move = _fit_weight(kind, shape, target)
        if move and move.axes != tuple(range(len(shape))):
            found.append(Move(move.axes, move.reshape, move.rule, assumed=True))
    if len(found) > 1:
        raise AmbiguousOrderError
    return found[0] if found else None


def _guess_kind(right: str, rank: int) -> str:
    if right in ("conv", "transposed") and rank > 2:
        return right
    return "dense" if right == "dense" and rank == 2 else ""


def _fit_flat(shape: Shape, target: Shape) -> Move | None:
    if shape == target:
        return _keep(shape)
    if len(target) == 1 and math.prod(shape) == target[0]:
        return Move(tuple(range(len(shape))), target, f"{shape} -> {target}")
    return None


def _fit_ones(shape: Shape, target: Shape) -> Move | None:
    """Fit shapes that differ in axes of length 1 alone."""
    if shape == target:
        return _keep(shape)
    if [size for size in shape if size != 1] != [size for size in target if size != 1]:
        return None
    return Move(tuple(range(len(shape))), target, f"{shape} -> {target}")


def _keep(shape: Shape) -> Move:
    return Move(tuple(range(len(shape))), shape, SAME)
