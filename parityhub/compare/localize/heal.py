"""Heal a network of PyTorch's: put TensorFlow's values in place until all outputs agree."""

from dataclasses import replace
from itertools import combinations, islice, product

from parityhub.compare.localize.cause import UNKNOWN, ask_cause
from parityhub.compare.localize.healer import Divergence, Healer
from parityhub.compare.localize.pairing import Pairing
from parityhub.compare.localize.search import (
    Candidate,
    Front,
    find_front,
    find_misshapen,
    find_partners,
    is_proof,
    list_absent,
    list_candidates,
    list_region,
)
from parityhub.compare.localize.values import list_fitting
from parityhub.plan.pair import PairOutput

MOST = 12
"""divergences that are looked for"""
TRIALS = 120
"""replacements that are tried for one of them"""
TOGETHER, CHOICES = 3, 6
"""first bad nodes of which two are replaced together, and values tried for each"""
ASKED = 6
"""pairs before one that heals for which a cause is sought"""

Step = tuple[list[Divergence], Pairing]


def heal(healer: Healer, pairing: Pairing) -> Step:
    """Find each divergence, replace it, and go on to the next, until the outputs agree.

    Args:
        healer: both children.
        pairing: of the values as they are.

    Returns:
        The divergences, the first one first, and the pairing with all that could be healed; an
        output that is wrong still, is wrong in it.
    """
    found: list[Divergence] = []
    while pairing.wrong and len(found) < MOST:
        front = find_front(healer.left, pairing)
        if not front.right_frontier:
            break
        step = _end_at_output(healer, front) or _find_proven(healer, front)
        if step is None:
            return [*found, _name_unproven(front)], pairing
        divergences, pairing = step
        found += divergences
    return found, pairing


def _end_at_output(healer: Healer, front: Front) -> Step | None:
    """Settle an output that is wrong while all that it is made of is right."""
    for pair in front.pairing.wrong:
        theirs = front.right.outputs.get(pair.pytorch, -1)
        ours = front.left.outputs.get(pair.tensorflow, -1)
        if theirs not in front.right_frontier or ours < 0:
            continue
        healer.settled.append(pair.name)
        order = _find_order(front, pair, ours, theirs)
        absent = ours not in front.left_frontier and theirs in front.pairing.matches
        divergence = Divergence(front, ours, theirs, order, True, absent)
        if order:
            candidate = Candidate(ours, theirs, order)
            after = healer.try_candidates([candidate])
            if after is not None:
                healer.healed.append(candidate)
                return [divergence], after
        rest = tuple(other for other in front.pairing.wrong if other != pair)
        return [divergence], replace(front.pairing, wrong=rest)
    return None


def _find_order(front: Front, pair: PairOutput, ours: int, theirs: int) -> str:
    """Return the declared order of an output's axes; empty where the shapes do not fit it."""
    shape = front.right.nodes[theirs]["shape"]
    order = "".join(map(str, pair.axes or range(len(shape))))
    fitting = list_fitting(front.left.nodes[ours]["shape"], shape, [order])
    return order if fitting else ""


def _find_proven(healer: Healer, front: Front) -> Step | None:
    """Find a value behind which everything, or something at least, agrees again."""
    for candidate in islice(list_candidates(front), TRIALS):
        after = healer.try_candidates([candidate])
        if after is None or not is_proof(front, after, candidate):
            continue
        region = list_region(front.right, front.right_bad, candidate.pytorch)
        several = [node for node in front.right_frontier if node in region[:-1]]
        return (
            (_find_together(healer, front) if len(several) > 1 else None)
            or _take_explained(healer, front, candidate, after)
            or _find_explained(healer, front, candidate)
            or _find_absent(healer, front, candidate)
            or _settle(healer, front, candidate, after)
        )
    return _find_together(healer, front)


def _take_explained(
    healer: Healer, front: Front, candidate: Candidate, after: Pairing
) -> Step | None:
    """Take a value that heals for the divergence, where a known change makes it TensorFlow's."""
    divergence = _make_divergence(front, candidate)
    explained = ask_cause(healer, divergence)
    if explained is None or explained["cause"] == UNKNOWN:
        return None
    healer.healed.append(candidate)
    return [replace(divergence, explained=explained)], after


def _settle(healer: Healer, front: Front, candidate: Candidate, after: Pairing) -> Step:
    """Take a value that heals for the divergence, or what has another shape in front of it."""
    healer.healed.append(candidate)
    misshapen = find_misshapen(front, candidate)
    if misshapen is not None:
        partners = find_partners(front, misshapen)
        ours = partners[0] if len(partners) == 1 else None
        return [Divergence(front, ours, misshapen, "", False)], after
    return [_make_divergence(front, candidate)], after


def _find_absent(healer: Healer, front: Front, proven: Candidate) -> Step | None:
    """Find something that TensorFlow does and PyTorch does not, before a value that heals."""
    for candidate in islice(list_absent(front, proven), CHOICES):
        after = healer.try_candidates([candidate])
        if after is not None and is_proof(front, after, candidate):
            healer.healed.append(candidate)
            return [_make_divergence(front, candidate)], after
    return None


def _find_explained(healer: Healer, front: Front, proven: Candidate) -> Step | None:
    """Find a value before one that heals which a known change makes TensorFlow's.

    It heals nothing by itself where its shape is another, or where what is behind it is wrong too.
    """
    ours = list_region(front.left, front.left_bad, proven.tensorflow)[:-1]
    theirs = list_region(front.right, front.right_bad, proven.pytorch)[:-1]
    pairs = [
        (mine, yours)
        for yours in theirs
        for mine in ours
        if not front.right.nodes[yours]["moves"]
        and len(front.left.nodes[mine]["shape"]) == len(front.right.nodes[yours]["shape"])
    ]
    for mine, yours in pairs[:ASKED]:
        order = next((c.order for c in _pair_up(front, mine, yours)), "")
        divergence = Divergence(front, mine, yours, order, True)
        explained = ask_cause(healer, divergence)
        if explained is None or explained["cause"] == UNKNOWN:
            continue
        healed = [Candidate(mine, yours, order)] if order else [proven]
        after = healer.try_candidates(healed)
        if after is not None:
            healer.healed += healed
            return [replace(divergence, explained=explained)], after
    return None


def _pair_up(front: Front, mine: int, yours: int) -> list[Candidate]:
    near = replace(front, left_bad=(mine,), right_bad=(yours,))
    return [one for one in list_candidates(near) if one.tensorflow == mine]


def _find_together(healer: Healer, front: Front) -> Step | None:
    """Find two values that are wrong side by side, so that neither proves itself."""
    choices = {
        theirs: [one for one in list_candidates(front) if one.pytorch == theirs]
        for theirs in front.right_frontier[:TOGETHER]
    }
    for one, other in combinations(choices, 2):
        for both in product(choices[one][:CHOICES], choices[other][:CHOICES]):
            after = healer.try_candidates(both)
            if after is not None and all(is_proof(front, after, candidate) for candidate in both):
                healer.healed += both
                return [_make_divergence(front, candidate) for candidate in both], after
    return None


def _make_divergence(front: Front, candidate: Candidate) -> Divergence:
    return Divergence(
        front, candidate.tensorflow, candidate.pytorch, candidate.order, True, candidate.absent
    )


def _name_unproven(front: Front) -> Divergence:
    """Name the first bad node of PyTorch's, and TensorFlow's where one alone starts as it does."""
    partners = find_partners(front, front.right_frontier[0])
    ours = partners[0] if len(partners) == 1 else None
    return Divergence(front, ours, front.right_frontier[0], "", False)
