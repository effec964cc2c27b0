import numpy as np

from parityhub.frameworks.tensorflow.spread import measure_spread


def test_repeats_that_are_the_same_have_none():
    value = np.array([1.0, np.nan, np.inf, -np.inf])
    assert measure_spread([value, value.copy()]) == 0.0
    assert measure_spread([value]) == 0.0
    assert measure_spread([np.zeros(0), np.zeros(0)]) == 0.0


def test_the_largest_difference_from_the_first():
    first = np.array([1.0, 2.0], np.float32)
    assert measure_spread([first, first + 1, first - 3]) == 3.0


def test_complex_and_whole_numbers():
    assert measure_spread([np.array([1 + 1j]), np.array([1 - 1j])]) == 2.0
    assert measure_spread([np.array([True]), np.array([False])]) == 1.0


def test_finite_once_and_not_again_is_infinite():
    assert measure_spread([np.array([1.0]), np.array([np.nan])]) == np.inf
    assert measure_spread([np.array([1.0]), np.array([-np.inf])]) == np.inf
    assert measure_spread([np.array([np.inf]), np.array([-np.inf])]) == np.inf
