"""What of the evidence makes a good status empty: results of nothing, outputs of zeros."""

import math
import re
from collections.abc import Iterator
from itertools import islice

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.numbers import NumberFact
from parityhub.audit.rules.field_rules import is_own
from parityhub.audit.rules.rule import Said
from parityhub.hub.records import Place

STATISTICS = frozenset(
    {
        "mean", "std", "var", "variance", "var_zero_mean", "max", "rms", "peak", "norm", "top",
        "global_mean", "global_std", "amplitude_range", "avg", "average", "median", "maximum",
    }
)  # fmt: skip
COMPARED = frozenset(
    {
        "compared", "comparisons", "pairs", "n", "count", "samples", "clips", "items", "outputs",
        "tests", "batches", "images", "tiles", "n_compared", "num_compared", "n_pairs", "n_samples",
        "matched", "checked", "evaluated",
    }
)  # fmt: skip
DIFFERENCE = re.compile(
    r"diff|delta|err(?:or)?s?\b|mismatch|residual|deviation|fail", re.IGNORECASE
)
RATIO_HEAD = re.compile(r"\bratio|ratio\b|_ratio|ratio_", re.IGNORECASE)
RATIO_ROW = re.compile(
    r"^\s{0,12}[A-Za-z][\w ./-]{0,80}?[:=|,\s]{1,40}"
    r"(?P<value>[-+]?\d{1,9}(?:\.\d{1,20})?|nan)[\s|x]{0,8}$",
    re.IGNORECASE,
)
SMALLEST = 2
"""rows from which a list of ratios counts as a table"""
MOST_LINES = 5000


def list_vacuous(claim: Claim, facts: Facts) -> Iterator[Said]:
    """Say what a file that the sentence names lacks for a good status to mean anything."""
    if not is_own(claim, facts):
        return
    for path in facts.governing(claim)[:1]:
        if path.endswith(".json"):
            yield from _judge_document(path, facts)
        elif path.endswith(".txt") and (text := facts.texts.read(path)) is not None:
            yield from _judge_text(text)


def _judge_document(path: str, facts: Facts) -> Iterator[Said]:
    numbers = facts.contents.numbers(path)
    nothing = [f for f in numbers if f.name in COMPARED and f.value == 0 and not is_apart(f)]
    lists = [at for at, size in facts.contents.lengths(path) if not size and _counts(at)]
    if nothing or lists:
        place = nothing[0].place if nothing else Place(file=path, pointer=lists[0])
        yield Said(
            found=f"{path}#{place.pointer} holds nothing: no result stands behind it",
            hint="say that nothing was compared",
            evidence=place,
        )
        return
    live = [f for f in numbers if f.name in STATISTICS and not is_apart(f)]
    dead = [f for f in live if f.value == 0 or not math.isfinite(f.value)]
    if len(live) >= SMALLEST and len(dead) == len(live) and not DIFFERENCE.search(path):
        yield Said(
            found=f"{path}: each of {len(live)} statistics is 0 or not finite",
            hint="say that the run ended and that its output is zero",
            evidence=live[0].place,
        )


def is_apart(fact: NumberFact) -> bool:
    """Tell whether a number says how far things are apart: there, 0 is good."""
    return any(DIFFERENCE.search(word) for word in (fact.name, *fact.keys))


def _counts(pointer: str) -> bool:
    return pointer.rsplit("/", 1)[-1].lower() in COMPARED


def _judge_text(text: Text) -> Iterator[Said]:
    lines = [line for _, line in islice(text.walk(), MOST_LINES)]
    if found := find_dead_ratios(lines):
        first, many = found
        yield Said(
            found=f"{text.file}: each of {many} ratios is 0 or NaN: one side has collapsed",
            hint="say that it has collapsed; compared is not equal",
            evidence=Place(file=text.file, line=first),
        )


def find_dead_ratios(lines: list[str]) -> tuple[int, int] | None:
    """Return the first line of a table of ratios that are all 0 or NaN, and how many they are.

    Its first column holds labels, its last the ratios; the line above it names them.
    """
    head = next((at for at, line in enumerate(lines) if RATIO_HEAD.search(line[:400])), None)
    if head is None:
        return None
    rows = []
    for number, line in enumerate(lines[head + 1 :], head + 2):
        if match := RATIO_ROW.match(line[:400]):
            rows.append((number, match["value"].lower()))
        elif rows and line.strip() and len(rows) < SMALLEST:
            return None
    zero = [number for number, value in rows if value == "nan" or float(value) == 0]
    return (zero[0], len(zero)) if len(zero) == len(rows) >= SMALLEST else None
