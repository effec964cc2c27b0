"""The known faults as data: what each is, how it is seeded, where it sits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Arrays = dict[str, Array]
Edit = Callable[[Mapping[str, Array], Mapping[str, Array]], Arrays]
"""Makes a mistake in PyTorch's weights, by its own names: takes them, and those of an earlier epoch
of the same training (most edits do not look at them); returns others and changes none in place."""


@dataclass(frozen=True)
class Fault:
    """A mistake that is made on the PyTorch side of a pair."""

    name: str
    pair: Literal["reference", "small"]
    how: Literal["model", "output", "weights"]
    """model, output: the option `fault` of the pair's PyTorch builder has this name; the first
    changes a layer or the input, the second what comes out. weights: `edit` changes them."""
    layer: str
    """path in PyTorch of the layer that first gives something else; empty: it sits in none"""
    says: str
    edit: Edit | None = None
    wants_earlier: bool = False
    """`edit` takes over weights of an earlier epoch"""


def flip_kernel(weights: Mapping[str, Array], _: Mapping[str, Array], name: str) -> Arrays:
    """Turn a kernel OIHW about: a convolution for a cross-correlation."""
    return {**weights, name: weights[name][..., ::-1, ::-1].copy()}


def swap_kernel_axes(weights: Mapping[str, Array], _: Mapping[str, Array], name: str) -> Arrays:
    """Swap height and width of a kernel OIHW: WHIO read as HWIO."""
    return {**weights, name: weights[name].swapaxes(-1, -2).copy()}


def reverse_inputs(weights: Mapping[str, Array], _: Mapping[str, Array], name: str) -> Arrays:
    """Reverse the input channels of a kernel OIHW: BGR for RGB."""
    return {**weights, name: weights[name][:, ::-1].copy()}


def transpose(weights: Mapping[str, Array], _: Mapping[str, Array], name: str) -> Arrays:
    """Transpose a square matrix: taken over without turning it."""
    return {**weights, name: weights[name].T.copy()}


def fill(
    weights: Mapping[str, Array], _: Mapping[str, Array], values: Mapping[str, float]
) -> Arrays:
    """Give each of some weights one value throughout: what a layer starts with."""
    filled = {name: np.full_like(weights[name], value) for name, value in values.items()}
    return {**weights, **filled}


def take_earlier(weights: Mapping[str, Array], earlier: Mapping[str, Array]) -> Arrays:
    """Take over all weights of an earlier epoch.

    Raises:
        ValueError: the earlier ones have other names or shapes.
    """
    if {n: a.shape for n, a in weights.items()} != {n: a.shape for n, a in earlier.items()}:
        raise ValueError("the weights of the earlier epoch are those of another network")
    return {name: earlier[name].astype(array.dtype) for name, array in weights.items()}


def take_earlier_layer(
    weights: Mapping[str, Array], earlier: Mapping[str, Array], layer: str
) -> Arrays:
    """Take over one layer's weights of an earlier epoch."""
    stale = {name: earlier[name] for name in weights if name.rpartition(".")[0] == layer}
    return {**weights, **{name: a.astype(weights[name].dtype) for name, a in stale.items()}}


FAULTS: tuple[Fault, ...] = (
    Fault("patches-permuted", "reference", "output", "", "patches of a group in another order"),
    Fault("height-width-swapped", "reference", "output", "", "height and width of patches swapped"),
    Fault("sign", "reference", "output", "", "patches negated"),
    Fault("times-two", "reference", "output", "", "expected photons doubled"),
    Fault("plus-one", "reference", "output", "", "one photon more expected everywhere"),
    Fault("one-nan", "reference", "output", "", "one element of the patches is NaN"),
    Fault("one-infinity", "reference", "output", "", "one element is an inf of the other sign"),
    Fault("output-constant", "reference", "output", "", "patches are the same everywhere"),
    Fault("output-zero", "reference", "output", "", "expected photons are zero everywhere"),
    Fault(
        "bfloat16-layer", "reference", "model", "network.encoder_2",
        "one convolution is done in bfloat16",
    ),
    Fault(
        "short-mantissa-layer", "reference", "model", "network.decoder_0",
        "one convolution's operands are cut to 10 bits of mantissa, as in TF32",
    ),
    Fault(
        "kernel-flipped", "reference", "weights", "network.encoder_1",
        "a kernel turned about, as if the layer convolved",
        edit=partial(flip_kernel, name="network.encoder_1.weight"),
    ),
    Fault(
        "earlier-epoch", "reference", "weights", "network.encoder_0",
        "all weights are those of an earlier epoch",
        edit=take_earlier, wants_earlier=True,
    ),
    Fault(
        "stale-layer", "reference", "weights", "network.decoder_1",
        "one layer's weights are those of an earlier epoch",
        edit=partial(take_earlier_layer, layer="network.decoder_1"), wants_earlier=True,
    ),
    Fault(
        "intensity-scale-default", "reference", "weights", "",
        "intensity_scale left at its default",
        edit=partial(fill, values={"intensity_scale": 1.0}),
    ),
    Fault("nhwc-as-nchw", "small", "model", "", "the image's memory read in the other order"),
    Fault("flatten-order", "small", "model", "flatten", "flattened channels first"),
    Fault("half-pixel-shift", "small", "model", "resize", "interpolated between pixels' corners"),
    Fault("align-corners", "small", "model", "resize", "interpolated with aligned corners"),
    Fault("padding-side", "small", "model", "reduce", "SAME padding on the left at stride 2"),
    Fault("batchnorm-epsilon", "small", "model", "lift_norm", "epsilon 1e-5 for 1e-3"),
    Fault("leaky-slope", "small", "model", "lift_leak", "slope 0.01 for 0.25"),
    Fault("softmax-axis", "small", "model", "choose", "softmax over height, not channels"),
    Fault("gelu-tanh", "small", "model", "hidden_gate", "GELU by tanh, not by erf"),
    Fault("relu-for-silu", "small", "model", "reduce_gate", "ReLU for SiLU"),
    Fault(
        "bias-zeroed", "small", "weights", "reduce", "a bias zeroed that was not zero",
        edit=partial(fill, values={"reduce.bias": 0.0}),
    ),
    Fault(
        "batchnorm-statistics", "small", "weights", "refine_norm",
        "moving mean and variance left at their start",
        edit=partial(
            fill, values={"refine_norm.running_mean": 0.0, "refine_norm.running_var": 1.0}
        ),
    ),
    Fault(
        "channel-order", "small", "weights", "lift", "input channels of a kernel reversed",
        edit=partial(reverse_inputs, name="lift.weight"),
    ),
    Fault(
        "kernel-axes-swapped", "small", "weights", "refine", "a kernel's height and width swapped",
        edit=partial(swap_kernel_axes, name="refine.weight"),
    ),
    Fault(
        "dense-transposed", "small", "weights", "square", "a square dense kernel not transposed",
        edit=partial(transpose, name="square.weight"),
    ),
)  # fmt: skip
