"""Passages of plain text: inventories and tables of values, read by indentation."""

import re
from collections.abc import Iterator

from parityhub.audit.extract.inline import clean_line
from parityhub.audit.extract.markdown import TICK, split_row
from parityhub.audit.extract.passages import LONGEST, Passage, cut_pieces, join_passages

HASHED = re.compile(r"(#{1,6})[ \t]+(?=\S)")
RULED = re.compile(r"(={2,6}|-{2,6})[ \t]+(\S[^\n]{0,500}?)[ \t]+\1[ \t]*$")
BRACKETED = re.compile(r"\[([A-Za-z_][\w ./-]{0,80})\][ \t]*$")
UNDERLINE = re.compile(r"(?:={3,}|-{3,})[ \t]*$")
BULLET = re.compile(r"(?:[-*+•]|\d{1,4}[.)])[ \t]+(?=\S)")
PROSE_END = re.compile(r"[\s(][A-Za-z]{1,30}[,)\"']{0,2}\s*$")
WRAPS_AFTER = 50
"""a line that is shorter ended because it was meant to"""
DEEPEST = 40


class _Reader:
    """The lines of a text, walked once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.headings: list[tuple[float, Passage]] = []
        self.stack: list[tuple[float, Passage]] = []
        self.pending: list[Passage] = []
        self.group = 1
        self.fenced = False
        self.depth = 0.0
        """of the pending lines"""

    def read(self) -> Iterator[Passage]:
        for number, raw in enumerate(self.lines):
            yield from self._read_line(number, raw)
        yield from self._flush()

    def _read_line(self, number: int, raw: str) -> Iterator[Passage]:
        stripped = raw.lstrip(" \t")
        indent = len(raw) - len(stripped)
        if stripped.startswith("```"):
            yield from self._flush()
            self.fenced = not self.fenced
        elif self.fenced:
            yield from self._read_pieces(raw, number, 0, "code")
        elif not stripped or UNDERLINE.match(stripped):
            yield from self._flush()
            self.group += 1
            if self.stack and not self._goes_on(number):
                self.stack = []
        elif heading := self._find_heading(number, stripped):
            yield from self._flush()
            level, start, end = heading
            yield from self._read_heading(raw[: indent + end], number, indent + start, level)
        elif stripped.startswith("|") and stripped.count("|") > 2:
            yield from self._flush()
            yield from self._read_row(raw, number)
        else:
            yield from self._read_text(raw, number, indent)

    def _goes_on(self, number: int) -> bool:
        """Does the text go on, indented, behind an empty line?"""
        for raw in self.lines[number + 1 : number + 3]:
            if raw.strip():
                return raw[0] in " \t"
        return False

    def _find_heading(self, number: int, text: str) -> tuple[float, int, int] | None:
        """Level, start and end of a heading's words in a line, if it is one."""
        if len(text) > 600:
            return None
        if match := HASHED.match(text):
            before = self.lines[number - 1].lstrip() if number else ""
            goes_on = before.startswith(match[1] + " ")
            return len(match[1]) + (0.5 if goes_on else 0), match.end(), len(text)
        if match := RULED.match(text):
            return (1 if match[1][0] == "=" else 2), match.start(2), match.end(2)
        if match := BRACKETED.match(text):
            return 6, match.start(1), match.end(1)
        below = self.lines[number + 1] if number + 1 < len(self.lines) else ""
        if UNDERLINE.match(below) and text[0].isalnum():
            return (1 if below[0] == "=" else 2), 0, len(text)
        return None

    def _read_heading(self, raw: str, number: int, start: int, level: float) -> Iterator[Passage]:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        passage = self._settle(clean_line(raw[start:], number + 1, start + 1))
        passage.role = "heading"
        self.stack = []
        self.group += 1
        yield passage
        self.headings.append((level, passage))

    def _read_pieces(self, raw: str, number: int, start: int, role: str) -> Iterator[Passage]:
        for offset, piece in cut_pieces(raw[start:]):
            if role == "code":
                passage = Passage(piece, [(0, number + 1, offset + start + 1)], "code")
            else:
                passage = clean_line(piece, number + 1, offset + start + 1)
            yield self._settle(passage)

    def _read_row(self, raw: str, number: int) -> Iterator[Passage]:
        for cell in split_row(raw, number + 1):
            cell.role = "cell"
            yield self._settle(cell)

    def _read_text(self, raw: str, number: int, indent: int) -> Iterator[Passage]:
        bullet = BULLET.match(raw, indent)
        if not bullet and self.pending and self._continues(raw, indent):
            self.pending.append(clean_line(raw, number + 1, 1))
            return
        yield from self._flush()
        start = bullet.end() if bullet else indent
        level = indent + (0.5 if bullet else 0.0)
        while self.stack and self.stack[-1][0] >= level:
            self.stack.pop()
        if self.stack and indent == int(self.stack[-1][0]) and not _leads(self.stack[-1][1]):
            self.stack.pop()
        for passage in self._read_pieces(raw, number, start, "prose"):
            if tick := TICK.match(passage.text):
                passage.ticked = tick[1] in "xX"
            self.pending.append(passage)
            self.depth = level
            if len(raw) > LONGEST:
                yield from self._flush()

    def _continues(self, raw: str, indent: int) -> bool:
        last = self.pending[-1].text
        size = sum(len(part.text) for part in self.pending)
        wraps = len(last) > WRAPS_AFTER and PROSE_END.search(last) is not None
        words = raw[indent : indent + 1].islower() and " " in raw[indent : indent + 40]
        return wraps and words and size + len(raw) <= LONGEST

    def _flush(self) -> Iterator[Passage]:
        if self.pending:
            first = self.pending[0]
            passage = join_passages(self.pending)
            passage.headings, passage.parents = first.headings, first.parents
            passage.group, passage.ticked = first.group, first.ticked
            self.pending = []
            if len(self.stack) < DEEPEST:
                self.stack.append((self.depth, passage))
            yield passage

    def _settle(self, passage: Passage) -> Passage:
        passage.headings = tuple(heading for _, heading in self.headings)
        passage.parents = tuple(parent for _, parent in self.stack)
        passage.group = self.group
        return passage


def _leads(passage: Passage) -> bool:
    return passage.text.rstrip().endswith(":")


def read_plain(lines: list[str]) -> Iterator[Passage]:
    """The passages of a text, in its order.

    Args:
        lines: the text without its line ends.
    """
    return _Reader(lines).read()
