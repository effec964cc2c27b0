"""What is said where a mapping cannot be derived: the candidates by full path, and the way out."""

from collections.abc import Sequence

from parityhub.compare.weights.match import Matching
from parityhub.compare.weights.units import Slot, Unit
from parityhub.errors import EvidenceError

SHOWN = 8


def refuse_unmatched(matching: Matching) -> EvidenceError:
    """Say which weight has no partner, or which several it could be."""
    left, right = matching.list_open()
    if not left:
        return _refuse_lone(matching, right)
    unit = matching.left[left[0]]
    fitting = [place for place in right if matching.fit(left[0], place)]
    slot = next(iter(unit.slots.values()))
    if fitting:
        rivals = [place for place in left if matching.fit(place, fitting[0])]
        others = len(rivals) - 1
        also = f" (as it could be of {others} more of that shape)" if others else ""
        why = f"TensorFlow's {_show(slot)} could be any of{also}"
    else:
        why = f"TensorFlow's {_show(slot)} fits none of PyTorch's weights that are left"
        fitting = _list_near(matching, unit, right)
    candidates = [matching.right[place] for place in fitting]
    target = _find_slot(candidates[0], unit) if candidates else None
    return EvidenceError(
        f"{why}: {_list(candidates, unit)}; without a partner: {len(left)} of TensorFlow's layers,"
        f" {len(right)} of PyTorch's",
        hint=_show_entry(slot.weight, target.weight if target else "…", len(slot.shape)),
    )


def refuse_order(left: Unit, right: Unit) -> EvidenceError:
    """Say that two rules fit a weight of a class that is not known."""
    slot, target = left.slots["weight"], right.slots["weight"]
    return EvidenceError(
        f"whether TensorFlow's {_show(slot)} is PyTorch's {_show(target)} as it is or transposed"
        " cannot be told: a class that is not known holds it",
        hint=_show_entry(slot.weight, target.weight, len(slot.shape)),
    )


def refuse_reset(unit: Unit, theirs: Sequence[Unit]) -> EvidenceError:
    """Say that a GRU is another function than PyTorch's."""
    return EvidenceError(
        f"TensorFlow's {_show(unit.slots['bias'])} belongs to a GRU with reset_after=False, which"
        f" is another function than PyTorch's GRU: {_list(theirs, unit)}",
        hint="build the Keras layer with reset_after=True, which has two biases",
    )


def _refuse_lone(matching: Matching, right: Sequence[int]) -> EvidenceError:
    unit = matching.right[right[0]]
    slot = next(iter(unit.slots.values()))
    taken = [
        matching.left[match.left]
        for match in matching.matches
        if matching.fit(match.left, right[0])
    ]
    named = ", ".join(_show(_find_slot(each, unit)) for each in taken[:SHOWN])
    but = f"those that fit have another: {named}" if taken else "none of TensorFlow's fits"
    return EvidenceError(
        f"PyTorch's {_show(slot)} has no partner; {but}; without a partner: {len(right)} of"
        " PyTorch's layers",
        hint=_show_entry("…", slot.weight, len(slot.shape)),
    )


def _list_near(matching: Matching, unit: Unit, right: Sequence[int]) -> list[int]:
    """Return the places of the units that share most words with a name, the nearest first."""
    words = set(unit.name.stem) - {"#"}
    return sorted(right, key=lambda place: -len(words & set(matching.right[place].name.stem)))


def _list(units: Sequence[Unit], like: Unit) -> str:
    shown = ", ".join(_show(_find_slot(unit, like)) for unit in units[:SHOWN]) or "none is left"
    more = len(units) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _find_slot(unit: Unit, like: Unit) -> Slot:
    """Return the slot that plays the part of the first one of another unit."""
    role = next(iter(like.slots))
    return unit.slots.get(role) or next(iter(unit.slots.values()))


def _show(slot: Slot) -> str:
    shape = " x ".join(map(str, slot.whole)) or "scalar"
    return f"{slot.weight} ({shape})"


def _show_entry(tensorflow: str, pytorch: str, rank: int) -> str:
    axes = {2: [1, 0], 3: [2, 1, 0], 4: [3, 2, 0, 1], 5: [4, 3, 0, 1, 2]}.get(rank)
    tail = f", axes = {axes}" if axes else ""
    return (
        "declare it under the plan's [pair.NAME]:"
        f' weight = [{{ tensorflow = "{tensorflow}", pytorch = "{pytorch}"{tail} }}]'
    )
