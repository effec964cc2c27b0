"""Markup within a line: emphasis, code, links and escapes are taken away, places are kept."""

import re
from collections.abc import Iterable, Mapping

from parityhub.audit.extract.passages import Link, Passage

MARKUP = re.compile(r"[\\`*\[\]!<&~_]")
ESCAPED = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
TAG = re.compile(
    r"</?(?:a|b|br|code|dd|del|details|div|dl|dt|em|hr|i|img|ins|kbd|li|ol|p|pre|s|small|span"
    r"|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
COMMENT_END = "-->"
ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6});")
ENTITIES = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&times;": "×"}
LABEL_END = re.compile(
    r"\]\([ ]{0,9}"
    r"(<[^<>\n]{0,4000}>|[^\s()<>]{0,4000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,4000})?)"
    r"(?:[ ]{1,9}\"[^\"\n]{0,500}\")?[ ]{0,9}\)"
)
REFERENCE = re.compile(r"\]\[(?P<name>[^\[\]\n]{0,200})\]")
DEFINITION = re.compile(
    r"[ ]{0,3}\[(?P<name>[^\[\]\n]{1,200})\]:[ ]{1,9}<?(?P<target>[^\s<>]{1,4000})>?"
)
MOST_DEFINITIONS = 4096
BRACKET = re.compile(r"\\.|[\[\]]")
LONGEST_RUN = 3
LONGEST_LABEL, LONGEST_EMPHASIS, MOST_TRIES = 2000, 400, 8


class _Writer:
    """Text without markup, growing, with the places it came from."""

    def __init__(self, raw: str, line: int, column: int) -> None:
        self.raw, self.line, self.column = raw, line, column
        self.parts: list[str] = []
        self.length = 0
        self.marks: list[tuple[int, int, int]] = []

    def copy(self, start: int, end: int) -> None:
        """Take over a stretch of the line as it is."""
        if end > start:
            self.marks.append((self.length, self.line, self.column + start))
            self.parts.append(self.raw[start:end])
            self.length += end - start

    def put(self, text: str, start: int) -> None:
        """Write what a stretch that begins at `start` means."""
        self.marks.append((self.length, self.line, self.column + start))
        self.parts.append(text)
        self.length += len(text)


class _Cleaner:
    """One line on its way to a passage."""

    def __init__(self, raw: str, line: int, column: int, references: Mapping[str, str]) -> None:
        self.raw = raw
        self.references = references
        self.out = _Writer(raw, line, column)
        self.codes: list[tuple[int, int]] = []
        self.links: list[Link] = []
        self.open: list[tuple[int, int, int]] = []
        named = bool(references) and "][" in raw
        self.ends = _match_labels(raw, references) if named or "](" in raw else {}
        self.no_run: set[int] = set()
        self.closers: dict[int, int] = {}

    def clean(self) -> Passage:
        raw, at, copied = self.raw, 0, 0
        while match := MARKUP.search(raw, at):
            start = match.start()
            end = self._take(raw[start], start, copied)
            if end is None:
                at = start + 1
                continue
            at = copied = end
        self.out.copy(copied, len(raw))
        marks = self.out.marks or [(0, self.out.line, self.out.column)]
        return Passage("".join(self.out.parts), marks, codes=self.codes, links=self.links)

    def _take(self, sign: str, start: int, copied: int) -> int | None:
        """Take a sign of markup; where it ends, or nothing if it is none."""
        if sign == "\\":
            return self._take_escape(start, copied)
        if sign == "`":
            return self._take_code(start, copied)
        if sign in "*~_":
            return self._take_emphasis(sign, start, copied)
        if sign == "[":
            return self._take_label(start, start, copied)
        if sign == "!":
            return self._take_label(start + 1, start, copied)
        if sign == "]":
            return self._end_label(start, copied)
        return self._take_tag(start, copied) if sign == "<" else self._take_entity(start, copied)

    def _take_escape(self, start: int, copied: int) -> int | None:
        following = self.raw[start + 1 : start + 2]
        if following not in ESCAPED or not following:
            return None
        self.out.copy(copied, start)
        self.out.copy(start + 1, start + 2)
        return start + 2

    def _take_code(self, start: int, copied: int) -> int | None:
        raw = self.raw
        end = start
        while end < len(raw) and raw[end] == "`":
            end += 1
        run = raw[start:end]
        self.out.copy(copied, start)
        close = -1 if len(run) in self.no_run else _find_run(raw, run, end)
        if close < 0:
            self.no_run.add(len(run))
            return end
        begin = self.out.length
        self.out.copy(end, close)
        self.codes.append((begin, self.out.length))
        return close + len(run)

    def _take_emphasis(self, sign: str, start: int, copied: int) -> int | None:
        raw = self.raw
        end = start
        while end < len(raw) and raw[end] == sign:
            end += 1
        before = raw[start - 1] if start else " "
        after = raw[end] if end < len(raw) else " "
        count = end - start
        if count > LONGEST_RUN:
            self.out.copy(copied, end)
            return end
        if not _emphasises(sign, count, before, after, start in self.closers):
            return None
        if count == 1 and start not in self.closers:
            close = _find_closer(raw, sign, end)
            if close < 0:
                return None
            self.closers[close] = start
        self.out.copy(copied, start)
        return end

    def _take_label(self, bracket: int, start: int, copied: int) -> int | None:
        if bracket not in self.ends:
            return None
        self.out.copy(copied, start)
        self.open.append((self.ends[bracket], self.out.length, bracket))
        return bracket + 1

    def _end_label(self, start: int, copied: int) -> int | None:
        if not self.open or self.open[-1][0] != start:
            return None
        match = LABEL_END.match(self.raw, start)
        named = None if match else REFERENCE.match(self.raw, start)
        if match is not None:
            target, column, end = match[1], match.start(1), match.end()
        elif named is not None:
            label = self.raw[self.open[-1][2] + 1 : start]
            target = self.references[_fold(named["name"] or label)]
            column, end = named.start("name"), named.end()
        else:
            return None
        _, begin, _ = self.open.pop()
        self.out.copy(copied, start)
        if target.startswith("<"):
            target, column = target[1:-1], column + 1
        place = self.out.column + column
        self.links.append(Link(begin, self.out.length, target, self.out.line, place))
        return end

    def _take_tag(self, start: int, copied: int) -> int | None:
        if self.raw.startswith("<!--", start):
            close = self.raw.find(COMMENT_END, start + 4)
            end = len(self.raw) if close < 0 else close + len(COMMENT_END)
        elif match := TAG.match(self.raw, start):
            end = match.end()
        else:
            return None
        self.out.copy(copied, start)
        return end

    def _take_entity(self, start: int, copied: int) -> int | None:
        match = ENTITY.match(self.raw, start)
        if match is None or match[0] not in ENTITIES:
            return None
        self.out.copy(copied, start)
        self.out.put(ENTITIES[match[0]], start)
        return match.end()


