"""assert_parity: what it lets pass is rounding, and its message says what it sees."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parityhub.errors import DataError, UsageError
from parityhub.testing import assert_parity, derive_bound

DTYPES = [np.float16, np.float32, np.float64, np.complex64]
SHAPES = [(64,), (8, 16), (2, 5, 7), (3, 4, 5, 6)]


def draw(seed, shape, dtype, scale=1.0):
    rng = np.random.default_rng(seed)
    array = rng.standard_normal(shape) * scale
    if np.dtype(dtype).kind == "c":
        array = array + 1j * rng.standard_normal(shape) * scale
    return array.astype(dtype)


def refuse(one, other, **options):
    with pytest.raises(AssertionError) as caught:
        assert_parity(one, other, **options)
    return str(caught.value)


seeds, shapes, dtypes = st.integers(0, 2**32 - 1), st.sampled_from(SHAPES), st.sampled_from(DTYPES)


@given(seeds, shapes, dtypes)
def test_the_same_is_the_same(seed, shape, dtype):
    array = draw(seed, shape, dtype)
    assert_parity(array, array.copy())


@given(seeds, shapes, st.sampled_from([np.float32, np.float64]))
def test_another_order_of_a_sum_is_rounding(seed, shape, dtype):
    terms = draw(seed, (512, *shape), dtype)
    forward = np.add.reduce(terms, axis=0)
    backward = terms[::-1].cumsum(axis=0)[-1]
    assert_parity(forward, backward)


@given(seeds, shapes, dtypes, st.integers(-8, 8))
def test_what_is_decided_does_not_depend_on_the_unit(seed, shape, dtype, power):
    assume(dtype != np.float16)
    one = draw(seed, shape, dtype)
    other = (one * (1 + 3e-5)).astype(dtype)

    def passes(scale):
        try:
            assert_parity(one * scale, other * scale)
        except AssertionError:
            return False
        return True

    assert passes(dtype(1)) == passes(dtype(2.0**power))


@given(seeds, shapes, dtypes)
def test_a_factor_of_two_a_shift_and_a_sign_are_refused_and_named(seed, shape, dtype):
    one = draw(seed, shape, dtype)
    assert "times 2" in refuse(one, one * 2)
    assert "plus 1" in refuse(one, (one + 1).astype(dtype))
    assert "times -1" in refuse(one, -one)


@given(seeds, shapes, dtypes)
def test_another_order_of_the_elements_is_refused(seed, shape, dtype):
    one = draw(seed, shape, dtype)
    other = np.random.default_rng(seed).permutation(one.ravel()).reshape(shape)
    assume(not np.array_equal(one, other))
    refuse(one, other)


@given(seeds, st.sampled_from([(64,), (8, 16), (2, 5, 7)]))
def test_numbers_cut_to_bfloat16_or_tf32_are_refused_and_named(seed, shape):
    one = draw(seed, shape, np.float32)
    for kept, mask in (("bfloat16", 0xFFFF0000), ("TF32", 0xFFFFE000)):
        cut = (one.view(np.uint32) & np.uint32(mask)).view(np.float32)
        assert f"PyTorch has no bits beyond {kept}" in refuse(one, cut)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("sides", ["one", "other", "both"])
def test_what_is_not_finite_is_refused_on_either_side_and_on_both(value, sides):
    one, other = draw(1, (8,), np.float32), draw(1, (8,), np.float32)
    if sides != "other":
        one[3] = value
    if sides != "one":
        other[3] = value
    assert "not finite, first at (3,)" in refuse(one, other)


def test_nothing_is_no_evidence():
    for shape in ((0,), (4, 0)):
        assert "nothing compared" in refuse(np.zeros(shape), np.zeros(shape))
    assert "constant" in refuse(np.zeros(8), np.zeros(8))
    assert "constant" in refuse(np.ones((2, 2)), np.ones((2, 2)))
    assert "the other is not" in refuse(np.ones(3), np.array([1.0, 1.0, 1.0 + 1e-16 + 1e-3]))


def test_a_constant_may_be_meant():
    assert_parity(np.zeros(8), np.zeros(8), allow_constant=True)
    assert_parity(np.float32(3), np.float32(3))
    refuse(np.zeros(8), np.ones(8), allow_constant=True)
    assert "nothing compared" in refuse(np.zeros(0), np.zeros(0), allow_constant=True)
    assert "finite" in refuse(np.full(4, np.nan), np.full(4, np.nan), allow_constant=True)


def test_another_shape_names_the_order_of_axes_that_would_fit():
    told = refuse(draw(1, (1, 8, 9, 3), np.float32), draw(1, (1, 3, 8, 9), np.float32))
    assert "(0, 3, 1, 2)" in told
    assert "shapes differ" in refuse(draw(1, (4,), np.float32), draw(1, (4, 1), np.float32))


def test_swapped_axes_of_one_shape_are_named():
    one = draw(1, (6, 6), np.float32)
    assert "the axes (1, 0)" in refuse(one, one.T)
    assert "axis 1 is reversed" in refuse(one, one[:, ::-1])


def test_another_dtype_is_refused():
    one = draw(1, (8,), np.float32)
    assert "dtypes differ" in refuse(one, one.astype(np.float64))
    assert "dtypes differ" in refuse(np.arange(8), np.arange(8).astype(np.float64))


def test_integers_are_equal_or_not():
    assert_parity(np.arange(5), np.arange(5))
    assert "1 of 5" in refuse(np.arange(5), np.array([0, 1, 2, 3, 5]))


def test_large_integers_are_held_apart():
    one = np.array([2**60, 2**60 + 2, 5])
    assert "1 of 3" in refuse(one, one + np.array([1, 0, 0]))
    assert_parity(one, one.copy())


def test_a_difference_beyond_float64_is_refused_without_a_warning():
    one = np.array([1e308, -1e308, 1.0])
    assert "differ in 2 of 3" in refuse(one, -one * np.array([1.0, 1.0, -1.0]))


def test_a_shift_within_rounding_by_size_is_no_rounding():
    one = draw(1, (1000,), np.float32, 1e5) + np.float32(3e5)
    told = refuse(one, one + np.float32(1))
    assert "everywhere" in told
    assert "plus 1" in told


def test_a_tolerance_needs_a_reason_and_is_shown():
    one = draw(1, (8,), np.float32)
    other = one + np.float32(0.01)
    with pytest.raises(UsageError) as caught:
        assert_parity(one, other, atol=0.1)
    assert caught.value.message == "a tolerance without a reason"
    with pytest.raises(UsageError):
        assert_parity(one, other, atol=float("nan"), reason="why not")
    assert_parity(one, other, atol=0.02, reason="one part in a hundred by design")
    told = refuse(one, other, atol=1e-4, reason="measured over 50 seeds")
    assert "tolerance: atol 0.0001, rtol 0: measured over 50 seeds" in told


def test_the_message_says_where_how_much_and_against_what():
    one = draw(1, (4, 5), np.float32)
    other = one.copy()
    other[2, 3] += 0.5
    lines = refuse(one, other, name="logits").splitlines()
    assert lines[0] == (
        "logits: TensorFlow and PyTorch differ in 1 of 20 elements (5.0%), shape (4, 5), float32"
    )
    assert lines[1].startswith("  worst at (2, 3): TensorFlow ")
    assert "allowed" in lines[2]
    assert "ULP" in lines[3]
    assert lines[4].startswith("  tolerance: 1024 units of roundoff of float32")


@pytest.mark.parametrize(("dtype", "units"), [(np.float16, 16), (np.float32, 1024)])
def test_the_bound_is_so_many_units_of_roundoff(dtype, units):
    array = np.ones(4, dtype)
    bound, words = derive_bound(array, array)
    assert words.startswith(f"{units} units of roundoff")
    np.testing.assert_allclose(bound, 2 * units * np.finfo(dtype).eps / 2)


def test_large_numbers_do_not_overflow_the_bound():
    array = np.array([1e300, -2e300, 1.0])
    assert_parity(array, array * (1 + 1e-15))


def test_what_is_no_array_is_a_line_and_a_hint():
    for wrong in (["a", "b"], [object()], None):
        with pytest.raises(DataError) as caught:
            assert_parity(wrong, wrong)
        assert caught.value.hint


def test_importing_it_imports_nothing_heavy():
    code = "import sys, parityhub.testing; print('numpy' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_documented_message_is_what_is_printed():
    page = (Path(__file__).resolve().parents[1] / "docs" / "testing.md").read_text("utf-8")
    code, shown = re.findall(r"^```(?:python|text)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == shown


@pytest.mark.slow
def test_tensors_of_both_frameworks_are_read_as_they_are():
    code = (
        "import numpy as np, torch\n"
        "from parityhub.testing import assert_parity\n"
        "x = np.random.default_rng(0).standard_normal((4, 8)).astype('float32')\n"
        "t = torch.tensor(x, requires_grad=True) * 1\n"
        "assert_parity(x, t)\n"
        "try:\n"
        "    assert_parity(x, t * 2)\n"
        "except AssertionError as error:\n"
        "    print('times 2' in str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("True", 0), done.stderr
