"""From a graph to the operations that depend on its inputs, with what each takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from parityhub.capture.protocol import Node
from parityhub.errors import UsageError
from parityhub.frameworks.tensorflow.attributes import describe_layer, describe_operation
from parityhub.frameworks.tensorflow.graph import ModelGraph
from parityhub.frameworks.tensorflow.paths import join_path
from parityhub.frameworks.tensorflow.weights import Weight

MOVES = frozenset(
    ("Identity", "IdentityN", "Reshape", "Transpose", "ExpandDims", "Squeeze", "StopGradient",
     "PreventGradient", "Snapshot", "ReverseV2", "DepthToSpace", "SpaceToDepth")
)  # fmt: skip
SHAPES = frozenset(("Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"))
"""operations on a value that do not depend on it, but for its shape, which is fixed"""
PASSES = frozenset(("IdentityN",))
"""operations each of whose outputs is the input in its place"""


@dataclass(frozen=True)
class GraphNode:
    """A node and the tensor that holds its value."""

    node: Node
    tensor: Any


@dataclass
class _Known:
    """What is known of the tensors so far, by name."""

    nodes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """of a tensor that depends on the inputs: the nodes whose values it is, or is made of"""
    weights: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """of one that does not: the weights that it is made of"""


def list_nodes(graph: ModelGraph, weights: Sequence[Weight]) -> list[GraphNode]:
    """List the operations that depend on the inputs and that an output depends on.

    An operation with several outputs is a node for each that something takes. An output of the
    model that depends on no input is a node all the same, without inputs.

    Raises:
        UsageError: the graph reads a variable that is none of the weights.
    """
    operations = graph.operations
    live = _find_live(graph)
    known = _Known(weights=_find_captured(graph, weights, live))
    for number, tensor in enumerate(graph.inputs.values(), start=1):
        known.nodes[tensor.name] = (-number,)
    wanted = _find_taken(operations, live) | {output.tensor.name for output in graph.outputs}
    returned = {output.tensor.name for output in graph.outputs}
    layers = graph.calls.find_innermost(len(operations))
    namer = _Namer(graph.calls.name_outputs())
    configs = {call.path: describe_layer(call.layer) for call in graph.calls.calls}
    nodes: list[GraphNode] = []
    for operation, call in zip(operations, layers, strict=True):
        if operation.name not in live or operation.type == "Placeholder":
            continue
        depends = _follow(operation, known)
        for place, tensor in enumerate(operation.outputs):
            if tensor.name not in wanted or not _is_value(tensor):
                continue
            if not depends and tensor.name not in returned:
                continue
            sources = operation.inputs[place : place + 1] if operation.type in PASSES else None
            inputs, taken = _collect(operation.inputs if sources is None else sources, known)
            node = Node(
                id=len(nodes) + 1,
                op=operation.type,
                name=namer.name(tensor, call.path if call else ""),
                layer=call.path if call else "",
                inputs=inputs if depends else [],
                weights=taken,
                moves=_moves(operation),
                shape=_list_sizes(tensor),
                dtype=tensor.dtype.name,
                attributes=describe_operation(operation, configs[call.path] if call else {}),
            )
            nodes.append(GraphNode(node, tensor))
            known.nodes[tensor.name] = (node["id"],)
    return nodes


def find_outputs(graph: ModelGraph, nodes: Iterable[GraphNode]) -> dict[str, int]:
    """Return the id of the node, or input, that each output of the model is."""
    ids = {node.tensor.name: node.node["id"] for node in nodes}
    ids |= {tensor.name: -n for n, tensor in enumerate(graph.inputs.values(), start=1)}
    return {output.name: ids[output.tensor.name] for output in graph.outputs}


def _find_live(graph: ModelGraph) -> set[str]:
    """Return the operations that an output depends on: Keras makes others only for their shape."""
    waiting = [output.tensor.op for output in graph.outputs]
    live: set[str] = set()
    while waiting:
        operation = waiting.pop()
        if operation.name not in live:
            live.add(operation.name)
            waiting += [tensor.op for tensor in operation.inputs]
    return live


def _find_captured(
    graph: ModelGraph, weights: Sequence[Weight], live: set[str]
) -> dict[str, tuple[str, ...]]:
    """Return the weight that each captured variable is, by the tensor that stands for it."""
    names = {id(weight.held.handle): weight.name for weight in weights}
    found: dict[str, tuple[str, ...]] = {}
    for outside, inside in graph.wrapped.graph.captures:
        if id(outside) in names:
            found[inside.name] = (names[id(outside)],)
        elif inside.dtype == tf.resource and inside.op.name in live:
            raise UsageError(
                f"the model reads a variable that it does not list: {inside.op.name}",
                hint="hold it in an attribute of the model, or return it among its weights",
            )
    return found


def _find_taken(operations: Iterable[Any], live: set[str]) -> set[str]:
    return {
        tensor.name
        for operation in operations
        if operation.name in live
        for tensor in operation.inputs
    }


def _follow(operation: Any, known: _Known) -> bool:
    """Note what an operation's outputs are made of; tell whether they depend on the inputs."""
    inputs, taken = _collect(operation.inputs, known)
    depends = bool(inputs) and operation.type not in SHAPES
    for tensor in operation.outputs:
        if depends:
            known.nodes[tensor.name] = tuple(inputs)
        if taken and not (depends and _is_value(tensor)):
            known.weights[tensor.name] = tuple(taken)
    return depends


def _collect(tensors: Iterable[Any], known: _Known) -> tuple[list[int], list[str]]:
    inputs: dict[int, None] = {}
    weights: dict[str, None] = {}
    for tensor in tensors:
        inputs |= dict.fromkeys(known.nodes.get(tensor.name, ()))
        weights |= dict.fromkeys(known.weights.get(tensor.name, ()))
    return list(inputs), list(weights)


def _is_value(tensor: Any) -> bool:
    """Tell whether a tensor holds numbers: no handle, list or text."""
    dtype = tensor.dtype
    return bool(dtype.is_floating or dtype.is_integer or dtype.is_complex or dtype.is_bool)


def _list_sizes(tensor: Any) -> list[int]:
    """Return the shape; -1 where only the values will tell."""
    rank = tensor.shape.rank
    return [] if rank is None else [-1 if size is None else int(size) for size in tensor.shape]


def _moves(operation: Any) -> bool:
    if operation.type == "Cast":
        return bool(operation.inputs[0].dtype == operation.outputs[0].dtype)
    return operation.type in MOVES


class _Namer:
    """Names each value: by the layer that returned it, else by layer and operation."""

    def __init__(self, layers: Mapping[str, str]) -> None:
        self._layers = layers
        self._counts: dict[str, int] = {}
        self._places: dict[str, tuple[str, int]] = {}

    def name(self, tensor: Any, layer: str) -> str:
        """Return the value's name; a second one of an operation gets `:1`."""
        operation = tensor.op.name
        if tensor.name not in self._layers and operation in self._places:
            first, place = self._places[operation]
            self._places[operation] = first, place + 1
            return f"{first}:{place}"
        base = self._layers.get(tensor.name) or join_path(layer, tensor.op.type)
        count = self._counts[base] = self._counts.get(base, 0) + 1
        name = base if count == 1 else f"{base}#{count}"
        self._places.setdefault(operation, (name, 1))
        return name
