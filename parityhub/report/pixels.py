"""Arrays as images for a page: one pixel an element, in two palettes, without matplotlib.

The same array gives the same bytes. What has no value is transparent, so that the page's hatching
shows through.
"""

from io import BytesIO
from math import ceil, sqrt
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

Colors = Literal["sequential", "diverging"]
STOPS: dict[str, tuple[str, ...]] = {
    "sequential": (
        "#00224e", "#0a2f6b", "#2b3f6d", "#434e6c", "#575d6d", "#696d71", "#7d7c78",
        "#908c78", "#a59c74", "#bbad6c", "#d2c060", "#e9d34f", "#fee838",
    ),
    "diverging": (
        "#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582",
        "#d6604d", "#b2182b", "#67001f",
    ),
}  # fmt: skip
"""colours at equal steps: of cividis (Nuñez, Anderton and Renslow 2018) and of ColorBrewer's RdBu,
from blue to red. Both keep their order for colour-blind readers"""
LEVELS = 255
"""colours of a palette; the one behind them is transparent"""
LARGEST = 512
"""pixels of a side; a larger array is shown by every second, third, … of its elements"""
GAP = 1
"""pixels between patches"""


def draw_pixels(values: npt.NDArray[Any], low: float, high: float, colors: Colors) -> bytes:
    """Draw an array as PNG.

    Args:
        values: real, (H, W).
        low: value of the first colour.
        high: value of the last colour; where it is not above `low`, all is drawn in the middle.
        colors: which palette.
    """
    step = find_step(values.shape)
    thinned = np.asarray(values[::step, ::step], dtype=np.float64)
    finite = np.isfinite(thinned)
    span = high - low
    places = np.full(thinned.shape, 0.5)
    if span > 0:
        places = (np.where(finite, thinned, low) - low) / span
    levels = np.clip(np.rint(places * (LEVELS - 1)), 0, LEVELS - 1)
    image = Image.fromarray(np.where(finite, levels, LEVELS).astype(np.uint8))
    image = image.convert("P") if image.mode != "P" else image
    image.putpalette(make_palette(colors))
    buffer = BytesIO()
    image.save(buffer, format="png", transparency=LEVELS, optimize=False, compress_level=9)
    return buffer.getvalue()


def find_step(shape: tuple[int, ...]) -> int:
    """Return which elements are drawn: every one, or every second, third, ..."""
    return max(1, ceil(max(shape[-2:]) / LARGEST))


def make_palette(colors: Colors) -> bytes:
    """Return the palette's bytes: LEVELS colours between the stops, and black behind them."""
    stops = np.array([[int(stop[n : n + 2], 16) for n in (1, 3, 5)] for stop in STOPS[colors]])
    at = np.linspace(0, len(stops) - 1, LEVELS)
    mixed = [np.interp(at, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return bytes(np.rint(np.stack(mixed, axis=1)).astype(np.uint8).tobytes()) + bytes(3)


def lay_patches(patches: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Lay magnitudes of patches beside each other, NaN between them.

    Args:
        patches: (n, H, W), n at least 1.

    Returns:
        (rows of patches, columns of patches) as one image.
    """
    count, height, width = patches.shape
    columns = ceil(sqrt(count))
    rows = ceil(count / columns)
    sheet = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP), np.nan)
    for number, patch in enumerate(np.abs(patches)):
        top, left = (number // columns) * (height + GAP), (number % columns) * (width + GAP)
        sheet[top : top + height, left : left + width] = patch
    return sheet
