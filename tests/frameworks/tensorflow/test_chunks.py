from hypothesis import given
from hypothesis import strategies as st

from parityhub.frameworks.tensorflow.chunks import plan_chunks


def test_what_does_not_fit_is_alone():
    assert plan_chunks([3, 20, 4, 4, 3], 10) == [range(1), range(1, 2), range(2, 4), range(4, 5)]


def test_nothing_makes_no_chunk():
    assert plan_chunks([], 10) == []


@given(st.lists(st.integers(0, 30)), st.integers(1, 40))
def test_chunks_cover_all_in_order_within_the_budget(sizes, budget):
    chunks = plan_chunks(sizes, budget)
    assert [place for chunk in chunks for place in chunk] == list(range(len(sizes)))
    for chunk in chunks:
        assert len(chunk) == 1 or sum(sizes[place] for place in chunk) <= budget
