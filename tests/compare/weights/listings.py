"""Listings of weights as the frameworks give them, written by hand from real models."""

from parityhub.capture.protocol import WeightInfo


def keras(path: str, kind: str, *shape: int) -> WeightInfo:
    owner, _, role = path.rpartition("/")
    return _info(path, owner, kind, role, shape)


def torch(path: str, kind: str, *shape: int) -> WeightInfo:
    owner, _, role = path.rpartition(".")
    return _info(path, owner, kind, role, shape)


def _info(name: str, owner: str, kind: str, role: str, shape: tuple[int, ...]) -> WeightInfo:
    return WeightInfo(
        name=name,
        shape=list(shape),
        dtype="float32",
        owner=owner,
        kind=kind,
        role=role,
        trainable=True,
    )


def keras_conv(path: str, inputs: int, outputs: int) -> list[WeightInfo]:
    return [
        keras(f"{path}/kernel", "Conv2D", 3, 3, inputs, outputs),
        keras(f"{path}/bias", "Conv2D", outputs),
    ]


def torch_conv(path: str, inputs: int, outputs: int) -> list[WeightInfo]:
    return [
        torch(f"{path}.weight", "Conv2d", outputs, inputs, 3, 3),
        torch(f"{path}.bias", "Conv2d", outputs),
    ]


def keras_norm(path: str, channels: int) -> list[WeightInfo]:
    return [
        keras(f"{path}/{role}", "BatchNormalization", channels)
        for role in ("gamma", "beta", "moving_mean", "moving_variance")
    ]


def torch_norm(path: str, channels: int) -> list[WeightInfo]:
    named = [
        torch(f"{path}.{role}", "BatchNorm2d", channels)
        for role in ("weight", "bias", "running_mean", "running_var")
    ]
    return [*named, torch(f"{path}.num_batches_tracked", "BatchNorm2d")]


def keras_dense(path: str, inputs: int, outputs: int) -> list[WeightInfo]:
    return [
        keras(f"{path}/kernel", "Dense", inputs, outputs),
        keras(f"{path}/bias", "Dense", outputs),
    ]


def torch_dense(path: str, inputs: int, outputs: int) -> list[WeightInfo]:
    return [
        torch(f"{path}.weight", "Linear", outputs, inputs),
        torch(f"{path}.bias", "Linear", outputs),
    ]


def keras_recurrent(path: str, kind: str, inputs: int, units: int, gates: int) -> list[WeightInfo]:
    bias = (2, gates * units) if kind == "GRUCell" else (gates * units,)
    return [
        keras(f"{path}/kernel", kind, inputs, gates * units),
        keras(f"{path}/recurrent_kernel", kind, units, gates * units),
        keras(f"{path}/bias", kind, *bias),
    ]


def torch_recurrent(
    path: str, kind: str, inputs: int, units: int, gates: int, suffix: str = "_l0"
) -> list[WeightInfo]:
    return [
        torch(f"{path}.weight_ih{suffix}", kind, gates * units, inputs),
        torch(f"{path}.weight_hh{suffix}", kind, gates * units, units),
        torch(f"{path}.bias_ih{suffix}", kind, gates * units),
        torch(f"{path}.bias_hh{suffix}", kind, gates * units),
    ]


def keras_attention(path: str, width: int, heads: int) -> list[WeightInfo]:
    size = width // heads
    projections = [
        keras(f"{path}/{name}/{role}", "EinsumDense", *shape)
        for name in ("query", "key", "value")
        for role, shape in (("kernel", (width, heads, size)), ("bias", (heads, size)))
    ]
    return [
        *projections,
        keras(f"{path}/attention_output/kernel", "EinsumDense", heads, size, width),
        keras(f"{path}/attention_output/bias", "EinsumDense", width),
    ]


def torch_attention(path: str, width: int) -> list[WeightInfo]:
    kind, out = "MultiheadAttention", "NonDynamicallyQuantizableLinear"
    return [
        torch(f"{path}.in_proj_weight", kind, 3 * width, width),
        torch(f"{path}.in_proj_bias", kind, 3 * width),
        torch(f"{path}.out_proj.weight", out, width, width),
        torch(f"{path}.out_proj.bias", out, width),
    ]
