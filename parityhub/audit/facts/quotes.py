"""Prose that people added to a hub, as its summary quotes it: word for word, behind `> `."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from parityhub.audit.facts.logs import Texts
from parityhub.hub import layout

LINK = re.compile(r"\]\((?P<target>[^)\s#]{1,1000})\)")


@dataclass(frozen=True)
class Quote:
    """Where a summary quotes a file of prose, and what it quotes."""

    path: str
    first: int
    """the first line of the quote, from 0"""
    lines: tuple[str, ...]
    """as they stand in the summary"""
    true: tuple[str, ...]
    """as they would stand there word for word"""

    @property
    def faithful(self) -> bool:
        """Whether it quotes the file word for word."""
        return self.lines == self.true


def list_quotes(lines: Sequence[str], texts: Texts, listed: Container[str]) -> Iterator[Quote]:
    """Yield the quotes of a rendered summary: each behind the line that links to its file.

    Args:
        lines: the summary.
        texts: the texts of the hub.
        listed: the files that the manifest lists.
    """
    for number, line in enumerate(lines):
        found = LINK.search(line[:4096])
        path = found["target"] if found else ""
        if not layout.is_prose_path(path) or path not in listed:
            continue
        text = texts.read(path)
        first = number + 2
        last = first
        while last < len(lines) and lines[last].startswith(">"):
            last += 1
        true = tuple(quote_line(own) for _, own in text.walk()) if text is not None else ()
        yield Quote(path, first, tuple(lines[first:last]), true)


def quote_line(line: str) -> str:
    """Return a line of prose as a summary quotes it."""
    return f"> {line}".rstrip()


def leave_out(lines: Sequence[str], quotes: Sequence[Quote]) -> tuple[str, ...]:
    """Return the lines of a summary with faithful quotes blank: their file is read itself."""
    kept = list(lines)
    for quote in quotes:
        if quote.faithful:
            end = quote.first + len(quote.lines)
            kept[quote.first : end] = [""] * len(quote.lines)
    return tuple(kept)
