import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from parityhub.compare.metrics.numbers import (
    find_mantissa,
    is_bfloat16,
    is_numeric,
    load_numbers,
    measure_distance,
    name_dtype,
    view_bfloat16,
    widen_numbers,
)
from parityhub.errors import EvidenceError


@given(hnp.arrays(np.uint16, 8))
def test_bits_of_bfloat16_are_read_as_ml_dtypes_reads_them(bits):
    expected = bits.view(ml_dtypes.bfloat16).astype(np.float32)
    for block in (view_bfloat16(bits), bits.view(ml_dtypes.bfloat16)):
        assert np.array_equal(load_numbers(block), expected, equal_nan=True)


def test_only_uint16_is_taken_for_bits_of_bfloat16():
    with pytest.raises(EvidenceError, match="uint16"):
        view_bfloat16(np.zeros(3, dtype=np.int16))


@pytest.mark.parametrize(
    ("dtype", "numeric"),
    [
        *((name, True) for name in ("f2", "V2", "?", "c16", "g", "u8")),
        *((name, False) for name in ("V3", "O", "U3", "M8[s]")),
        ([("x", "i1"), ("y", "i1")], False),
    ],
)
def test_what_counts_as_numbers(dtype, numeric):
    assert is_numeric(np.dtype(dtype)) is numeric


def test_names_and_formats_of_dtypes():
    assert name_dtype(np.dtype("V2")) == "bfloat16"
    assert name_dtype(np.dtype(">f4")) == "float32"
    assert not is_bfloat16(np.dtype(np.float16))
    dtypes = ("V2", "f2", "f4", "c8", "f8", "c16", "g", "i4")
    assert [find_mantissa(np.dtype(d)) for d in dtypes] == [7, 10, 23, 23, 52, 52, None, None]


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))))
def test_integers_are_subtracted_as_integers(pairs):
    left, right = (np.array([pair[n] for pair in pairs], dtype=np.int64) for n in (0, 1))
    expected = [float(abs(a - b)) for a, b in pairs]
    assert measure_distance(left, right).tolist() == expected


def test_widened_numbers_are_new_and_the_same():
    for dtype in ("f2", "f4", "f8", "c8", "i8", "?"):
        block = np.array([0, 1, 1]).astype(dtype)
        wide = widen_numbers(block)
        assert not np.shares_memory(wide, block)
        assert wide.tolist() == block.tolist()
