"""Lines of rendered reports that differ in one token from what a record says."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from parityhub.audit.extract.inline import clean_line
from parityhub.audit.facts.sentences import Sentences, Shown, is_same

LONGEST = 16384


@dataclass(frozen=True)
class Changed:
    """A line of a rendered report, and the recorded sentence that it is but for one token."""

    file: str
    line: int
    text: str
    """without markup"""
    shown: Shown


def list_changed(
    reports: Mapping[str, tuple[str, ...]], rendered: Container[str], sentences: Sentences
) -> Iterator[Changed]:
    """Yield each line that differs in one token from all recorded sentences that are like it."""
    for name, lines in reports.items():
        if name not in rendered:
            continue
        for number, line in enumerate(lines, 1):
            text = clean_line(line[:LONGEST], 1, 1).text if name.endswith(".md") else line[:LONGEST]
            shown = find_changed(sentences.find(text))
            if shown is not None:
                yield Changed(name, number, text, shown)


def find_changed(found: list[Shown]) -> Shown | None:
    """Return the sentence that a line shows but for a token which no other sentence explains."""
    exact = [(shown.at, shown.at + len(shown.tokens)) for shown in found if not shown.differences]
    for shown in found:
        if len(shown.differences) != 1 or not shown.recorded.prose or not shown.alone:
            continue
        pairs = zip(shown.tokens, shown.recorded.tokens, strict=True)
        changed = shown.at + next(at for at, (a, b) in enumerate(pairs) if not is_same(a, b))
        if not any(first <= changed < last for first, last in exact):
            return shown
    return None
