import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from parityhub.capture import compute_stats
from parityhub.capture.blocks import BLOCK
from parityhub.capture.stats import compute_patch_stats
from parityhub.errors import DataError

SHAPES = hnp.array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=5)
REAL = hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6))
COMPLEX = hnp.arrays(
    np.complex128, SHAPES, elements=st.complex_numbers(max_magnitude=1e6, allow_subnormal=False)
)


def describe_plainly(x):
    values = np.abs(x) if np.iscomplexobj(x) else x
    sizes = np.abs(x)
    centred = sizes - sizes.mean(axis=(-2, -1), keepdims=True)
    return {
        "mean": values.mean(),
        "std": values.std(),
        "min": values.min(),
        "max": values.max(),
        "var_zero_mean": np.mean(centred**2),
    }


def assert_same(stats, x):
    plain = describe_plainly(x)
    scale = np.abs(x).max()
    for name, value in plain.items():
        unit = scale**2 if name == "var_zero_mean" else scale
        assert stats[name] == pytest.approx(value, rel=1e-9, abs=1e-12 * unit + 1e-300), name
    assert stats["count"] == x.size
    assert stats["nonfinite"] == 0


@given(REAL)
def test_equals_the_plain_expression_for_real_numbers(x):
    assert_same(compute_stats(x), x)


@given(COMPLEX)
def test_equals_the_plain_expression_for_complex_numbers(x):
    assert_same(compute_stats(x), x)


@pytest.mark.parametrize("shape", [(3, BLOCK // 8 + 1, 9), (2 * BLOCK + 3, 1, 1), (5, 7, 100, 3)])
def test_blocks_do_not_show(shape):
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    assert_same(compute_stats(x), x.astype(np.float64))


def test_sums_in_float64_whatever_the_dtype():
    x = np.full((1, 1000, 1000), 0.1, dtype=np.float32)
    x[0, 0, 0] = 1e4
    assert_same(compute_stats(x), x.astype(np.float64))


def test_unsigned_integers_do_not_wrap():
    x = np.array([[200, 100], [255, 0]], dtype=np.uint8)
    assert_same(compute_stats(x), x.astype(np.float64))


def test_var_zero_mean_is_about_each_patch_and_std_about_all():
    x = np.stack([np.full((4, 4), 1.0), np.full((4, 4), 3.0)])
    stats = compute_stats(x)
    assert stats["var_zero_mean"] == 0
    assert stats["std"] == 1


@given(
    hnp.arrays(
        np.float32,
        SHAPES,
        elements=st.sampled_from([0.0, 1.0, np.float32("nan"), np.float32("inf")]),
    )
)
def test_counts_what_is_not_finite(x):
    stats = compute_stats(x)
    bad = int((~np.isfinite(x)).sum())
    assert stats["nonfinite"] == bad
    assert bool(np.isfinite(stats["mean"])) == (bad == 0)
    assert bool(np.isfinite(stats["var_zero_mean"])) == (bad == 0)


def test_nan_is_not_hidden_by_the_rest():
    x = np.ones((1, 2, BLOCK))
    x[0, 1, -1] = np.nan
    stats = compute_stats(x)
    assert all(np.isnan(stats[name]) for name in ("mean", "std", "min", "max", "var_zero_mean"))


@pytest.mark.parametrize(
    "x",
    [np.empty((0, 3, 3)), np.ones(4), np.float64(1), np.array([["a", "b"]]), np.ones((2, 2)) > 0],
)
def test_refuses_what_has_no_statistics(x):
    with pytest.raises(DataError):
        compute_stats(x)


def test_patch_stats_are_those_of_each_patch():
    x = np.random.default_rng(1).normal(size=(2, 3, 4, 4))
    found = compute_patch_stats(x, 4)
    assert found == [compute_stats(patch) for patch in x.reshape(6, 4, 4)[:4]]


@pytest.mark.parametrize("offset", [0, 3, 10, 25, 31, 33, 1e3, 1e6])
@pytest.mark.parametrize("shape", [(8, 1, 64, 64), (5, 3, 3), (1, 300, 2000)])
def test_is_exact_wherever_the_mean_lies(shape, offset):
    x = (np.random.default_rng(2).normal(size=shape) + offset).astype(np.float32)
    exact = describe_plainly(x.astype(np.longdouble))
    stats = compute_stats(x)
    for name, value in exact.items():
        assert stats[name] == pytest.approx(float(value), rel=1.2e-10, abs=1e-15), name


@pytest.mark.parametrize("value", [0.1, -0.3, 1e-30, 1e30])
def test_a_constant_has_no_spread(value):
    stats = compute_stats(np.full((3, 2, 70, 70), value))
    assert stats["std"] <= 1e-15 * abs(value)
    assert stats["var_zero_mean"] <= 1e-30 * value**2


@pytest.mark.parametrize("shape", [(80, 128, 128), (1, 3 * BLOCK // 1000, 1000), (2, 800, 801)])
def test_threads_do_not_show(shape):
    x = np.random.default_rng(3).normal(size=shape).astype(np.float32)
    assert x.size >= 2 * BLOCK
    assert_same(compute_stats(x), x.astype(np.float64))
    assert compute_stats(x) == compute_stats(x)


def test_what_is_measured_is_not_written_over():
    x = np.random.default_rng(4).normal(size=(2, 30, 30))
    before = x.copy()
    compute_stats(x)
    assert np.array_equal(x, before)


@given(
    st.sampled_from(["float32", "float64", "complex64", "int16"]),
    st.tuples(st.integers(1, 5), st.integers(1, 40), st.integers(1, 40)),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1.0, 1e-30, 1e300, np.nan, np.inf]),
)
def test_patches_read_together_are_those_read_one_by_one(
    dtype: str, shape: tuple[int, int, int], seed: int, first: float
) -> None:
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        array = (rng.standard_normal(shape) * 3 + rng.integers(-2, 3)).astype(dtype)
        if array.dtype.kind in "fc":
            array[0, 0, 0] = first
    for patch, together in zip(array, compute_patch_stats(array, 9), strict=True):
        alone = compute_stats(patch)
        assert alone.keys() == together.keys()
        assert np.array_equal(list(alone.values()), list(together.values()), equal_nan=True)
