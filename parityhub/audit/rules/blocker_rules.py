"""Rendered blockers against the records that they were rendered from."""

import re
from collections.abc import Iterator
from itertools import pairwise

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of
from parityhub.audit.rules.status_words import is_good
from parityhub.hub.records import BlockerRecord, Place

FIELD = re.compile(r"^- (?P<label>time|phase|rung|known issue|exit code|dataset): (?P<value>.+)$")
WORD = re.compile(r"[\w./=:@+-]+")
GATE = re.compile(r"^- baseline: none, the gate is (?!red$)")
SPENT = re.compile(r"^When all are spent: (?P<value>.+)$")
ITEM = re.compile(r"^(?P<number>\d{1,4})\. ")


class BlockerChanged(HubRule):
    """A rendered blocker gives the fields and the command of its record.

    Whoever retries from a blocker types what it says.
    """

    code, slug, severity = "PH801", "contradiction", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`- phase: C5` in a blocker whose record has C1"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.history is not None
        for name, lines in facts.reports.items():
            record = facts.history.blockers.get(name) if name in facts.rendered else None
            for number, found in list_changed(lines, record) if record else ():
                place = Place(file=name.removesuffix(".md") + ".json")
                said = Said(found=found, hint="render the blocker again", evidence=place)
                yield self.find(spot_of(name, number), lines[number - 1], said)


def list_changed(lines: tuple[str, ...], record: BlockerRecord) -> Iterator[tuple[int, str]]:
    """Yield the lines that the record does not bear out, and what it has."""
    fields = {
        "time": record.time,
        "phase": record.phase,
        "rung": record.rung,
        "known issue": record.known_issue,
        "exit code": record.exit_code,
        "dataset": record.dataset,
    }
    settings = {word for pair in record.asked_env.items() for word in pair if word}
    command = [word for text in record.command for word in WORD.findall(text)]
    words = {*command, *(word for text in settings for word in WORD.findall(text))}
    follows = set(pairwise(command))
    heading, items = "", 0
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            heading, items = line[3:], 0
            if any(is_good(word) for word in heading.split()):
                yield number, "a blocker is of what failed"
        elif found := FIELD.match(line) if not heading else None:
            true = "none" if fields[found["label"]] is None else str(fields[found["label"]])
            if not found["value"].replace("`", "").startswith(true):
                yield number, f"the record has {true}"
        elif GATE.match(line):
            yield number, "a gate with a blocker is red"
        elif heading == "Command" and re.match(r"\s+\S", line):
            if lost := [word for word in WORD.findall(line) if word not in words]:
                yield number, f"the command of the record has no {lost[0]}"
                continue
            here = [pair for pair in pairwise(WORD.findall(line)) if pair[0].startswith("--")]
            if apart := [pair for pair in here if pair not in follows]:
                yield number, f"the command of the record has no {' '.join(apart[0])}"
        elif found := SPENT.match(line):
            # A line may have been broken in two.
            true = " ".join(record.on_exhausted.split())
            if not true.startswith(" ".join(found["value"].split())):
                yield number, f"the record has {record.on_exhausted}"
        elif heading == "Mitigations to come" and (item := ITEM.match(line)):
            items += 1
            if int(item["number"]) != items:
                yield number, f"it is number {items}"
