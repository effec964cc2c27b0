from itertools import pairwise

import numpy as np
import pytest

from parityhub.compare.metrics.blocks import (
    PIECE,
    map_blocks,
    pair_arrays,
    sum_products,
    sum_values,
)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, 5 * PIECE + 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_of_pieces_are_the_sums(size, dtype):
    x, y = np.random.default_rng(0).normal(size=(2, size)).astype(dtype)
    exact_x, exact_y = x.astype(np.longdouble), y.astype(np.longdouble)
    allowed = PIECE * np.finfo(dtype).eps / 2
    assert abs(sum_values(x) - exact_x.sum()) <= allowed * np.abs(exact_x).sum()
    found = sum_products(x, y)
    assert abs(found - exact_x @ exact_y) <= allowed * np.abs(exact_x * exact_y).sum()


def test_blocks_cover_each_element_once():
    spans = map_blocks(lambda start, stop: (start, stop), 100_000)
    assert spans[0][0] == 0
    assert spans[-1][1] == 100_000
    assert all(here[1] == there[0] for here, there in pairwise(spans))
    assert map_blocks(lambda start, stop: (start, stop), 0) == []


@pytest.mark.parametrize("order", ["C", "F"])
def test_places_are_indices_of_the_arrays_as_given(order):
    x = np.asarray(np.arange(24).reshape(2, 3, 4), order=order)
    pair = pair_arrays(x, x)
    read, _ = pair.read(0, 24)
    assert [int(x[pair.find_index(place)]) for place in range(24)] == read.tolist()
    assert np.shares_memory(pair.read(3, 9)[0], x)
