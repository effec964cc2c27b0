import numpy as np
import pytest
from msgspec import json

from parityhub.compare.referee.describe import describe_difference
from parityhub.compare.referee.numbers import round_arrays


def test_numbers_of_a_difference():
    left, right = np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.5, 4.0])
    found = describe_difference(left, right, "float64", 0.1)
    assert found["unequal"] == 1
    assert found["worst_index"] == "(1,)"
    assert (found["worst_left"], found["worst_right"]) == (2.0, 2.5)
    assert found["max_relative"] == pytest.approx(0.2)
    assert found["share_beyond"] == pytest.approx(1 / 3)
    assert found["p50_abs"] == 0
    assert found["p99_abs"] == pytest.approx(0.5, rel=0.02)


def test_twice_the_reference_has_a_slope_of_two():
    right = np.random.default_rng(0).normal(size=50)
    found = describe_difference(2 * right, right, "float64", None)
    assert found["correlation"] == pytest.approx(1)
    assert found["slope"] == pytest.approx(2)
    assert found["share_beyond"] is None


def test_what_is_not_finite_is_counted():
    left, right = np.array([np.nan, 1.0, np.inf]), np.array([np.nan, np.nan, -np.inf])
    found = describe_difference(left, right, "float64", None)
    assert (found["nan_left"], found["nan_right"]) == (1, 2)
    assert (found["infinite_left"], found["infinite_right"]) == (1, 1)
    assert found["nonfinite_disagreeing"] == 2


def test_ulps_of_bfloat16_are_its_own():
    right = round_arrays({"x": np.array([1.0, 2.0])}, "bfloat16")["x"]
    left = right + np.float32(2**-7) * np.array([1, 0], np.float32)
    assert describe_difference(left, right, "bfloat16", None)["max_ulp"] == 1


@pytest.mark.parametrize(
    "array", [np.array([1.7e308, -1.7e308]), np.array([1j, 2]), np.array(3), np.array([True])]
)
def test_every_number_fits_into_json(array):
    found = describe_difference(array, array[..., ::-1] if array.ndim else array, "", None)
    assert json.decode(json.encode(found)) == found
