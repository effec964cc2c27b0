import numpy as np
import pytest

from parityhub.compare.referee.numbers import round_arrays
from parityhub.compare.referee.opened import decode_bfloat16, open_numbers
from parityhub.errors import EvidenceError


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array(1.5),
        np.zeros((0, 3)),
        np.array([True]),
        np.array([1j], np.complex64),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    ],
)
def test_numbers_are_opened_as_they_are(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    opened, dtype = open_numbers(tmp_path / "a.npy")
    assert dtype == array.dtype.name
    assert opened.shape == array.shape
    assert np.array_equal(opened, array)


def test_bfloat16_is_opened_exactly(tmp_path):
    exact = round_arrays({"x": np.random.default_rng(0).normal(size=(3, 4))}, "bfloat16")["x"]
    halves = (exact.view(np.uint32) >> np.uint32(16)).astype(np.uint16).view("V2")
    assert np.array_equal(decode_bfloat16(halves), exact)
    np.save(tmp_path / "a.npy", halves)
    opened, dtype = open_numbers(tmp_path / "a.npy")
    assert dtype == "bfloat16"
    assert np.array_equal(opened, exact)


def test_what_holds_no_numbers_is_refused(tmp_path):
    np.save(tmp_path / "text.npy", np.array(["a"]))
    np.save(tmp_path / "object.npy", np.array([{}], dtype=object))
    (tmp_path / "cut.npy").write_bytes(b"\x93NUMPY\x01\x00v\x00{'descr'")
    for name in ("text.npy", "object.npy", "cut.npy", "gone.npy"):
        with pytest.raises(EvidenceError, match=name):
            open_numbers(tmp_path / name)
