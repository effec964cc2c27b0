"""Reports that say the same in other words, order, layout or with fewer digits.

Each function takes a report and returns it with one thing reworded, or None where it has no such
thing. What it writes is as true as what stood there.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from parityhub.audit.campaign.layouts import LAYOUTS
from parityhub.audit.campaign.notations import NOTATIONS
from parityhub.audit.campaign.scan import list_reports

WORDINGS: tuple[tuple[str, str], ...] = (
    (r"(?m)^State: (\w[\w-]*)\.", r"It is \1."),
    (r"State: (\w[\w-]*)\.", r"The state of the phase is \1."),
    (r"Run (\d+), (\S+Z) to (\S+Z),", r"Run \1, from \2 until \3,"),
    (r"Run (\d+), (\S+Z) to (\S+Z),", r"Run \1 began at \2 and ended at \3, after"),
    (r"Attempt (\d+) counts\.", r"What counts is attempt \1."),
    (r"Environment proof: ", "Proof of the environment: "),
    (r"Each number is followed by its source", "A source stands behind each number"),
    (r"Hub (`[^`]+`) of ", r"This is hub \1, made at "),
    (r"(\d+) of (\d+) checks pass", r"\1 checks of \2 pass"),
    (r"(\d+) of (\d+) checks pass", r"of \2 checks, \1 pass"),
    (r"the gate is green: (\d+) passed of (\d+)", r"\1 of \2 tests passed, so the gate is green"),
    (r"(?m)^### Key numbers$", "### The numbers that matter"),
    (r"(?m)^### Checks$", "### What was asked"),
    (r"(?m)^### What ran$", "### Runs"),
    (r"(?m)^## At a glance$", "## Overview"),
    (r"(?m)^- (`[^`\n]+`): (?=-?\d)", r"- \1 = "),
    (r"(?m)^- (`[^`\n]+`): (?=-?\d)", r"- \1 is "),
    (r"(?m)^- (`[^`\n]+`): (?=-?\d)", r"- The value of \1: "),
    (r"\*\*PASS\*\*", "PASS"),
    (r"\*\*PASS\*\* (`[^`]+`)", r"\1: PASS"),
    (r"(?m)^## (\w+): PASS$", r"## \1 – PASS"),
    (r" is byte-identical: ", " is the same, byte for byte: "),
    (r" equals ", " is equal to "),
    (r"(?m)^\*\*([^*\n]+ checks pass)\*\*$", r"\1."),
    (r"(?m)^- signature: ", "- what it died of: "),
    (r"(?m)^- exit code: (\d+)$", r"- it exited with \1"),
    (r"(?m)^- phase: ", "- of phase: "),
    (r"Tests run: no gate\.", "No tests were run: the phase has no gate."),
    (r"(?m)^  (\d+ bytes), sha1 ", r"  \1; sha1: "),
    (r"(?m)^(  )(\d+) bytes, (sha1 \w+)$", r"\1\3, \2 bytes"),
    (r"Paths are relative to the hub\.", "Each path starts at the hub."),
    (r"\| wall time", "| time taken"),
    (r"(?m)^- dataset: ", "- data set: "),
)
"""what stands in a report, and what says the same"""


@dataclass(frozen=True)
class Rewording:
    """A report in other words."""

    name: str
    file: str
    text: str


Change = Callable[[str, Random, Path, str], str | None]


def reword(hub: Path, count: int, rng: Random) -> Iterator[Rewording]:
    """Yield so many rewordings, each of one report, each way in turn."""
    texts = dict(read_texts(hub))
    ways = list(list_ways())
    made = 0
    spent = 0
    while made < count and spent < len(ways):
        for name, change in ways:
            done = reword_one(name, change, hub, texts, rng)
            spent = 0 if done else spent + 1
            if done and made < count:
                made += 1
                yield done


def read_texts(hub: Path) -> Iterator[tuple[str, str]]:
    """Yield each report with its text; one that is not UTF-8 cannot be written back as it was."""
    for name in list_reports(hub):
        try:
            yield name, (hub / name).read_bytes().decode()
        except UnicodeDecodeError:
            continue


def list_ways() -> Iterator[tuple[str, Change]]:
    """Yield each way to reword a report, with its name."""
    for pattern, instead in WORDINGS:
        yield f"wording: {pattern}", replace_one(pattern, instead)
    yield from LAYOUTS.items()
    yield from NOTATIONS.items()


def reword_one(
    name: str, change: Change, hub: Path, texts: dict[str, str], rng: Random
) -> Rewording | None:
    """Reword one report that the way fits; None where it fits none."""
    for file in rng.sample(sorted(texts), len(texts)):
        text = change(texts[file], rng, hub, file)
        if text is not None and text != texts[file]:
            return Rewording(name, file, text)
    return None


def replace_one(pattern: str, instead: str) -> Change:
    """Return the way that replaces one of the places where a pattern stands."""
    compiled = re.compile(pattern)

    def change(text: str, rng: Random, hub: Path, file: str) -> str | None:
        found = list(compiled.finditer(text))
        if not found:
            return None
        one = rng.choice(found)
        return text[: one.start()] + one.expand(instead) + text[one.end() :]

    return change
