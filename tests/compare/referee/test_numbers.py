import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from parityhub.compare.referee.numbers import (
    digest_arrays,
    order_arrays,
    read_arrays,
    round_arrays,
)
from parityhub.errors import EvidenceError


@pytest.mark.parametrize(("dtype", "unit"), [("float32", 24), ("float16", 11), ("bfloat16", 8)])
def test_rounding_is_to_nearest(dtype, unit):
    array = np.random.default_rng(0).normal(size=1000)
    rounded = round_arrays({"x": array}, dtype)["x"]
    assert rounded.dtype == np.float32
    assert 0 < np.max(np.abs(rounded / array - 1)) <= 2.0**-unit
    assert np.array_equal(round_arrays({"x": rounded}, dtype)["x"], rounded)


def test_bfloat16_ties_go_to_even():
    array = np.array([1 + 2**-8, 1 + 3 * 2**-8, -(1 + 2**-8)])
    assert round_arrays({"x": array}, "bfloat16")["x"].tolist() == [1.0, 1 + 2**-6, -1.0]


@given(hnp.arrays(np.float32, 20, elements=st.floats(-(2.0**120), 2.0**120, width=32)))
def test_bfloat16_is_the_nearer_of_its_neighbours(array):
    rounded = round_arrays({"x": array}, "bfloat16")["x"]
    bits = rounded.view(np.uint32)
    assert not np.any(bits & 0xFFFF)
    step = np.abs((bits + np.uint32(1 << 16)).view(np.float32).astype(float) - rounded)
    assert np.all(np.abs(rounded.astype(float) - array) <= step / 2)


def test_what_is_not_floating_stays_and_complex_becomes_single():
    arrays = {
        "i": np.array([1, 2]),
        "b": np.array([True]),
        "c": np.array([1 + 2**-30 + 2j]),
        "s": np.array(0.1),
    }
    rounded = round_arrays(arrays, "float32")
    assert rounded["i"] is arrays["i"]
    assert rounded["b"].dtype == bool
    assert rounded["c"].dtype == np.complex64
    assert rounded["c"][0] == 1 + 2j
    assert rounded["s"].shape == ()
    assert round_arrays(arrays, "bfloat16")["s"].shape == ()


@pytest.mark.parametrize(
    ("value", "dtype"), [(1e300, "float32"), (1e5, "float16"), (3.4e38, "bfloat16")]
)
def test_numbers_beyond_the_dtype_are_refused(value, dtype):
    with pytest.raises(EvidenceError, match=f"x holds numbers that are beyond {dtype}"):
        round_arrays({"x": np.array([1.0, value])}, dtype)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_what_was_not_finite_before_stays(dtype):
    array = np.array([np.nan, np.inf, -np.inf, 1.0])
    assert np.array_equal(round_arrays({"x": array}, dtype)["x"], array, equal_nan=True)


def test_digest_tells_names_shapes_dtypes_and_elements_apart():
    array = np.arange(6.0)
    arrays = [
        {"x": array},
        {"y": array},
        {"x": array.reshape(2, 3)},
        {"x": array.astype("f4")},
        {"x": array[::-1]},
        {"x": array, "y": array},
    ]
    assert len({digest_arrays(named) for named in arrays}) == len(arrays)
    assert digest_arrays({"a": array, "b": array}) == digest_arrays({"b": array, "a": array})


def test_axes_are_transposed_and_checked():
    arrays = {"x": np.zeros((2, 3, 4)), "y": np.zeros(2)}
    ordered = order_arrays(arrays, {"x": (2, 0, 1)})
    assert ordered["x"].shape == (4, 2, 3)
    assert ordered["y"] is arrays["y"]
    with pytest.raises(EvidenceError, match="no array 'z' among x, y"):
        order_arrays(arrays, {"z": (0,)})
    with pytest.raises(EvidenceError, match="no order of 3 axes"):
        order_arrays(arrays, {"x": (0, 1)})


def test_files_that_are_no_arrays_are_refused(tmp_path):
    with pytest.raises(EvidenceError, match=r"gone\.npz"):
        read_arrays(tmp_path / "gone.npz")
    for content in (b"", b"PK\x03\x04 cut short", b"text"):
        (tmp_path / "bad.npz").write_bytes(content)
        with pytest.raises(EvidenceError, match=r"bad\.npz: not a whole \.npz"):
            read_arrays(tmp_path / "bad.npz")
    np.save(tmp_path / "plain.npy", np.zeros(3))
    with pytest.raises(EvidenceError):
        read_arrays(tmp_path / "plain.npy")


def test_a_truncated_archive_is_refused_at_every_length(tmp_path):
    np.savez(tmp_path / "whole.npz", x=np.arange(50.0))
    content = (tmp_path / "whole.npz").read_bytes()
    for length in range(0, len(content), 23):
        (tmp_path / "cut.npz").write_bytes(content[:length])
        with pytest.raises(EvidenceError):
            read_arrays(tmp_path / "cut.npz")


def test_arrays_of_no_numbers_are_refused(tmp_path):
    np.savez(tmp_path / "text.npz", x=np.array(["a"]))
    with pytest.raises(EvidenceError, match="not numbers"):
        read_arrays(tmp_path / "text.npz")
    np.savez(tmp_path / "object.npz", x=np.array([{}], dtype=object))
    with pytest.raises(EvidenceError):
        read_arrays(tmp_path / "object.npz")
