"""How a model is called: by place or by name, and in inference mode."""

import inspect
from collections.abc import Collection, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from parityhub.errors import UsageError
from parityhub.frameworks.tensorflow.arrays import Array
from parityhub.frameworks.tensorflow.settings import COMPLEX


def call_model(model: Any, parameters: Collection[str], inputs: Mapping[str, Any]) -> Any:
    """Call a model in inference mode.

    A single input goes in by place. Several go in by name: as keywords where the model names them
    all, else as one dictionary.

    Args:
        model: a Keras layer, or any callable.
        parameters: as `list_parameters` has them.
        inputs: tensors by name.
    """
    mode = {"training": False} if "training" in parameters else {}
    if len(inputs) == 1:
        return model(next(iter(inputs.values())), **mode)
    if set(inputs) <= set(parameters):
        return model(**inputs, **mode)
    return model(dict(inputs), **mode)


def cast_inputs(arrays: Mapping[str, Array], dtype: str) -> dict[str, Array]:
    """Cast floating arrays to a dtype, complex ones to the complex of it; leave others."""
    if not arrays:
        raise UsageError("there are no inputs", hint="give an .npz with at least one array")
    floating = tf.as_dtype(dtype).as_numpy_dtype
    cast: dict[str, Array] = {}
    for name, array in arrays.items():
        if np.issubdtype(array.dtype, np.complexfloating):
            cast[name] = array.astype(COMPLEX.get(dtype, "complex64"))
        elif np.issubdtype(array.dtype, np.floating):
            cast[name] = array.astype(floating)
        else:
            cast[name] = array
    return cast


def list_parameters(model: Any) -> list[str]:
    """Return the names of what a model takes; none where it does not say."""
    function = model.call if isinstance(model, keras.layers.Layer) else model
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []
