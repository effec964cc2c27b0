"""Translation of images by fractions of a pixel, in the images' own dtype."""

import torch
from torch import Tensor


def translate(images: Tensor, offsets: Tensor, size: int) -> Tensor:
    """Move images by (dy, dx), bilinearly; zero comes in from outside.

    Each axis is a product with a matrix whose rows hold the two weights of a linear interpolation
    and zeros: so each pixel is the weighted sum of its four neighbours, and the gradient is exact.

    Args:
        images: (n, k, h, w).
        offsets: (n, 2), pixels.
        size: side of the result.

    Returns:
        (n, k, size, size); [y, x] is the image at [y - dy, x - dx].
    """
    down = _interpolation(offsets[:, 0], size, images.shape[-2])
    across = _interpolation(offsets[:, 1], size, images.shape[-1])
    return down @ images @ across.transpose(-1, -2)


def _interpolation(offsets: Tensor, outputs: int, inputs: int) -> Tensor:
    """Return (n, 1, outputs, inputs), the weight of each input pixel in each output pixel."""
    target = torch.arange(outputs, dtype=offsets.dtype)[:, None]
    source = torch.arange(inputs, dtype=offsets.dtype)
    distance = torch.abs(target - source - offsets[:, None, None])
    return torch.clamp(1 - distance, min=0)[:, None]
