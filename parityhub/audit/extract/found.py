"""What a grammar finds in a passage, before place and subject are known."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from parityhub.audit.claims import ClaimKind, Mood
from parityhub.audit.extract.passages import Link, Passage

TAKEN = "\x00"
"""written over what a grammar has understood, so that the next ones leave it alone"""


@dataclass(slots=True, kw_only=True, eq=False)
class Found:
    """A claim that lies at `start:end` of a passage's text; its words at `begin:finish`."""

    kind: ClaimKind
    start: int
    end: int
    begin: int = -1
    finish: int = -1
    name: str = ""
    value: str = ""
    unit: str = ""
    path: str = ""
    first_line: int | None = None
    last_line: int | None = None
    pointer: str | None = None
    shows: str = ""
    operands: tuple[str, ...] = ()
    mood: Mood | None = None
    """where the form of it says so"""
    target: str = ""
    side: str = ""
    stage: str = ""
    section: str = ""
    place: tuple[int, int] | None = None
    """line and column where it doesn't lie in the text: a link's target"""


class Reading:
    """A passage being read: what is found in it, and what is left to understand."""

    __slots__ = ("_begins", "found", "left", "passage", "paths", "text")

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.text = passage.text
        self.left = passage.text
        """the text with `TAKEN` over what is understood, of the same length"""
        self.found: list[Found] = []
        self.paths: list[Found] = []
        """paths and citations, by where they start"""
        self._begins: list[int] = []

    def take(self, spans: list[tuple[int, int]]) -> None:
        """Mark stretches of the text as understood."""
        parts, at = [], 0
        for start, end in sorted(spans):
            start = max(start, at)
            if end > start:
                parts += [self.left[at:start], TAKEN * (end - start)]
                at = end
        self.left = "".join((*parts, self.left[at:]))

    def keep(self, finds: list[Found]) -> None:
        """Keep what a grammar found and mark it."""
        if finds:
            self.found.extend(finds)
            self.take([(find.start, find.end) for find in finds if find.place is None])

    def keep_paths(self, finds: list[Found]) -> None:
        """Keep paths, those of links included, so that they can be looked up by place."""
        self.paths = sorted(finds, key=lambda find: (find.start, find.place is None))
        self._begins = [find.start for find in self.paths]
        self.found.extend(find for find in finds if find.place is not None)
        self.keep([find for find in self.paths if find.place is None])

    def paths_between(self, start: int, end: int) -> list[Found]:
        """Paths that start there, in order."""
        first = bisect_left(self._begins, start)
        return self.paths[first : bisect_right(self._begins, end, lo=first)]

    def path_before(self, index: int) -> Found | None:
        """The last path that ends before an index; of a link and its text, the text."""
        at = bisect_left(self._begins, index) - 1
        for near in range(at, max(-1, at - 4), -1):
            if self.paths[near].end <= index:
                return self.paths[near]
        return None

    def link_at(self, index: int) -> Link | None:
        """The link in whose text an index lies."""
        links = self.passage.links
        at = bisect_right(links, index, key=lambda link: link.start) - 1
        return links[at] if at >= 0 and index < links[at].end else None

    def codes_between(self, start: int, end: int) -> list[str]:
        """The spans of code that lie there whole."""
        codes = self.passage.codes
        first = bisect_left(codes, (start, 0))
        last = bisect_left(codes, (end, 0), lo=first)
        return [self.text[a:b] for a, b in codes[first:last] if b <= end]

    def code_at(self, start: int) -> str:
        """The span of code that begins there, if one does."""
        codes = self.passage.codes
        at = bisect_left(codes, (start, 0))
        found = at < len(codes) and codes[at][0] == start
        return self.text[start : codes[at][1]] if found else ""
