"""Charts as shapes: where points, ticks and lines of a plot stand, for a template to draw as SVG.

Colours come from the page's style, so a chart follows light and dark; shapes tell series apart
without colour.
"""

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10
from typing import NamedTuple, TypedDict

from parityhub.report.figure_view import CurvesView, HistogramView
from parityhub.report.links import Value
from parityhub.report.numbers import format_number
from parityhub.report.parity_view import LayerView

WIDTH, HEIGHT = 380, 250
LEFT, RIGHT, TOP, BOTTOM = 52, 20, 12, 42
TICKS = 6
LAST = 308
"""power of the greatest tick; what is beyond it stands at the axis' end"""
WIDE = 30.0
"""a curve that spans more than this factor is drawn on a logarithmic axis"""
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Tick(NamedTuple):
    """A label on an axis."""

    at: float
    label: str


class Mark(NamedTuple):
    """A point, with what is said of it."""

    style: str
    x: float
    y: float
    title: str


class Line(NamedTuple):
    """A line or an area, as the path of an SVG."""

    style: str
    path: str


class ChartView(TypedDict):
    """A plot in units of its own: WIDTH by HEIGHT, y downwards."""

    width: int
    height: int
    box: tuple[float, float, float, float]
    """left, top, right, bottom of the plot"""
    x_title: str
    y_title: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    areas: list[Line]
    lines: list[Line]
    marks: list[Mark]
    legend: list[tuple[str, str]]
    """style and what it stands for"""


