"""What stands beside a link in a rendered report against the record that the link leads to."""

import re
from collections.abc import Iterator
from typing import Any

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Standing, describe_place
from parityhub.audit.rules.rule import Said, confirmed
from parityhub.hub.records import Place

VERDICTS = frozenset({"PASS", "FAIL", "INCONCLUSIVE"})
PAIRED = re.compile(r"\bWeights paired: (?P<all>\d{1,9})(?: \((?P<found>[^()]{1,400})\))?")


def judge_pointed(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a verdict, or the word `missing`, against the nearest record that is linked behind it.

    A link that points into an output or check of a record speaks of that one's verdict; one that
    leads to a whole record of its own.
    """
    word = claim.value.strip("*` ")
    if word not in VERDICTS and word != "missing":
        return
    for file, pointer in list_linked(claim, facts):
        there, value = facts.contents.pointer(file, pointer)
        place = Place(file=file, pointer=pointer)
        if word == "missing":
            if there:
                yield _compare(value is None, f"{describe_place(place)} is {value}", place)
                return
            continue
        holder = pointer.rpartition("/")[0] if pointer else ""
        there, held = facts.contents.pointer(file, holder)
        if there and isinstance(held, dict) and held.get("verdict") in VERDICTS:
            place = Place(file=file, pointer=f"{holder}/verdict")
            yield _compare(held["verdict"] == word, f"the record has {held['verdict']}", place)
            return


def judge_pairing(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold how many weights were paired, and how, against the mapping of the record linked."""
    found = PAIRED.search(facts.lines.clean(claim))
    if found is None or not claim.value.isdigit():
        return
    for file, _ in list_linked(claim, facts):
        _, mapping = facts.contents.pointer(file, "/mapping")
        if not isinstance(mapping, list):
            continue
        place = Place(file=file, pointer="/mapping")
        ways = count_ways(mapping)
        name = claim.name.lower()
        held = len(mapping) if name.endswith("paired") else ways.get(name)
        if held is not None:
            yield _compare(held == int(claim.value), f"the record pairs {held}", place)
            return


def count_ways(mapping: list[Any]) -> dict[str, int]:
    """Count the weights of a mapping by how they were found."""
    ways: dict[str, int] = {}
    for item in mapping:
        if isinstance(item, dict):
            way = str(item.get("found", "")).lower()
            ways[way] = ways.get(way, 0) + 1
    return ways


def list_linked(claim: Claim, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the JSON files of the hub that are linked behind a claim, with the pointer shown."""
    behind = [o for o in facts.lines.beside(claim) if o.spot.column > claim.spot.column]
    for other in behind:
        if other.kind in {"citation", "path"}:
            file = facts.resolve(other.target or other.path, other).file
            if file.endswith(".json") and file in facts.table.files:
                yield file, facts.lines.pointer(other)


def _compare(same: bool, found: str, place: Place) -> Said | Standing:
    if same:
        return confirmed(found, place)
    return Said(found=found, hint="write what the record has, or render it again", evidence=place)
