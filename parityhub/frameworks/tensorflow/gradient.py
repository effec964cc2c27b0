"""One backward pass: how a weighted sum of the outputs depends on weights and values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from parityhub.errors import EvidenceError, UsageError
from parityhub.frameworks.tensorflow.arrays import Array
from parityhub.frameworks.tensorflow.graph import GraphOutput, ModelGraph
from parityhub.frameworks.tensorflow.model import Model
from parityhub.frameworks.tensorflow.nodes import list_nodes
from parityhub.frameworks.tensorflow.pick import pick_nodes


@dataclass(frozen=True)
class Backward:
    """The loss and its gradients."""

    loss: float
    weights: dict[str, Array]
    nodes: dict[str, Array]


def compute_gradient(
    model: Model, inputs: Mapping[str, Array], loss: Mapping[str, Array], names: Sequence[str]
) -> Backward:
    """Differentiate loss = sum over outputs of Re(sum(conj(loss[name]) * output)).

    The gradient with respect to a complex value z = x + iy is d/dx + i d/dy, so that with respect
    to an output it is `loss[name]` itself.

    Args:
        model: the model.
        inputs: in the model's dtype, by name.
        loss: for each output that counts an array of its shape; the others do not count.
        names: of the nodes whose gradients are wanted.

    Returns:
        Gradients of trainable weights of floating or complex dtype, and of the nodes. Zero where
        the loss does not depend on one, or in steps only.

    Raises:
        UsageError: the loss is empty; there is no output of a name, or it cannot be
            differentiated; there is no node of a name.
        EvidenceError: a shape is another than the output's.
    """
    # A graph of its own: differentiating adds to a graph, to its loops above all.
    graph = model.make_graph(inputs)
    outputs = _pick_outputs(graph, loss)
    picked = pick_nodes(list_nodes(graph, model.weights), names)
    weights = [w for w in model.weights if w.variable.trainable and _is_smooth(w.held.dtype)]
    inside = {id(outside): tensor for outside, tensor in graph.wrapped.graph.captures}
    handles = [inside.get(id(weight.held.handle)) for weight in weights]
    sources = [*handles, *(node.tensor for node in picked)]
    given, gradients = _add_backward(graph, outputs, loss, sources)
    fetched = [tensor for tensor in gradients if tensor is not None]
    values = graph.compute([*fetched, *(output.tensor for output in outputs)], inputs, given)
    rest = iter(values)
    found = [None if tensor is None else next(rest) for tensor in gradients]
    total = sum(
        float(np.real(np.vdot(_widen(loss[output.name]), _widen(value))))
        for output, value in zip(outputs, rest, strict=True)
    )
    by_weight = {
        weight.name: np.zeros_like(weight.read()) if gradient is None else gradient
        for weight, gradient in zip(weights, found, strict=False)
    }
    by_node = {
        node.node["name"]: np.asarray(gradient)
        for node, gradient in zip(picked, found[len(weights) :], strict=True)
    }
    return Backward(total, by_weight, by_node)


def _pick_outputs(graph: ModelGraph, loss: Mapping[str, Array]) -> list[GraphOutput]:
    by_name = {output.name: output for output in graph.outputs}
    if not loss:
        raise UsageError("the loss weighs no output", hint=f"give an array for {sorted(by_name)}")
    for name, array in loss.items():
        if name not in by_name:
            raise UsageError(
                f"the loss weighs an output {name!r} that the model does not have",
                hint=f"its outputs are {sorted(by_name)}",
            )
        tensor = by_name[name].tensor
        if not _is_smooth(tensor.dtype):
            raise UsageError(
                f"output {name} is {tensor.dtype.name}: it has no gradient",
                hint="leave it out of the loss",
            )
        if not tensor.shape.is_compatible_with(array.shape):
            raise EvidenceError(
                f"the loss is {array.shape} at output {name}, the output {tuple(tensor.shape)}",
                hint="give an array of the output's shape",
            )
    return [output for output in graph.outputs if output.name in loss]


def _add_backward(
    graph: ModelGraph,
    outputs: Sequence[GraphOutput],
    loss: Mapping[str, Array],
    sources: Sequence[Any],
) -> tuple[dict[Any, Any], list[Any]]:
    """Add the backward pass to the graph.

    Returns:
        Placeholders of the loss to its values, and the gradient of each source; None: it has none.
    """
    present = [source for source in sources if source is not None]
    with graph.wrapped.graph.as_default():
        weighed = [
            tf.compat.v1.placeholder(output.tensor.dtype, loss[output.name].shape)
            for output in outputs
        ]
        found = tf.gradients([output.tensor for output in outputs], present, grad_ys=weighed)
        dense = iter([_fill(g, source) for g, source in zip(found, present, strict=True)])
    given = {
        place.ref(): loss[output.name].astype(place.dtype.as_numpy_dtype)
        for place, output in zip(weighed, outputs, strict=True)
    }
    return given, [None if source is None else next(dense) for source in sources]


def _fill(gradient: Any, source: Any) -> Any:
    """Return a gradient as a tensor; zeros for a value that has none, None for a variable."""
    if gradient is not None:
        return tf.convert_to_tensor(gradient)
    return None if source.dtype == tf.resource else tf.zeros_like(source)


def _is_smooth(dtype: Any) -> bool:
    return bool(dtype.is_floating or dtype.is_complex)


def _widen(array: Array) -> Array:
    return array.astype(np.complex128 if np.iscomplexobj(array) else np.float64)
