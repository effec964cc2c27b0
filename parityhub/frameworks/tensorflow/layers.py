"""Which layer an operation of a graph ran in, watched while the graph is made."""

import inspect
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import keras
import tensorflow as tf

from parityhub.frameworks.tensorflow.paths import PathBook


@dataclass(frozen=True)
class Call:
    """A call of a layer: the stretch of the graph's operations that it made."""

    path: str
    layer: Any
    start: int
    stop: int
    outputs: tuple[str, ...]
    """names of the tensors that it returned and made itself"""


@dataclass
class LayerCalls:
    """The calls in the order in which they ended: inner before outer."""

    calls: list[Call] = field(default_factory=list)

    def watch(self, graph: Any, path: str, layer: Any, call: Any, args: Any, kwargs: Any) -> Any:
        """Call a layer; record it if it is this very graph that is added to."""
        if tf.compat.v1.get_default_graph() is not graph:
            return call(layer, *args, **kwargs)
        start = len(graph.get_operations())
        result = call(layer, *args, **kwargs)
        made = graph.get_operations()[start:]
        names = {output.name for operation in made for output in operation.outputs}
        outputs = tuple(
            tensor.name
            for tensor in keras.tree.flatten(result)
            if tf.is_tensor(tensor) and tensor.name in names
        )
        self.calls.append(Call(path, layer, start, start + len(made), outputs))
        return result

    def find_innermost(self, count: int) -> list[Call | None]:
        """Return the innermost call of each of so many operations; None: it ran in no layer."""
        innermost: list[Call | None] = [None] * count
        for call in reversed(self.calls):
            innermost[call.start : call.stop] = [call] * (call.stop - call.start)
        return innermost

    def name_outputs(self) -> dict[str, str]:
        """Return the path of the innermost layer that returned a tensor, by the tensor's name."""
        names: dict[str, str] = {}
        for call in self.calls:
            for tensor in call.outputs:
                names.setdefault(tensor, call.path)
        return names


@contextmanager
def watch_layers(graph: Any, book: PathBook) -> Iterator[LayerCalls]:
    """Record each call of a layer or module that adds operations to this very graph.

    What runs inside a loop or a branch goes into a graph of its own and is not seen.
    """
    record = LayerCalls()
    base = keras.layers.Layer
    original = base.__call__

    @wraps(original)
    def call_layer(layer: Any, *args: Any, **kwargs: Any) -> Any:
        with _convert_call(layer):
            return record.watch(graph, book.name(layer), layer, original, args, kwargs)

    modules = {_find_caller(type(module)) for module, _ in book.modules.values()} - {None}
    with ExitStack() as stack:
        stack.enter_context(_replace_call(base, call_layer))
        for kind in modules:
            stack.enter_context(_replace_call(kind, _watch_module(kind, graph, book, record)))
        yield record


def _watch_module(kind: Any, graph: Any, book: PathBook, record: LayerCalls) -> Any:
    """Return a `__call__` that records those of a class that is no Keras layer."""
    original = vars(kind)["__call__"]

    def call_module(module: Any, *args: Any, **kwargs: Any) -> Any:
        _, path = book.modules.get(id(module), (None, ""))
        bound = original.__get__(module, type(module))
        function = bound if hasattr(bound, "python_function") else _convert(bound)
        if not path:
            return function(*args, **kwargs)
        return record.watch(graph, path, module, lambda _, *a, **k: function(*a, **k), args, kwargs)

    return call_module


def _find_caller(kind: type) -> Any:
    """Return the class of a user's that says how a module is called; None: there is none."""
    for each in kind.__mro__:
        if "__call__" in vars(each):
            return None if each.__module__.partition(".")[0] == "tensorflow" else each
    return None


@contextmanager
def _replace_call(kind: Any, function: Any) -> Iterator[None]:
    original = vars(kind)["__call__"]
    kind.__call__ = function
    try:
        yield
    finally:
        kind.__call__ = original


@contextmanager
def _convert_call(layer: Any) -> Iterator[None]:
    """Let AutoGraph convert what a user's own layer does, as it would be in a tf.function.

    Keras keeps it from it, so that `if tensor` and `len(tensor)`, which work when the layer is
    called as it is, would fail in a graph.
    """
    own = inspect.ismethod(layer.call) and layer.call.__module__.partition(".")[0] != "keras"
    if not own or "call" in vars(layer):
        yield
        return
    object.__setattr__(layer, "call", _convert(layer.call))
    try:
        yield
    finally:
        object.__delattr__(layer, "call")


def _convert(function: Any) -> Any:
    autograph = tf.__internal__.autograph
    return autograph.tf_convert(function, autograph.control_status_ctx())


@contextmanager
def inline_functions() -> Iterator[None]:
    """Let a tf.function that is called put its operations into the graph of the caller.

    Else it would be one operation that cannot be looked into. One that XLA compiles stays whole:
    XLA computes it otherwise than operation by operation.
    """
    kind = type(tf.function(tuple))
    original = kind.__call__

    @wraps(original)
    def call_function(function: Any, *args: Any, **kwargs: Any) -> Any:
        if function._jit_compile or tf.executing_eagerly():
            return original(function, *args, **kwargs)
        return _convert(function.python_function)(*args, **kwargs)

    with _replace_call(kind, call_function):
        yield
