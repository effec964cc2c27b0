"""Two complex images against each other: amplitude and phase, each by the field's measures."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.compare.image_part import PartComparison, clip_likeness, measure_part, wrap_phase
from parityhub.compare.image_region import (
    Incomparable,
    Region,
    cut_region,
    find_region,
    refuse_values,
)

Image = npt.NDArray[np.complexfloating[Any, Any]]


@dataclass(frozen=True)
class ImageComparison:
    """How an image `b` differs from a reference `a` where both are covered."""

    region: str
    """what was compared: rows, columns and pixels"""
    global_phase: float
    """radians; how far b is turned against a. It is removed before the phases are compared"""
    overlap: float
    """|<a, b>| / (|a| |b|), 0 to 1: how well one phase and one scale explain b by a"""
    amplitude_ratio: float
    """the s for which |b| = s |a| fits best by least squares"""
    removed_scale: float | None
    """an amplitude scale that b was divided by before it was compared; None: it was not"""
    amplitude: PartComparison
    phase: PartComparison
    """in radians, where neither amplitude is 0"""


def compare_images(
    a: Image, b: Image, coverage: npt.NDArray[Any] | None = None
) -> ImageComparison | Incomparable:
    """Compare image b with reference a.

    The global phase, arg <a, b>, is removed from b: intensities do not determine it. Nothing else
    is: no scale, no shift, no phase ramp. The phase difference is wrapped into [-pi, pi]. The
    phase maps that SSIM and correlation see are a's phase, turned so that its amplitude-weighted
    mean lies in the middle of the wrap and counted from its least value, and for b that map plus
    the wrapped difference: so a wrap that falls on two sides of a pixel is not taken for an edge,
    and no unwrapping, which depends on its path through noise, is needed.

    Args:
        a: (height, width), complex; its range is the data range of SSIM and PSNR.
        b: (height, width), of the same dtype.
        coverage: (height, width), real; only where it is above 0 is anything compared.

    Returns:
        the comparison, or why there is none: shapes or dtypes differ, an image is not finite or
        is constant, too little is covered, or a result is beyond float64.
    """
    region = find_region(a, b, coverage)
    if isinstance(region, Incomparable):
        return region
    first, second = cut_region(a, region), cut_region(b, region)
    if refusal := refuse_values(first, "the reference", region):
        return refusal
    if refusal := refuse_values(second, "the image", region):
        return refusal
    with np.errstate(all="ignore"):
        return _measure(first, second, region)


def compare_with_object(
    known: Image, image: Image, coverage: npt.NDArray[Any] | None = None
) -> ImageComparison | Incomparable:
    """Compare a reconstruction with the known object, both taken as complex128.

    A reconstruction is determined up to a phase and, where the probe's power is not fixed, an
    amplitude scale. So the least-squares amplitude ratio is removed first, and named
    `removed_scale`.

    Args:
        known: (height, width), complex: the object on the image's own grid.
        image: (height, width), complex.
        coverage: (height, width), real; only where it is above 0 is anything compared.
    """
    if known.dtype.kind == "c" and image.dtype.kind == "c":
        # Not a question of parity here: an object is often stored in double precision.
        known, image = known.astype(np.complex128), image.astype(np.complex128)
    plain = compare_images(known, image, coverage)
    if isinstance(plain, Incomparable):
        return plain
    scale = plain.amplitude_ratio
    if not scale > 0:
        return Incomparable(f"no amplitude scale fits: least squares gives {scale!r}")
    with np.errstate(all="ignore"):
        scaled = compare_images(known, image / scale, coverage)
    if isinstance(scaled, Incomparable):
        return scaled
    return replace(scaled, amplitude_ratio=scale, removed_scale=scale)


def _measure(
    first: npt.NDArray[np.complex128], second: npt.NDArray[np.complex128], region: Region
) -> ImageComparison | Incomparable:
    inner = complex(np.sum(first.conj() * second))
    turned = second * np.exp(-1j * np.angle(inner))
    here, there = np.abs(first), np.abs(turned)
    power, other_power = float(np.sum(here**2)), float(np.sum(there**2))
    overlap = abs(inner) / np.sqrt(power) / np.sqrt(other_power)
    ratio = np.sum(here * there) / power
    if not np.isfinite([overlap, ratio]).all():
        return Incomparable("the amplitudes' squares are beyond float64")
    amplitude = measure_part(here, there, there - here, region.mask)
    if isinstance(amplitude, Incomparable):
        return amplitude
    phase = _measure_phase(first, turned, region.mask & (here > 0) & (there > 0))
    if isinstance(phase, Incomparable):
        return phase
    return ImageComparison(
        region=region.text,
        global_phase=float(np.angle(inner)),
        overlap=clip_likeness(overlap),
        amplitude_ratio=float(ratio),
        removed_scale=None,
        amplitude=amplitude,
        phase=phase,
    )


def _measure_phase(
    first: npt.NDArray[np.complex128],
    turned: npt.NDArray[np.complex128],
    lit: npt.NDArray[np.bool_],
) -> PartComparison | Incomparable:
    if np.count_nonzero(lit) < 2:
        return Incomparable("no phase: the amplitudes are both above 0 at fewer than 2 pixels")
    difference = wrap_phase(np.angle(turned) - np.angle(first))
    phase = wrap_phase(np.angle(first) - np.angle(np.sum(first)))
    phase -= phase[lit].min()
    return measure_part(phase, phase + difference, difference, lit)
