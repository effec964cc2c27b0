import numpy as np
import pytest

from parityhub.compare.referee.admit import find_bar, suggest_axes

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("left", "right", "verdict", "caught_by", "told"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), "FAIL", "shape", "(2, 3) against (3, 2)"),
        (np.zeros((2, 1)), np.zeros(2), "FAIL", "shape", "(2, 1) against (2,)"),
        (np.zeros(1), np.zeros(()), "FAIL", "shape", "(1,) against ()"),
        (np.zeros(2), np.zeros(2, "f4"), "FAIL", "dtype", "float64 against float32"),
        (np.zeros((0, 3)), np.zeros((0, 3)), "INCONCLUSIVE", "", "empty"),
        (np.array([1, NAN]), np.array([1, 2.0]), "FAIL", "nonfinite", "1 against 0"),
        (np.array([1, INF]), np.array([1, -INF]), "FAIL", "nonfinite", "at 1 "),
        (np.array([NAN, 1.0]), np.array([1.0, NAN]), "FAIL", "nonfinite", "at 2 "),
        (np.array([NAN, 1.0]), np.array([NAN, 1.0]), "INCONCLUSIVE", "", "the same ones"),
        (np.array([INF, 1.0]), np.array([INF, 1.0]), "INCONCLUSIVE", "", "the same ones"),
        (np.array([1, INF + 0j]), np.array([1, 1 + 0j]), "FAIL", "nonfinite", "1 against 0"),
    ],
)
def test_bar(left, right, verdict, caught_by, told):
    bar = find_bar(left, right, (left.dtype.name, right.dtype.name))
    assert bar is not None
    assert (bar.verdict, bar.caught_by) == (verdict, caught_by)
    assert told in bar.reason


@pytest.mark.parametrize("array", [np.arange(3), np.ones(()), np.array([1j, 2]), np.array([True])])
def test_no_bar(array):
    assert find_bar(array, array, (array.dtype.name, array.dtype.name)) is None


def test_dtypes_are_those_that_were_given_not_those_that_hold_them():
    array = np.ones(3, np.float32)
    bar = find_bar(array, array, ("bfloat16", "float32"))
    assert bar is not None
    assert bar.reason == "dtypes differ: bfloat16 against float32"


@pytest.mark.parametrize(
    ("left", "right", "axes"),
    [
        ((4, 8, 8, 1), (4, 1, 8, 8), (0, 2, 3, 1)),
        ((4, 2, 8, 8), (4, 8, 8, 2), (0, 3, 1, 2)),
        ((4, 10, 6), (4, 6, 10), (0, 2, 1)),
        ((4, 5), (5, 4), (1, 0)),
        ((4, 3, 5, 7), (4, 3, 7, 5), (0, 1, 3, 2)),
        ((4, 5), (4, 6), ()),
        ((4, 5), (4, 5), ()),
        ((4,), (4, 1), ()),
        ((), (), ()),
        ((1, 2, 1, 1, 1, 1, 1), (1, 1, 2, 1, 1, 1, 1), ()),
    ],
)
def test_an_order_of_axes_that_would_fit_is_suggested(left, right, axes):
    assert suggest_axes(left, right) == axes
