"""Pictures: PNG bytes from arrays. The same arrays give the same bytes, whatever a user's settings.

matplotlib takes half a second to import, so import this module where a picture is drawn.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from math import ceil, isfinite, sqrt
from textwrap import shorten
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from parityhub.errors import EvidenceError
from parityhub.report.escape import show_controls
from parityhub.report.panels import (
    DIVERGING,
    SEQUENTIAL,
    Image,
    count_not_finite,
    draw_cell,
    draw_panel,
    find_limits,
)

STYLE: Any = {"font.size": 9, "text.parse_math": False, "hatch.linewidth": 0.6}
LINES = (("#0072B2", "-", 3.0), ("#D55E00", "--", 1.6), ("#009E73", ":", 1.6))
"""colour, dash and width of each curve: told apart without colour, and where they coincide"""
LINE_WIDTH = 100


@contextmanager
def fix_style() -> Iterator[None]:
    """Draw with matplotlib's defaults and ours. A character that the font lacks is a box."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def write_png(figure: Figure) -> bytes:
    """Write a figure as PNG, without date or version."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    return buffer.getvalue()


def draw_patch_grid(patches: Image) -> bytes:
    """Draw patches beside each other, each on its own scale, which stands below it.

    Args:
        patches: real, (n, H, W).

    Returns:
        PNG.

    Raises:
        EvidenceError: no patches, or not of that shape.
    """
    if patches.ndim != 3 or patches.size == 0:
        raise EvidenceError(
            f"patches of shape {patches.shape} cannot be drawn",
            hint="a patch grid is an array of shape (n, H, W) with at least one patch",
        )
    columns = ceil(sqrt(len(patches)))
    rows = ceil(len(patches) / columns)
    width, height = max(1.9 * columns, 3.0), 2.15 * rows + 0.6
    with fix_style():
        figure = Figure(figsize=(width, height))
        figure.suptitle("Each patch on its own scale", y=1 - 0.1 / height, va="top")
        # One panel for all: a panel for each takes twice as long.
        axes = figure.add_axes((0.01, 0.1 / height, 0.98, 1 - 0.5 / height))
        axes.set_axis_off()
        axes.set(xlim=(0, columns), ylim=(rows, 0), autoscale_on=False)
        for number, patch in enumerate(patches):
            draw_patch(axes, patch, number, (number % columns, number // columns))
        return write_png(figure)


def draw_patch(axes: Axes, patch: Image, number: int, place: tuple[int, int]) -> None:
    """Draw one patch with its scale below it, into a cell of 1 by 1.

    Args:
        axes: the panel of the grid.
        patch: real, (H, W).
        number: of the patch, from 0.
        place: column and row of its cell.
    """
    tall, wide = patch.shape
    across, down = 0.92 * min(1, wide / tall), 0.82 * min(1, tall / wide)
    left, top = place[0] + (1 - across) / 2, place[1] + 0.02
    drawn = draw_cell(axes, patch, (left, left + across, top + down, top))
    lost = count_not_finite(patch)
    scale = "{:.3g} to {:.3g}".format(*find_limits(patch)) if drawn else "not scaled"
    label = f"{number}: {scale}" + (f"\n{lost} not finite" if lost else "")
    axes.text(place[0] + 0.5, top + down + 0.02, label, ha="center", va="top")


def draw_pair(
    arrays: Mapping[str, Image], *, title: str, names: tuple[str, str] = ("left", "right")
) -> bytes:
    """Draw amplitude and phase of two images and their difference.

    Left and right share a scale; the difference has one of its own, with zero at its centre.

    Args:
        arrays: real, (H, W), by name: `left_amplitude`, `right_amplitude`,
            `difference_amplitude` (right less left), and the same of `phase` in radians. One that
            is not there is drawn as missing; NaN (outside the coverage, say) is hatched.
        title: of the picture.
        names: of left and right.

    Returns:
        PNG.
    """
    with fix_style():
        figure = Figure(figsize=(10.0, 6.4))
        figure.suptitle(clean_label(title))
        axes = figure.subplots(2, 3)
        figure.subplots_adjust(left=0.03, right=0.92, bottom=0.03, top=0.88, wspace=0.35)
        for row, part in zip(axes, ("amplitude", "phase"), strict=True):
            left, right = arrays.get(f"left_{part}"), arrays.get(f"right_{part}")
            difference = arrays.get(f"difference_{part}")
            unit = ", rad" if part == "phase" else ""
            shared = find_limits(left, right)
            largest = max(map(abs, find_limits(difference)))
            panels = (
                (names[0], left, shared, SEQUENTIAL),
                (names[1], right, shared, SEQUENTIAL),
                (f"{names[1]} − {names[0]}", difference, (-largest, largest), DIVERGING),
            )
            for panel, (name, image, limits, colors) in zip(row, panels, strict=True):
                panel.set_title(f"{part}{unit}: {clean_label(name)}", fontsize=9)
                drawn = draw_panel(panel, image, limits=limits, colors=colors)
                if drawn is not None:
                    figure.colorbar(drawn, ax=panel, fraction=0.046, pad=0.03)
        return write_png(figure)


def draw_training_curves(losses: Mapping[str, Sequence[float]]) -> bytes:
    """Draw the loss of each epoch, a curve for each side.

    Args:
        losses: by the name of the side, one loss an epoch; a loss that is not finite is marked.

    Returns:
        PNG.
    """
    with fix_style():
        figure = Figure(figsize=(6.4, 4.0), layout="tight")
        axes = figure.subplots()
        for number, (name, values) in enumerate(losses.items()):
            draw_curve(axes, clean_label(name), values, number)
        axes.set_xlabel("epoch")
        axes.set_ylabel("loss")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(color="#dddddd")
        if losses:
            axes.legend()
        else:
            axes.text(0.5, 0.5, "no losses", transform=axes.transAxes, ha="center")
        return write_png(figure)


def draw_curve(axes: Axes, name: str, values: Sequence[float], number: int) -> None:
    """Draw one curve; epochs without a finite loss are crosses on the lower edge."""
    color, dash, width = LINES[number % len(LINES)]
    epochs = range(1, len(values) + 1)
    shown = [value if isfinite(value) else np.nan for value in values]
    label = name if values else f"{name}: no losses"
    axes.plot(epochs, shown, dash, color=color, linewidth=width, marker=".", label=label)
    lost = [epoch for epoch, value in zip(epochs, values, strict=True) if not isfinite(value)]
    if lost:
        axes.plot(
            lost,
            [0.03 + 0.04 * number] * len(lost),
            "x",
            color=color,
            transform=axes.get_xaxis_transform(),
            label=f"{name}: not finite",
        )


def clean_label(text: str) -> str:
    """Make a label of one line that a picture has room for."""
    return shorten(show_controls(text), LINE_WIDTH, placeholder=" …")
