"""What a log of tests says of those that it ran; pytest first."""

import re
from dataclasses import dataclass

from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.other_gates import list_cases, read_counts
from parityhub.hub.records import Place

COUNTS = re.compile(
    r"(\d{1,9}) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)\b"
)
ENDED = re.compile(r"^=*\s{0,4}(?P<counts>[\w ,]{1,200}?) in (?P<seconds>\d{1,9}\.\d{1,3})s\b")
NO_TESTS = re.compile(r"no tests ran|collected 0 items")
COLLECTED = re.compile(r"collected (\d{1,9}) items?\b")
CASE = re.compile(
    r"^(?P<test>\S{1,400}::\S{1,400})\s{1,8}(?P<outcome>PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b"
)
HEAD = "test session starts"


@dataclass(frozen=True)
class Gate:
    """The outcome of a test session as its log has it."""

    file: str
    passed: int
    failed: int
    collected: int | None
    seconds: float | None
    """None: the log has no last line (cut short, killed)"""
    place: Place
    """the line that decides"""
    seconds_place: Place | None
    cases: tuple[tuple[str, str, int], ...]
    """test, outcome, line"""

    @property
    def color(self) -> str:
        """`green`, `red`, or `empty` where nothing ran to its end."""
        if self.failed:
            return "red"
        return "green" if self.passed else "empty"


def read_gate(text: Text) -> Gate | None:
    """Read the log of a test session; None where a text is none."""
    if not text.find(HEAD) and not any(
        (end := ENDED.match(text.line(number))) and COUNTS.search(end["counts"])
        for number in _last_lines(text)
    ):
        return None
    cases: list[tuple[str, str, int]] = []
    collected: int | None = None
    ended: tuple[int, re.Match[str]] | None = None
    for number, line in text.walk():
        short = line[:1024]
        if case := CASE.match(short):
            cases.append((case["test"], case["outcome"], number))
        if found := COLLECTED.search(short):
            collected = int(found[1])
        if (end := ENDED.match(short)) and COUNTS.search(end["counts"]):
            ended = number, end
    return _conclude(text.file, cases, collected, ended)


def read_other_gate(text: Text) -> Gate | None:
    """Read the log of another test program; None where a text has no summary of a known form."""
    counts = read_counts(text)
    if counts is None:
        return None
    cases = tuple(list_cases(text))
    bad = next((line for _, outcome, line in cases if outcome == "FAILED"), counts.line)
    timed = counts.seconds is not None
    return Gate(
        file=text.file,
        passed=counts.passed,
        failed=counts.failed,
        collected=counts.passed + counts.failed,
        seconds=counts.seconds,
        place=Place(file=text.file, line=bad if counts.failed else counts.line),
        seconds_place=Place(file=text.file, line=counts.line) if timed else None,
        cases=cases,
    )


def _conclude(
    file: str,
    cases: list[tuple[str, str, int]],
    collected: int | None,
    ended: tuple[int, re.Match[str]] | None,
) -> Gate:
    passed = sum(outcome in {"PASSED", "XPASS"} for _, outcome, _ in cases)
    bad = [line for _, outcome, line in cases if outcome in {"FAILED", "ERROR"}]
    failed, line = len(bad), bad[0] if bad else None
    if ended is not None:
        counts = {kind.rstrip("s"): int(n) for n, kind in COUNTS.findall(ended[1]["counts"])}
        passed = counts.get("passed", 0)
        failed = counts.get("failed", 0) + counts.get("error", 0)
        line = line or ended[0]
    line = line or (cases[-1][2] if cases else 1)
    return Gate(
        file=file,
        passed=passed,
        failed=failed,
        collected=collected,
        seconds=float(ended[1]["seconds"]) if ended else None,
        place=Place(file=file, line=line),
        seconds_place=Place(file=file, line=ended[0]) if ended else None,
        cases=tuple(cases),
    )


def _last_lines(text: Text) -> range:
    return range(max(1, text.lines - 5), text.lines + 1)
