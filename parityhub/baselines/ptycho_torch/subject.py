"""The reference network with its physics as one model: arrays in, patches and photons out."""

import torch
from torch import Tensor, nn

from parityhub.baselines.faults.reference import plant_fault
from parityhub.baselines.ptycho_torch.network import Network
from parityhub.baselines.ptycho_torch.physics import merge_overlaps, predict_counts


class Subject(nn.Module):
    """Patterns to patches, and patches to the photons expected in each pixel.

    Args:
        gridsize: the root of C; the patches of a group are merged where it is above 1.
        canvas_size: side of a group's canvas, pixels.
        dtype: of patterns and weights.
    """

    def __init__(self, gridsize: int, canvas_size: int, dtype: torch.dtype) -> None:
        super().__init__()
        self._gridsize, self._canvas_size = gridsize, canvas_size
        self.network = Network(gridsize, dtype)
        self.intensity_scale = nn.Parameter(torch.ones((), dtype=dtype))

    def forward(
        self,
        patterns: Tensor,
        offsets: Tensor,
        probe: Tensor,
        probe_phase: Tensor,
        probe_inverse: Tensor,
    ) -> dict[str, Tensor]:
        """Return `patches`, complex, and `expected`, photons.

        Args:
            patterns: (groups, C, N, N).
            offsets: (groups, C, 2), (dy, dx) from the middle of the group, pixels.
            probe: (N, N), complex.
            probe_phase: (N, N), complex, as in `optics.BackPropagator`.
            probe_inverse: (N, N), complex, as in `optics.BackPropagator`.

        Returns:
            Both (groups, C, N, N).
        """
        real, imaginary = self.network(patterns, probe_phase, probe_inverse)
        patches = torch.stack([real, imaginary], dim=2)
        if self._gridsize > 1:
            patches = merge_overlaps(patches, offsets, self._canvas_size)
        expected = predict_counts(patches, probe, self.intensity_scale)
        return {"patches": torch.complex(real, imaginary), "expected": expected}


def build(gridsize: int, size: int, canvas_size: int, dtype: str, fault: str = "") -> nn.Module:
    """Build the subject, for `parityhub compare`.

    Args:
        gridsize: 1 or 2.
        size: N; this side takes it from the patterns.
        canvas_size: side of a group's canvas, pixels.
        dtype: `float32` or `float64`.
        fault: the name of a mistake to make, for `parityhub selftest`.

    Raises:
        OptionError: there is no such fault.
    """
    return plant_fault(Subject(gridsize, canvas_size, getattr(torch, dtype)), fault)
