import warnings

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given

from parityhub.capture.blocks import BLOCK
from parityhub.compare.metrics.screen import screen_arrays
from parityhub.errors import EvidenceError
from tests.compare.metrics.builders import draw_pairs, make_pair

FAR = [1.0, 1e-3, 1e-20, 1e-42, 1e25]
"""scales at which float32 does not have the squares, or is subnormal"""


def subtract(left, right):
    """|left - right| element by element, without numpy's integers and their wrapping."""
    if left.dtype.kind in "biu":
        pairs = zip(left.ravel().tolist(), right.ravel().tolist(), strict=True)
        return np.array([float(abs(int(a) - int(b))) for a, b in pairs]).reshape(left.shape)
    wide = np.clongdouble if left.dtype.kind == "c" else np.longdouble
    return np.abs(left.astype(wide) - right.astype(wide))


def screen_plainly(left, right):
    """The means, in extended precision."""
    finite = np.isfinite(left) & np.isfinite(right)
    left, right = left[finite], right[finite]
    error = subtract(left, right)
    wide = np.clongdouble if right.dtype.kind == "c" else np.longdouble
    size = np.abs(right.astype(wide))
    return error, error[size > 0] / size[size > 0]


def assert_errors(found, errors, rel):
    assert found.count == errors.size
    if errors.size == 0:
        assert (found.max, found.mean, found.rms, found.worst) == (None, None, None, None)
        return
    plain = {"max": errors.max(), "mean": errors.mean(), "rms": np.sqrt(np.mean(errors**2))}
    for name, value in plain.items():
        assert getattr(found, name) == pytest.approx(float(value), rel=rel, abs=5e-324), name


@given(draw_pairs())
def test_equals_the_plain_expressions_whatever_the_dtype(pair):
    left, right = pair
    with np.errstate(all="ignore"):
        absolute, relative = screen_plainly(left, right)
        unbounded = not all(np.all(e.astype(float) < np.inf) for e in (absolute, relative))
    found = screen_arrays(left, right)
    assert found.compared == absolute.size
    assert found.unequal == np.count_nonzero(
        (left != right) & np.isfinite(left) & np.isfinite(right)
    )
    assert found.zero_reference == absolute.size - relative.size
    assert bool(found.overflows) == unbounded
    if not unbounded:
        assert_errors(found.absolute, absolute, 1e-4)
        assert_errors(found.relative, relative, 1e-4)


@given(draw_pairs())
def test_each_place_that_is_not_finite_is_counted(pair):
    left, right = pair
    found = screen_arrays(left, right).nonfinite
    bad_left, bad_right = ~np.isfinite(left), ~np.isfinite(right)
    assert (found.nan_left, found.nan_right) == (np.isnan(left).sum(), np.isnan(right).sum())
    assert found.nan_left + found.infinite_left == bad_left.sum()
    assert found.nan_right + found.infinite_right == bad_right.sum()
    assert found.both == (bad_left & bad_right).sum()
    alike = (left == right) | (np.isnan(left) & np.isnan(right))
    parted = (bad_left | bad_right) & ~alike
    assert found.disagreeing == parted.sum()
    for index, places in ((found.first, bad_left | bad_right), (found.first_disagreeing, parted)):
        first = tuple(np.argwhere(places)[0].tolist()) if places.any() else None
        assert index == first


@pytest.mark.parametrize("scale", FAR)
@pytest.mark.parametrize("size", [1, 1023, 5000, 2 * BLOCK + 17])
def test_float32_is_as_exact_as_stated(size, scale):
    left, right = (x * np.float32(scale) for x in make_pair(size))
    absolute, relative = screen_plainly(left, right)
    found = screen_arrays(left, right)
    assert_errors(found.absolute, absolute, 1e-6)
    assert_errors(found.relative, relative, 1e-6)
    assert found.absolute.max == pytest.approx(float(absolute.max()), rel=2**-24)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
def test_names_the_worst_element_of_each_error(dtype):
    left, right = make_pair(3 * BLOCK, dtype)
    left[BLOCK + 7] += 1
    right[5], left[5] = 1e-9, 2e-8
    found = screen_arrays(left.reshape(3, BLOCK), right.reshape(3, BLOCK))
    worst, far = found.absolute.worst, found.relative.worst
    assert (worst.index, far.index) == ((1, 7), (0, 5))
    assert (worst.left, worst.right) == (left[BLOCK + 7], right[BLOCK + 7])
    assert worst.error == found.absolute.max == pytest.approx(1, rel=1e-3)
    assert far.error == found.relative.max == pytest.approx(19, rel=1e-6)


def test_zeros_of_the_reference_have_no_relative_error_and_are_named():
    left, right = make_pair(2 * BLOCK)
    right[::3] = 0
    left[::3] = 0
    left[3] = 1
    found = screen_arrays(left, right)
    assert found.zero_reference == right[::3].size
    assert found.zero_reference_unequal == 1
    assert found.relative.count == right.size - right[::3].size
    assert found.relative.max < 1e-3 < found.absolute.max


def test_an_array_against_itself():
    _, right = make_pair(2 * BLOCK + 3)
    found = screen_arrays(right, right)
    assert (found.unequal, found.absolute.max, found.absolute.rms, found.relative.mean) == (0,) * 4
    assert found.compared == right.size


