"""`parityhub: ignore[PH301] reason`: what a report asks not to be told of the line below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

IGNORE = re.compile(
    r"^[ \t>*-]{0,40}(?:<!--|#{1,6}|//|\[//\]: #)[ \t(]{0,9}parityhub:[ \t]{0,9}ignore"
    r"(?:\[(?P<codes>[^\]\n]{0,200})\])?(?P<reason>.{0,2000})$"
)


@dataclass(frozen=True, kw_only=True)
class Ignore:
    """A wish to silence findings; without codes or reason it is to be refused."""

    line: int
    """where it stands"""
    covers: int
    """the line it speaks of; 0 where none follows"""
    codes: tuple[str, ...]
    reason: str


def find_ignores(lines: Sequence[str]) -> Iterator[Ignore]:
    """The comments that ask to silence findings of the next line that holds text.

    Args:
        lines: a report without its line ends.
    """
    waiting: list[tuple[int, tuple[str, ...], str]] = []
    for number, line in enumerate(lines, 1):
        match = IGNORE.match(line) if "parityhub:" in line[:64] else None
        if match:
            codes = tuple(
                code.strip() for code in (match["codes"] or "").split(",") if code.strip()
            )
            reason = match["reason"].split("-->", 1)[0].strip(" \t)")
            waiting.append((number, codes, reason))
        elif line.strip() and waiting:
            for at, codes, reason in waiting:
                yield Ignore(line=at, covers=number, codes=codes, reason=reason)
            waiting = []
    for at, codes, reason in waiting:
        yield Ignore(line=at, covers=0, codes=codes, reason=reason)
