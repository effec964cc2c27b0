"""From patches to photons: overlap, probe, propagation, and the likelihood of what was counted."""

import torch
from torch import Tensor

from parityhub.baselines.constants import BACKGROUND
from parityhub.baselines.ptycho_torch.translation import translate


def merge_overlaps(patches: Tensor, offsets: Tensor, canvas_size: int) -> Tensor:
    """Make the patches of a group agree: average them on one canvas, cut them out again.

    Args:
        patches: (groups, C, 2, N, N), real and imaginary part.
        offsets: (groups, C, 2), (dy, dx) from the middle of the group.
        canvas_size: side of the canvas, pixels.

    Returns:
        As patches.
    """
    groups, count, _, size, _ = patches.shape
    places = (offsets + (canvas_size - size) / 2).reshape(-1, 2)
    ones = torch.ones_like(patches[:, :, :1])
    images = torch.cat([patches, ones], dim=2).reshape(-1, 3, size, size)
    placed = translate(images, places, canvas_size)
    total = placed.reshape(groups, count, 3, canvas_size, canvas_size).sum(dim=1)
    mean = total[:, :2] / torch.clamp(total[:, 2:], min=1e-3)
    repeated = mean.repeat_interleave(count, dim=0)
    return translate(repeated, -places, size).reshape(patches.shape)


def predict_counts(patches: Tensor, probe: Tensor, intensity_scale: Tensor) -> Tensor:
    """Return the photons expected in each pixel, zero frequency in the corner.

    Args:
        patches: (groups, C, 2, N, N), real and imaginary part.
        probe: (N, N), complex.
        intensity_scale: factor on amplitudes, a scalar.

    Returns:
        (groups, C, N, N).
    """
    exit_wave = torch.complex(patches[:, :, 0], patches[:, :, 1]) * probe
    far = torch.fft.fft2(exit_wave, norm="ortho")
    return torch.square(intensity_scale) * (torch.square(far.real) + torch.square(far.imag))


def poisson_loss(expected: Tensor, counts: Tensor) -> Tensor:
    """Return the mean negative log-likelihood of counts, less that of a perfect prediction.

    A pixel costs r - n + n log(n / r) for n counts where r are expected, background included.
    """
    rate = expected + BACKGROUND
    ratio = torch.log(torch.clamp(counts, min=1e-6)) - torch.log(rate)
    return torch.mean(rate - counts + counts * ratio)
