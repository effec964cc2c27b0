"""The mapping of a pair's weights, derived from both sides' listings: data, and never a guess."""

from collections.abc import Sequence

from parityhub.capture.protocol import WeightInfo
from parityhub.compare.weights import kinds
from parityhub.compare.weights.declare import read_declared
from parityhub.compare.weights.match import Match, Matching, match_units
from parityhub.compare.weights.pairs import WeightPair
from parityhub.compare.weights.refusal import refuse_order, refuse_reset, refuse_unmatched
from parityhub.compare.weights.rules import AmbiguousOrderError, Move
from parityhub.compare.weights.units import (
    Slot,
    Unit,
    list_pytorch_units,
    list_tensorflow_units,
)
from parityhub.plan.pair import WeightEntry

ZERO = "Keras's one bias; this one is zero, or added to the other"


def derive_mapping(
    tensorflow: Sequence[WeightInfo],
    pytorch: Sequence[WeightInfo],
    declared: Sequence[WeightEntry] = (),
) -> tuple[WeightPair, ...]:
    """Derive which weight is which, and how its axes move.

    By name first (words and numbers of the paths, in any spelling); then by what fits no other
    unit of the whole model by kind and shapes; then, between neighbours that have a match, by
    order, where it is the same on both sides and names do not contradict it. How axes move is
    decided by the kind of the layer, never by the shape.

    Args:
        tensorflow: TensorFlow's weights, as `open` lists them; or a bundle's (see `bundle.py`).
        pytorch: PyTorch's.
        declared: what the plan says, before anything is derived.

    Returns:
        The pairs, in TensorFlow's order. Each weight of either side is in at least one of them.

    Raises:
        EvidenceError: a weight has no partner or several; the candidates are listed.
    """
    pairs = read_declared(tensorflow, pytorch, declared)
    taken = {pair.tensorflow for pair in pairs}, {pair.pytorch for pair in pairs}
    left = list_tensorflow_units([info for info in tensorflow if info["name"] not in taken[0]])
    fused = any(unit.name.stem[-1:] == ("qkv",) for unit in left)
    right = list_pytorch_units(
        [info for info in pytorch if info["name"] not in taken[1]], split_fused=not fused
    )
    _refuse_other_gru(left, right)
    matching = match_units(left, right)
    if any(matching.list_open()):
        raise refuse_unmatched(matching)
    for match in matching.matches:
        pairs += _pair_slots(matching, match)
    order = {info["name"]: place for place, info in enumerate(tensorflow)}
    return tuple(sorted(pairs, key=lambda pair: (order[pair.tensorflow], pair.pytorch)))


def _refuse_other_gru(left: Sequence[Unit], right: Sequence[Unit]) -> None:
    theirs = [unit for unit in right if unit.kind == "gru"]
    for unit in left:
        one = "bias" in unit.slots and "recurrent bias" not in unit.slots
        if theirs and unit.kind == "gru" and one:
            raise refuse_reset(unit, theirs)


def _pair_slots(matching: Matching, match: Match) -> list[WeightPair]:
    left, right = matching.left[match.left], matching.right[match.right]
    try:
        moves = matching.find_moves(match.left, match.right)
    except AmbiguousOrderError:
        raise refuse_order(left, right) from None
    pairs = [
        _make_pair(match, left.slots[role], right.slots[role], move) for role, move in moves.items()
    ]
    if left.kind in kinds.RECURRENT and "bias" in left.slots and "bias" in moves:
        second = right.slots.get("recurrent bias")
        if second and "recurrent bias" not in left.slots:
            pairs.append(_make_pair(match, left.slots["bias"], second, moves["bias"], addend=True))
    return pairs


def _make_pair(
    match: Match, left: Slot, right: Slot, move: Move, *, addend: bool = False
) -> WeightPair:
    rule = move.rule
    if right.start or right.shape != right.whole:
        rule = f"{rule}, rows {right.start} to {right.start + right.shape[0] - 1}"
    if left.row is not None:
        rule = f"row {left.row}, {rule}"
    return WeightPair(
        tensorflow=left.weight,
        pytorch=right.weight,
        axes=move.axes,
        reshape=move.reshape,
        found=match.found,
        confidence="likely" if move.assumed else match.confidence,
        rule=f"{rule}; {ZERO}" if addend else rule,
        tensorflow_shape=left.whole,
        pytorch_shape=right.whole,
        row=left.row,
        start=right.start,
        gates=move.gates,
        addend=addend,
    )
