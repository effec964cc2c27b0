import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from parityhub.compare.metrics.histogram import BIN_WIDTH, BINS, count_magnitudes, find_percentiles

MAGNITUDES = hnp.arrays(
    np.float64, st.integers(1, 50), elements=st.floats(0, allow_infinity=True, allow_nan=False)
)


@given(MAGNITUDES, st.floats(0, 1))
def test_a_percentile_lies_in_its_bin(magnitudes, share):
    (found,) = find_percentiles(count_magnitudes(magnitudes), [share])
    exact = np.percentile(magnitudes, 100 * share, method="inverted_cdf")
    nearest = np.sort(magnitudes)[max(1, int(np.ceil(share * magnitudes.size))) - 1]
    assert found.low <= nearest
    assert nearest < found.high or np.isinf(nearest)
    assert exact <= nearest or share < 1


@given(st.floats(2.3e-308, 1e308))
def test_a_bin_is_no_wider_than_stated(magnitude):
    (found,) = find_percentiles(count_magnitudes(np.array([magnitude])), [0.5])
    assert found.high <= found.low * (1 + BIN_WIDTH)
    assert found.value == pytest.approx(magnitude, rel=BIN_WIDTH / 2)


def test_zero_and_infinity_have_bins_of_their_own():
    counts = count_magnitudes(np.array([0.0, 0.0, np.inf]))
    assert (counts[0], counts[BINS - 1], counts.sum()) == (2, 1, 3)
    low, high = find_percentiles(counts, [0.5, 0.99])
    assert (low.low, low.value, high.low) == (0, 0, np.inf)
