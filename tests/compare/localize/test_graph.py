from hypothesis import given
from hypothesis import strategies as st

from parityhub.capture.protocol import Node, Traced
from parityhub.compare.localize.graph import (
    find_ancestors,
    find_bad,
    find_border,
    find_descendants,
    find_frontier,
    find_nearest,
    make_graph,
)


def build(edges, outputs=()):
    """Build a graph of lists of inputs, numbered from 1; 0 and below are inputs of the model."""
    nodes = [
        Node(
            id=number,
            op="op",
            name=f"n{number}",
            layer="",
            inputs=list(inputs),
            weights=[],
            moves=False,
            shape=[1],
            dtype="float64",
            attributes={},
        )
        for number, inputs in enumerate(edges, start=1)
    ]
    return make_graph(
        Traced(nodes=nodes, inputs={"x": -1}, outputs={f"o{node}": node for node in outputs})
    )


DIAMOND = build([[-1], [1], [1], [2, 3], [4]], outputs=[5])


def test_what_is_before_and_behind():
    assert find_descendants(DIAMOND, [2]) == {4, 5}
    assert find_ancestors(DIAMOND, [4]) == {-1, 1, 2, 3}
    assert find_border(DIAMOND, [4, 5]) == [2, 3]
    assert find_nearest(DIAMOND, 5, {1, 3}) == [1, 3]
    assert find_nearest(DIAMOND, 1, {2}) == []


def test_bad_is_what_leads_to_a_wrong_output_unpaired():
    assert find_bad(DIAMOND, {1, 3}, {5}) == {5, 4, 2}
    assert find_frontier(DIAMOND, {5, 4, 2}) == [2]
    assert find_bad(DIAMOND, {1, 3, 4}, {5}) == {5}
    assert find_bad(DIAMOND, {1}, set()) == set()


GRAPHS = st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=3), min_size=1, max_size=12)


@given(GRAPHS, st.data())
def test_nodes_behind_a_fault_are_bad_and_the_fault_is_the_frontier(raw, data):
    edges = [[-1 if place == 0 else 1 + taken % place for taken in inputs]
             for place, inputs in enumerate(raw)]  # fmt: skip
    end = len(edges)
    graph = build(edges, outputs=[end])
    reached = find_ancestors(graph, [end]) | {end}
    fault = data.draw(st.sampled_from(sorted(node for node in reached if node > 0)))
    wrong = find_descendants(graph, [fault]) | {fault}
    paired = set(graph.nodes) - wrong
    bad = find_bad(graph, paired, {end})
    assert bad == wrong & reached
    assert find_frontier(graph, bad) == [fault]
