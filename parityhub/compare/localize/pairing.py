"""Nodes of both sides paired by what they gave."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parityhub.capture.protocol import Node, Sketch
from parityhub.compare.localize.graph import Graph
from parityhub.compare.localize.values import (
    TOLERANCE,
    is_constant,
    list_fitting,
    match_moments,
    match_order,
)
from parityhub.plan.pair import PairOutput


@dataclass(frozen=True)
class Match:
    """The nodes of TensorFlow that gave what a node of PyTorch gave."""

    tensorflow: tuple[int, ...]
    """in the order of axes `order`"""
    order: str
    everywhere: frozenset[int]
    """those in other orders too: before and behind a transposition"""


@dataclass(frozen=True)
class Pairing:
    """What is paired, and which outputs are not the other side's."""

    matches: dict[int, Match]
    """by PyTorch's node"""
    tensorflow: frozenset[int]
    """TensorFlow's nodes that have a match"""
    wrong: tuple[PairOutput, ...]
    orders: dict[int, str]
    """by rank: the order that most values of it have"""
    right: Graph
    """PyTorch's, with the sketches of that run"""
    healed: frozenset[int] = frozenset()
    """PyTorch's nodes whose value was replaced by their match's"""


@dataclass(frozen=True)
class ValuePair:
    """A value that both sides have: its node in each, and how its axes are ordered."""

    tensorflow: int
    pytorch: int
    order: str


def replace_sketches(graph: Graph, sketches: Mapping[str, Sketch]) -> Graph:
    """Return a graph whose nodes gave something else, by name."""
    nodes: dict[int, Node] = {}
    for number, node in graph.nodes.items():
        nodes[number] = node.copy()
        if node["name"] in sketches:
            nodes[number]["sketch"] = sketches[node["name"]]
    return Graph(nodes, graph.consumers, graph.places, graph.names, graph.outputs)


def pair_values(left: Graph, right: Graph, outputs: Sequence[PairOutput]) -> Pairing:
    """Pair nodes whose values are the same; constants never by value alone.

    Args:
        left: TensorFlow's graph, with sketches.
        right: PyTorch's.
        outputs: which output of one side is which of the other.
    """
    known = sorted(
        (node["sketch"]["rms"], number)
        for number, node in left.nodes.items()
        if "sketch" in node and not is_constant(node["sketch"])
    )
    sizes = [rms for rms, _ in known]
    matches: dict[int, Match] = {}
    for number, node in right.nodes.items():
        if "sketch" not in node or is_constant(node["sketch"]):
            continue
        rms = node["sketch"]["rms"]
        low = bisect_left(sizes, rms * (1 - 2 * TOLERANCE))
        high = bisect_right(sizes, rms * (1 + 2 * TOLERANCE))
        found = [
            (other, order)
            for _, other in known[low:high]
            if (order := match_order(left.nodes[other], node)) is not None
        ]
        if found:
            matches[number] = _make_match(left, found)
    counts = Counter((len(match.order), match.order) for match in matches.values())
    orders = {rank: order for (rank, order), _ in reversed(counts.most_common())}
    wrong = tuple(pair for pair in outputs if not match_output(left, right, pair))
    paired = frozenset(other for match in matches.values() for other in match.everywhere)
    return Pairing(matches, paired, wrong, orders, right)


def match_output(left: Graph, right: Graph, pair: PairOutput) -> bool:
    """Return whether an output is the same on both sides; it may be constant, as it is declared."""
    ours, theirs = left.outputs.get(pair.tensorflow), right.outputs.get(pair.pytorch)
    if ours is None or theirs is None:
        return False
    if ours < 0 or theirs < 0:
        # An input handed on: equal where both do so.
        return ours < 0 and theirs < 0
    one, other = left.nodes[ours], right.nodes[theirs]
    order = "".join(map(str, pair.axes or range(len(other["shape"]))))
    if order in other["sketch"]["projections"]:
        return match_order(one, other, only=order) is not None
    # Declared axes may be an order that is allowed nowhere else: no projection tells of it.
    shape = [other["shape"][axis] for axis in pair.axes]
    return shape == one["shape"] and match_moments(one["sketch"], other["sketch"])


def list_value_pairs(left: Graph, right: Graph, pairing: Pairing) -> list[ValuePair]:
    """List the values that both sides have, once each, in PyTorch's order.

    A value that is only moved or handed on is where it was made; on TensorFlow's side it is the
    node that gives a layer's output, where one of the same value does.
    """
    pairs = []
    for number in right.sort(pairing.matches):
        node, match = right.nodes[number], pairing.matches[number]
        same = [
            taken
            for taken in node["inputs"]
            if taken in pairing.matches and pairing.matches[taken].tensorflow == match.tensorflow
        ]
        if number < 0 or (number not in pairing.healed and (node["moves"] or same)):
            continue
        ours = [other for other in match.tensorflow if other >= 0 or number in pairing.healed]
        if ours:
            pairs.append(ValuePair(_choose_shown(left, ours), number, match.order))
    return pairs


def guess_orders(pairing: Pairing, ours: Node, theirs: Node) -> list[str]:
    """Return the orders in which two nodes could hold the same value, the usual one first."""
    if "sketch" not in theirs:
        return []
    fitting = list_fitting(ours["shape"], theirs["shape"], theirs["sketch"]["projections"])
    usual = pairing.orders.get(len(ours["shape"]))
    return sorted(fitting, key=lambda order: order != usual)


def _make_match(left: Graph, found: Sequence[tuple[int, str]]) -> Match:
    """Choose the order in which TensorFlow made the value, not one it was only moved into."""
    made = [order for other, order in found if not left.nodes[other]["moves"]]
    order = (made or [found[0][1]])[0]
    same = left.sort(other for other, own in found if own == order)
    return Match(tuple(same), order, frozenset(other for other, _ in found))


def _choose_shown(left: Graph, same: Sequence[int]) -> int:
    for number in same:
        if left.nodes[number]["name"] == left.nodes[number]["layer"]:
            return number
    return next((number for number in same if not left.nodes[number]["moves"]), same[0])
