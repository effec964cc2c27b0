"""A traced forward pass as a graph: what comes before, what behind, and where it goes bad."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from parityhub.capture.protocol import Node, Traced


@dataclass(frozen=True)
class Graph:
    """Nodes by id, in the order in which they ran. Inputs of the model have negative ids."""

    nodes: dict[int, Node]
    consumers: dict[int, tuple[int, ...]]
    places: dict[int, int]
    """id to place in the order"""
    names: dict[str, int]
    outputs: dict[str, int]

    def sort(self, ids: Iterable[int]) -> list[int]:
        """Return ids in the order in which they ran."""
        return sorted(ids, key=lambda node: self.places.get(node, -1))


def make_graph(traced: Traced, inputs: Iterable[Node] = ()) -> Graph:
    """Make a graph of a trace.

    Args:
        traced: by a child.
        inputs: those of the model, as nodes with negative ids.
    """
    nodes = {node["id"]: node for node in (*inputs, *traced["nodes"])}
    consumers: dict[int, list[int]] = {}
    for node in traced["nodes"]:
        for taken in dict.fromkeys(node["inputs"]):
            consumers.setdefault(taken, []).append(node["id"])
    return Graph(
        nodes=nodes,
        consumers={taken: tuple(by) for taken, by in consumers.items()},
        places={node: place for place, node in enumerate(nodes)},
        names={node["name"]: number for number, node in nodes.items() if number >= 0},
        outputs=dict(traced["outputs"]),
    )


def find_descendants(graph: Graph, start: Collection[int]) -> set[int]:
    """Return the nodes behind some nodes, these not included unless they are behind another."""
    return _walk(start, lambda node: graph.consumers.get(node, ()))


def find_ancestors(graph: Graph, start: Collection[int]) -> set[int]:
    """Return the nodes before some nodes, inputs of the model included."""
    return _walk(start, lambda node: graph.nodes[node]["inputs"] if node in graph.nodes else ())


def find_bad(graph: Graph, paired: Collection[int], wrong: Collection[int]) -> set[int]:
    """Return what may have made outputs wrong.

    A node is bad if it is such an output, or unpaired with a path of unpaired nodes from it to
    one. An unpaired value in front of paired ones is no divergence; an input is given, never bad.

    Args:
        graph: of one side.
        paired: nodes whose value the other side has too.
        wrong: nodes that give an output which is not the other side's.
    """
    bad = {node for node in wrong if node in graph.nodes}
    open_nodes = list(bad)
    while open_nodes:
        for taken in graph.nodes[open_nodes.pop()]["inputs"]:
            if taken >= 0 and taken not in paired and taken not in bad:
                bad.add(taken)
                open_nodes.append(taken)
    return bad


def find_frontier(graph: Graph, bad: Collection[int]) -> list[int]:
    """Return the bad nodes none of whose inputs is bad, in order."""
    return graph.sort(
        node for node in bad if not any(taken in bad for taken in graph.nodes[node]["inputs"])
    )


def find_border(graph: Graph, inside: Collection[int]) -> list[int]:
    """Return what some nodes take from outside, in order; inputs of the model come first."""
    taken = {source for node in inside for source in graph.nodes[node]["inputs"]}
    return graph.sort(taken - set(inside))


def find_nearest(graph: Graph, node: int, stops: Collection[int]) -> list[int]:
    """Return the stops from which a node's value comes, through nodes that are none."""
    found: set[int] = set()
    seen: set[int] = set()
    open_nodes = list(graph.nodes[node]["inputs"])
    while open_nodes:
        taken = open_nodes.pop()
        if taken in seen or taken not in graph.nodes:
            continue
        seen.add(taken)
        if taken in stops:
            found.add(taken)
        else:
            open_nodes += graph.nodes[taken]["inputs"]
    return graph.sort(found)


def _walk(start: Collection[int], step: Callable[[int], Iterable[int]]) -> set[int]:
    seen: set[int] = set()
    open_nodes = list(start)
    while open_nodes:
        for other in step(open_nodes.pop()):
            if other not in seen:
                seen.add(other)
                open_nodes.append(other)
    return seen
