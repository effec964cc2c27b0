"""What a log says, with the numbers of its lines."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.plan.model import FailurePattern, KnownIssue
from parityhub.run import logs
from parityhub.run.logs import (
    find_failures,
    find_groups,
    find_telling_lines,
    match_issue,
    read_lines,
)


def write(folder: Path, data: bytes) -> Path:
    log = folder / "out.log"
    log.write_bytes(data)
    return log


def make_issue(identity: str, pattern: str) -> KnownIssue:
    return KnownIssue(id=identity, pattern=pattern, summary="s", mitigation="m")


@given(st.lists(st.text(alphabet="ab ü", max_size=12), max_size=12))
def test_lines_have_the_numbers_that_an_editor_shows(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    log = write(tmp_path_factory.mktemp("log"), "".join(line + "\n" for line in lines).encode())
    assert [(line.number, line.text) for line in read_lines(log)] == list(enumerate(lines, 1))


def test_bytes_that_are_no_text_are_shown_as_such(tmp_path: Path) -> None:
    log = write(tmp_path, b"a\xff\n\xe2\x82\xac\nend")
    assert [line.text for line in read_lines(log)] == ["a\\xff", "€", "end"]


def test_a_progress_bar_comes_piece_by_piece_under_its_lines_number(tmp_path: Path) -> None:
    log = write(tmp_path, b"start\r\n 10 %\r 20 %\rValueError: bad\nend")
    assert [(line.number, line.text) for line in read_lines(log)] == [
        (1, "start"),
        (2, " 10 %"),
        (2, " 20 %"),
        (2, "ValueError: bad"),
        (3, "end"),
    ]


@pytest.mark.parametrize("before", [0, 19_990, 39_985, 1_000_000])
def test_a_pattern_is_found_wherever_in_a_long_line_it_stands(tmp_path: Path, before: int) -> None:
    log = write(tmp_path, b"first\n" + b"x" * before + b"Object stitching failed" + b"y" * 50_000)
    [cause] = find_failures(log, "o.log", [FailurePattern(pattern="stitching failed", cause="c")])
    assert cause.place is not None
    assert cause.place.line == 2
    assert len(cause.lines[0]) <= logs.PIECE + logs.OVERLAP


def test_a_line_of_10_mb_is_read_in_bounded_memory(tmp_path: Path) -> None:
    log = write(tmp_path, b"x" * 10_000_000 + b"\nend\n")
    tracemalloc.start()
    numbers = {line.number for line in read_lines(log)}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert numbers == {1, 2}
    assert peak < 1 << 20


def test_each_failure_pattern_is_told_once_at_its_first_line(tmp_path: Path) -> None:
    log = write(tmp_path, b"fine\nstitching failed: a\nNaN loss\nstitching failed: b\n")
    patterns = [
        FailurePattern(pattern="NaN loss", cause="diverged"),
        FailurePattern(pattern="stitching failed", cause="no object"),
        FailurePattern(pattern="never", cause="never"),
    ]
    causes = find_failures(log, "cli/o.log", patterns)
    assert [(cause.text.split(" (")[0], cause.lines) for cause in causes] == [
        ("no object", ("stitching failed: a",)),
        ("diverged", ("NaN loss",)),
    ]
    assert [cause.place.line for cause in causes if cause.place] == [2, 3]
    assert find_failures(log, "cli/o.log", []) == ()


def test_the_first_issue_in_the_plans_order_is_matched_at_its_first_line(tmp_path: Path) -> None:
    log = write(tmp_path, b"b happened\na happened\na again\n")
    issues = [make_issue("NEVER", "z"), make_issue("A", "^a"), make_issue("B", "^b")]
    match = match_issue(log, issues)
    assert match is not None
    assert (match.issue.id, match.line.number) == ("A", 2)
    assert match_issue(log, issues[:1]) is None


@pytest.mark.parametrize(
    ("data", "first", "signature"),
    [
        (b"", 0, "an empty log"),
        (b"\n \n", 0, "an empty log"),
        (b"a\nb\n\n", 1, "b"),
        (b"a\nValueError: bad\nb\n", 1, "ValueError: bad"),
        (b"a\nAssertionError\n", 1, "AssertionError"),
        (b"numpy._core._exceptions._ArrayMemoryError: Unable\n", 1, None),
        (
            b"x.y.InvalidArgumentError: no kernel\nclosing\n",
            1,
            "x.y.InvalidArgumentError: no kernel",
        ),
        (b"KeyError: 1\nmore\nTypeError: 2\n", 1, "TypeError: 2"),
        (b"Error: no such data\n", 1, "Error: no such data"),
        (b"no Error here\nlast", 1, "last"),
        (b"1 %\r2 %\rOSError: full\n", 1, "OSError: full"),
        (b"\n".join(b"%d" % number for number in range(1, 31)), 19, "30"),
    ],
)
def test_the_lines_that_tell_why(
    tmp_path: Path, data: bytes, first: int, signature: str | None
) -> None:
    telling = find_telling_lines(write(tmp_path, data))
    assert telling.first == first
    assert telling.signature == (data.decode().strip() if signature is None else signature)


def test_the_lines_shown_are_those_of_the_log_in_order(tmp_path: Path) -> None:
    data = b"1\n2\n\n4\r4b\n5\nValueError: 6\n7\n"
    log = write(tmp_path, data)
    telling = find_telling_lines(log)
    assert telling.lines == ("2", "", "4b", "5", "ValueError: 6")
    assert telling.first == 2
    lines = data.decode().split("\n")
    for place, shown in enumerate(telling.lines):
        assert lines[telling.first - 1 + place].endswith(shown)


@pytest.mark.parametrize(("pick", "value", "line"), [("first", "1.5", 1), ("last", "2.5", 3)])
def test_named_groups_are_found_with_their_line(
    tmp_path: Path, pick: str, value: str, line: int
) -> None:
    log = write(tmp_path, b"scale: 1.5\nother\nscale: 2.5\n")
    assert find_groups(log, r"scale: (?P<value>\S+)", pick) == ({"value": value}, line)
    assert find_groups(log, "nothing", pick) is None
