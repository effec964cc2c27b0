"""A model as a TensorFlow graph of a single forward pass."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from parityhub.errors import UsageError
from parityhub.frameworks.tensorflow.arrays import Array
from parityhub.frameworks.tensorflow.call import call_model, list_parameters
from parityhub.frameworks.tensorflow.layers import LayerCalls, inline_functions, watch_layers
from parityhub.frameworks.tensorflow.outputs import flatten_outputs
from parityhub.frameworks.tensorflow.paths import PathBook

KEPT = 16
"""functions that compute parts of a graph"""


@dataclass(frozen=True)
class GraphOutput:
    """An output of the model and the tensor that it is."""

    name: str
    named: bool
    tensor: Any


@dataclass(frozen=True)
class ModelGraph:
    """The operations of a forward pass; `wrapped` computes them."""

    wrapped: Any
    inputs: dict[str, Any]
    """name to placeholder"""
    outputs: tuple[GraphOutput, ...]
    calls: LayerCalls
    _pruned: dict[tuple[str, ...], Any] = field(default_factory=dict)

    @property
    def operations(self) -> list[Any]:
        """In the order in which they were made: an operation after those whose values it takes."""
        return list(self.wrapped.graph.get_operations())

    def compute(
        self, tensors: list[Any], inputs: Mapping[str, Any], extra: Mapping[Any, Any] | None = None
    ) -> list[Array]:
        """Compute tensors of the graph, and no more than they need.

        Args:
            tensors: of this graph.
            inputs: the model's inputs by name.
            extra: further placeholders of the graph (their `ref()`) to their values.
        """
        given = {self.inputs[name].ref(): value for name, value in inputs.items()}
        given |= extra or {}
        feeds = [reference.deref() for reference in given]
        # A placeholder cannot be fetched; it is what was fed.
        direct = {tensor.ref(): given[tensor.ref()] for tensor in tensors if tensor.ref() in given}
        fetched = [tensor for tensor in tensors if tensor.ref() not in direct]
        values = []
        if fetched:
            compute = self._prune(feeds, fetched)
            values = [value.numpy() for value in compute(*map(tf.constant, given.values()))]
        rest = iter(values)
        return [
            np.asarray(direct[tensor.ref()]) if tensor.ref() in direct else next(rest)
            for tensor in tensors
        ]

    def _prune(self, feeds: list[Any], fetched: list[Any]) -> Any:
        """Return what computes these tensors; the last few are kept, as to make one takes long."""
        names = tuple(tensor.name for tensor in (*feeds, *fetched))
        pruned = self._pruned.pop(names, None) or self.wrapped.prune(feeds, fetched)
        self._pruned[names] = pruned
        if len(self._pruned) > KEPT:
            del self._pruned[next(iter(self._pruned))]
        return pruned


def trace_graph(model: Any, inputs: Mapping[str, Array], book: PathBook) -> ModelGraph:
    """Make the graph of a forward pass on inputs of these shapes and dtypes.

    Raises:
        UsageError: the model cannot run as a graph, or returns what is no tensor.
    """
    outputs: list[GraphOutput] = []
    watched: list[LayerCalls] = []
    placeholders: dict[str, Any] = {}
    parameters = list_parameters(model)

    def forward(*tensors: Any) -> list[Any]:
        placeholders.update(zip(inputs, tensors, strict=True))
        convert = tf.__internal__.autograph.tf_convert
        call = convert(call_model, tf.__internal__.autograph.control_status_ctx())
        graph = tf.compat.v1.get_default_graph()
        with inline_functions(), watch_layers(graph, book) as calls:
            returned = call(model, parameters, placeholders)
        watched.append(calls)
        for flat in flatten_outputs(returned):
            outputs.append(GraphOutput(flat.name, flat.named, tf.convert_to_tensor(flat.value)))
        return [output.tensor for output in outputs]

    specs = [tf.TensorSpec(array.shape, array.dtype) for array in inputs.values()]
    try:
        wrapped = tf.compat.v1.wrap_function(forward, specs)
    except (TypeError, ValueError, tf.errors.OpError, NotImplementedError) as error:
        raise UsageError(
            f"the model does not run as a graph: {type(error).__name__}: {_find_point(error)}",
            hint="tf.function(model) must work on these inputs",
        ) from error
    return ModelGraph(wrapped, placeholders, tuple(outputs), watched[0])


def _find_point(error: Exception) -> str:
    """Return the line of a message that says what is wrong; AutoGraph puts a traceback first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    after = [n for n, line in enumerate(lines) if line.startswith("File ")]
    told = lines[after[-1] + 2 :] if after else lines
    return told[0] if told else "it says no more"
