"""Layers that compute with less than they are given."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class BFloat16Convolution(nn.Conv2d):
    """A convolution that is done in bfloat16, whatever comes in."""

    def forward(self, x: Tensor) -> Tensor:
        """Convolve, and return the dtype of `x`."""
        operands = (operand.to(torch.bfloat16) for operand in (x, self.weight, self.bias))
        result: Tensor = functional.conv2d(*operands, self.stride, self.padding)
        return result.to(x.dtype)


class ShortMantissaConvolution(nn.Conv2d):
    """A convolution of operands that are rounded as TF32 rounds them; sums stay in full."""

    def forward(self, x: Tensor) -> Tensor:
        """Convolve, and return the dtype of `x`."""
        weight = shorten_mantissa(self.weight)
        return functional.conv2d(shorten_mantissa(x), weight, self.bias, self.stride, self.padding)


def shorten_mantissa(x: Tensor) -> Tensor:
    """Round to a mantissa of 10 bits, which is TF32's, through float16, which has as many.

    Exact for elements between 6.2e-5 and 65504 in modulus; a smaller one is rounded to a multiple
    of 6e-8, as TF32 would not.
    """
    return x.to(torch.float16).to(x.dtype)


def retype_convolution(model: nn.Module, path: str, kind: type[nn.Conv2d]) -> None:
    """Put a convolution of another class in the place of one, with its weights and its path."""
    parent_path, _, name = path.rpartition(".")
    old = model.get_submodule(path)
    new = kind(
        old.in_channels,
        old.out_channels,
        old.kernel_size,
        old.stride,
        old.padding,
        dtype=old.weight.dtype,
    )
    new.load_state_dict(old.state_dict())
    setattr(model.get_submodule(parent_path), name, new)
