"""Times in rendered reports against the times that the records hold."""

import re
from collections.abc import Iterator
from posixpath import basename

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Standing
from parityhub.audit.rules.rule import Said, confirmed
from parityhub.hub.layout import MANIFEST
from parityhub.hub.records import Place

SPAN = re.compile(r"\bRun (?P<number>\d{1,9}), (?P<start>\S{20}) to (?P<end>\S{20})")
CREATED = re.compile(r"^Hub \S+ of (?P<time>\S{20})\.")


def judge_time(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a time of a rendered report against its run's record, else against all records."""
    span = find_created(claim, facts) or find_span(claim, facts)
    if span is not None:
        true, place = span
        if claim.value == true:
            yield confirmed("the record holds it", place)
        else:
            yield Said(found=f"the record has {true}", hint=f"write {true}", evidence=place)
    elif claim.value in facts.records.times:
        yield confirmed("a record holds it", Place(file=facts.records.times[claim.value]))
    elif facts.manifest is not None and claim.value == facts.manifest.stamp:
        yield confirmed("it is the hub's stamp", Place(file="manifest.json", pointer="/stamp"))
    elif claim.value in basename(claim.spot.file):
        yield confirmed("it is the stamp of the file")
    elif claim.unit == "Z":
        yield Said(found="no record of the hub holds it", hint="render the report again")


def find_span(claim: Claim, facts: Facts) -> tuple[str, Place] | None:
    """Return when a run started or ended, of a time in `Run 1, START to END`."""
    line = facts.lines.clean(claim)
    found = SPAN.search(line)
    if found is None or facts.history is None:
        return None
    name, number = claim.subject.phase, int(found["number"])
    runs = [p for p in facts.history.phases if p.phase == name and p.run == number]
    if not runs or claim.value not in {found["start"], found["end"]}:
        return None
    first = claim.spot.column <= facts.lines.of(claim).find(" to ")
    which = "started" if first else "ended"
    return getattr(runs[0], which), facts.records.phase_place(runs[0], which)


def find_created(claim: Claim, facts: Facts) -> tuple[str, Place] | None:
    """Return when the hub was made, of the time in its first paragraph."""
    found = CREATED.match(facts.lines.clean(claim))
    if found is None or facts.manifest is None or found["time"] != claim.value:
        return None
    return facts.manifest.created, Place(file=MANIFEST, pointer="/created")
