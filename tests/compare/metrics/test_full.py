import math

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.capture.blocks import BLOCK
from parityhub.compare.metrics.full import measure_arrays
from parityhub.errors import EvidenceError
from tests.compare.metrics.builders import FLOATS, draw_finite, draw_pairs, make_pair
from tests.compare.metrics.test_screen import subtract


@given(draw_pairs(), st.floats(0, 10), st.floats(0, 1))
def test_percentiles_and_shares_equal_the_plain_ones(pair, atol, rtol):
    left, right = pair
    finite = np.isfinite(left) & np.isfinite(right)
    left, right = left[finite], right[finite]
    found = measure_arrays(*pair, atol=atol, rtol=rtol)
    assert found.compared == left.size
    if left.size == 0:
        assert (found.p50, found.p99, found.ulp, found.tolerance.share) == (None,) * 4
        return
    with np.errstate(all="ignore"):
        error = subtract(left, right).astype(np.float64)
        size = np.abs(right.astype(np.result_type(right.dtype, np.float64)))
        beyond = error > size * rtol + atol
    for percentile, share in ((found.p50, 0.5), (found.p99, 0.99)):
        exact = np.sort(error.ravel())[max(0, math.ceil(share * error.size) - 1)]
        assert percentile.low <= exact < percentile.high or exact == percentile.low == np.inf
    assert found.tolerance.beyond == np.count_nonzero(beyond)
    assert found.tolerance.share == found.tolerance.beyond / left.size


@given(draw_pairs(dtypes=FLOATS, elements=draw_finite))
def test_ulps_are_the_steps_between_floats(pair):
    left, right = (x.ravel() for x in pair)
    steps = []
    for one, other in zip(left, right, strict=True):
        # Where the bits of both are read as one line of floats, they stand that far apart.
        places = [
            int(np.abs(x).view(f"u{x.dtype.itemsize}")) * (-1 if np.signbit(x) else 1)
            for x in (one, other)
        ]
        steps.append(abs(places[0] - places[1]))
    found = measure_arrays(left, right).ulp
    assert found.max == max(steps)
    for limit, share in found.over:
        assert share == pytest.approx(sum(step > limit for step in steps) / len(steps))


@given(draw_pairs(dtypes=(np.float32,), elements=draw_finite))
def test_likeness_equals_the_plain_expressions(pair):
    left, right = (x.astype(np.longdouble).ravel() for x in pair)
    found = measure_arrays(*pair).likeness
    x, y = left - left.mean(), right - right.mean()
    if not (left.any() and right.any()):
        assert found.cosine is None
    else:
        cosine = left @ right / np.sqrt(left @ left) / np.sqrt(right @ right)
        assert found.cosine == pytest.approx(float(cosine), abs=1e-9)
    spread = float(np.sqrt(y @ y / y.size)), float(abs(right.mean()))
    if spread[0] > 1e-10 * spread[1] and found.slope is not None:
        assert found.slope == pytest.approx(float(x @ y / (y @ y)), rel=1e-4, abs=1e-300)
    if spread[0] == 0:
        assert (found.correlation, found.slope) == (None, None)


@pytest.mark.parametrize("scale", [1e-310, 1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_twice_an_array_has_slope_two_at_any_scale(scale):
    right = np.random.default_rng(0).normal(size=3000) * scale
    found = measure_arrays(2 * right, right).likeness
    assert found.slope == pytest.approx(2, rel=1e-9)
    assert found.correlation == pytest.approx(1, rel=1e-9)
    assert found.cosine == pytest.approx(1, rel=1e-9)


def test_arrays_at_scales_far_apart():
    right = np.random.default_rng(0).normal(size=300)
    found = measure_arrays(right * 1e-200, right * 1e200).likeness
    assert found.correlation == pytest.approx(1)
    assert found.slope == 0
    beyond = measure_arrays(right * 1e200, right * 1e-200).likeness
    assert (beyond.slope, beyond.correlation) == (None, pytest.approx(1))


def test_a_large_mean_does_not_blur_the_correlation():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 600_000))
    found = measure_arrays(x + 1e6, y + 1e6).likeness
    assert found.correlation == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)


