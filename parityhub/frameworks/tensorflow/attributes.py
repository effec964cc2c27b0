"""What an operation was called with besides tensors, as text."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

CONFIG = (
    "epsilon", "padding", "strides", "dilation_rate", "pool_size", "data_format",
    "negative_slope", "alpha", "interpolation", "activation", "recurrent_activation", "axis",
    "use_bias", "momentum", "approximate", "reset_after", "go_backwards", "size",
)  # fmt: skip
"""items of a Keras layer's own configuration that may explain a difference"""
RENAMED = {"reduction_indices": "axis", "split_dim": "axis", "dimension": "axis", "dim": "axis"}
"""arguments of operations to what everybody calls them"""
UNTOLD = frozenset(("use_cudnn_on_gpu", "grad_a", "grad_b", "grad_x", "grad_y", "N", "Truncate"))
"""attributes that say nothing about what is computed"""
LONGEST = 16
"""elements of a constant argument that is shown"""


def describe_operation(operation: Any, layer: Mapping[str, str]) -> dict[str, str]:
    """Describe an operation: its attributes, its small constant arguments, its layer's config.

    Where the operation and the layer name the same thing, it is the operation's that is shown.

    Args:
        operation: of a graph.
        layer: as `describe_layer` has the layer that it ran in.
    """
    return {**layer, **_describe_attributes(operation), **_describe_constants(operation)}


def describe_layer(layer: Any) -> dict[str, str]:
    """Describe how a Keras layer was made; a module of another kind does not say."""
    if not isinstance(layer, keras.layers.Layer):
        return {}
    try:
        config: Mapping[str, Any] = layer.get_config()
    except (NotImplementedError, TypeError, ValueError):
        # A layer of a user's own may not say either.
        config = {}
    shown = {name: config.get(name, getattr(layer, name, None)) for name in CONFIG}
    return {name: _show(value) for name, value in shown.items() if _is_plain(value)}


def _describe_attributes(operation: Any) -> dict[str, str]:
    described = {}
    for name, value in operation.node_def.attr.items():
        kind = value.WhichOneof("value")
        if name.startswith("_") or name in UNTOLD or kind not in ("i", "f", "b", "s", "list"):
            continue
        shown = value.list.i if kind == "list" else getattr(value, kind)
        if kind == "list" and not shown:
            continue
        if kind == "s":
            shown = shown.decode("utf-8", "replace")
        described[name] = _show(list(shown) if kind == "list" else shown)
    return described


def _describe_constants(operation: Any) -> dict[str, str]:
    described = {}
    arguments = [argument.name for argument in operation.op_def.input_arg]
    variadic = any(arg.number_attr or arg.type_list_attr for arg in operation.op_def.input_arg)
    if variadic:
        # The last argument of a variadic operation is its own where it is the axis.
        arguments = ["" for _ in operation.inputs]
        if operation.op_def.input_arg[-1].name == "axis":
            arguments[-1] = "axis"
    for name, tensor in zip(arguments, operation.inputs, strict=False):
        if name and tensor.op.type == "Const":
            value = tf.get_static_value(tensor)
            if value is not None and np.size(value) <= LONGEST and np.ndim(value) <= 2:
                described[RENAMED.get(name, name)] = _show(np.asarray(value).tolist())
    return described


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(item, bool | int | float | str) for item in value)
    return isinstance(value, bool | int | float | str)


def _show(value: Any) -> str:
    # An attribute is stored in float32: shown as what was written, not as what it became.
    if isinstance(value, float):
        return f"{value:.7g}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_show(item) for item in value)}]"
    return str(value)
