"""Checkpoints of TensorFlow and Keras, taken over whole or not at all; nothing in them is run."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from parityhub.capture.protocol import Restored
from parityhub.errors import EvidenceError, UsageError
from parityhub.frameworks.tensorflow.arrays import Array
from parityhub.frameworks.tensorflow.hdf5 import Held, check_links, open_hdf5, read_held
from parityhub.frameworks.tensorflow.saved_model import pick_variables, read_variables
from parityhub.frameworks.tensorflow.weights import Weight

NAMED = 6
"""names that an error lists; it counts the others"""
SAVED_AS_IT_WAS = "build the model as it was when it was saved; name its layers where it has many"


def restore_checkpoint(model: Any, weights: list[Weight], path: Path) -> Restored:
    """Take over the weights of a checkpoint.

    Args:
        model: what the builder returned, built.
        weights: its weights.
        path: `.keras` and `.weights.h5` of Keras 3; `.h5` of older ones; a SavedModel's folder; or
            `.safetensors`, whose names are those of the weights.

    Raises:
        EvidenceError: the file is missing or damaged, or holds other weights than the model's.
        UsageError: the file is Keras's and the model is none, or a package is missing.
    """
    if not path.exists():
        raise EvidenceError(f"{path.name}: there is no such file", hint="name a file that is there")
    if path.is_dir():
        names = [weight.name for weight in weights]
        _take_over(weights, pick_variables(read_variables(path), names, path), path)
        form = "SavedModel"
    elif path.suffix == ".safetensors":
        _take_over(weights, _read_safetensors(path), path)
        form = "safetensors"
    elif path.name.endswith((".weights.h5", ".keras")):
        _load_keras(model, path)
        form = "weights of a .keras file" if path.suffix == ".keras" else "weights of Keras 3"
    else:
        _load_legacy(model, path)
        form = "legacy HDF5"
    return Restored(weights=len(weights), format=form, prefix="")


def _take_over(weights: list[Weight], arrays: Mapping[str, Array], path: Path) -> None:
    """Assign values by name."""
    names = [weight.name for weight in weights]
    missing = [name for name in names if name not in arrays]
    unexpected = [name for name in arrays if name not in names]
    shapes = {weight.name: tuple(weight.variable.shape) for weight in weights}
    wrong = _find_other_shapes(arrays, shapes)
    _refuse_others(path, missing, unexpected, wrong)
    for weight in weights:
        weight.held.assign(tf.cast(tf.constant(arrays[weight.name]), weight.held.dtype))


def _load_keras(model: Any, path: Path) -> None:
    """Load a file of Keras 3.

    Keras passes over what the file has beyond the model, and warns where a nested list of layers
    is missing in it; here both are refused. Layers stand in the file by class and order: one that
    bears the name of another layer of the model was not meant for where it stands.
    """
    _check_model(model, path)
    given, expected = read_held(path), _save_again(model)
    _refuse_others(
        path,
        [name for name in expected.arrays if name not in given.arrays],
        [name for name in given.arrays if name not in expected.arrays],
        _find_other_shapes(given.arrays, {n: a.shape for n, a in expected.arrays.items()}),
    )
    places = [place for place in expected.names if place in given.names]
    _refuse_swapped(
        path, [given.names[place] for place in places], [expected.names[place] for place in places]
    )
    _call_keras(lambda: model.load_weights(path), path)
    for name, array in _save_again(model).arrays.items():
        if not np.array_equal(array, given.arrays[name].astype(array.dtype), equal_nan=True):
            raise EvidenceError(
                f"{path.name}: Keras {keras.__version__} left {name} as it was",
                hint=SAVED_AS_IT_WAS,
            )


def _save_again(model: Any) -> Held:
    """Return a model's weights by the paths that this Keras gives them in a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.weights.h5"
        model.save_weights(file)
        return read_held(file)


def _load_legacy(model: Any, path: Path) -> None:
    """Load a file of older Kerases: layers by order, whose names must not be swapped."""
    _check_model(model, path)
    with open_hdf5(path) as file:
        check_links(file, path)
        group = file.get("model_weights", file)
        if "layer_names" not in group.attrs:
            raise EvidenceError(
                f"{path.name} holds no weights in the legacy format of Keras",
                hint="end the name with .weights.h5 if model.save_weights wrote it",
            )
        stored = [_read_text(name) for name in group.attrs["layer_names"]]
        given = [name for name in stored if len(group[name].attrs.get("weight_names", ()))]
    ours = [layer.name for layer in model.layers if layer.weights]
    if len(given) != len(ours):
        _refuse_others(
            path,
            [name for name in ours if name not in given],
            [name for name in given if name not in ours],
            [],
        )
    _refuse_swapped(path, given, ours)
    _call_keras(lambda: model.load_weights(path), path)


def _read_text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _check_model(model: Any, path: Path) -> None:
    if not isinstance(model, keras.Model):
        raise UsageError(
            f"{path.name} is read by a keras.Model, and the target returned a "
            f"{type(model).__name__}",
            hint="return a keras.Model, or name a SavedModel or .safetensors",
        )


def _call_keras(load: Callable[[], Any], path: Path) -> None:
    try:
        load()
    except Exception as error:
        words = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise EvidenceError(
            f"{path.name} does not fit the TensorFlow model: {' '.join(words)[:300]}",
            hint=SAVED_AS_IT_WAS,
        ) from error


def _read_safetensors(path: Path) -> dict[str, Array]:
    try:
        from safetensors import SafetensorError
        from safetensors.tensorflow import load_file
    except ImportError as error:
        raise UsageError(
            f"{path.name} needs the package safetensors", hint="pip install safetensors"
        ) from error
    try:
        return {name: np.asarray(value) for name, value in load_file(str(path)).items()}
    except (SafetensorError, OSError) as error:
        raise EvidenceError(
            f"{path.name} is no safetensors file: {str(error).splitlines()[0]}",
            hint="write it with safetensors.tensorflow.save_file, by the weights' paths",
        ) from error


def _find_other_shapes(
    given: Mapping[str, Array], expected: Mapping[str, tuple[int, ...]]
) -> list[str]:
    return [
        f"{name} {given[name].shape} for {shape}"
        for name, shape in expected.items()
        if name in given and given[name].shape != shape
    ]


def _refuse_others(
    path: Path, missing: Iterable[str], unexpected: Iterable[str], wrong: Iterable[str]
) -> None:
    kinds = {"missing": [*missing], "unexpected": [*unexpected], "of another shape": [*wrong]}
    told = "; ".join(f"{kind}: {_list_names(names)}" for kind, names in kinds.items() if names)
    if told:
        raise EvidenceError(
            f"{path.name} does not hold the weights of the TensorFlow model; {told}",
            hint=SAVED_AS_IT_WAS,
        )


def _refuse_swapped(path: Path, given: list[str], ours: list[str]) -> None:
    """Refuse a file in which a layer stands where the model has another of its layers."""
    swapped = [
        f"{theirs} where the model has {own}"
        for theirs, own in zip(given, ours, strict=True)
        if theirs != own and theirs in ours
    ]
    if swapped:
        raise EvidenceError(
            f"{path.name}: its layers are in another order: {_list_names(swapped)}",
            hint="build the layers in the order in which the saved model built them",
        )


def _list_names(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
