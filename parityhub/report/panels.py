"""One image in one panel. What has no contrast or no value is drawn as such, never as noise."""

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

Image = npt.NDArray[np.floating[Any]]

SEQUENTIAL, DIVERGING = "cividis", "RdBu_r"
"""both keep their order for colour-blind readers"""
EMPTY: Any = {"facecolor": "#e8e8e8", "edgecolor": "#9a9a9a", "hatch": "////"}
"""what stands where there is no value"""
LABEL: Any = {
    "ha": "center",
    "va": "center",
    "bbox": {"facecolor": "white", "edgecolor": "#9a9a9a"},
}
"""how it is said that there is no contrast"""


def draw_panel(
    axes: Axes,
    image: Image | None,
    *,
    limits: tuple[float, float] | None = None,
    colors: str = SEQUENTIAL,
) -> AxesImage | None:
    """Draw an image, hatched where it has no value.

    Args:
        axes: where to draw.
        image: real, (H, W), or None where there is none.
        limits: values of the darkest and the brightest colour; default: the image's own.
        colors: name of the colour map.

    Returns:
        What was drawn; None where there was nothing to draw but a label.
    """
    axes.set_xticks([])
    axes.set_yticks([])
    axes.patch.set(**EMPTY)
    label = describe_flatness(image)
    if image is None or label:
        axes.set_box_aspect(1)
        axes.text(0.5, 0.5, label or "missing", transform=axes.transAxes, **LABEL)
        return None
    low, high = limits or find_limits(image)
    return axes.imshow(
        np.ma.masked_invalid(image), cmap=colors, vmin=low, vmax=high, interpolation="nearest"
    )


def draw_cell(
    axes: Axes, image: Image, extent: tuple[float, float, float, float]
) -> AxesImage | None:
    """Draw an image into a part of a panel, on its own scale, hatched where it has no value.

    Args:
        axes: where to draw; its limits stay.
        image: real, (H, W).
        extent: left, right, bottom and top, in the panel's own units.

    Returns:
        What was drawn; None where there was nothing to draw but a label.
    """
    left, right, bottom, top = extent
    axes.add_patch(Rectangle((left, top), right - left, bottom - top, **EMPTY))
    if label := describe_flatness(image):
        axes.text((left + right) / 2, (bottom + top) / 2, label, **LABEL)
        return None
    low, high = find_limits(image)
    return axes.imshow(
        np.ma.masked_invalid(image),
        cmap=SEQUENTIAL,
        vmin=low,
        vmax=high,
        interpolation="nearest",
        extent=extent,
        aspect="auto",
        zorder=2,
    )


def describe_flatness(image: Image | None) -> str:
    """Say why an image has no contrast to draw; empty where it has."""
    if image is None:
        return "missing"
    if image.size == 0:
        return "empty"
    finite = image[np.isfinite(image)]
    if finite.size == 0:
        return "not finite"
    if finite.min() == finite.max():
        value = f"constant {finite[0]:.6g}"
        return value if finite.size == image.size else f"{value}\nor not finite"
    return ""


def find_limits(*images: Image | None) -> tuple[float, float]:
    """Find the least and the greatest finite value, for panels that share a scale."""
    finite = [image[np.isfinite(image)] for image in images if image is not None]
    values = [part for part in finite if part.size]
    if not values:
        return 0.0, 1.0
    return float(min(part.min() for part in values)), float(max(part.max() for part in values))


def count_not_finite(image: Image) -> int:
    """Count NaN and infinities."""
    return int(image.size - np.count_nonzero(np.isfinite(image)))
