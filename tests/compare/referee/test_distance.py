from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from parityhub.compare.referee.distance import (
    BLOCK,
    measure_distance,
    measure_errors,
    measure_span,
)

floats = st.floats(-1e150, 1e150)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=4), elements=floats), st.integers(0, 99))
def test_distance_is_that_of_numpy(left, seed):
    right = left * np.random.default_rng(seed).normal(size=left.shape)
    exact = np.abs(left.astype(np.longdouble) - right)
    found = measure_distance(left, right)
    assert found.max_abs == pytest.approx(float(exact.max()), rel=1e-12)
    assert found.rms == pytest.approx(float(np.sqrt(np.mean(exact**2))), rel=1e-9, abs=5e-323)
    assert found.mean == pytest.approx(float(exact.mean()), rel=1e-9, abs=5e-323)


def test_distance_over_many_blocks_and_any_order_of_axes():
    rng = np.random.default_rng(0)
    left = rng.normal(size=(3, 70, 800)).astype(np.float32)
    right = (left + rng.normal(size=left.shape) * 1e-3).astype(np.float32)
    assert left.size > BLOCK
    exact = np.abs(left.astype(float) - right)
    stored = np.ascontiguousarray(right.transpose(2, 0, 1)).transpose(1, 2, 0)
    for other in (right, stored):
        found = measure_distance(left, other)
        assert found.max_abs == exact.max()
        assert found.rms == pytest.approx(np.sqrt(np.mean(exact**2)), rel=1e-12)


@pytest.mark.parametrize(
    ("left", "right", "max_abs"),
    [
        (np.array([1e300]), np.array([-1e300]), 2e300),
        (np.array([1.7e308]), np.array([-1.7e308]), inf),
        (np.array([5e-324, 0]), np.array([0, 0.0]), 5e-324),
        (np.array([2**60]), np.array([2**60 + 1]), 1.0),
        (np.array([2**64 - 1], np.uint64), np.array([2**64 - 2], np.uint64), 1.0),
        (np.array([0, 255], np.uint8), np.array([255, 0], np.uint8), 255.0),
        (np.array([True, False]), np.array([False, False]), 1.0),
        (np.array([3 + 4j], np.complex64), np.array([0j], np.complex64), 5.0),
        (np.array(1.5, np.float16), np.array(1.0, np.float16), 0.5),
    ],
)
def test_distance_of_awkward_numbers(left, right, max_abs):
    assert measure_distance(left, right).max_abs == max_abs


def test_rms_of_huge_and_tiny_differences_is_finite():
    for size in (1e300, 1e-300):
        found = measure_distance(np.array([size, 0.0]), np.array([0.0, 0.0]))
        assert found.rms == pytest.approx(size / np.sqrt(2))


@pytest.mark.parametrize("shapes", [((2, 1), (2,)), ((1,), ()), ((0,), (0,))])
def test_distance_never_broadcasts(shapes):
    with pytest.raises(ValueError, match="no distance"):
        measure_distance(np.zeros(shapes[0]), np.zeros(shapes[1]))


def test_errors_are_against_the_mean_of_both_referees():
    one, other = np.array([1.0, 2.0]), np.array([1.0, 2.5])
    errors = measure_errors(np.array([1.0, 2.0]), np.array([1.5, 2.25]), (one, other))
    assert errors == (0.25, 0.5, 0.5)


@pytest.mark.parametrize(
    ("array", "scale", "variation", "nonfinite"),
    [
        (np.array([-3.0, 1.0]), 3.0, 2.0, 0),
        (np.array([2.0, 2.0]), 2.0, 0.0, 0),
        (np.array([1j, -1j]), 1.0, 1.0, 0),
        (np.array([np.nan, 1.0, np.inf]), 1.0, 0.0, 2),
        (np.array([np.nan]), 0.0, 0.0, 1),
        (np.zeros((0, 3)), 0.0, 0.0, 0),
        (np.array([-1.7e308, 1.7e308]), 1.7e308, 1.7e308, 0),
    ],
)
def test_span(array, scale, variation, nonfinite):
    span = measure_span(array)
    assert (span.scale, span.variation, span.nonfinite) == (scale, variation, nonfinite)
