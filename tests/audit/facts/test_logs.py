from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.facts.gates import read_gate
from parityhub.audit.facts.logs import Texts, index_text
from parityhub.audit.facts.numbers import list_text_numbers
from parityhub.audit.facts.times import parse_time, read_clock
from parityhub.audit.roots import Roots
from tests.audit.make_hub import FILES, GREEN, INFER, RED, TRAIN, write_hub


def text_of(words):
    return index_text("a.log", words.encode())


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30),
        max_size=30,
    )
)
def test_lines_are_those_that_the_text_was_joined_of(lines):
    text = text_of("\n".join(lines))
    read = [text.line(number) for number in range(1, text.lines + 1)]
    expected = lines[:-1] if lines and not lines[-1] else lines
    assert read == expected


def test_the_lines_that_hold_words_are_found():
    text = text_of("a\nbb\na bb\n")
    assert text.find("bb") == [2, 3]
    assert text.find("c") == []


def test_a_text_is_read_once_however_often_it_is_cited(tmp_path):
    hub = write_hub(tmp_path, FILES)
    texts = Texts(Roots(hub))
    for _ in range(1000):
        assert texts.read("side/phase_b3/cli/train_b3.log") is not None
    assert texts.reads == 1


def test_numbers_of_a_log_bear_the_words_before_them():
    facts = list_text_numbers(text_of(INFER))
    scale = [fact for fact in facts if fact.name == "intensity_scale"]
    assert [(fact.value, fact.place.line) for fact in scale] == [(9.882118, 2)]
    assert {fact.name for fact in facts} >= {"mean", "std", "gridsize"}


def test_a_green_and_a_red_gate_are_told_apart():
    green, red = read_gate(text_of(GREEN)), read_gate(text_of(RED))
    assert green is not None
    assert red is not None
    assert (green.color, green.passed, green.seconds, green.seconds_place.line) == (
        "green",
        2,
        3.67,
        7,
    )
    assert (red.color, red.failed, red.seconds, red.place.line) == ("red", 1, None, 4)
    assert read_gate(text_of(TRAIN)) is None


def test_a_session_without_a_test_is_empty():
    gate = read_gate(text_of("==== test session starts ====\ncollected 0 items\n"))
    assert gate is not None
    assert gate.color == "empty"


def test_the_clock_of_a_log_shows_its_offset():
    clock = read_clock(text_of(TRAIN))
    assert clock is not None
    assert clock.offset is not None
    assert clock.offset.total_seconds() == -8 * 3600
    assert clock.last.place.line == 8


def test_times_are_read_as_reports_write_them():
    for words in (
        "2025-11-14T07:40Z",
        "2025-11-14T0740Z",
        "20251114T074000Z",
        "2025-11-14 07:40 UTC",
    ):
        time = parse_time(words)
        assert time is not None
        assert (time.time.hour, time.time.minute, time.utc) == (7, 40, True)
    day = parse_time("2025-11-14")
    assert day is not None
    assert not day.has_clock
    assert parse_time("2025-13-14") is None
