"""Texts of the evidence, by line: each is read and indexed once, however often it is cited."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from parityhub.audit.roots import Roots, read_within
from parityhub.errors import EvidenceError

TEXT_LIMIT = 1 << 30
LINE_SHOWN = 64 << 10
"""bytes of a line that are looked at"""
SCAN_LIMIT = 16 << 20
"""bytes of a text that are searched for numbers by name"""


@dataclass
class Text:
    """A text and where its lines start."""

    file: str
    data: bytes
    starts: list[int]
    _found: dict[bytes, list[int]] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """How many lines there are; an unfinished last one counts."""
        return len(self.starts)

    def line(self, number: int) -> str:
        """Return a line without its end; `number` counts from 1."""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.data)
        raw = self.data[start : min(end, start + LINE_SHOWN)]
        return raw.decode("utf-8", errors="replace").rstrip("\r\n")

    def walk(self) -> Iterator[tuple[int, str]]:
        """Yield each line with its number; of a large text, the lines of its first 16 MiB."""
        for number, start in enumerate(self.starts, 1):
            if start > SCAN_LIMIT:
                return
            yield number, self.line(number)

    def find(self, words: str, limit: int = 20) -> list[int]:
        """Return the first lines that hold the words."""
        raw = words.encode()
        if raw not in self._found:
            self._found[raw] = self._search(raw, limit)
        return self._found[raw]

    def _search(self, raw: bytes, limit: int) -> list[int]:
        found: list[int] = []
        at = self.data.find(raw) if raw else -1
        while at >= 0 and len(found) < limit:
            line = bisect_right(self.starts, at)
            found.append(line)
            if line >= len(self.starts):
                break
            at = self.data.find(raw, self.starts[line])
        return found


def index_text(file: str, data: bytes) -> Text:
    """Index a text by its lines."""
    starts = [0] if data else []
    starts += [end.end() for end in re.finditer(rb"\n", data) if end.end() < len(data)]
    return Text(file, data, starts)


@dataclass
class Texts:
    """The texts of a hub."""

    roots: Roots
    _texts: dict[str, Text | None] = field(default_factory=dict)
    reads: int = 0

    def read(self, path: str) -> Text | None:
        """Return a text of the hub; None where it can't be read."""
        if path not in self._texts:
            self._texts[path] = self._load(self.roots.hub / path, path)
        return self._texts[path]

    def _load(self, file: Path, path: str) -> Text | None:
        try:
            data, _ = read_within(file, self.roots, TEXT_LIMIT)
        except EvidenceError:
            return None
        self.reads += 1
        return index_text(path, data)
