"""Charts: points stand where their values are, on axes that hold them all."""

import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parityhub.hub.records import Place
from parityhub.report.charts import (
    Axis,
    draw_curves,
    draw_histogram,
    draw_profile,
    list_ticks,
    make_axis,
    write_power,
)
from parityhub.report.figure_view import CurvesView, HistogramView
from parityhub.report.links import Link, Value, show_recorded
from tests.report.page_sample import make_page_sample

LINK = Link(text="f.json", target="f.json", fragment="")
POSITIVE = st.lists(st.floats(1e-320, 1e308, allow_subnormal=True), min_size=1, max_size=6)
ANY = st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=6)


def show(value: float | None) -> Value:
    return show_recorded(value, Place(file="f.json", pointer="/x"))


def make_curves(*columns: list[float | None]) -> CurvesView:
    return CurvesView(
        id="c",
        record=LINK,
        sides=[f"side {n}" for n, _ in enumerate(columns)],
        files=[],
        rows=[[show(value) for value in row] for row in zip(*columns, strict=True)],
        differences=[],
    )


def make_histogram(bins: list[tuple[float, float, int]], tolerance: float | None) -> HistogramView:
    return HistogramView(
        id="h", title="x", unit="rad", record=LINK, files=[], elements=show(1), zeros=show(0),
        not_finite=show(0), below=show(0), greatest=show(1.0),
        tolerance=None if tolerance is None else show(tolerance),
        bins=[(show(low), show(high), show(count)) for low, high, count in bins],
    )  # fmt: skip


@given(POSITIVE)
@example([9.9e307])
@example([5e-324])
def test_a_logarithmic_axis_holds_every_positive_number(values: list[float]) -> None:
    axis = make_axis(values, 0.0, 100.0, log=True)
    places = [axis.place(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)
    assert all(math.isfinite(tick.at) for tick in list_ticks(axis))


@given(ANY)
def test_a_linear_axis_holds_every_number(values: list[float]) -> None:
    axis = make_axis(values, 100.0, 0.0, log=False)
    places = [axis.place(value) for value in sorted(values)]
    assert places == sorted(places, reverse=True)
    assert all(0 <= place <= 100 for place in places)
    assert len(list_ticks(axis)) <= 8


def test_ticks_stand_where_they_say() -> None:
    axis = Axis(0.0, 1.0, 0.0, 100.0, log=False)
    assert [(tick.label, tick.at) for tick in list_ticks(axis)] == [
        ("0", 0), ("0.2", 20), ("0.4", 40), ("0.6", 60), ("0.8", 80), ("1", 100),
    ]  # fmt: skip
    powers = list_ticks(Axis(1e-3, 1e3, 0.0, 60.0, log=True))
    assert [(tick.label, tick.at) for tick in powers][:2] == [("10⁻³", 0), ("10⁻²", 10)]


@pytest.mark.parametrize(("power", "told"), [(-12, "10⁻¹²"), (0, "1"), (1, "10"), (3, "10³")])
def test_powers_are_written_as_people_write_them(power: int, told: str) -> None:
    assert write_power(power) == told


def test_curves_that_coincide_stand_on_the_same_points() -> None:
    chart = draw_curves(make_curves([2.0, 1.0], [2.0, 1.0]))
    assert chart is not None
    first, second = chart["lines"]
    assert first.path == second.path
    assert {first.style, second.style} == {"s0", "s1"}
    assert chart["marks"][0].title == "side 0, epoch 1: 2.0"


def test_a_loss_that_is_missing_leaves_a_gap() -> None:
    chart = draw_curves(make_curves([3.0, None, 1.0]))
    assert chart is not None
    assert chart["lines"][0].path.count("M") == 2
    assert len(chart["marks"]) == 2
    assert draw_curves(make_curves([None, None])) is None


def test_losses_far_apart_are_drawn_on_a_logarithmic_axis() -> None:
    wide = draw_curves(make_curves([1.0, 1e-4]))
    near = draw_curves(make_curves([1.0, 0.9]))
    below = draw_curves(make_curves([1.0, -1e4]))
    assert wide is not None
    assert near is not None
    assert below is not None
    assert "10⁻²" in [tick.label for tick in wide["y_ticks"]]
    assert "10⁻²" not in [tick.label for tick in near["y_ticks"] + below["y_ticks"]]


def test_a_histogram_has_a_bar_for_each_bin_that_holds_something() -> None:
    chart = draw_histogram(make_histogram([(0.5, 1.0, 3), (1.0, 2.0, 0), (2.0, 4.0, 1)], 8.0))
    assert chart is not None
    assert len(chart["areas"]) == 2
    assert [line.style for line in chart["lines"]] == ["rule"]
    assert ("rule", "tolerance 8.0") in chart["legend"]
    left, _, right, _ = chart["box"]
    at = float(chart["lines"][0].path[1:].split()[0])
    assert left < at <= right
    assert chart["x_title"] == "|difference| (rad)"


def test_a_histogram_of_nothing_is_not_drawn() -> None:
    assert draw_histogram(make_histogram([], 1.0)) is None
    chart = draw_histogram(make_histogram([(0.5, 1.0, 1)], 0.0))
    assert chart is not None
    assert chart["lines"] == []


def test_a_layer_beyond_its_floor_is_marked() -> None:
    view = make_page_sample().view()
    parity: Any = next(c["parity"] for p in view["phases"] for c in p["checks"] if c["parity"])
    chart = draw_profile(parity["profile"])
    assert chart is not None
    beyond = [mark.title for mark in chart["marks"] if mark.style == "beyond"]
    assert beyond[0].startswith("3 blocks.2.gate, local 1.25e-05")
    # Layers that were not measured take no room; those that are keep their number.
    measured = [layer for layer in parity["profile"] if layer["local"]["value"] is not None]
    assert len({mark.x for mark in chart["marks"]}) == len(measured)
    assert len(chart["lines"]) == 1
    assert draw_profile([]) is None
