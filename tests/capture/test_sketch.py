import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.capture import sketch
from parityhub.capture.sketch import CHANNELS, list_orders, sketch_value


def make_value(*shape: int, seed: int = 0) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).normal(size=shape)


def transpose(array: npt.NDArray[Any], order: str) -> npt.NDArray[Any]:
    return array.transpose([int(axis) for axis in order])


@pytest.mark.parametrize(
    ("rank", "orders"),
    [
        (0, ("",)),
        (1, ("0",)),
        (2, ("01",)),
        (3, ("012", "021", "102")),
        (4, ("0123", "0231")),
        (5, ("01234", "02341")),
        (6, ("012345",)),
    ],
)
def test_orders_are_those_that_frameworks_differ_in(rank: int, orders: tuple[str, ...]) -> None:
    assert list_orders(rank) == orders


@given(
    shape=st.lists(st.integers(1, 6), min_size=0, max_size=5),
    seed=st.integers(0, 2**32),
    dtype=st.sampled_from(["f4", "f8", "i4", "?", "c8", "c16"]),
)
def test_numbers_are_those_of_numpy(shape: list[int], seed: int, dtype: str) -> None:
    array = make_value(*shape, seed=seed) * 3
    value = (array + (1j * array[..., ::-1] if dtype[0] == "c" and shape else 0)).astype(dtype)
    got = sketch_value(value, seed, list_orders(value.ndim))
    flat = value.astype(np.complex128 if dtype[0] == "c" else np.float64).ravel()
    parts = np.concatenate([flat.real, flat.imag]) if dtype[0] == "c" else flat
    assert (got["size"], got["nonfinite"]) == (value.size, 0)
    expected = [
        parts.mean(),
        np.sqrt((parts**2).mean()),
        (parts**3).mean(),
        parts.min(),
        parts.max(),
    ]
    found = [got["mean"], got["rms"], got["cube"], got["low"], got["high"]]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@given(shape=st.lists(st.integers(1, 5), min_size=3, max_size=5), seed=st.integers(0, 99))
def test_each_order_is_the_sketch_of_the_transposed_value(shape: list[int], seed: int) -> None:
    value = make_value(*shape)
    mine = sketch_value(value, seed, list_orders(value.ndim))["projections"]
    for order, projections in mine.items():
        same = "".join(map(str, range(value.ndim)))
        other = np.ascontiguousarray(transpose(value, order))
        expected = sketch_value(other, seed, [same])["projections"][same]
        np.testing.assert_allclose(projections, expected, rtol=1e-11, atol=1e-12)


def test_projections_tell_every_other_order_apart() -> None:
    value = make_value(4, 4, 4, 4)
    mine = sketch_value(value, 0, ["0123"])["projections"]["0123"]
    others = [
        sketch_value(transpose(value, "".join(order)), 0, ["0123"])["projections"]["0123"]
        for order in itertools.permutations("0123")
    ]
    same = [np.allclose(mine, other, rtol=1e-6) for other in others]
    assert same == [True] + [False] * 23


def test_projections_are_of_the_order_of_rms() -> None:
    got = sketch_value(5 * make_value(40, 50), 1, ["01"])
    assert 0.5 < np.std(got["projections"]["01"]) / got["rms"] < 2


def test_seeds_and_parts_have_weights_of_their_own() -> None:
    value = make_value(5, 6)
    first, second = (sketch_value(value, seed, ["01"])["projections"]["01"] for seed in (1, 2))
    real, imaginary = (
        sketch_value(one, 1, ["01"])["projections"]["01"] for one in (value + 0j, 1j * value)
    )
    assert not np.isclose(first, second).any()
    assert np.allclose(first, real)
    assert not np.isclose(real, imaginary).any()


def test_a_view_is_the_value_that_it_shows() -> None:
    value = make_value(6, 7, 8, 9)
    view = value[::2, 1:, ::-1].transpose(2, 0, 3, 1)
    one, other = (
        sketch_value(array, 3, list_orders(4)) for array in (view, np.ascontiguousarray(view))
    )
    for order in list_orders(4):
        np.testing.assert_allclose(one["projections"][order], other["projections"][order])
    np.testing.assert_allclose(one["channels"], other["channels"])


@pytest.mark.parametrize(("block", "inner"), [(1, 1), (7, 5), (64, 16), (10**6, 10**6)])
def test_blocks_change_nothing(block: int, inner: int, monkeypatch: pytest.MonkeyPatch) -> None:
    value = make_value(3, 5, 7, 4)
    value[1, 2, 3, 0] = np.nan
    whole = sketch_value(value, 3, list_orders(4))
    monkeypatch.setattr(sketch, "BLOCK", block)
    monkeypatch.setattr(sketch, "INNER", inner)
    cut = sketch_value(value, 3, list_orders(4))
    assert (cut["low"], cut["high"], cut["nonfinite"]) == (whole["low"], whole["high"], 1)
    np.testing.assert_allclose(cut["cube"], whole["cube"])
    np.testing.assert_allclose(cut["channels"], whole["channels"])
    np.testing.assert_allclose(
        list(cut["projections"].values()), list(whole["projections"].values())
    )


def test_channels_are_those_of_the_other_sides_last_axis() -> None:
    value = make_value(2, 70, 3, 4)
    got = sketch_value(value, 0, list_orders(4))["channels"]
    expected = [[x.mean(), np.sqrt((x**2).mean())] for x in value.swapaxes(0, 1)[:CHANNELS]]
    np.testing.assert_allclose(got, expected)


def test_what_is_not_finite_is_counted_and_left_out() -> None:
    value = np.array([[1.0, np.nan], [np.inf, 3.0], [-np.inf, 5.0]])
    got = sketch_value(value, 0, ["01"])
    clean = sketch_value(np.array([[1.0, 0.0], [0.0, 3.0], [0.0, 5.0]]), 0, ["01"])
    assert (got["nonfinite"], got["mean"], got["low"], got["high"]) == (3, 3.0, 1.0, 5.0)
    assert got["projections"] == clean["projections"]


def test_values_too_large_to_square_keep_their_count_and_extremes() -> None:
    got = sketch_value(np.array([1e300, -1e300]), 0, ["0"])
    assert (got["nonfinite"], got["low"], got["high"], got["mean"]) == (0, -1e300, 1e300, 0.0)


def test_nothing_at_all_has_a_sketch() -> None:
    got = sketch_value(np.zeros((0, 3)), 0, ["01"])
    assert (got["size"], got["rms"], got["projections"]["01"]) == (0, 0.0, [0.0] * 4)
