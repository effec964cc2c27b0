"""Arrays as images: MAE, SSIM, PSNR and Fourier ring correlation, by mean over a batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from parityhub.compare.image_part import PartComparison, measure_part
from parityhub.compare.image_region import Incomparable
from parityhub.compare.images import compare_images
from parityhub.compare.metrics.admit import find_content
from parityhub.compare.metrics.fourier_ring import RingCorrelation, correlate_rings
from parityhub.compare.metrics.numbers import is_numeric, load_numbers

Layout = Literal["HW", "NHW", "NCHW", "NHWC"]
"""Where the axes of height and width lie."""


@dataclass(frozen=True)
class PartMeasures:
    """Means over the images that have the number; None: none has."""

    mae: float | None
    ssim: float | None
    """None: no image has 7 x 7 pixels, or a range of values"""
    psnr: float | None
    """dB; None: the images are identical, or without a range"""


@dataclass(frozen=True)
class ImageMeasures:
    """How images differ from their references."""

    images: int
    """compared; each channel is one"""
    skipped: tuple[tuple[int, str], ...]
    """(number of the image in the batch, why it is not compared)"""
    values: PartMeasures | None
    """of real images"""
    amplitude: PartMeasures | None
    """of complex ones; and so the phase, in radians, once the global phase is removed"""
    phase: PartMeasures | None
    global_phases: tuple[float, ...]
    """radians: how far each complex image was turned against its reference, and was turned back"""
    rings: RingCorrelation | None
    """of the first image that is compared (complex: turned back); None: too small"""
    resolution: float | None
    """pixels, mean over the images whose ring correlation falls below its threshold"""
    agree_to_nyquist: int
    """images whose ring correlation never does"""


@dataclass(frozen=True)
class _One:
    """An image against its reference."""

    parts: tuple[PartComparison, ...]
    """values; or amplitude and phase"""
    global_phase: float | None
    rings: RingCorrelation | None


def measure_images(
    left: npt.NDArray[Any], right: npt.NDArray[Any], layout: Layout
) -> ImageMeasures | Incomparable:
    """Measure images against their references, one by one.

    Args:
        left: real or complex, axes as `layout` says; one image of it is held at a time.
        right: the reference, of the same shape, real where left is; its range of values is what
            SSIM and PSNR are relative to.
        layout: HW, NHW, NCHW or NHWC. Each channel is an image of its own.

    Returns:
        the measures, or why there are none.
    """
    if left.shape != right.shape:
        return Incomparable(f"shapes differ: {left.shape} and {right.shape}")
    if left.ndim != len(layout):
        return Incomparable(f"no images of layout {layout}: shape {left.shape}")
    if not (is_numeric(left.dtype) and is_numeric(right.dtype)):
        return Incomparable(f"no numbers: {left.dtype} and {right.dtype}")
    if (left.dtype.kind == "c") != (right.dtype.kind == "c"):
        return Incomparable(f"one is complex, the other is not: {left.dtype} and {right.dtype}")
    found, skipped = [], []
    for number, (image, reference) in enumerate(_cut_images(left, right, layout)):
        measured = _measure_one(image, reference)
        if isinstance(measured, Incomparable):
            skipped.append((number, measured.reason))
        else:
            found.append(measured)
    if not found:
        return Incomparable(skipped[0][1] if skipped else f"no image in shape {left.shape}")
    return _gather(found, tuple(skipped))


def _cut_images(
    left: npt.NDArray[Any], right: npt.NDArray[Any], layout: Layout
) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    """Yield each image and its reference, (height, width), as float64 or complex128."""
    if layout == "NHWC":
        left, right = np.moveaxis(left, -1, 1), np.moveaxis(right, -1, 1)
    wide = np.complex128 if left.dtype.kind == "c" else np.float64
    for index in np.ndindex(left.shape[:-2]):
        image, reference = (
            load_numbers(np.ascontiguousarray(array[index])).astype(wide) for array in (left, right)
        )
        yield image, reference


def _measure_one(image: npt.NDArray[Any], reference: npt.NDArray[Any]) -> _One | Incomparable:
    if image.dtype.kind == "c":
        return _measure_complex(image, reference)
    if image.size < 2:
        return Incomparable(f"only {image.size} pixels")
    for plane, name in ((reference, "the reference"), (image, "the image")):
        bad = plane.size - np.count_nonzero(np.isfinite(plane))
        if bad:
            return Incomparable(f"{name} is not finite at {bad} of {plane.size} pixels")
        constant = find_content(plane).constant
        if constant is not None:
            return Incomparable(f"{name} is constant: {constant!r} at each pixel")
    mask = np.ones(image.shape, dtype=np.bool_)
    with np.errstate(all="ignore"):
        part = measure_part(reference, image, image - reference, mask)
    if isinstance(part, Incomparable):
        return part
    return _One((part,), None, correlate_rings(reference, image))


def _measure_complex(
    image: npt.NDArray[np.complex128], reference: npt.NDArray[np.complex128]
) -> _One | Incomparable:
    found = compare_images(reference, image)
    if isinstance(found, Incomparable):
        return found
    turned = image * np.exp(-1j * found.global_phase)
    return _One(
        (found.amplitude, found.phase), found.global_phase, correlate_rings(reference, turned)
    )


def _gather(found: Sequence[_One], skipped: tuple[tuple[int, str], ...]) -> ImageMeasures:
    real = found[0].global_phase is None
    parts = [_average([one.parts[n] for one in found]) for n in range(len(found[0].parts))]
    rings = [one.rings for one in found if one.rings is not None]
    crossings = [curve.resolution for curve in rings if curve.resolution is not None]
    return ImageMeasures(
        images=len(found),
        skipped=skipped,
        values=parts[0] if real else None,
        amplitude=None if real else parts[0],
        phase=None if real else parts[1],
        global_phases=tuple(one.global_phase for one in found if one.global_phase is not None),
        rings=found[0].rings,
        resolution=_take_mean(crossings),
        agree_to_nyquist=len(rings) - len(crossings),
    )


def _average(parts: Sequence[PartComparison]) -> PartMeasures:
    names = [field.name for field in fields(PartMeasures)]
    columns = {
        name: [value for part in parts if (value := getattr(part, name)) is not None]
        for name in names
    }
    return PartMeasures(**{name: _take_mean(values) for name, values in columns.items()})


def _take_mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
