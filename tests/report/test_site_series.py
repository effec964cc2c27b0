"""Quantities over hubs: what changed where, and nothing made up for hubs without it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from parityhub.report.site_series import find_changes, make_table

GONE = {"s": "missing", "n": ""}
VALUES = st.lists(st.sampled_from([None, 0.5, 1.5, "text", GONE]), max_size=12)


def test_where_a_value_changes() -> None:
    assert find_changes([1.0, 1.0, 2.0, 2.0, 1.0]) == [2, 4]


def test_a_hub_without_the_value_is_passed_over() -> None:
    assert find_changes([None, 1.0, None, 1.0, None, 2.0]) == [5]


def test_a_value_that_is_lost_or_comes_back_has_changed() -> None:
    assert find_changes([1.0, GONE, GONE, 1.0]) == [1, 3]


@given(VALUES)
def test_without_its_changes_a_series_is_constant(values) -> None:
    changes = find_changes(values)
    present = [place for place, value in enumerate(values) if value is not None]
    steps = [b for a, b in pairwise(present) if values[a] != values[b]]
    assert changes == steps


@given(st.lists(st.sampled_from(["a", "b", None])))
def test_a_table_gives_back_what_it_was_made_of(values) -> None:
    table = make_table(values)
    assert [table["table"][at] for at in table["at"]] == values
    assert len(set(table["table"])) == len(table["table"])
