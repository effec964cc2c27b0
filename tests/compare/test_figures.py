"""What pictures show, in numbers: every element is counted once, in the bin that holds it."""

import math
from sys import float_info

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from parityhub.compare.figures import (
    BINS,
    GRID,
    count_differences,
    gather_figures,
    make_curve,
    measure_grid,
    measure_plane,
)
from parityhub.hub.figure_records import FiguresRecord

ANY = arrays.arrays(
    np.float64,
    arrays.array_shapes(max_dims=2, max_side=20),
    elements=st.floats(width=64, allow_nan=True, allow_infinity=True),
)


@given(ANY)
def test_every_difference_is_counted_once(values: npt.NDArray[np.float64]) -> None:
    found = count_differences("x", "", ["a.npy"], values)
    assert found.elements == values.size
    counted = found.zeros + found.not_finite + found.below + sum(found.counts)
    assert counted == found.elements
    assert len(found.counts) <= BINS
    assert len(found.edges) == (len(found.counts) + 1 if found.counts else 0)
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    for low, high, count in zip(found.edges, found.edges[1:], found.counts, strict=False):
        above = sizes > high if high == float_info.max else sizes >= high
        assert np.count_nonzero((sizes >= low) & ~above) == count
    assert found.greatest == (sizes.max() if sizes.size else None)


def test_a_difference_at_an_edge_is_in_the_bin_that_begins_there() -> None:
    found = count_differences("x", "", [], np.array([0.5, -0.5, 0.75, 1.0, 0.0, np.nan]))
    assert (found.edges, found.counts) == ((0.5, 1.0, 2.0), (3, 1))
    assert (found.zeros, found.not_finite, found.greatest) == (1, 1, 1.0)


def test_subnormal_differences_are_not_called_equal() -> None:
    found = count_differences("x", "", [], np.array([5e-324, 1.0]))
    assert (found.zeros, found.below, found.counts[-1]) == (0, 1, 1)
    assert count_differences("x", "", [], np.array([5e-324])).edges[0] == 5e-324


def test_complex_differences_count_by_magnitude() -> None:
    assert count_differences("x", "", [], np.array([3 + 4j])).greatest == 5.0


def test_identical_arrays_have_no_bins() -> None:
    found = count_differences("x", "", [], np.zeros((2, 3)))
    assert (found.edges, found.counts, found.zeros, found.greatest) == ((), (), 6, None)


def test_a_grid_is_measured_as_it_is_shown() -> None:
    patches = np.full((GRID + 4, 2, 2), 1j)
    patches[0, 0, 0], patches[1, 0, 0], patches[GRID] = -3.0, np.nan, 99.0
    found = measure_grid("torch", "p.npy", "patches", "a/p.npy", patches)
    assert found is not None
    assert (found.shown, found.least, found.greatest, found.not_finite) == (GRID, 1.0, 3.0, 1)
    assert found.shape == (GRID + 4, 2, 2)


@pytest.mark.parametrize("shape", [(2, 2), (0, 2, 2), (1, 2, 2, 2)])
def test_what_is_no_stack_of_patches_has_no_grid(shape: tuple[int, ...]) -> None:
    assert measure_grid("torch", "p", "p", "p", np.zeros(shape)) is None


def test_a_plane_without_a_finite_value_has_no_extremes() -> None:
    found = measure_plane("left_phase", "a.npy", np.full((2, 3), np.nan))
    assert (found.least, found.greatest, found.not_finite) == (None, None, 6)


def test_two_curves_of_one_length_have_a_difference() -> None:
    curves = [make_curve("a", "a.json", [3.0, math.nan]), make_curve("b", "b.json", [1.0, 2.0])]
    found = gather_figures("C1", 1, curves, [], [])
    assert found.curve_differences == (-2.0, None)
    assert gather_figures("C1", 1, curves[:1], [], []).curve_differences == ()
    longer = make_curve("b", "b.json", [1.0])
    assert gather_figures("C1", 1, [curves[0], longer], [], []).curve_differences == ()


def test_a_loss_that_is_not_finite_survives_json() -> None:
    record = gather_figures("C1", 1, [make_curve("a", "a.json", [math.inf, 0.5])], [], [])
    again = msgspec.json.decode(msgspec.json.encode(record), type=FiguresRecord)
    assert again == record
    assert again.curves[0].losses == (None, 0.5)
