from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

FLOATS = (np.float16, np.float32, np.float64)
DTYPES = (
    *FLOATS,
    np.complex64,
    np.complex128,
    np.bool_,
    np.int8,
    np.uint8,
    np.int32,
    np.int64,
    np.uint64,
)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=6)


def make_pair(size: int, dtype: Any = np.float32, seed: int = 0, noise: float = 1e-4):
    """Two arrays that differ by noise."""
    rng = np.random.default_rng(seed)
    right = rng.normal(size=size)
    left = right * (1 + noise * rng.normal(size=size))
    return left.astype(dtype), right.astype(dtype)


@st.composite
def draw_pairs(draw, dtypes=DTYPES, elements=None):
    """Two arrays of one dtype and shape, anything in them, often alike."""
    dtype, shape = np.dtype(draw(st.sampled_from(dtypes))), draw(SHAPES)
    given = elements(dtype) if elements else hnp.from_dtype(dtype)
    right = draw(hnp.arrays(dtype, shape, elements=given))
    if draw(st.booleans()):
        return right.copy(), right
    return draw(hnp.arrays(dtype, shape, elements=given)), right


def draw_finite(dtype):
    if dtype.kind in "fc":
        return hnp.from_dtype(dtype, allow_nan=False, allow_infinity=False)
    return hnp.from_dtype(dtype)