class Axis(NamedTuple):
    """From values to places."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    def place(self, value: float) -> float:
        """Return where a value stands; beyond the ends, at the end."""
        at, low, high = value, self.low, self.high
        if self.log:
            at, low, high = (log10(v) if v > 0 else -400.0 for v in (value, low, high))
        share = (at - low) / (high - low) if high > low else 0.5
        return round(self.start + min(1.0, max(0.0, share)) * (self.end - self.start), 2)


def make_axis(values: Sequence[float], start: float, end: float, *, log: bool) -> Axis:
    """Make an axis that holds all values; a logarithmic one ends at powers of ten."""
    low, high = min(values), max(values)
    if log:
        first = max(-323, min(LAST - 1, floor(log10(low))))
        last = max(first + 1, min(LAST, ceil(log10(high) + 1e-12)))
        return Axis(10.0**first, 10.0**last, start, end, log=True)
    pad = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return Axis(low - pad, high + pad, start, end, log=False)


def list_ticks(axis: Axis) -> list[Tick]:
    """List the ticks of an axis: powers of ten, or steps of 1, 2 or 5."""
    if axis.log:
        first, last = round(log10(axis.low)), round(log10(axis.high))
        step = ceil((last - first) / TICKS) or 1
        return [
            Tick(axis.place(10.0**power), write_power(power))
            for power in range(first, last + 1, step)
        ]
    rough = (axis.high - axis.low) / TICKS
    unit = 10.0 ** floor(log10(rough))
    width = next(unit * n for n in (1, 2, 5, 10) if unit * n >= rough)
    values = [n * width for n in range(ceil(axis.low / width), floor(axis.high / width) + 1)]
    return [Tick(axis.place(value), f"{value:.6g}") for value in values]


def write_power(power: int) -> str:
    """Write a power of ten."""
    plain = {0: "1", 1: "10", 2: "100"}
    return plain.get(power, "10" + str(power).translate(SUPERSCRIPTS))


def read_number(value: Value | None) -> float | None:
    """Return a value that can be drawn; None: it is missing or not finite."""
    number = value["value"] if value else None
    return float(number) if isinstance(number, int | float) and isfinite(number) else None


def start_chart(x_title: str, y_title: str, x: Axis | None, y: Axis | None) -> ChartView:
    """Begin a chart with its axes."""
    return ChartView(
        width=WIDTH,
        height=HEIGHT,
        box=(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM),
        x_title=x_title,
        y_title=y_title,
        x_ticks=list_ticks(x) if x else [],
        y_ticks=list_ticks(y) if y else [],
        areas=[],
        lines=[],
        marks=[],
        legend=[],
    )


def join_points(points: Sequence[tuple[float, float] | None]) -> str:
    """Join points to a path; None is a gap."""
    parts, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        parts.append(f"{pen}{point[0]:g} {point[1]:g}")
        pen = "L"
    return " ".join(parts)


def draw_curves(view: CurvesView) -> ChartView | None:
    """Draw the losses of each side; None: no loss is finite."""
    columns = [[read_number(row[n]) for row in view["rows"]] for n in range(len(view["sides"]))]
    values = [value for column in columns for value in column if value is not None]
    if not values:
        return None
    log = min(values) > 0 and max(values) / min(values) > WIDE
    epochs = len(view["rows"])
    x = Axis(1, max(2, epochs), LEFT + 8, WIDTH - RIGHT - 8, log=False)
    y = make_axis(values, HEIGHT - BOTTOM, TOP, log=log)
    chart = start_chart("epoch", "loss", None, y)
    step = ceil(epochs / 10)
    chart["x_ticks"] = [Tick(x.place(n), str(n)) for n in range(1, epochs + 1, step)]
    for number, (side, column) in enumerate(zip(view["sides"], columns, strict=True)):
        style = f"s{number % 3}"
        points = [
            None if value is None else (x.place(epoch), y.place(value))
            for epoch, value in enumerate(column, 1)
        ]
        chart["lines"].append(Line(style, join_points(points)))
        chart["marks"] += [
            Mark(style, *point, f"{side}, epoch {epoch}: {format_number(column[epoch - 1])}")
            for epoch, point in enumerate(points, 1)
            if point is not None
        ]
        chart["legend"].append((style, side))
    return chart


def draw_histogram(view: HistogramView) -> ChartView | None:
    """Draw a histogram on log axes; None: nothing differs."""
    bins = [tuple(read_number(value) for value in item) for item in view["bins"]]
    whole = [(a, b, c) for a, b, c in bins if a is not None and b is not None and c is not None]
    if not whole:
        return None
    tolerance = read_number(view["tolerance"])
    edges = [edge for low, high, _ in whole for edge in (low, high)]
    if tolerance is not None and tolerance > 0:
        edges.append(tolerance)
    x = make_axis(edges, LEFT, WIDTH - RIGHT, log=True)
    # Half an element is the floor: a bin with one is then seen.
    counts = [count for _, _, count in whole]
    y = Axis(0.5, max(10.0, 10.0 ** ceil(log10(max(counts)))), HEIGHT - BOTTOM, TOP, log=True)
    unit = f" ({view['unit']})" if view["unit"] else ""
    chart = start_chart(f"|difference|{unit}", "elements", x, None)
    top = round(log10(y.high))
    step = ceil((top + 1) / TICKS)
    chart["y_ticks"] = [Tick(y.place(10.0**n), write_power(n)) for n in range(0, top + 1, step)]
    bottom = HEIGHT - BOTTOM
    for low, high, count in whole:
        if count:
            left, right, level = x.place(low), x.place(high), y.place(count)
            path = f"M{left:g} {bottom:g}V{level:g}H{right:g}V{bottom:g}Z"
            chart["areas"].append(Line("bar", path))
    chart["legend"].append(("bar", "elements that differ by so much"))
    if tolerance is not None and tolerance > 0:
        at = x.place(tolerance)
        chart["lines"].append(Line("rule", f"M{at:g} {TOP:g}V{bottom:g}"))
        chart["legend"].append(("rule", f"tolerance {format_number(tolerance)}"))
    return chart


def draw_profile(layers: Sequence[LayerView]) -> ChartView | None:
    """Draw the error of each layer over what rounding explains; None: no layer has one."""
    kinds = ("floor", "inherited", "local")
    read = [
        (number, layer, [read_number(layer[kind]) for kind in kinds])  # type: ignore[literal-required]
        for number, layer in enumerate(layers, 1)
    ]
    rows = [row for row in read if any(value is not None for value in row[2])]
    positive = [value for *_, row in rows for value in row if value]
    if not positive:
        return None
    x = Axis(0, max(1, len(rows)), LEFT, WIDTH - RIGHT, log=False)
    y = make_axis(positive, HEIGHT - BOTTOM - 14, TOP, log=True)
    chart = start_chart("layer, in the order in which they run", "|difference|", None, y)
    step = max(1, ceil(len(rows) / 8))
    chart["x_ticks"] = [Tick(x.place(n + 0.5), str(rows[n][0])) for n in range(0, len(rows), step)]
    chart["y_ticks"].append(Tick(HEIGHT - BOTTOM - 3, "0"))
    floor_points: list[tuple[float, float] | None] = []
    for place, (number, layer, (level, inherited, local)) in enumerate(rows):
        name = layer["pytorch"] if layer["pytorch"] != "none" else layer["tensorflow"]
        if level:
            at = y.place(level)
            floor_points += [(x.place(place), at), (x.place(place + 1), at)]
        else:
            floor_points.append(None)
        middle = x.place(place + 0.5)
        for style, value in (("inherited", inherited), ("local", local)):
            if value is None:
                continue
            at = y.place(value) if value else HEIGHT - BOTTOM - 3
            beyond = style == "local" and level is not None and value > level
            chart["marks"].append(
                Mark(
                    "beyond" if beyond else style,
                    middle,
                    at,
                    f"{number} {name}, {style} {format_number(value)}: {layer['verdict']}",
                )
            )
    chart["lines"].append(Line("floor", join_points(floor_points)))
    chart["legend"] = [
        ("floor", "floor: what rounding explains"),
        ("local", "of the layer itself"),
        ("beyond", "of the layer itself, beyond the floor"),
        ("inherited", "inherited from the layers before"),
    ]
    return chart