def test_one_nan_among_many_hides_nothing():
    left, right = make_pair(2 * BLOCK + 9)
    expected = screen_arrays(np.delete(left, BLOCK + 1), np.delete(right, BLOCK + 1))
    left[BLOCK + 1] = np.nan
    found = screen_arrays(left, right)
    assert found.nonfinite.first == (BLOCK + 1,)
    assert found.nonfinite.disagreeing == found.nonfinite.nan_left == 1
    assert found.compared == left.size - 1
    assert found.absolute.rms == pytest.approx(expected.absolute.rms, rel=1e-6)


def test_an_infinity_of_the_other_sign_disagrees():
    found = screen_arrays(np.array([1.0, -np.inf]), np.array([1.0, np.inf])).nonfinite
    assert (found.both, found.disagreeing, found.first_disagreeing) == (1, 1, (1,))


def test_an_overflow_is_named_and_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        huge = screen_arrays(np.array([1e300, 1.7e308]), np.array([-1e300, -1.7e308]))
        tiny = screen_arrays(np.array([1.0]), np.array([5e-324]))
    assert (huge.overflows, huge.absolute.max, huge.compared) == (1, np.inf, 2)
    assert huge.absolute.worst.index == (1,)
    assert (tiny.overflows, tiny.absolute.max, tiny.relative.max) == (1, 1.0, np.inf)


def test_huge_numbers_whose_difference_is_not_have_a_mean():
    found = screen_arrays(np.full(9, 1e300), np.full(9, -1e300))
    assert found.overflows == 0
    assert found.absolute.rms == found.absolute.mean == found.absolute.max == 2e300


def test_neighbours_above_what_float64_can_tell_are_unequal():
    found = screen_arrays(np.array([2**60 + 1, -(2**63)]), np.array([2**60, 2**63 - 1]))
    assert (found.unequal, found.absolute.max) == (2, float(2**64))
    assert screen_arrays(np.array([2**60 + 1]), np.array([2**60])).absolute.max == 1


def test_bfloat16_is_read_as_such_also_as_the_raw_bytes_of_a_file():
    left = np.array([1, 2, 3], dtype=ml_dtypes.bfloat16)
    right = np.array([1, 2, 3.1], dtype=ml_dtypes.bfloat16)
    plain = screen_arrays(left.astype(np.float32), right.astype(np.float32))
    for one, other in ((left, right), (left.view("V2"), right.view("V2"))):
        found = screen_arrays(one, other)
        assert found.left_dtype == "bfloat16"
        assert found.absolute == plain.absolute


@pytest.mark.parametrize("dtype", [">f4", ">f8", ">c8", ">i2"])
def test_the_order_of_bytes_does_not_matter(dtype):
    left, right = (1000 * x for x in make_pair(50, np.float64))
    swapped = screen_arrays(left.astype(dtype), right.astype(dtype))
    native = np.dtype(dtype).newbyteorder("=")
    assert swapped == screen_arrays(left.astype(native), right.astype(native))


def test_float32_is_screened_against_float64():
    left, right = make_pair(1000, np.float64)
    found = screen_arrays(left.astype(np.float32), right)
    assert_errors(found.absolute, np.abs(left.astype(np.float32) - right), 1e-12)


@pytest.mark.parametrize("turn", [lambda x: x.T, lambda x: x[:, ::2], np.asfortranarray])
def test_any_layout_in_memory_gives_the_same(turn):
    left, right = (x.reshape(40, 50) for x in make_pair(2000))
    left[3, 4] += 1
    left[6, 8] = np.nan
    plain = screen_arrays(turn(left).copy(order="C"), turn(right).copy(order="C"))
    turned = screen_arrays(turn(left), turn(right))
    mixed = screen_arrays(turn(left), turn(right).copy(order="C"))
    for found in (turned, mixed):
        assert found.absolute.worst == plain.absolute.worst
        assert found.nonfinite == plain.nonfinite
        assert found.absolute.rms == pytest.approx(plain.absolute.rms, rel=1e-6)


def test_mapped_files_give_the_same(tmp_path):
    left, right = make_pair(2 * BLOCK + 5)
    np.save(tmp_path / "left.npy", left)
    np.save(tmp_path / "right.npy", right)
    mapped = (np.load(tmp_path / name, mmap_mode="r") for name in ("left.npy", "right.npy"))
    assert screen_arrays(*mapped) == screen_arrays(left, right)


def test_a_scalar_and_an_empty_array_have_what_they_have():
    scalar = screen_arrays(np.array(1.5), np.array(1.0))
    assert (scalar.absolute.worst.index, scalar.absolute.max) == ((), 0.5)
    empty = screen_arrays(np.empty((0, 3)), np.empty((0, 3)))
    assert (empty.compared, empty.absolute.max, empty.relative.worst) == (0, None, None)


def test_repeats_itself_bit_for_bit():
    left, right = make_pair(5 * BLOCK)
    assert screen_arrays(left, right) == screen_arrays(left, right)


def test_the_arrays_are_not_written_over():
    pair = make_pair(100, np.float64)
    before = [x.copy() for x in pair]
    screen_arrays(*pair)
    assert all(np.array_equal(x, y) for x, y in zip(pair, before, strict=True))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (np.ones(3), np.ones((3, 1))),
        (np.ones((1, 3)), np.ones((2, 3))),
        (np.array(["a"]), np.array(["a"])),
        (np.array([None]), np.array([None])),
        (np.zeros(2, dtype="M8[s]"), np.zeros(2, dtype="M8[s]")),
    ],
)
def test_refuses_what_cannot_be_subtracted(left, right):
    with pytest.raises(EvidenceError):
        screen_arrays(left, right)
