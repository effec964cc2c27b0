import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.capture.protocol import Node
from parityhub.capture.sketch import list_orders, sketch_value
from parityhub.compare.localize.values import invert_order, is_constant, match_order


def make_node(value, *, pytorch=False):
    own = "".join(map(str, range(value.ndim)))
    return Node(
        id=1,
        op="op",
        name="n",
        layer="",
        inputs=[],
        weights=[],
        moves=False,
        shape=list(value.shape),
        dtype=value.dtype.name,
        attributes={},
        sketch=sketch_value(value, 0, list_orders(value.ndim) if pytorch else [own]),
    )


def match(ours, theirs):
    return match_order(make_node(ours), make_node(theirs, pytorch=True))


@given(
    st.integers(0, 999), st.sampled_from([(3,), (3, 4), (2, 3, 3), (2, 3, 3, 3), (2, 2, 2, 2, 2)])
)
def test_a_value_is_itself_in_each_allowed_order_and_in_no_other(seed, shape):
    value = np.random.default_rng(seed).standard_normal(shape)
    for order in list_orders(len(shape)):
        axes = invert_order(order)
        assert match(value, value.transpose(axes)) == order
    if len(shape) > 3:
        assert match(value, value.swapaxes(-1, -2).transpose(invert_order(order))) is None


@pytest.mark.parametrize("change", [1e-13, 1e-7, 0.1])
def test_what_is_near_enough_is_the_same(change):
    value = np.random.default_rng(1).standard_normal((2, 5, 5, 3))
    assert (match(value, value * (1 + change)) is not None) == (change < 1e-10)


def test_one_other_element_among_many_is_seen():
    value = np.random.default_rng(2).standard_normal((4, 32, 32, 8))
    other = value.copy()
    other[1, 2, 3, 4] += 1e-3
    assert match(value, other) is None
    assert match(value, np.flip(value, 0)) is None
    assert match(value, value[:, ::-1]) is None


def test_nan_and_complex_are_told_apart():
    value = np.random.default_rng(3).standard_normal((3, 4))
    broken = value.copy()
    broken[1, 1] = np.nan
    assert match(value, broken) is None
    assert match(broken, broken) == "01"
    assert match(value, value + 0j) is None
    assert match(value * 1j, value * 1j) == "01"
    assert match(value * 1j, -value * 1j) is None


def test_constants_are_known():
    assert is_constant(sketch_value(np.full((3, 3), 0.7), 0, []))
    assert is_constant(sketch_value(np.zeros(4), 0, []))
    assert not is_constant(sketch_value(np.array([1.0, 1.0 + 1e-6]), 0, []))
    assert not is_constant(sketch_value(np.array([0.7]), 0, []))
