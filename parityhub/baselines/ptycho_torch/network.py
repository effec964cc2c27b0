"""The U-shaped network: groups of patterns to complex patches."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from parityhub.baselines.constants import CHANNELS
from parityhub.baselines.layout import list_layers


class Network(nn.Module):
    """Maps patterns (groups, C, N, N) to real and imaginary part of patches, each of that shape.

    Args:
        gridsize: the root of C.
        dtype: of the patterns.
    """

    def __init__(self, gridsize: int, dtype: torch.dtype) -> None:
        super().__init__()
        for layer in list_layers(gridsize):
            conv = nn.Conv2d(layer.inputs, layer.outputs, 3, padding=1, dtype=dtype)
            self.add_module(layer.name, conv)

    def forward(self, patterns: Tensor, phase: Tensor, inverse: Tensor) -> tuple[Tensor, Tensor]:
        """Return the patches' real and imaginary parts.

        Args:
            patterns: (groups, C, N, N).
            phase: (N, N), complex, as in `optics.BackPropagator`.
            inverse: (N, N), complex, as in `optics.BackPropagator`.
        """
        estimate = torch.fft.ifft2(patterns * phase, norm="ortho") * inverse
        x = self._transform(torch.cat([estimate.real, estimate.imag], dim=1))
        amplitude = 2 * torch.sigmoid(self._convolve("amplitude", x))
        angle = math.pi * torch.tanh(self._convolve("phase", x))
        return amplitude * torch.cos(angle), amplitude * torch.sin(angle)

    def _transform(self, x: Tensor) -> Tensor:
        kept = []
        for level in range(len(CHANNELS)):
            if level:
                x = functional.avg_pool2d(x, 2)
            x = functional.silu(self._convolve(f"encoder_{level}", x))
            kept.append(x)
        x = functional.silu(self._convolve("bottom", x))
        for level in reversed(range(len(CHANNELS) - 1)):
            x = functional.silu(self._convolve(f"narrow_{level}", x))
            x = functional.interpolate(x, scale_factor=2, mode="nearest") + kept[level]
            x = functional.silu(self._convolve(f"decoder_{level}", x))
        return x

    def _convolve(self, name: str, x: Tensor) -> Tensor:
        result: Tensor = self.get_submodule(name)(x)
        return result
