import numpy as np
import pytest

from parityhub.compare.metrics.ulp import THRESHOLDS, count_ulps, gather_ulps, measure_ulps


def read_bits(*values, dtype=np.float32):
    return np.array(values, dtype=dtype).view(f"i{np.dtype(dtype).itemsize}")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_way_between_signs_leads_over_zero(dtype):
    tiny, top = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).max
    left = read_bits(tiny, 0.0, -tiny, 1.0, -top, dtype=dtype)
    right = read_bits(-tiny, -0.0, 2 * tiny, 1.0, top, dtype=dtype)
    largest = int(np.abs(dtype(top)).view(f"u{dtype().itemsize}"))
    assert measure_ulps(left, right).tolist() == [2, 0, 3, 0, 2 * largest]


def test_shares_are_those_of_all_blocks():
    left, right = read_bits(1, 1, 1, 1), read_bits(1, 1, 1, 1) + np.int32([0, 1, 2, 300])
    found = gather_ulps([count_ulps(left, right), count_ulps(left, left)])
    assert found.max == 300
    assert dict(found.over) == dict(
        zip(THRESHOLDS, [3 / 8, 2 / 8, 1 / 8, 1 / 8, 1 / 8, 1 / 8, 0], strict=True)
    )


def test_no_element_has_no_distance():
    nothing = np.empty(0, dtype=np.int32)
    assert gather_ulps([count_ulps(nothing, nothing)]) is None
    assert gather_ulps([]) is None
