"""What a difference looks like, alone and beside rounding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.resemblance import list_resemblances


def draw(seed, shape=(5, 7)):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@given(st.integers(0, 10**6))
def test_noise_looks_like_nothing(seed):
    one = draw(seed)
    assert list(list_resemblances(one, one + draw(seed + 1) * np.float32(1e-3))) == []


def test_the_same_looks_like_nothing():
    assert list(list_resemblances(draw(1), draw(1))) == []


@given(st.integers(0, 10**6), st.floats(0.01, 100).filter(lambda x: abs(x - 1) > 0.01))
def test_a_factor_is_named_beside_rounding(seed, factor):
    one = draw(seed).astype(np.float64)
    other = one * factor * (1 + 1e-9 * draw(seed + 1))
    assert next(list_resemblances(one, other)) == f"PyTorch is TensorFlow times {factor:.4g}"


def test_a_turn_of_the_phase_is_a_complex_factor():
    one = draw(1) + 1j * draw(2)
    assert next(list_resemblances(one, one * 1j)).startswith("PyTorch is TensorFlow times ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: x + 3, "PyTorch is TensorFlow plus 3"),
        (lambda x: x[::-1], "axis 0 is reversed"),
        (lambda x: np.roll(x, 1), "the same values in another order"),
    ],
)
def test_a_change_is_named(change, words):
    one = draw(3)
    assert words in list(list_resemblances(one, change(one)))
