import pytest

from parityhub.compare.liveness import find_death
from tests.compare.builders import measure_stats


def test_sound_statistics_are_alive():
    assert find_death(measure_stats()) == ""


@pytest.mark.parametrize(
    ("changes", "death"),
    [
        ({"std": 0.0}, "constant: std is 0"),
        ({"std": 0}, "constant: std is 0"),
        ({"min": 5.0}, "constant: min and max are both 5.0"),
        ({"std": None, "min": 5.0}, "constant: min and max are both 5.0"),
        ({"std": -1.0}, "impossible: std is -1.0"),
        ({"var_zero_mean": -1e-9}, "impossible: var_zero_mean is -1e-09"),
        ({"min": 6.0}, "impossible: min 6.0 is above max 5.0"),
        ({"count": 0}, "empty: count is 0.0"),
        ({"nonfinite": 3}, "3 elements are not finite"),
        ({"count": 2, "std": 0.0}, "constant: std is 0"),
    ],
)
def test_what_is_not_alive(changes, death):
    assert find_death(measure_stats(**changes)) == death


def test_one_element_may_be_constant():
    assert find_death(measure_stats(count=1, std=0.0, min=5.0, var_zero_mean=0.0)) == ""


def test_the_least_spread_is_alive():
    assert find_death(measure_stats(std=5e-324)) == ""