def _match_labels(raw: str, references: Mapping[str, str]) -> dict[int, int]:
    """Each `[` whose `]` is followed by a target or by a name that has one, with that `]`."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for match in BRACKET.finditer(raw):
        if match[0] == "[":
            stack.append(match.start())
        elif match[0] == "]" and stack:
            begin, end = stack.pop(), match.start()
            if end - begin > LONGEST_LABEL:
                continue
            direct = raw.startswith("](", end) and LABEL_END.match(raw, end)
            named = REFERENCE.match(raw, end) if references else None
            if direct or (named and _fold(named["name"] or raw[begin + 1 : end]) in references):
                found[begin] = end
    return found


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def find_references(lines: Iterable[str]) -> dict[str, str]:
    """Where the names lead that a document's links may be given: `[name]: target`."""
    found: dict[str, str] = {}
    for line in lines:
        match = DEFINITION.match(line[:5000])
        if match is not None and len(found) < MOST_DEFINITIONS:
            found.setdefault(_fold(match["name"]), match["target"])
    return found


def _find_run(raw: str, run: str, start: int) -> int:
    """Where a run of backticks of just that length begins."""
    at = raw.find(run, start)
    while at >= 0:
        end = at + len(run)
        while end < len(raw) and raw[end] == "`":
            end += 1
        if end - at == len(run):
            return at
        at = raw.find(run, end)
    return -1


def _emphasises(sign: str, count: int, before: str, after: str, closes: bool) -> bool:
    if closes:
        return True
    if sign == "~":
        return count == 2
    if sign == "*" and count in (2, 3):
        power = before.isdigit() and after.isdigit()
        return not (power or before in "/=" or after == "/" or (before + after).isspace())
    return count == 1 and (before.isspace() or before in "([\"'|>") and after.isalnum()


def _find_closer(raw: str, sign: str, start: int) -> int:
    """The end of emphasis with a single sign: at the end of a word, not far off."""
    at = start
    for _ in range(MOST_TRIES):
        at = raw.find(sign, at, start + LONGEST_EMPHASIS)
        if at < 0:
            return -1
        before, after = raw[at - 1], raw[at + 1] if at + 1 < len(raw) else " "
        inside = after.isalnum() or after in "*_./"
        if sign == "_" and (inside or before == "_"):
            return -1
        if not (inside or before.isspace() or before in "/=_*"):
            return at
        at += 1
    return -1


def clean_line(
    raw: str, line: int, column: int, references: Mapping[str, str] | None = None
) -> Passage:
    """A line of Markdown without its markup.

    Args:
        raw: the line, or a part of it; at most `passages.LONGEST` characters.
        line: where it stands, from 1.
        column: of its first character, from 1.
        references: where the names lead that links may be given.
    """
    if not MARKUP.search(raw):
        return Passage(raw, [(0, line, column)])
    return _Cleaner(raw, line, column, references or {}).clean()
