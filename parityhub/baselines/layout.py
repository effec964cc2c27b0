"""The network as data: its layers, and what each weight is called and shaped on either side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from parityhub.baselines.constants import CHANNELS
from parityhub.errors import EvidenceError

Framework = Literal["tensorflow", "pytorch"]
Arrays = dict[str, npt.NDArray[Any]]

HEADS = ("amplitude", "phase")


@dataclass(frozen=True)
class Layer:
    """A convolution over 3 x 3 pixels with as much zero padding as keeps the size."""

    name: str
    inputs: int
    outputs: int


@dataclass(frozen=True)
class WeightLayout:
    """One weight: its canonical name and shape (a kernel is HWIO), and how each side has it."""

    name: str
    shape: tuple[int, ...]
    tensorflow: str
    pytorch: str
    pytorch_axes: tuple[int, ...]
    """axes of the canonical array in the order PyTorch wants them"""


def list_layers(gridsize: int) -> tuple[Layer, ...]:
    """List the network's convolutions.

    The encoder takes two channels a pattern (a first estimate's real and imaginary part) and
    halves the size behind each level; the decoder doubles it and adds what the encoder had
    there; two heads give amplitude and phase of each patch.

    Args:
        gridsize: the root of C, the patterns a group.
    """
    patches = gridsize**2
    layers, inputs = [], 2 * patches
    for level, channels in enumerate(CHANNELS):
        layers.append(Layer(f"encoder_{level}", inputs, channels))
        inputs = channels
    layers.append(Layer("bottom", inputs, inputs))
    for level, channels in reversed(list(enumerate(CHANNELS[:-1]))):
        layers.append(Layer(f"narrow_{level}", inputs, channels))
        layers.append(Layer(f"decoder_{level}", channels, channels))
        inputs = channels
    layers.extend(Layer(head, inputs, patches) for head in HEADS)
    return tuple(layers)


def describe_weights(gridsize: int) -> tuple[WeightLayout, ...]:
    """Describe each weight of the network, in the order of its layers."""
    weights = []
    for layer in list_layers(gridsize):
        shape = (3, 3, layer.inputs, layer.outputs)
        for part, torch_part, size, axes in (
            ("kernel", "weight", shape, (3, 2, 0, 1)),
            ("bias", "bias", (layer.outputs,), (0,)),
        ):
            weights.append(
                WeightLayout(
                    name=f"{layer.name}.{part}",
                    shape=size,
                    tensorflow=f"{layer.name}/{part}",
                    pytorch=f"{layer.name}.{torch_part}",
                    pytorch_axes=axes,
                )
            )
    return tuple(weights)


def lay_out(
    weights: Mapping[str, npt.NDArray[Any]],
    layouts: tuple[WeightLayout, ...],
    framework: Framework,
) -> Arrays:
    """Turn canonical weights into those of a framework, by its own names.

    Raises:
        EvidenceError: a name is missing, unknown, or its array has another shape.
    """
    _match_names(set(weights), {layout.name for layout in layouts}, "canonical")
    laid_out = {}
    for layout in layouts:
        array = weights[layout.name]
        _match_shape(layout.name, array.shape, layout.shape)
        axes = _axes_of(layout, framework)
        laid_out[_name_in(layout, framework)] = np.ascontiguousarray(array.transpose(axes))
    return laid_out


def gather(
    arrays: Mapping[str, npt.NDArray[Any]],
    layouts: tuple[WeightLayout, ...],
    framework: Framework,
) -> Arrays:
    """Turn a framework's weights into canonical ones; the inverse of `lay_out`.

    Raises:
        EvidenceError: a name is missing, unknown, or its array has another shape.
    """
    _match_names(set(arrays), {_name_in(layout, framework) for layout in layouts}, framework)
    gathered = {}
    for layout in layouts:
        axes, array = _axes_of(layout, framework), arrays[_name_in(layout, framework)]
        _match_shape(layout.name, array.shape, tuple(layout.shape[axis] for axis in axes))
        gathered[layout.name] = np.ascontiguousarray(array.transpose(np.argsort(axes)))
    return gathered


def _name_in(layout: WeightLayout, framework: Framework) -> str:
    return layout.tensorflow if framework == "tensorflow" else layout.pytorch


def _axes_of(layout: WeightLayout, framework: Framework) -> tuple[int, ...]:
    return layout.pytorch_axes if framework == "pytorch" else tuple(range(len(layout.shape)))


def _match_names(found: set[str], expected: set[str], whose: str) -> None:
    if found != expected:
        missing, unknown = sorted(expected - found), sorted(found - expected)
        raise EvidenceError(
            f"{whose} weights do not match: missing {missing}, unknown {unknown}",
            hint="the weights are of another network or gridsize",
        )


def _match_shape(name: str, found: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if found != expected:
        raise EvidenceError(
            f"weight {name} has shape {found}, expected {expected}",
            hint="the weights are of another network or gridsize",
        )
