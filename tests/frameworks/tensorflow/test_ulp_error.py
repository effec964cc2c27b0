import numpy as np
import pytest

from parityhub.errors import UsageError
from parityhub.frameworks.tensorflow.ulp_error import compare_ulps, find_wide


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_neighbours_are_one_ulp_apart(dtype):
    values = np.array([1.0, 1.5, -2.0, 3.75, 100.0], dtype)
    outward = np.nextafter(values, np.copysign(np.inf, values).astype(dtype))
    ulp = compare_ulps(outward, values.astype(np.float64), dtype)
    assert ulp == {"max": 1.0, "rms": 1.0}


def test_float64_is_held_against_more_digits():
    exact = np.array([1 / np.longdouble(3)])
    ulp = compare_ulps(exact.astype(np.float64), exact, "float64")
    assert find_wide("float64") is np.longdouble
    assert 0 < ulp["max"] <= 0.5


def test_results_that_are_not_normal_are_left_out():
    exact = np.array([1e-42, 0.0, np.inf, 1e300, 4.0])
    ulp = compare_ulps(np.array([0, 1, 0, 0, 4], np.float32), exact, "float32")
    assert ulp["max"] == 0.0


def test_nan_where_there_is_a_number_is_infinitely_far():
    ulp = compare_ulps(np.array([np.nan, 1], np.float32), np.array([1.0, 1.0]), "float32")
    assert ulp["max"] == np.inf


def test_nothing_to_measure_is_no_zero():
    with pytest.raises(UsageError, match="no result is a normal float32"):
        compare_ulps(np.zeros(3, np.float32), np.zeros(3), "float32")
