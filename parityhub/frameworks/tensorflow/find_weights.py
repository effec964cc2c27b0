"""Where the weights of a model are: Keras's own lists, and attributes of everything else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import keras
import tensorflow as tf

from parityhub.frameworks.tensorflow.paths import PathBook, join_path
from parityhub.frameworks.tensorflow.weights import Weight

LIBRARIES = frozenset(("tensorflow", "keras", "numpy", "builtins", "functools", "types", "typing"))
"""whose objects hold no weights of a user's model, layers and modules apart"""
SEEDS = "seed_generator"
"""in the path of a seed generator's state"""
BOOKKEEPING = "_self_"
"""prefix of the attributes in which TensorFlow keeps track of others"""


def list_weights(model: Any, book: PathBook) -> list[Weight]:
    """List the weights of a Keras layer, a tf.Module, or an object that holds such.

    States of seeds, optimizers and metrics are no weights. Names are Keras's paths, or the
    attributes that lead to a tf.Variable; the book makes those of layers unique.
    """
    weights: list[Weight] = []
    found: set[int] = set()
    counts: dict[str, int] = {}
    for weight in [*_Finder(book).walk(model, "", ""), *_list_declared(model)]:
        if id(weight.variable) in found:
            continue
        found.add(id(weight.variable))
        count = counts[weight.name] = counts.get(weight.name, 0) + 1
        name = weight.name if count == 1 else f"{weight.name}#{count}"
        weights.append(Weight(name, weight.owner, weight.kind, weight.role, weight.variable))
    return weights


class _Finder:
    """Walks a model once."""

    def __init__(self, book: PathBook) -> None:
        self._book = book
        self._seen: set[int] = set()

    def walk(self, value: Any, path: str, kind: str) -> Iterator[Weight]:
        """Yield what an object holds, through attributes and containers.

        Args:
            value: the object.
            path: the attributes that led to it.
            kind: class of the object whose attribute it is.
        """
        if id(value) in self._seen:
            return
        self._seen.add(id(value))
        if isinstance(value, tf.Variable | keras.Variable):
            owner, _, role = path.rpartition("/")
            yield Weight(path or value.name, owner, kind, role, value)
        elif isinstance(value, keras.layers.Layer):
            yield from self._list_layer(value)
        elif isinstance(value, Mapping):
            for key, item in value.items():
                yield from self.walk(item, join_path(path, str(key)), kind)
        elif isinstance(value, list | tuple):
            for place, item in enumerate(value):
                yield from self.walk(item, join_path(path, str(place)), kind)
        elif _may_hold_weights(value):
            self._book.note(value, path)
            for name, item in vars(value).items():
                if not name.startswith(BOOKKEEPING):
                    below = join_path(path, name.lstrip("_"))
                    yield from self.walk(item, below, type(value).__name__)

    def _list_layer(self, top: Any) -> Iterator[Weight]:
        """Yield the weights of a Keras layer: its own list, then what Keras overlooks."""
        layers = list(top._flatten_layers(include_self=True, recursive=True))
        owners: dict[int, Any] = {}
        for layer in layers:
            self._seen.add(id(layer))
            for variable in (*layer._trainable_variables, *layer._non_trainable_variables):
                owners[id(variable)] = layer
        for variable in top.weights:
            self._seen.add(id(variable))
            owner = owners.get(id(variable), top)
            path = self._book.name(owner)
            name = variable.path
            if path not in (owner.path, ""):
                name = join_path(path, variable.name)
            yield Weight(name, path, type(owner).__name__, variable.name, variable)
        for layer in layers:
            kind = type(layer).__name__
            for name, item in vars(layer).items():
                if isinstance(item, tf.Variable | tf.Module):
                    yield from self.walk(item, join_path(self._book.name(layer), name), kind)


def _list_declared(model: Any) -> Iterator[Weight]:
    """Yield what an object that is no Keras layer says it has, whether or not it was found."""
    if isinstance(model, keras.layers.Layer):
        return
    for variable in [*_read_list(model, "variables"), *_read_list(model, "weights")]:
        if isinstance(variable, tf.Variable | keras.Variable):
            path = str(getattr(variable, "path", variable.name.removesuffix(":0")))
            owner, _, role = path.rpartition("/")
            if SEEDS not in path:
                yield Weight(path, owner, type(model).__name__, role, variable)


def _read_list(model: Any, name: str) -> Iterable[Any]:
    listed = getattr(model, name, None)
    return listed if isinstance(listed, list | tuple) else ()


def _may_hold_weights(value: Any) -> bool:
    if not hasattr(value, "__dict__") or isinstance(value, type):
        return False
    library = type(value).__module__.partition(".")[0] in LIBRARIES
    return isinstance(value, tf.Module) or not library
