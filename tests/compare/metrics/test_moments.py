import numpy as np
import pytest

from parityhub.compare.metrics.moments import (
    are_safe,
    join_moments,
    measure_likeness,
    take_moments,
)


def test_joined_blocks_are_as_one():
    x, y = np.random.default_rng(0).normal(size=(2, 1000)) + 7
    whole = take_moments(x.copy(), y.copy())
    cuts = (slice(0, 0), slice(0, 300), slice(300, 301), slice(301, 1000), slice(1000, 1000))
    joined = join_moments([take_moments(x[cut].copy(), y[cut].copy()) for cut in cuts])
    assert joined == pytest.approx(whole, rel=1e-12)
    assert whole.left == pytest.approx(np.sum((x - x.mean()) ** 2), rel=1e-12)
    assert whole.both == pytest.approx(np.sum((x - x.mean()) * (y - y.mean())), rel=1e-10)


def test_opposite_arrays_have_cosine_and_correlation_minus_one():
    x = np.random.default_rng(0).normal(size=100)
    found = measure_likeness([take_moments(x.copy(), -x)], (1.0, 1.0))
    assert (found.cosine, found.correlation) == (pytest.approx(-1), pytest.approx(-1))


@pytest.mark.parametrize(("scale", "safe"), [(1e-160, False), (1.0, True), (1e160, False)])
def test_squares_that_overflow_or_vanish_are_noticed(scale, safe):
    x = np.random.default_rng(0).normal(size=100) * scale
    with np.errstate(all="ignore"):
        assert are_safe([take_moments(x.copy(), x.copy())]) is safe
