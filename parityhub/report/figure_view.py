"""What pictures show: images with their scales, histograms and losses, each number with its place.

Nothing is measured here: a picture whose numbers no record holds is not shown.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from parityhub.hub.figure_records import (
    CheckFigures,
    FiguresRecord,
    GridRecord,
    HistogramRecord,
    PlaneRecord,
)
from parityhub.hub.parity_records import ComparisonRecord
from parityhub.report.links import Link, Value, link_file, place_in, show_recorded

Colors = Literal["sequential", "diverging"]
PART_TITLES = {"amplitude": "Amplitude", "phase": "Phase (rad)"}


class ImageView(TypedDict):
    """An image that is drawn from an array of the hub."""

    label: str
    file: Link
    shape: list[int]
    shown: int
    """patches, from the first; 0: the array is one image"""
    colors: Colors
    low: float | None
    """value of the darkest colour; None: nothing finite is there to draw"""
    high: float | None
    least: Value
    greatest: Value
    not_finite: Value


class FigureView(TypedDict):
    """Images that are looked at together: the sides of a pair, and their difference."""

    id: str
    title: str
    note: str
    record: Link
    images: list[ImageView]


class HistogramView(TypedDict):
    """A histogram of differences on log axes."""

    id: str
    title: str
    unit: str
    record: Link
    files: list[Link]
    elements: Value
    zeros: Value
    not_finite: Value
    below: Value
    greatest: Value
    tolerance: Value | None
    bins: list[tuple[Value, Value, Value]]
    """lower edge, upper edge, count"""


class CurvesView(TypedDict):
    """The losses of each side, epoch by epoch."""

    id: str
    record: Link
    sides: list[str]
    files: list[Link]
    rows: list[list[Value | None]]
    """one an epoch: the loss of each side"""
    differences: list[Value]
    """one an epoch, or none at all"""


class CheckFiguresView(TypedDict):
    """The pictures of one check."""

    figures: list[FigureView]
    histograms: list[HistogramView]


class FiguresView(TypedDict):
    """The pictures of a run, but for those of its checks."""

    record: Link
    grids: list[FigureView]
    curves: CurvesView | None


def build_figures(
    record: FiguresRecord | None, path: str, labels: Mapping[str, str]
) -> FiguresView | None:
    """Build what shows the sides beside each other; None: no record holds it.

    Args:
        record: what the pictures of the run show.
        path: where it is kept.
        labels: of each side, by the name of its baseline.
    """
    if record is None:
        return None
    names = dict.fromkeys(grid.name for grid in record.grids)
    return FiguresView(
        record=link_file(path),
        grids=[_build_grids(name, record, path, labels) for name in names],
        curves=_build_curves(record, path, labels) if record.curves else None,
    )


def build_check_figures(
    figures: CheckFigures | None,
    record: str,
    index: int,
    names: tuple[str, str],
    comparison: tuple[str, ComparisonRecord] | None,
) -> CheckFiguresView:
    """Build the pictures of a check.

    Args:
        figures: what they show; None: no record holds it.
        record: path of the record of figures.
        index: place of the check in that record.
        names: of its left and its right side.
        comparison: path and record of its comparison, whose tolerances are drawn in.
    """
    if figures is None:
        return CheckFiguresView(figures=[], histograms=[])
    planes = {plane.name: (place, plane) for place, plane in enumerate(figures.planes)}
    key = f"{record}|{index}"
    return CheckFiguresView(
        figures=[
            _build_planes(part, planes, figures.check, key, names)
            for part in PART_TITLES
            if any(name.endswith(f"_{part}") for name in planes)
        ],
        histograms=[
            _build_histogram(histogram, figures.check, key, place, comparison)
            for place, histogram in enumerate(figures.histograms)
        ],
    )


def _show_image(
    item: GridRecord | PlaneRecord,
    place: tuple[str, tuple[str | int, ...]],
    *,
    label: str,
    colors: Colors,
    limits: tuple[float, float] | None,
) -> ImageView:
    record, keys = place
    return ImageView(
        label=label,
        file=link_file(item.file),
        shape=list(item.shape),
        shown=item.shown if isinstance(item, GridRecord) else 0,
        colors=colors,
        low=limits[0] if limits else None,
        high=limits[1] if limits else None,
        least=show_recorded(item.least, place_in(record, *keys, "least")),
        greatest=show_recorded(item.greatest, place_in(record, *keys, "greatest")),
        not_finite=show_recorded(item.not_finite, place_in(record, *keys, "not_finite")),
    )


def _share_limits(items: Sequence[GridRecord | PlaneRecord]) -> tuple[float, float] | None:
    """Return the scale that images share: what differs in brightness then differs in value."""
    low = [item.least for item in items if item.least is not None]
    high = [item.greatest for item in items if item.greatest is not None]
    return (min(low), max(high)) if low and high else None


def _build_grids(
    name: str, record: FiguresRecord, path: str, labels: Mapping[str, str]
) -> FigureView:
    found = [(place, grid) for place, grid in enumerate(record.grids) if grid.name == name]
    limits = _share_limits([grid for _, grid in found])
    return FigureView(
        id=f"{record.phase}-{record.run}-grid-{name}",
        title=found[0][1].shows,
        note="magnitudes; all patches on one scale",
        record=link_file(path),
        images=[
            _show_image(
                grid,
                (path, ("grids", place)),
                label=labels.get(grid.side, grid.side),
                colors="sequential",
                limits=limits,
            )
            for place, grid in found
        ],
    )


def _build_planes(
    part: str,
    planes: Mapping[str, tuple[int, PlaneRecord]],
    check: str,
    key: str,
    names: tuple[str, str],
) -> FigureView:
    record, _, index = key.rpartition("|")
    sides = [planes[name][1] for kind in ("left", "right") if (name := f"{kind}_{part}") in planes]
    shared = _share_limits(sides)
    left, right = names
    images = []
    for kind, label in (("left", left), ("right", right), ("difference", f"{right} − {left}")):
        found = planes.get(f"{kind}_{part}")
        if found is None:
            continue
        place, plane = found
        own = _share_limits([plane])
        limits = shared
        if kind == "difference":
            limits = (-reach, reach) if own and (reach := max(map(abs, own))) else None
        images.append(
            _show_image(
                plane,
                (record, ("checks", int(index), "planes", place)),
                label=label,
                colors="diverging" if kind == "difference" else "sequential",
                limits=limits,
            )
        )
    return FigureView(
        id=f"{check}-{part}",
        title=PART_TITLES[part],
        note="the sides share a scale; the difference has its own, with zero at its centre",
        record=link_file(record),
        images=images,
    )


def _build_histogram(
    histogram: HistogramRecord,
    check: str,
    key: str,
    place: int,
    comparison: tuple[str, ComparisonRecord] | None,
) -> HistogramView:
    record, _, index = key.rpartition("|")
    keys: tuple[str | int, ...] = ("checks", int(index), "histograms", place)

    def show(value: float | int | None, *more: str | int) -> Value:
        return show_recorded(value, place_in(record, *keys, *more))

    return HistogramView(
        id=f"{check}-histogram-{place}",
        title=histogram.name,
        unit=histogram.unit,
        record=link_file(record),
        files=[link_file(file) for file in histogram.files],
        elements=show(histogram.elements, "elements"),
        zeros=show(histogram.zeros, "zeros"),
        not_finite=show(histogram.not_finite, "not_finite"),
        below=show(histogram.below, "below"),
        greatest=show(histogram.greatest, "greatest"),
        tolerance=_find_tolerance(histogram.name, comparison),
        bins=[
            (
                show(histogram.edges[n], "edges", n),
                show(histogram.edges[n + 1], "edges", n + 1),
                show(count, "counts", n),
            )
            for n, count in enumerate(histogram.counts)
        ],
    )


def _find_tolerance(name: str, comparison: tuple[str, ComparisonRecord] | None) -> Value | None:
    if comparison is None:
        return None
    path, record = comparison
    return next(
        (
            show_recorded(output.tolerance, place_in(path, "outputs", place, "tolerance"))
            for place, output in enumerate(record.outputs)
            if output.name == name and output.tolerance is not None
        ),
        None,
    )


def _build_curves(record: FiguresRecord, path: str, labels: Mapping[str, str]) -> CurvesView:
    epochs = max(len(curve.losses) for curve in record.curves)
    return CurvesView(
        id=f"{record.phase}-{record.run}-curves",
        record=link_file(path),
        sides=[labels.get(curve.side, curve.side) for curve in record.curves],
        files=[link_file(curve.file) for curve in record.curves],
        rows=[
            [
                show_recorded(curve.losses[epoch], place_in(path, "curves", n, "losses", epoch))
                if epoch < len(curve.losses)
                else None
                for n, curve in enumerate(record.curves)
            ]
            for epoch in range(epochs)
        ],
        differences=[
            show_recorded(value, place_in(path, "curve_differences", n))
            for n, value in enumerate(record.curve_differences)
        ],
    )
