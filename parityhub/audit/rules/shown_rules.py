"""What a rendered summary shows of a phase, line by line, against the records of the phase."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding, describe_place
from parityhub.audit.rules.rule import HubRule, Said, spot_of
from parityhub.hub.records import AttemptRecord, PhaseRecord, Place

HEADING = re.compile(r"^## (?P<phase>\S+): ")
SIDE = re.compile(r"^\*\*[^*]{1,200}\*\* \(`(?P<side>[^`]{1,200})`\)")
ATTEMPT = re.compile(r"^\| \[(?P<number>\d{1,9})\]\(")
GATE = re.compile(r"\bThe gate of phase (?P<phase>\S+) is (?P<color>green|red)\b")
CHECK = re.compile(r"^\*\*(?P<verdict>[A-Z]+)\*\* `(?P<id>[^`]{1,200})` \((?P<kind>[\w-]{1,80})\):")
LINK = re.compile(r"\[(?P<label>[^\]\n]{1,400})\]\((?P<target>[^)\s#]{1,1000})(?:#L\d{1,9})?\)")
OF_PHASE = ("brief", "plan")
DIGEST = re.compile(
    r"(?<!\w)(?P<digest>[0-9a-f]{40,64}) "
    r"\[[^\]#\n]{1,400}#(?P<pointer>/[^\]\n]{0,400})\]\((?P<target>[^)\s#]{1,1000})\)"
)


@dataclass(frozen=True)
class Shown:
    """A line of a summary and what it stands under."""

    file: str
    line: int
    text: str
    phase: PhaseRecord | None
    side: str


@dataclass
class Under:
    """What the lines so far have opened."""

    phase: PhaseRecord | None = None
    side: str = field(default="")


class LinkOfRun(HubRule):
    """A link of a rendered summary leads to a file of the run, side and attempt that it stands at.

    The log of another attempt looks as good as the right one and proves nothing.
    """

    code, slug, severity = "PH301", "citation-mismatch", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "the row of an attempt of side a, with `infer log` leading to a log of side b"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for shown in list_lines(facts):
            if shown.phase is None:
                continue
            allowed = list_allowed(shown, facts)
            for link in LINK.finditer(shown.text[:16384]):
                true = allowed.get(link["label"], allowed.get("")) if allowed else None
                if true and facts.table.files.get(link["target"]) and link["target"] not in true:
                    said = Said(
                        found=f"the record of {describe(shown)} does not name the file",
                        hint="link what the record names, or render the report again",
                    )
                    yield self.find(spot_of(shown.file, shown.line), link.group(), said)


class CheckNamed(HubRule):
    """A rendered summary gives the checks of a phase by id, kind and verdict as recorded.

    A check by another name, or of a weaker kind, would stand for a question that nobody asked.
    """

    code, slug, severity = "PH602", "status-contradicted", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`PASS close (close)` of a phase that has no check of that name"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for shown in list_lines(facts):
            found = CHECK.match(shown.text)
            if found is None or shown.phase is None:
                continue
            known = {check.id: check for check in shown.phase.checks}
            true = known.get(found["id"])
            if true is None:
                says = "the phase has no such check"
            elif true.kind != found["kind"]:
                says = f"the check is of kind {true.kind}"
            elif true.verdict != found["verdict"]:
                says = f"the verdict of the record is {true.verdict}"
            else:
                continue
            said = Said(found=says, hint="render the report again")
            yield self.find(spot_of(shown.file, shown.line), found.group(), said)


class GateShown(HubRule):
    """A rendered summary gives a gate the colour that its record has.

    A red gate that was passed over by a policy stays red.
    """

    code, slug, severity = "PH602", "status-contradicted", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`The gate of phase C1 is green` where the record says red"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.history is not None
        for shown in list_lines(facts):
            found = GATE.search(shown.text[:16384])
            phase = facts.history.last_phase(found["phase"]) if found else None
            if found is None or phase is None or phase.gate is None:
                continue
            if phase.gate.color != found["color"]:
                said = Said(
                    found=f"the record says {phase.gate.color}", hint="render the report again"
                )
                yield self.find(spot_of(shown.file, shown.line), found.group(), said)


class DigestPointed(HubRule):
    """A digest with a pointer behind it is the digest that the pointer leads to.

    The digest may be a true one of another file: only the value it points at says whose it is.
    """

    code, slug, severity = "PH301", "citation-mismatch", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`3849c008... [phase.json#/checks/2/numbers/0/value]` where a mean stands there"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for shown in list_lines(facts):
            for found in DIGEST.finditer(shown.text[:16384]):
                if found["target"] not in facts.table.files:
                    continue
                there, value = facts.contents.pointer(found["target"], found["pointer"])
                place = Place(file=found["target"], pointer=found["pointer"])
                if there and value != found["digest"]:
                    said = Said(
                        found=f"{describe_place(place)} holds {str(value)[:80]}",
                        hint="point at the digest",
                        evidence=place,
                    )
                    yield self.find(spot_of(shown.file, shown.line), found["digest"], said)


def list_lines(facts: Facts) -> Iterator[Shown]:
    """Yield the lines of rendered summaries with the phase and side that they stand under."""
    assert facts.history is not None
    for name, lines in facts.reports.items():
        if name not in facts.rendered or not name.endswith(".md"):
            continue
        under = Under()
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                under.side = ""
                if line.startswith("## "):
                    heading = HEADING.match(line)
                    under.phase = facts.history.last_phase(heading["phase"]) if heading else None
            elif side := SIDE.match(line):
                under.side = side["side"]
            yield Shown(name, number, line, under.phase, under.side)


def list_allowed(shown: Shown, facts: Facts) -> dict[str, set[str]]:
    """Return the files that a line may link to, by the link's text; empty text for any other."""
    assert shown.phase is not None
    if shown.text.startswith(("[brief]", "Commit ")):
        return {word: {getattr(shown.phase, word)} for word in OF_PHASE}
    attempt = ATTEMPT.match(shown.text)
    if attempt is None or not shown.side:
        return {}
    own = find_attempt(shown, int(attempt["number"]), facts)
    if own is None:
        return {}
    path, record = own
    logs = {f"{step.name} log": {step.log} for step in record.steps if step.log}
    return {"": {path, *list_strings(msgspec.to_builtins(record))}, **logs}


def find_attempt(shown: Shown, number: int, facts: Facts) -> tuple[str, AttemptRecord] | None:
    """Return the record of an attempt of the phase and side that a line stands under."""
    assert facts.history is not None
    assert shown.phase is not None
    for path, record in facts.history.attempts.items():
        if (record.phase, record.baseline, record.number) == (
            shown.phase.phase,
            shown.side,
            number,
        ):
            return path, record
    return None


def list_strings(node: Any) -> Iterator[str]:
    """Yield each string in a document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for child in node.values():
            yield from list_strings(child)
    elif isinstance(node, list | tuple):
        for child in node:
            yield from list_strings(child)


def describe(shown: Shown) -> str:
    """Say what a line stands under."""
    assert shown.phase is not None
    return " ".join(filter(None, (shown.phase.phase, shown.side)))
