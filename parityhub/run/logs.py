"""What a log says: lines that match, with their numbers. A log is streamed, never held whole."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from parityhub.hub.records import Cause, Place
from parityhub.plan.model import FailurePattern, KnownIssue

PIECE = 20_000
"""characters that a pattern sees at once"""
OVERLAP = 1_000
"""characters of a longer line that are seen again with its next piece"""
EXCEPTION = re.compile(
    r"^(?:[\w.]+\.)?[A-Z_]\w*(?:Error|Exception|Interrupt|Exit)(?:[:\s]|$)|^Error: "
)
SIGNATURE = 300
"""characters of the line that a failure is known by"""
TAIL = 12
"""lines shown of a log in which nothing else points at the failure"""


@dataclass(frozen=True)
class LogLine:
    """A line, or a piece of one, and the number of the line, from 1."""

    number: int
    text: str


def read_lines(log: Path) -> Iterator[LogLine]:
    """Yield the lines of a log; bytes that are no UTF-8 are shown as such.

    What a terminal shows one over the other (a progress bar, drawn with carriage returns) comes
    piece by piece, each with the number of its line; so does a line longer than a pattern sees.
    """
    with log.open(encoding="utf-8", errors="backslashreplace", newline="") as stream:
        number, rest = 1, ""
        while part := stream.readline(PIECE):
            text = rest + part
            yield LogLine(number, text.rstrip("\r\n"))
            rest = "" if part.endswith(("\n", "\r")) else text[-OVERLAP:]
            number += part.endswith("\n")


def find_failures(log: Path, name: str, patterns: Sequence[FailurePattern]) -> tuple[Cause, ...]:
    """Return a cause for each failure pattern that a log matches, at its first line."""
    compiled = [(re.compile(pattern.pattern), pattern) for pattern in patterns]
    causes: list[Cause] = []
    for line in read_lines(log) if compiled else ():
        for regex, pattern in list(compiled):
            if regex.search(line.text):
                causes.append(
                    Cause(
                        kind="log-pattern",
                        text=f"{pattern.cause} (the log matches {pattern.pattern!r})",
                        place=Place(file=name, line=line.number),
                        lines=(line.text,),
                    )
                )
                compiled.remove((regex, pattern))
    return tuple(causes)


@dataclass(frozen=True)
class Match:
    """A known issue that a log shows."""

    issue: KnownIssue
    line: LogLine


def match_issue(log: Path, issues: Sequence[KnownIssue]) -> Match | None:
    """Return the first known issue, in the plan's order, that a log shows, at its first line."""
    found: dict[str, LogLine] = {}
    compiled = [(issue, re.compile(issue.pattern)) for issue in issues]
    for line in read_lines(log) if compiled else ():
        for issue, regex in compiled:
            if issue.id not in found and regex.search(line.text):
                found[issue.id] = line
    return next((Match(issue, found[issue.id]) for issue in issues if issue.id in found), None)


@dataclass(frozen=True)
class Telling:
    """The lines of a log that tell why it failed: the last exception, else its end."""

    first: int
    lines: tuple[str, ...]
    signature: str


def find_telling_lines(log: Path, context: int = 4) -> Telling:
    """Find the last exception in a log and the lines before it; else the last lines.

    The lines shown follow each other in the log, so that the number of each is known; of a line
    in pieces the last is shown, as a terminal does.
    """
    recent: deque[LogLine] = deque(maxlen=TAIL)
    last: list[LogLine] = []
    exception: list[LogLine] = []
    for line in read_lines(log):
        if recent and recent[-1].number == line.number:
            recent.pop()
        recent.append(line)
        if line.text.strip():
            last = list(recent)
        if EXCEPTION.search(line.text):
            exception = last[-context - 1 :]
    shown = exception or last
    while shown and not shown[0].text.strip():
        shown = shown[1:]
    if not shown:
        return Telling(0, (), "an empty log")
    lines = tuple(line.text for line in shown)
    return Telling(shown[0].number, lines, shown[-1].text[:SIGNATURE])


def find_groups(log: Path, pattern: str, pick: str) -> tuple[dict[str, str], int] | None:
    """Return the named groups of the first or last line that matches, and its number."""
    regex = re.compile(pattern)
    found: tuple[dict[str, str], int] | None = None
    for line in read_lines(log):
        if match := regex.search(line.text):
            found = match.groupdict(), line.number
            if pick == "first":
                break
    return found
