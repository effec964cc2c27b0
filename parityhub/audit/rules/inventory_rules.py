"""Entries of a rendered inventory against the manifest and the records."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import basename

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of
from parityhub.hub.records import AttemptRecord, Place

INVENTORY = "artifact_inventory.txt"
SECTION = re.compile(r"^== (?P<phase>\S+)(?: / (?P<side>\S+))? ==$")
PART = re.compile(r"^-- (?P<part>\w+)")
SIZE = re.compile(r"^  \d{1,18} bytes, sha1")
ATTEMPT = re.compile(r"^  attempt (?P<number>\d{1,9}): ")


@dataclass(frozen=True)
class Entry:
    """A file in an inventory."""

    file: str
    line: int
    path: str
    phase: str
    side: str
    part: str
    """`members`, `known`, `missing`; empty for files of the hub"""
    below: tuple[str, ...]
    """the lines under the path"""


class InventoryPath(HubRule):
    """A rendered inventory names files that the manifest lists, or that a record names.

    A member of a bundle, or a file that was not kept, is not in the hub: only the record says that
    it was there.
    """

    code, slug, severity = "PH201", "path-missing", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`wts.h5.zip!weights.h6` where the bundle of the record has `weights.h5`"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for entry in list_entries(facts):
            if entry.part == "missing" or entry.path in facts.records.items:
                continue
            if not entry.part or not facts.records.name(entry.path):
                said = Said(found="no record names it", hint="render the inventory again")
                yield self.find(spot_of(entry.file, entry.line), entry.path, said)


class InventoryTwice(HubRule):
    """A rendered inventory lists each file of the hub once.

    One that stands there twice stands for another that is left out.
    """

    code, slug, severity = "PH801", "contradiction", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`a/start.npy` under both sides, and `b/start.npy` nowhere"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        first: dict[tuple[str, str], int] = {}
        for entry in list_entries(facts):
            if entry.part or entry.path not in facts.records.items:
                continue
            line = first.setdefault((entry.file, entry.path), entry.line)
            if line != entry.line:
                said = Said(
                    found=f"line {line} lists it as well",
                    hint="render the inventory again",
                    evidence=Place(file=entry.file, line=line),
                )
                for at in (entry.line, line):
                    yield self.find(spot_of(entry.file, at), entry.path, said)


class InventoryAttempt(HubRule):
    """What an inventory says an attempt left, or did not leave, the attempt's record says too.

    A file under the number of another attempt would be evidence of a run that did not make it.
    """

    code, slug, severity = "PH401", "number-mismatch", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`attempt 7: reconstruction` of a side that was tried four times"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.history is not None
        attempts = list(facts.history.attempts.values())
        for entry in list_entries(facts):
            for at, line in enumerate(entry.below, 1):
                found = ATTEMPT.match(line)
                if found is None or has_attempt(attempts, entry, int(found["number"])):
                    continue
                said = Said(
                    found=f"no such attempt of {entry.side} names {basename(entry.path)}",
                    hint="render the inventory again",
                )
                yield self.find(spot_of(entry.file, entry.line + at), line.strip(), said)


def has_attempt(attempts: Sequence[AttemptRecord], entry: Entry, number: int) -> bool:
    """Tell whether the attempt of an entry's side has an artifact of its name."""
    name = entry.path.partition("!")[0]
    own = [
        attempt
        for attempt in attempts
        if (attempt.phase, attempt.baseline, attempt.number) == (entry.phase, entry.side, number)
    ]
    artifacts = [a for attempt in own for step in attempt.steps for a in step.artifacts]
    return any(name == a.name or name.endswith(f"/{a.name}") for a in artifacts)


def list_entries(facts: Facts) -> Iterator[Entry]:
    """Yield the entries of the rendered inventories of a hub."""
    for name in facts.reports:
        if name in facts.rendered and basename(name) == INVENTORY:
            yield from read_entries(name, facts.reports[name])


def read_entries(name: str, lines: Sequence[str]) -> Iterator[Entry]:
    """Yield the entries of one inventory: a path, and what stands under it."""
    phase = side = part = ""
    for at, line in enumerate(lines):
        if section := SECTION.match(line):
            phase, side, part = section["phase"], section["side"] or "", ""
        elif found := PART.match(line):
            part = found["part"]
        elif line and not line.startswith((" ", "=", "-")):
            below: list[str] = []
            for under in lines[at + 1 : at + 4]:
                if not under.startswith("  "):
                    break
                below.append(under)
            if below and (part == "missing" or SIZE.match(below[0])):
                yield Entry(name, at + 1, line.strip(), phase, side, part, tuple(below))
