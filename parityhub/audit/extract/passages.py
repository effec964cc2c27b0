"""Passages: the pieces of a report that are read at once, freed of markup, with their places."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

LONGEST = 64 * 1024
"""characters of a line, or of a passage, that are read at once; longer ones are cut"""

LONGEST_LINE, MOST_LINES = 512 * 1024, 100_000
"""characters of a line and lines of a report that are read at all; PH001 tells of what is not"""
MOST_IN_PIECE = 1000
"""claims of one passage that are kept"""

OWN_LABEL = re.compile(r"[ \t]{0,4}[A-Z][\w /-]{0,30}:")

Role = Literal["prose", "heading", "cell", "code", "value"]
"""a value is one of a JSON document"""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture: its label lies in the passage's text, its target beside it."""

    start: int
    end: int
    target: str
    line: int
    column: int
    """of the target's first character"""


@dataclass(slots=True, eq=False)
class Passage:
    """A paragraph, list item, heading, table cell or line of code, without its markup."""

    text: str
    marks: list[tuple[int, int, int]]
    """(index in `text`, line, column), rising: from there on the two run side by side"""
    role: Role = "prose"
    headings: tuple["Passage", ...] = ()
    """the headings above it, outermost first"""
    parents: tuple["Passage", ...] = ()
    """the list items or labels it stands under, outermost first"""
    group: int = 0
    """the same for items of one list, lines of one paragraph, cells of one table"""
    codes: list[tuple[int, int]] = field(default_factory=list)
    """spans of code in `text`"""
    links: list[Link] = field(default_factory=list)
    row: str = ""
    column: str = ""
    corner: str = ""
    """of a cell: label of its row, header of its column, header of the column of labels"""
    row_number: int = 0
    ticked: bool | None = None
    """of a checklist item"""

    def place(self, index: int) -> tuple[int, int]:
        """Line and column of a character of `text`."""
        start, line, column = self.marks[max(0, bisect_right(self.marks, (index, 1 << 60, 0)) - 1)]
        return line, column + index - start


def cut_pieces(line: str) -> list[tuple[int, str]]:
    """Cut a line that is too long, where there is a space near enough: (offset, piece)."""
    if len(line) <= LONGEST:
        return [(0, line)]
    pieces = []
    start = 0
    while start < len(line):
        end = min(start + LONGEST, len(line))
        if end < len(line):
            space = line.rfind(" ", start + LONGEST // 2, end)
            end = space if space > 0 else end
        pieces.append((start, line[start:end]))
        start = end
    return pieces


def join_passages(parts: list[Passage]) -> Passage:
    """One passage of several lines that follow one another.

    Between them a space, as a reader sees it; a line break before a label of its own, and where
    the line ends in one.
    """
    if len(parts) == 1:
        return parts[0]
    texts: list[str] = []
    whole = Passage("", [])
    offset = 0
    for number, part in enumerate(parts):
        if number:
            broken = OWN_LABEL.match(part.text) or parts[number - 1].text.endswith("  ")
            texts.append("\n" if broken else " ")
        texts.append(part.text)
        whole.marks.extend((start + offset, line, column) for start, line, column in part.marks)
        whole.codes.extend((start + offset, end + offset) for start, end in part.codes)
        whole.links.extend(
            Link(k.start + offset, k.end + offset, k.target, k.line, k.column) for k in part.links
        )
        offset += len(part.text) + 1
    whole.text = "".join(texts)
    return whole
