"""Values of many operations, a few at a time."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from parityhub.capture.protocol import Node
from parityhub.errors import EvidenceError
from parityhub.frameworks.tensorflow.arrays import Array
from parityhub.frameworks.tensorflow.chunks import plan_chunks
from parityhub.frameworks.tensorflow.model import Traced

BUDGET = 256 << 20
"""bytes of values that are fetched at once"""


def iterate_values(
    traced: Traced, inputs: Mapping[str, Array], names: Collection[str], budget: int = BUDGET
) -> Iterator[tuple[Node, Array]]:
    """Yield nodes and their values, in the nodes' order.

    The graph is cut into chunks in the same way whatever is asked for, and a chunk is computed as
    a whole: what computes it takes long to make, and so is made once.

    Args:
        traced: the graph and its nodes.
        inputs: of the model, by name.
        names: of the nodes that are wanted.
        budget: bytes of values that are held at once.
    """
    nodes = traced.nodes
    for chunk in plan_chunks([_count_bytes(node.tensor) for node in nodes], budget):
        picked = [nodes[place] for place in chunk]
        if not any(node.node["name"] in names for node in picked):
            continue
        values = deque(traced.graph.compute([node.tensor for node in picked], inputs))
        for node in picked:
            # Handed over, so that a value can be freed before the next is looked at.
            value = values.popleft()
            if node.node["name"] in names:
                yield node.node, value


def check_same(name: str, fetched: Array, computed: Array) -> None:
    """Hold an output that was fetched along with others against the one of a plain run.

    Raises:
        EvidenceError: they are not the same bit for bit.
    """
    same = np.array_equal(fetched, computed, equal_nan=fetched.dtype.kind in "fc")
    if fetched.dtype.name == "bfloat16":
        same = np.array_equal(fetched.view(np.uint16), computed.view(np.uint16))
    if not same:
        raise EvidenceError(
            f"output {name} is another when other values are fetched along with it",
            hint="the model does not repeat itself: does it draw random numbers?",
        )


def _count_bytes(tensor: Any) -> int:
    return int(tensor.dtype.size) * int(tensor.shape.num_elements() or 1)
