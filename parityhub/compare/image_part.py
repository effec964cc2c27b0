"""The amplitude or the phase of two images: errors, likeness, and maps of both."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

from parityhub.compare.image_region import Incomparable

WINDOW = 7
"""Side of SSIM's window, pixels: the uniform window of scikit-image's default."""

MEASURES = ("mae", "rmse", "max_abs", "ssim", "psnr", "correlation", "slope", "data_range")
"""The numbers of a part, by their field's name."""

Plane = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PartComparison:
    """A real image against a reference, over `pixels` pixels."""

    pixels: int
    mae: float
    rmse: float
    max_abs: float
    data_range: float
    """largest less least value of the reference: what SSIM and PSNR are relative to"""
    ssim: float | None
    """mean over the windows that are wholly covered; None: there is none, or no range"""
    psnr: float | None
    """dB; None: the images are identical, or there is no range"""
    correlation: float | None
    """Pearson's; None: one of the two is constant"""
    slope: float | None
    """of the least-squares line from reference to image; None: the reference is constant"""
    reference: npt.NDArray[np.float32]
    """(box height, box width), NaN where nothing was compared; so the next two"""
    image: npt.NDArray[np.float32]
    difference: npt.NDArray[np.float32]


def measure_part(
    reference: Plane, image: Plane, difference: Plane, mask: Mask
) -> PartComparison | Incomparable:
    """Measure a real image against a reference where the mask is set (2 pixels or more).

    Args:
        reference: (height, width).
        image: (height, width).
        difference: (height, width), image less reference; wrapped, for a phase.
        mask: (height, width).

    Returns:
        the measures, or that one of them is beyond float64.
    """
    here, there, errors = reference[mask], image[mask], difference[mask]
    data_range, peak = float(np.ptp(here)), float(np.max(np.abs(errors)))
    # Relative to the peak, squares neither overflow nor vanish.
    rmse = peak * float(np.sqrt(np.mean((errors / peak) ** 2))) if peak else 0.0
    correlation, slope = _fit_line(here, there)
    part = PartComparison(
        pixels=here.size,
        mae=float(np.mean(np.abs(errors))),
        rmse=rmse,
        max_abs=peak,
        data_range=data_range,
        ssim=_measure_ssim(reference, image, mask, data_range),
        psnr=float(20 * np.log10(data_range / rmse)) if data_range and rmse else None,
        correlation=correlation,
        slope=slope,
        reference=_draw_map(reference, mask),
        image=_draw_map(image, mask),
        difference=_draw_map(difference, mask),
    )
    for name in MEASURES:
        value = getattr(part, name)
        if value is not None and not isfinite(value):
            return Incomparable(f"{name} is beyond float64")
    return part


def wrap_phase(phase: Plane) -> Plane:
    """Wrap radians into [-pi, pi]. What lies there already is left bit for bit as it is."""
    return phase - 2 * np.pi * np.round(phase / (2 * np.pi))


def clip_likeness(likeness: np.float64) -> float:
    """Take off what rounding adds to a likeness that is within [-1, 1] by its definition."""
    return float(np.clip(likeness, -1, 1))


def _measure_ssim(reference: Plane, image: Plane, mask: Mask, data_range: float) -> float | None:
    """Return SSIM (Wang et al. 2004) with a uniform window, over wholly covered windows."""
    if min(mask.shape) < WINDOW or data_range == 0:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(mask, (WINDOW, WINDOW))
    whole = windows.all(axis=(2, 3))
    if not whole.any():
        return None
    from skimage.metrics import structural_similarity

    # What is not covered must not reach a window: the filter's running sums would carry it on.
    _, likeness = structural_similarity(
        np.where(mask, reference, 0.0) / data_range,
        np.where(mask, image, 0.0) / data_range,
        win_size=WINDOW,
        data_range=1.0,
        full=True,
    )
    inside = slice(WINDOW // 2, -(WINDOW // 2))
    return clip_likeness(np.mean(likeness[inside, inside][whole]))


def _fit_line(here: Plane, there: Plane) -> tuple[float | None, float | None]:
    """Return the correlation and the slope of the line from here to there."""
    x, y = here - here.mean(), there - there.mean()
    xx, yy, xy = (float(np.sum(left * right)) for left, right in ((x, x), (y, y), (x, y)))
    correlation = clip_likeness(xy / np.sqrt(xx) / np.sqrt(yy)) if xx and yy else None
    return correlation, xy / xx if xx else None


def _draw_map(plane: Plane, mask: Mask) -> npt.NDArray[np.float32]:
    return np.where(mask, plane, np.nan).astype(np.float32)
