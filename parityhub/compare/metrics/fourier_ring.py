"""Fourier ring correlation of two images, and the resolution up to which they agree.

Saxton & Baumeister, J. Microsc. 127 (1982) 127-138; van Heel et al., "Arthropod hemocyanin
structures studied by image analysis" (1982), in Life Chemistry Reports Suppl. 1, 69-73. On a ring
of the Fourier transform, FRC = Re sum(F1 conj(F2)) / sqrt(sum |F1|^2 sum |F2|^2). The half-bit
threshold is that of van Heel & Schatz, J. Struct. Biol. 151 (2005) 250-262, equation 17.
"""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float64] | npt.NDArray[np.complex128]

SMALLEST = 4
"""pixels of an image's shorter side"""


@dataclass(frozen=True)
class RingCorrelation:
    """The curve, ring by ring from frequency 0 to Nyquist's of the shorter side."""

    frequency: tuple[float, ...]
    """of a ring's middle, cycles a pixel: 0 to 0.5"""
    correlation: tuple[float | None, ...]
    """-1 to 1; None: a ring without power in one of the images"""
    threshold: tuple[float, ...]
    """half-bit"""
    samples: tuple[int, ...]
    """Fourier coefficients of a ring"""
    resolution: float | None
    """pixels: half a period at the frequency where the curve first falls below the threshold,
    between rings by straight lines; None: it nowhere does, so they agree up to Nyquist's"""


def correlate_rings(first: Image, second: Image) -> RingCorrelation | None:
    """Correlate two images ring by ring; None: too small, or their powers are beyond float64.

    Real images go in as they are, complex ones with their phases as they are: what is global must
    be removed before. No window is laid over them, so images that do not go on around their edges
    have a cross of high frequencies in common.

    Args:
        first: (height, width), finite, height and width 4 or more.
        second: likewise, of the same shape.
    """
    if min(first.shape) < SMALLEST:
        return None
    with np.errstate(all="ignore"):
        one, other = np.fft.fft2(_bound(first)), np.fft.fft2(_bound(second))
    rings, count = _number_rings(first.shape)
    sums = [
        np.bincount(rings, weights=values.ravel(), minlength=count)[:count]
        for values in ((one * other.conj()).real, np.abs(one) ** 2, np.abs(other) ** 2)
    ]
    if not all(isfinite(float(part.sum())) for part in sums):
        return None
    samples = np.bincount(rings, minlength=count)[:count]
    threshold = find_half_bit(samples)
    curve = [
        float(np.clip(both / np.sqrt(power) / np.sqrt(other_power), -1, 1))
        if power > 0 and other_power > 0
        else None
        for both, power, other_power in zip(*sums, strict=True)
    ]
    frequency = np.arange(count) / min(first.shape)
    return RingCorrelation(
        frequency=tuple(frequency.tolist()),
        correlation=tuple(curve),
        threshold=tuple(threshold.tolist()),
        samples=tuple(samples.tolist()),
        resolution=find_resolution(frequency, curve, threshold),
    )


def find_half_bit(samples: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the FRC of rings whose voxels carry half a bit each (van Heel & Schatz 2005, eq. 17).

    T = (0.2071 + 1.9102 / sqrt(n)) / (1.2071 + 0.9102 / sqrt(n)); above 1 (n < 1) it is 1.
    """
    root = np.sqrt(samples)
    return np.minimum(1.0, (0.2071 + 1.9102 / root) / (1.2071 + 0.9102 / root))


def find_resolution(
    frequency: npt.NDArray[np.float64],
    curve: list[float | None],
    threshold: npt.NDArray[np.float64],
) -> float | None:
    """Return half the period, in pixels, where the curve first falls below the threshold.

    Ring 0 is the mean alone, so it does not count; nor do rings without power.
    """
    known = [place for place, value in enumerate(curve) if place > 0 and value is not None]
    margins = [float(curve[place] or 0.0) - float(threshold[place]) for place in known]
    for number, margin in enumerate(margins):
        if margin >= 0:
            continue
        at = float(frequency[known[number]])
        if number:
            before, above = float(frequency[known[number - 1]]), margins[number - 1]
            at = before + (at - before) * above / (above - margin)
        return 0.5 / at
    return None


def _bound(image: Image) -> Image:
    """Return an image scaled to a largest magnitude of about 1: FRC knows no scale."""
    peak = float(np.abs(image).max())
    return image / peak if 0 < peak < np.inf else image


def _number_rings(shape: tuple[int, ...]) -> tuple[npt.NDArray[np.int64], int]:
    """Return each coefficient's ring, (height * width,), and the number of whole rings.

    A ring is as wide as the coarser axis's step of frequency.
    """
    vertical, horizontal = np.fft.fftfreq(shape[0]), np.fft.fftfreq(shape[1])
    radius = np.hypot(vertical[:, np.newaxis], horizontal[np.newaxis, :])
    rings = np.rint(radius * min(shape)).astype(np.int64)
    return rings.ravel(), min(shape) // 2 + 1
