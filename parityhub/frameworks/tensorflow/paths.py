"""What a Keras layer is called, by its full path."""

from typing import Any


def find_path(layer: Any) -> str:
    """Return a layer's path: Keras's own, or what it would be where there is nothing to build."""
    if layer.path:
        return str(layer.path)
    parent = getattr(layer, "_parent_path", None)
    return f"{parent}/{layer.name}" if parent else str(layer.name)


def join_path(path: str, name: str) -> str:
    """Join two parts; either may be empty."""
    return f"{path}/{name}" if path and name else path or name


class PathBook:
    """Gives each layer of a model a path of its own, and remembers those of other modules.

    Keras gives layers of two nested models the same path where they have the same name; here the
    second gets `#2`. The order of asking decides, so it must be the same each time.
    """

    def __init__(self) -> None:
        self.modules: dict[int, tuple[Any, str]] = {}
        """id of an object that is no Keras layer to itself and its path"""
        self._layers: dict[int, tuple[Any, str]] = {}
        self._counts: dict[str, int] = {}

    def name(self, layer: Any) -> str:
        """Return the layer's path."""
        if id(layer) not in self._layers:
            path = find_path(layer)
            count = self._counts[path] = self._counts.get(path, 0) + 1
            # The layer is kept so that its id stays its own.
            self._layers[id(layer)] = layer, path if count == 1 else f"{path}#{count}"
        return self._layers[id(layer)][1]

    def note(self, module: Any, path: str) -> None:
        """Remember the path of an object that is no Keras layer."""
        self.modules[id(module)] = module, path
