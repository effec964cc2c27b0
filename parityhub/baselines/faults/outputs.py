"""Mistakes made with what a model gives, behind its last layer."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Change = Callable[[Tensor], Tensor]


def change_output(model: nn.Module, name: str, change: Change) -> None:
    """Let a model that returns a dictionary give one of its outputs changed."""

    def replace(_: nn.Module, __: object, outputs: dict[str, Tensor]) -> dict[str, Tensor]:
        return {**outputs, name: change(outputs[name])}

    model.register_forward_hook(replace)


def permute_patches(x: Tensor) -> Tensor:
    """Give each patch of a group (groups, C, N, N) the place of the one before it."""
    return torch.roll(x, 1, dims=1)


def swap_height_and_width(x: Tensor) -> Tensor:
    """Transpose the last two axes."""
    return x.transpose(-1, -2)


def flip_sign(x: Tensor) -> Tensor:
    """Negate."""
    return -x


def double(x: Tensor) -> Tensor:
    """Multiply by 2."""
    return 2 * x


def add_one(x: Tensor) -> Tensor:
    """Add 1."""
    return x + 1


def put_one_nan(x: Tensor) -> Tensor:
    """Replace the element in the middle by NaN."""
    return _replace_middle(x, float("nan"))


def put_one_infinity(x: Tensor) -> Tensor:
    """Replace the element in the middle by an infinity of the other sign."""
    middle = x.flatten()[x.numel() // 2].real
    return _replace_middle(x, float("-inf") if middle >= 0 else float("inf"))


def make_constant(x: Tensor) -> Tensor:
    """Give the first element everywhere."""
    return torch.ones_like(x) * x.flatten()[0]


def make_zero(x: Tensor) -> Tensor:
    """Give zero everywhere."""
    return torch.zeros_like(x)


def _replace_middle(x: Tensor, value: float) -> Tensor:
    flat = x.flatten().clone()
    flat[x.numel() // 2] = value
    return flat.reshape(x.shape)