@pytest.mark.parametrize("value", [0.1, -1e-300, 7, 1e308])
@pytest.mark.parametrize("size", [2, 1000, 2 * BLOCK + 3])
def test_a_constant_has_no_correlation(value, size):
    constant = np.full(size, value)
    varied = np.arange(size, dtype=np.float64)
    assert measure_arrays(varied, constant).likeness.slope is None
    assert measure_arrays(constant, varied).likeness.correlation is None
    assert measure_arrays(constant, constant).likeness.cosine == pytest.approx(1)


def test_the_slope_of_complex_arrays_is_that_of_their_parts():
    rng = np.random.default_rng(0)
    right = rng.normal(size=1000) + 1j * rng.normal(size=1000) + 5 - 3j
    found = measure_arrays(2 * right, right)
    assert found.likeness.slope == pytest.approx(2)
    turned = measure_arrays(1j * right, right).likeness
    centred = right - right.mean()
    expected = np.vdot(centred, 1j * centred).real / np.vdot(centred, centred).real
    assert turned.slope == pytest.approx(expected, abs=1e-12)
    assert turned.correlation == pytest.approx(0, abs=1e-12)
    assert measure_arrays(np.full(9, 1 + 2j), right[:9]).likeness.correlation is None


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
def test_subnormals_are_counted_and_those_flushed_to_zero(dtype):
    tiny = np.finfo(dtype).smallest_subnormal
    left = np.array([tiny, -tiny, 0, 1, np.finfo(dtype).tiny], dtype=dtype)
    right = np.array([0, -tiny, -0.0, 1, tiny], dtype=dtype)
    found = measure_arrays(left, right).subnormals
    assert (found.left, found.right, found.flushed) == (2, 2, 1)


def test_neighbours_in_bfloat16_are_one_ulp_apart():
    left = np.array([1.0, -2.0, 0.0], dtype=ml_dtypes.bfloat16)
    right = (left.view(np.uint16) + np.array([1, 1, 0], dtype=np.uint16)).view(ml_dtypes.bfloat16)
    for one, other in ((left, right), (left.view("V2"), right.view("V2"))):
        found = measure_arrays(one, other)
        assert found.ulp.max == 1
        assert dict(found.ulp.over)[0] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("left", "right"),
    [(np.float32, np.float64), (np.int32, np.int32), (np.longdouble, np.longdouble)],
)
def test_there_is_no_ulp_between_other_dtypes(left, right):
    found = measure_arrays(np.arange(5, dtype=left), np.arange(5, dtype=right))
    assert (found.ulp, found.subnormals) == (None, None)
    assert found.p99.high > 0 == found.p50.low


def test_what_is_not_finite_is_left_out():
    left, right = make_pair(2 * BLOCK + 1)
    expected = measure_arrays(left[:-2], right[:-2], atol=1e-4)
    left[-1], right[-2] = np.nan, np.inf
    found = measure_arrays(left, right, atol=1e-4)
    assert found.tolerance == expected.tolerance
    assert (found.p50, found.p99, found.ulp) == (expected.p50, expected.p99, expected.ulp)
    assert found.likeness.cosine == pytest.approx(expected.likeness.cosine, rel=1e-14)


def test_blocks_and_threads_do_not_show():
    left, right = make_pair(3 * BLOCK + 11)
    found = measure_arrays(left, right, atol=1e-5, rtol=1e-5)
    assert found == measure_arrays(left, right, atol=1e-5, rtol=1e-5)
    parts = [measure_arrays(left[s], right[s]) for s in (slice(BLOCK), slice(BLOCK, None))]
    assert found.ulp.max == max(part.ulp.max for part in parts)
    x, y = left.astype(np.float64), right.astype(np.float64)
    assert found.likeness.slope == pytest.approx(np.polyfit(y, x, 1)[0], rel=1e-10)
    assert found.likeness.correlation == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-12)


def test_without_a_tolerance_nothing_is_beyond_one():
    assert measure_arrays(*make_pair(10)).tolerance is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.complex128])
def test_the_arrays_are_not_written_over(dtype):
    pair = make_pair(100, dtype)
    before = [x.copy() for x in pair]
    measure_arrays(*pair, rtol=1.0)
    assert all(np.array_equal(x, y) for x, y in zip(pair, before, strict=True))


def test_refuses_what_screening_refuses():
    with pytest.raises(EvidenceError, match="shapes differ"):
        measure_arrays(np.ones(3), np.ones(4))
    with pytest.raises(EvidenceError, match="no numbers"):
        measure_arrays(np.array(["a"]), np.array(["a"]))
