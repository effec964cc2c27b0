from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.facts.sentences import Sentences, split_tokens

RECORD = {
    "reason": "the gate is green: 4 passed of 4",
    "checks": [{"text": "mean is 0.5, above 1e-06", "place": {"file": "a.log", "line": 7}}],
    "path": "see red/blocked_1.md for the 2 causes",
}


def sentences():
    found = Sentences()
    found.add("r.json", RECORD)
    return found


def test_a_recorded_sentence_is_found_in_a_line():
    (shown,) = sentences().find("B2 done: the gate is green: 4 passed of 4 (pytest.log)")
    assert shown.differences == []
    assert shown.holds("4")
    assert shown.recorded.place.pointer == "/reason"


def test_a_changed_number_or_status_is_told():
    (number,) = sentences().find("mean is 0.7, above 1e-06")
    assert number.differences == [("0.7", "0.5")]
    assert number.recorded.cited.line == 7
    (status,) = sentences().find("the gate is red: 4 passed of 4")
    assert status.differences == [("red", "green")]


def test_a_path_is_known_by_its_name():
    (shown,) = sentences().find("see blocked_1.md for the 2 causes")
    assert shown.differences == []


def test_another_sentence_is_not_found():
    assert sentences().find("the gate was green: 4 passed of 4") == []


@given(st.text(max_size=200))
def test_any_line_is_searched_to_its_end(line):
    for shown in sentences().find(line):
        assert len(shown.tokens) == len(shown.recorded.tokens)
    assert all(token for token in split_tokens(line))
