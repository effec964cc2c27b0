import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.verdict import VERDICTS, combine_verdicts

lists_of_verdicts = st.lists(st.sampled_from(VERDICTS))


def test_nothing_at_all_is_inconclusive():
    assert combine_verdicts([]) == "INCONCLUSIVE"


@given(lists_of_verdicts, st.randoms())
def test_order_does_not_matter(verdicts, random):
    shuffled = random.sample(verdicts, len(verdicts))
    assert combine_verdicts(shuffled) == combine_verdicts(verdicts)


@given(lists_of_verdicts)
def test_fail_beats_inconclusive_beats_pass(verdicts):
    combined = combine_verdicts(iter(verdicts))
    assert (combined == "FAIL") == ("FAIL" in verdicts)
    assert (combined == "PASS") == (bool(verdicts) and set(verdicts) == {"PASS"})


@given(lists_of_verdicts, lists_of_verdicts)
def test_a_part_combined_first_changes_nothing(first, second):
    if first and second:
        parts = [combine_verdicts(first), combine_verdicts(second)]
        assert combine_verdicts(parts) == combine_verdicts(first + second)
    else:
        assert combine_verdicts(first + second) == combine_verdicts(first or second)


def test_a_word_that_is_no_verdict_is_refused():
    with pytest.raises(ValueError, match="ok"):
        combine_verdicts(["PASS", "ok"])
