"""Candidates for the place where two sides part, in the order in which they are tried."""

from collections.abc import Iterator
from dataclasses import dataclass

from parityhub.compare.localize.graph import (
    Graph,
    find_ancestors,
    find_bad,
    find_border,
    find_descendants,
    find_frontier,
    find_nearest,
)
from parityhub.compare.localize.pairing import Pairing, guess_orders

NEAR = 24
"""bad nodes of a side that are looked at, the first ones"""


@dataclass(frozen=True)
class Front:
    """Where it goes bad on both sides."""

    left: Graph
    right: Graph
    pairing: Pairing
    left_bad: tuple[int, ...]
    right_bad: tuple[int, ...]
    left_frontier: tuple[int, ...]
    right_frontier: tuple[int, ...]


@dataclass(frozen=True)
class Candidate:
    """A value of PyTorch's to be replaced by one of TensorFlow's."""

    tensorflow: int
    pytorch: int
    order: str
    absent: bool = False
    """PyTorch's value is right as it is: TensorFlow does something more to it"""


def find_front(left: Graph, pairing: Pairing) -> Front:
    """Find the bad nodes of both sides and the first of them."""
    right = pairing.right
    left_bad = find_bad(
        left, pairing.tensorflow, _list_outputs(left, [pair.tensorflow for pair in pairing.wrong])
    )
    right_bad = find_bad(
        right, pairing.matches, _list_outputs(right, [pair.pytorch for pair in pairing.wrong])
    )
    return Front(
        left=left,
        right=right,
        pairing=pairing,
        left_bad=tuple(left.sort(left_bad)),
        right_bad=tuple(right.sort(right_bad)),
        left_frontier=tuple(find_frontier(left, left_bad)),
        right_frontier=tuple(find_frontier(right, right_bad)),
    )


def list_candidates(front: Front) -> Iterator[Candidate]:
    """Yield what could be the same layer on both sides, the first place first.

    For each bad value of PyTorch's, in order: TensorFlow's bad values, in order, and those good
    ones that its bad ones start from, as PyTorch may do something that TensorFlow does not.
    """
    left_near = front.left_bad[:NEAR]
    starts = [node for node in find_border(front.left, front.left_bad) if node in front.left.nodes]
    for theirs in front.right_bad[:NEAR]:
        for ours in (*left_near, *starts):
            yield from _pair(front, ours, theirs)


def list_region(graph: Graph, bad: tuple[int, ...], node: int) -> list[int]:
    """Return the bad nodes that a node's value comes from, itself the last."""
    before = find_ancestors(graph, [node])
    return [*(other for other in bad if other in before and other != node), node]


def is_proof(front: Front, after: Pairing, candidate: Candidate) -> bool:
    """Return whether values behind a replaced one agree again, which they did not before.

    Args:
        front: before the replacement.
        after: the pairing with it.
        candidate: what was replaced by what.
    """
    if not after.wrong:
        return True
    behind = find_descendants(front.right, [candidate.pytorch])
    ours = find_descendants(front.left, [candidate.tensorflow])
    return any(
        node in after.matches
        and not front.right.nodes[node]["moves"]
        and bool(ours & set(after.matches[node].tensorflow))
        for node in behind - set(front.pairing.matches)
    )


def list_absent(front: Front, proven: Candidate) -> Iterator[Candidate]:
    """Yield what TensorFlow may do to a value that PyTorch takes as it is.

    Args:
        front: where it goes bad.
        proven: a replacement that heals; what is sought lies before it.
    """
    region = list_region(front.left, front.left_bad, proven.tensorflow)
    behind = list_region(front.right, front.right_bad, proven.pytorch)
    for theirs in find_border(front.right, behind):
        if theirs >= 0 and theirs in front.pairing.matches:
            for ours in region[:-1]:
                yield from _pair(front, ours, theirs, absent=True)


def find_partners(front: Front, node: int) -> list[int]:
    """Return the first bad nodes of TensorFlow's that take what a bad node of PyTorch's takes."""
    values = {
        ours
        for taken in front.right.nodes[node]["inputs"]
        if taken in front.pairing.matches
        for ours in front.pairing.matches[taken].everywhere
    }
    return [
        ours
        for ours in front.left_frontier
        if values & set(front.left.nodes[ours]["inputs"]) or not values
    ]


def find_misshapen(front: Front, proven: Candidate) -> int | None:
    """Return the first of two values on end, before one that heals, in a shape of no other.

    A layer that pads otherwise, or not at all, gives another shape, and so do those behind it; a
    value that is only padded differently for the next layer stands alone.
    """
    region = list_region(front.right, front.right_bad, proven.pytorch)[:-1]
    ours = list_region(front.left, front.left_bad, proven.tensorflow)
    foreign = [
        node
        for node in region
        if not front.right.nodes[node]["moves"]
        and not any(
            guess_orders(front.pairing, front.left.nodes[other], front.right.nodes[node])
            for other in ours
        )
    ]
    for node in foreign:
        if find_descendants(front.right, [node]).intersection(foreign):
            return node
    return None


def _list_outputs(graph: Graph, names: list[str]) -> set[int]:
    return {node for name in names if (node := graph.outputs.get(name, -1)) >= 0}


def _pair(front: Front, ours: int, theirs: int, *, absent: bool = False) -> Iterator[Candidate]:
    """Yield two values as a candidate in each order that fits, that of the values before first.

    An elementwise operation gives the same in any order, so a wrong one would pass for a proof.
    """
    orders = guess_orders(front.pairing, front.left.nodes[ours], front.right.nodes[theirs])
    near = [
        front.pairing.matches[node].order
        for node in find_nearest(front.right, theirs, front.pairing.matches)
    ]
    for order in sorted(orders, key=lambda order: order not in near):
        yield Candidate(ours, theirs, order, absent)
