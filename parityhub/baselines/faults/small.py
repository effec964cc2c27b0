"""Mistakes in the small pair's PyTorch side."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from parityhub.baselines.faults.plant import Plant, plant_one


class ShiftedUpsample(nn.Module):
    """Doubles height and width bilinearly without half-pixel centres: as TensorFlow 1 did."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, channels, 2 height, 2 width): y[2i] = x[i], y[2i + 1] in between."""
        for axis in (2, 3):
            x = _double_axis(x, axis)
        return x


class FlattenChannelsFirst(nn.Module):
    """Flattens images in PyTorch's own order, which is not that of the dense weights."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, channels x height x width)."""
        return x.flatten(1)


class LeftPaddedConvolution(nn.Conv2d):
    """A convolution at stride 2 that pads left and above."""

    def forward(self, x: Tensor) -> Tensor:
        """Pad and convolve."""
        x = functional.pad(x, (1, 0, 1, 0))
        return functional.conv2d(x, self.weight, self.bias, self.stride)


def read_as_channels_first(model: nn.Module) -> None:
    """Let a model read channels-last memory as if it were channels-first."""

    def reread(_: nn.Module, images: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return tuple(image.permute(0, 2, 3, 1).reshape(image.shape) for image in images)

    model.register_forward_pre_hook(reread)


def pad_on_the_left(model: nn.Module) -> None:
    """Let the convolution at stride 2 pad as PyTorch's padding=1 does to an even size."""
    model.reduce = LeftPaddedConvolution(8, 12, 3, stride=2)


def replace(model: nn.Module, path: str, layer: nn.Module) -> None:
    """Put a layer without weights in the place of another."""
    setattr(model, path, layer)


def configure(model: nn.Module, path: str, name: str, value: Any) -> None:
    """Give a layer another setting."""
    setattr(model.get_submodule(path), name, value)


PLANTS: Mapping[str, Plant] = {
    "nhwc-as-nchw": read_as_channels_first,
    "flatten-order": partial(replace, path="flatten", layer=FlattenChannelsFirst()),
    "half-pixel-shift": partial(replace, path="resize", layer=ShiftedUpsample()),
    "align-corners": partial(configure, path="resize", name="align_corners", value=True),
    "padding-side": pad_on_the_left,
    "batchnorm-epsilon": partial(configure, path="lift_norm", name="eps", value=1e-5),
    "leaky-slope": partial(configure, path="lift_leak", name="negative_slope", value=0.01),
    "softmax-axis": partial(configure, path="choose", name="dim", value=2),
    "gelu-tanh": partial(configure, path="hidden_gate", name="approximate", value="tanh"),
    "relu-for-silu": partial(replace, path="reduce_gate", layer=nn.ReLU()),
}


def plant_fault(model: nn.Module, name: str) -> nn.Module:
    """Make a mistake in the small net and return it; an empty name makes none.

    Raises:
        OptionError: there is no such mistake.
    """
    return plant_one(model, name, PLANTS)


def _double_axis(x: Tensor, axis: int) -> Tensor:
    size = x.shape[axis]
    following = torch.cat([x.narrow(axis, 1, size - 1), x.narrow(axis, size - 1, 1)], dim=axis)
    return torch.stack([x, (x + following) / 2], dim=axis + 1).flatten(axis, axis + 1)
