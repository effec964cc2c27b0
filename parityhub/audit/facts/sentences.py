"""Sentences that the records of a hub hold, and the lines of rendered reports that show them.

A rendered report shows the reasons, tolerances and titles of its records word for word. A line
that is such a sentence but for a number or a status word says something that no record says.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import basename
from typing import Any

from parityhub.audit.facts.numbers import escape
from parityhub.audit.facts.rounding import match_number
from parityhub.hub.records import Place

TOKEN = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:]+Z|[A-Za-z]+(?:-[A-Za-z]+)+|(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]*\w)|[\w.]*\w|[^\s\w]"
)
NUMERIC = re.compile(r"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?")
DIGEST = re.compile(r"(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}")
STATUS = frozenset(
    (
        *("pass", "passed", "passes", "fail", "failed", "fails", "failing", "green", "red", "ok"),
        *("done", "blocked", "pending", "deferred", "partial", "one-sided", "whole", "owed"),
        *("finite", "infinite", "alive", "dead", "constant", "error", "errors", "inconclusive"),
        *("equal", "equals", "unequal", "differ", "differs", "different", "identical", "alike"),
        *("byte-identical", "same", "other", "complete", "completed", "incomplete", "collapse"),
        *("above", "below", "within", "beyond", "inside", "outside", "under", "over", "least"),
        *("most", "more", "less", "larger", "smaller", "greater", "vary", "varies", "present"),
        *("missing", "absent", "with", "without", "both", "neither", "none", "no", "all"),
        *("true", "false", "yes", "on", "off", "enabled", "disabled", "self-reported", "launcher"),
        *("unproven", "learned", "unlearned", "trained", "untrained", "derived", "underived"),
    )
)
"""words that turn a sentence over when one stands for another"""
SHORTEST, LONGEST = 3, 400
START, CHANCE = 3, 8


@dataclass(frozen=True)
class Recorded:
    """A sentence of a record."""

    tokens: tuple[str, ...]
    masked: tuple[str, ...]
    place: Place
    prose: bool
    """words with blanks between them, no path or name"""
    cited: Place | None
    """where the record says that it was read"""


@dataclass(frozen=True)
class Shown:
    """A recorded sentence that a line shows, and in which tokens they differ."""

    recorded: Recorded
    tokens: tuple[str, ...]
    """as the line has them"""
    at: int
    """which token of the line is the first of them"""
    alone: bool = True
    """it begins as a sentence of its own, or is too long to be part of another by chance"""

    def holds(self, value: str) -> bool:
        """Tell whether the recorded sentence holds a value, in tokens that the line has too."""
        wanted = tuple(split_tokens(value))
        size = len(wanted)
        for at in range(len(self.tokens) - size + 1):
            here, there = (t[at : at + size] for t in (self.tokens, self.recorded.tokens))
            whole = here == wanted or (size == 1 and value in here[0].split("-"))
            if whole and all(map(is_same, here, there)):
                return True
        return False

    @cached_property
    def differences(self) -> list[tuple[str, str]]:
        """What the line says, and what the record says in its place; fewer digits are none."""
        pairs = zip(self.tokens, self.recorded.tokens, strict=True)
        return [pair for pair in pairs if pair[0] != pair[1] and not is_same(*pair)]


@dataclass
class Sentences:
    """The sentences of records, found by how they begin."""

    by_start: dict[tuple[str, ...], list[Recorded]] = field(default_factory=dict)
    _lines: dict[str, list[Shown]] = field(default_factory=dict)

    def add(self, file: str, document: Any) -> None:
        """Take in the strings of a record."""
        for text, pointer, cited in _list_strings(document):
            for words in {text, _shorten_paths(text)}:
                tokens = tuple(split_tokens(words))
                if SHORTEST <= len(tokens) <= LONGEST:
                    masked, place = mask_all(tokens), Place(file=file, pointer=pointer)
                    recorded = Recorded(tokens, masked, place, is_prose(words), cited)
                    self.by_start.setdefault(masked[:START], []).append(recorded)

    def find(self, line: str) -> list[Shown]:
        """Return the sentences that a line shows; of several alike, those nearest to it."""
        if line not in self._lines:
            self._lines[line] = list(self._search(tuple(split_tokens(line[:16384]))))
        return self._lines[line]

    def _search(self, tokens: tuple[str, ...]) -> Iterator[Shown]:
        masked = mask_all(tokens)
        best: dict[tuple[int, int], list[Shown]] = {}
        for at in range(len(tokens) - SHORTEST + 1):
            for recorded in self.by_start.get(masked[at : at + START], ()):
                end = at + len(recorded.tokens)
                if masked[at:end] != recorded.masked:
                    continue
                alone = not at or end - at > CHANCE or not tokens[at - 1][-1].isalnum()
                shown = Shown(recorded, tokens[at:end], at, alone)
                known = best.setdefault((at, end), [shown])
                gap = len(shown.differences) - len(known[0].differences)
                if gap < 0:
                    best[at, end] = [shown]
                elif gap == 0 and known[0] is not shown:
                    known.append(shown)
        for alike in best.values():
            yield from alike


def is_prose(text: str) -> bool:
    """Tell whether a text is a sentence: four words or more, and plain ones among them."""
    words = [word.strip(".,:;()'") for word in text.split()]
    return len(words) >= 4 and any(word.isalpha() and word.islower() for word in words[1:])


def is_same(here: str, there: str) -> bool:
    """Tell whether a token says what a recorded one says: the same, or rounded from it."""
    if here == there:
        return True
    numbers = NUMERIC.fullmatch(here) and NUMERIC.fullmatch(there)
    return bool(numbers) and "." in there and match_number(here, "", there) == "equal"


def split_tokens(text: str) -> list[str]:
    """Split a text into numbers, words and signs."""
    return TOKEN.findall(text)


def mask_all(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return tokens with each number and each status word made alike."""
    return tuple(_mask(token) for token in tokens)


def _mask(token: str) -> str:
    if token[0].isdigit() or NUMERIC.fullmatch(token) or DIGEST.fullmatch(token):
        return "#"
    return "@" if token.lower() in STATUS else token


def _shorten_paths(text: str) -> str:
    """Return a text with each path as a link to it shows it: by its name."""
    return re.sub(r"[\w.-]+(?:/[\w.-]+)+", lambda match: basename(match.group()), text)


def _list_strings(document: Any) -> Iterator[tuple[str, str, Place | None]]:
    pending: list[tuple[Any, str, Place | None]] = [(document, "", None)]
    while pending:
        node, pointer, cited = pending.pop()
        if isinstance(node, str):
            yield node[:4000], pointer, cited
        elif isinstance(node, Mapping):
            own = _read_place(node.get("place") or node.get("source"))
            pending += [
                (child, f"{pointer}/{escape(str(key))}", own) for key, child in node.items()
            ]
        elif isinstance(node, list):
            pending += [(child, f"{pointer}/{at}", None) for at, child in enumerate(node)]


def _read_place(node: Any) -> Place | None:
    if not isinstance(node, Mapping) or not isinstance(node.get("file"), str):
        return None
    line = node.get("line")
    return Place(file=node["file"], line=line if isinstance(line, int) else None)
