"""A model that is held: built, asked for its weights, run, and seen as a graph."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from parityhub.errors import Error, UsageError
from parityhub.frameworks.target import call_target, describe_failure, load_target
from parityhub.frameworks.tensorflow.arrays import Array
from parityhub.frameworks.tensorflow.call import call_model, cast_inputs, list_parameters
from parityhub.frameworks.tensorflow.find_weights import list_weights
from parityhub.frameworks.tensorflow.graph import ModelGraph, trace_graph
from parityhub.frameworks.tensorflow.nodes import GraphNode, list_nodes
from parityhub.frameworks.tensorflow.outputs import Flat, flatten_outputs
from parityhub.frameworks.tensorflow.paths import PathBook
from parityhub.frameworks.tensorflow.settings import forget_names, use_dtype
from parityhub.frameworks.tensorflow.weights import Weight
from parityhub.frameworks.tensorflow.whole_model import load_whole_model

WHOLE = ".keras"
"""how a target ends that is a file with the whole model in it"""
Signature = tuple[tuple[str, tuple[int, ...], str], ...]


@dataclass(frozen=True)
class Traced:
    """A graph and its nodes."""

    graph: ModelGraph
    nodes: list[GraphNode]


@dataclass
class Model:
    """A model in one dtype."""

    call: Callable[..., Any]
    dtype: str
    found_dtype: str
    """of the floating outputs of one forward pass"""
    weights: list[Weight]
    book: PathBook
    _traced: dict[Signature, Traced] = field(default_factory=dict)

    def cast(self, arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Return the inputs in the model's dtype."""
        return cast_inputs(arrays, self.dtype)

    def trace(self, inputs: Mapping[str, Array]) -> Traced:
        """Return the graph for inputs of these shapes; made once for each."""
        signature = tuple((name, a.shape, a.dtype.name) for name, a in inputs.items())
        if signature not in self._traced:
            graph = self.make_graph(inputs)
            self._traced[signature] = Traced(graph, list_nodes(graph, self.weights))
        return self._traced[signature]

    def make_graph(self, inputs: Mapping[str, Array]) -> ModelGraph:
        """Make a graph anew, one that may be added to."""
        with use_dtype(self.dtype):
            return trace_graph(self.call, inputs, self.book)

    def run(
        self, inputs: Mapping[str, Array], repeats: int
    ) -> tuple[dict[str, list[Array]], list[float]]:
        """Run inference.

        Returns:
            Each output's values, one a repeat; and the seconds that each took, conversion of
            inputs and outputs apart.
        """
        graph = self.trace(inputs).graph
        tensors = [tf.constant(array) for array in inputs.values()]
        values: dict[str, list[Array]] = {output.name: [] for output in graph.outputs}
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            returned = graph.wrapped(*tensors)
            seconds.append(time.perf_counter() - start)
            for output, value in zip(graph.outputs, tf.nest.flatten(returned), strict=True):
                values[output.name].append(np.asarray(value.numpy()))
        return values, seconds


def build_model(
    target: str, options: Mapping[str, Any], dtype: str, seed: int, arrays: Mapping[str, Array]
) -> Model:
    """Build a model and run it once, which builds what is built late.

    Args:
        target: what builds it, or a `.keras` file that holds it.
        options: what the target is called with.
        dtype: what it computes in.
        seed: of its initial weights.
        arrays: its inputs.

    Raises:
        EvidenceError: the `.keras` file cannot be loaded.
        UsageError: the target cannot be had, fails, returns no callable, or fails on its inputs.
    """
    forget_names(seed)
    with use_dtype(dtype):
        if target.endswith(WHOLE):
            call = load_whole_model(Path(target), dtype)
        else:
            call = call_target(load_target(target), options, dtype)
        if not callable(call):
            raise UsageError(
                f"the target {target!r} returned a {type(call).__name__}",
                hint="return a keras.Model, a keras layer, a tf.Module or another callable",
            )
        flat = _run_once(call, cast_inputs(arrays, dtype))
    book = PathBook()
    weights = list_weights(call, book)
    return Model(call, dtype, _find_dtype(flat, weights, dtype), weights, book)


def _run_once(call: Callable[..., Any], inputs: Mapping[str, Array]) -> list[Flat]:
    tensors = {name: tf.constant(array) for name, array in inputs.items()}
    try:
        return flatten_outputs(call_model(call, list_parameters(call), tensors))
    except Error:
        raise
    except Exception as error:
        shapes = {name: array.shape for name, array in inputs.items()}
        raise UsageError(
            f"the TensorFlow model fails on its inputs: {describe_failure(error)}",
            hint=f"it was given {shapes}; are names, shapes and axes right?",
        ) from error


def _find_dtype(flat: list[Flat], weights: list[Weight], dtype: str) -> str:
    """Return the dtype of floating outputs, or weights; of several the one not asked for."""
    found = [tf.convert_to_tensor(item.value).dtype for item in flat]
    found += [] if any(map(_is_inexact, found)) else [weight.held.dtype for weight in weights]
    names = [item.real_dtype.name for item in found if _is_inexact(item)]
    others = [name for name in names if name != dtype]
    return (others or names or [dtype])[0]


def _is_inexact(dtype: Any) -> bool:
    return bool(dtype.is_floating or dtype.is_complex)
