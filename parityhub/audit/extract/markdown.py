"""Passages of Markdown: markdown-it finds the blocks, the lines themselves give the places."""

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from parityhub.audit.extract.inline import clean_line, find_references
from parityhub.audit.extract.passages import LONGEST, Passage, cut_pieces, join_passages

SHOWN_TO_PARSER = 2048
"""characters of a line that decide what block it belongs to"""
MOST_CELLS = 64
HAS_WORD = re.compile(r"\w")
CELL_BORDER = re.compile(r"\\.|\|")
TICK = re.compile(r"\[([ xX])\]\s")
IS_LABEL = re.compile(r"\s{0,3}[*_`]{0,3}[A-Z][\w /()-]{0,40}[*_`]{0,3}:")


def _make_parser() -> MarkdownIt:
    """Blocks only: what lies within a line is read by `inline`."""
    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Reader:
    """The tokens of a document, walked once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.references = find_references(lines)
        self.headings: list[tuple[int, Passage]] = []
        self.items: list[Passage | None] = []
        self.lists: list[int] = []
        self.groups = 0
        self.unread = {number for number, line in enumerate(lines) if HAS_WORD.search(line)}
        """lines with text that no block has held so far"""
        self.lead: Passage | None = None
        """the paragraph just before"""

    def read(self) -> Iterator[Passage]:
        shown = "\n".join(_show(line) for line in self.lines)
        tokens = _make_parser().parse(shown)
        at = 0
        while at < len(tokens):
            token = tokens[at]
            self._tick_off(token)
            if token.type == "table_open":
                yield from self._read_table(token)
                at = _skip(tokens, at, "table_close")
            elif token.type == "inline":
                yield from self._read_inline(token, tokens[at - 1])
            elif token.type in ("fence", "code_block"):
                yield from self._read_code(token)
            elif token.type == "html_block":
                yield from self._read_paragraph(token)
            else:
                self._track(token.type)
            at += 1
        yield from self._read_rest()

    def _tick_off(self, token: Token) -> None:
        if token.map and (token.type == "table_open" or token.content or token.type == "fence"):
            first, last = token.map
            if token.type == "fence" and len(self.lines[first]) > SHOWN_TO_PARSER:
                first += 1
            self.unread.difference_update(range(first, last))

    def _read_rest(self) -> Iterator[Passage]:
        """What the parser dropped, for it lay too deep: no text goes unread."""
        self.items, self.lists = [], []
        for number in sorted(self.unread):
            for offset, piece in cut_pieces(self.lines[number]):
                yield self._settle(clean_line(piece, number + 1, offset + 1, self.references))

    def _track(self, kind: str) -> None:
        if kind in ("bullet_list_open", "ordered_list_open"):
            self.groups += 1
            self.lists.append(self.groups)
            leads = self.lead is not None and self.lead.text.rstrip().endswith(":")
            self.items.append(self.lead if leads and self.lead not in self.items else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
            self.items.pop()
            self.lead = None
        elif kind == "list_item_open":
            self.items.append(None)
        elif kind == "list_item_close":
            self.items.pop()

    def _settle(self, passage: Passage) -> Passage:
        """Say what a passage stands under."""
        passage.headings = tuple(heading for _, heading in self.headings)
        passage.parents = tuple(item for item in self.items if item is not None)
        if self.lists:
            passage.group = self.lists[-1]
        else:
            self.groups += 1
            passage.group = self.groups
        return passage

    def _read_inline(self, token: Token, opened: Token) -> Iterator[Passage]:
        if opened.type != "heading_open":
            yield from self._read_paragraph(token)
            return
        level = int(opened.tag[1:])
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        for number, passage in enumerate(self._read_paragraph(token)):
            passage.role = "heading"
            self.lead = None
            yield passage
            if number == 0:
                self.headings.append((level, passage))

    def _read_paragraph(self, token: Token) -> Iterator[Passage]:
        first, last = token.map or (0, 0)
        parts: list[Passage] = []
        contents = token.content.split("\n")
        size = 0
        for number in range(first, min(last, len(self.lines))):
            raw = self.lines[number]
            shown = contents[number - first] if number - first < len(contents) else ""
            column = _find_column(raw, shown)
            for offset, piece in cut_pieces(raw[column:]):
                if parts and (offset or size + len(piece) > LONGEST):
                    yield self._finish(parts)
                    parts, size = [], 0
                parts.append(clean_line(piece, number + 1, column + offset + 1, self.references))
                size += len(piece)
        if parts:
            yield self._finish(parts)

    def _finish(self, parts: list[Passage]) -> Passage:
        passage = self._settle(join_passages(parts))
        if self.items and self.items[-1] is None:
            if tick := TICK.match(passage.text):
                passage.ticked = tick[1] in "xX"
            self.items[-1] = passage
        self.lead = passage
        return passage

    def _read_code(self, token: Token) -> Iterator[Passage]:
        first, last = token.map or (0, 0)
        if token.type == "fence":
            first += 1
            last = min(last, first + token.content.count("\n"))
        self.groups += 1
        group, parents = self.groups, () if self.lead is None else (self.lead,)
        for number in range(first, min(last, len(self.lines))):
            for offset, piece in cut_pieces(self.lines[number]):
                passage = Passage(piece, [(0, number + 1, offset + 1)], "code")
                self._settle(passage).group = group
                passage.parents += parents
                yield passage

    def _read_table(self, token: Token) -> Iterator[Passage]:
        first, last = token.map or (0, 0)
        header = split_row(self.lines[first], first + 1, self.references)
        self.groups += 1
        group = self.groups
        parents = () if self.lead is None else (self.lead,)
        self.lead = None
        for number in range(first, min(last, len(self.lines))):
            if number == first + 1:
                continue
            row = split_row(self.lines[number], number + 1, self.references)
            cells = header if number == first else row
            for index, cell in enumerate(cells):
                self._settle(cell).group = group
                cell.parents += parents
                cell.role, cell.row_number = "cell", number - first
                cell.corner = header[0].text.strip() if header else ""
                cell.row = cells[0].text.strip() if index and number > first else ""
                named = number > first and index < len(header)
                cell.column = header[index].text.strip() if named else ""
                yield cell


def _show(line: str) -> str:
    """What the parser sees of a line: enough to know its block, never a table without end."""
    line = line[:SHOWN_TO_PARSER].replace("\0", "\ufffd")
    return line.replace("|", " ") if line.count("|") > MOST_CELLS else line


def _skip(tokens: list[Token], at: int, kind: str) -> int:
    while at < len(tokens) and tokens[at].type != kind:
        at += 1
    return at


def _find_column(raw: str, shown: str) -> int:
    """Where the text of a line begins, behind the signs of its block."""
    shown = shown.rstrip()
    if not shown:
        return len(raw) - len(raw.lstrip(" \t"))
    if len(raw) > SHOWN_TO_PARSER:
        return max(0, raw.find(shown[:200]))
    at = raw.rfind(shown)
    return at if at >= 0 else len(raw) - len(raw.lstrip(" \t>"))


def split_row(raw: str, line: int, references: Mapping[str, str] | None = None) -> list[Passage]:
    """The cells of a row of a table."""
    borders = [match.start() for match in CELL_BORDER.finditer(raw) if match[0] == "|"]
    if len(borders) > MOST_CELLS:
        borders = []
    indent = len(raw) - len(raw.lstrip(" \t>"))
    edges = [at for at in borders if raw[indent:at].strip() or at > indent]
    starts = [indent if not raw.startswith("|", indent) else indent + 1]
    starts += [at + 1 for at in edges]
    ends = [*edges, len(raw)]
    cells = []
    for start, end in zip(starts, ends, strict=True):
        if start >= len(raw.rstrip()) and end == len(raw):
            continue
        for offset, piece in cut_pieces(raw[start:end]):
            cells.append(clean_line(piece, line, start + offset + 1, references))
    return cells


def read_markdown(lines: list[str]) -> Iterator[Passage]:
    """The passages of a Markdown document, in its order.

    Args:
        lines: the document without its line ends.
    """
    return _Reader(lines).read()
