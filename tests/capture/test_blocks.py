import threading

import numpy as np
import pytest

from parityhub.capture.blocks import BLOCK, SMALL, THREADS, choose_block, map_parts


@pytest.mark.parametrize(
    ("size", "block"), [(0, SMALL), (2 * BLOCK - 1, SMALL), (2 * BLOCK, BLOCK)]
)
def test_blocks_are_small_where_one_thread_works(size, block):
    assert choose_block(size) == block


@pytest.mark.parametrize("size", [10, THREADS * BLOCK])
def test_results_come_in_the_order_of_the_parts(size):
    assert map_parts(lambda part: part * 2, range(50), size=size) == list(range(0, 100, 2))


def test_small_arrays_stay_on_the_callers_thread():
    assert map_parts(lambda _: threading.get_ident(), [0, 1], size=9) == [threading.get_ident()] * 2


def test_large_arrays_are_worked_on_by_two_threads_at_once():
    meeting = threading.Barrier(2, timeout=60)
    places = map_parts(lambda _: meeting.wait(), [0, 1], size=THREADS * BLOCK)
    assert sorted(places) == [0, 1]


@pytest.mark.parametrize("size", [1, THREADS * BLOCK])
def test_numpy_warns_of_nothing_in_the_work(size):
    zero = np.zeros(3)
    found = map_parts(lambda part: zero / zero + part, [1.0], size=size)
    assert np.isnan(found[0]).all()


@pytest.mark.parametrize("size", [1, THREADS * BLOCK])
def test_an_error_in_the_work_reaches_the_caller(size):
    def fail(_):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        map_parts(fail, [0], size=size)
