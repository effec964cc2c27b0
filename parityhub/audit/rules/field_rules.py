"""Fields that a report cites, or gives a value of, against their source."""

from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.numbers import normalize_name
from parityhub.audit.facts.owners import find_owner
from parityhub.audit.findings import Standing
from parityhub.audit.rules.number_evidence import same_names, weigh
from parityhub.audit.rules.rule import ClaimRule, Said
from parityhub.hub.records import Place


class FieldAbsent(ClaimRule):
    """A field that a report cites, or gives a value of, is in its source.

    A statistic that was never taken is missing, not 0.
    """

    code, slug, severity = "PH404", "field-absent", "error"
    kinds = frozenset({"number", "citation"})
    example = (
        "`canvas var_zero_mean: 0.0` where stats.json has no such field under canvas_amplitude"
    )

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if claim.pointer is not None and claim.path:
            yield from self._check_pointer(claim, facts)
        elif claim.kind == "number" and claim.name and claim.mood == "said":
            said = list(self._check_section(claim, facts)) if names_section(claim) else []
            yield from said or self._check_owner(claim, facts)

    def _check_pointer(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        file = facts.resolve(claim.target or claim.path, claim).file
        if file not in facts.table.files:
            return
        there, _, _ = facts.pointed(claim, file)
        if not there:
            yield Said(
                found=f"{file} has no {claim.pointer or 'such field'}",
                hint="cite a field that is there, or say that it is missing",
                evidence=Place(file=file),
                severity=None if claim.mood != "denied" else "note",
            )

    def _check_section(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        files = [p for p in facts.governing(claim) if p.endswith(".json")]
        files = files or [p for p in facts.section_files(claim) if p.endswith(".json")]
        for file in files:
            if not isinstance(facts.contents.document(file), dict) or claim.mood != "said":
                continue
            keys = {key for fact in facts.contents.numbers(file) for key in fact.keys}
            section = next((key for key in sorted(keys) if claim.subject.section in key), "")
            inside = {f.name for f in facts.contents.numbers(file) if section in f.keys}
            outside = {f.name for f in facts.contents.numbers(file) if section not in f.keys}
            name = claim.name.lower()
            if section and name not in inside and name in outside and not weigh(claim, facts).equal:
                yield Said(
                    found=f"{section} of {file} has no {name}; it has {', '.join(sorted(inside))}",
                    hint="say that it is missing",
                    evidence=Place(file=file, pointer=f"/{section}"),
                    severity=None if len(files) == 1 else "warning",
                )
                return

    def _check_owner(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Look for the field in the object that the sentence names, of the file that it names."""
        files = [p for p in facts.governing(claim) if p.endswith(".json")][:1]
        if facts.is_rendered(claim) or has_place(claim):
            return
        for file in files:
            owner = find_owner(claim, facts.contents.owners(file))
            numbers = facts.contents.numbers(file)
            inside = {fact.name for fact in numbers if owner in fact.keys}
            names = same_names(claim.name)
            known = any(facts.by_name.get(name) for name in names)
            if not owner or not inside or names & inside or not known:
                continue
            equal = weigh(claim, facts).equal
            if equal is None or equal.place.file != file:
                has = ", ".join(sorted(inside))
                yield Said(
                    found=f"{owner} of {file} has no {claim.name}; it has {has}",
                    hint="say that it is missing",
                    evidence=Place(file=file, pointer=f"/{owner}"),
                    severity=None if is_own(claim, facts) else "warning",
                )


def has_place(claim: Claim) -> bool:
    """Tell whether a number says itself where it stands."""
    return claim.pointer is not None or claim.first_line is not None


def is_own(claim: Claim, facts: Facts) -> bool:
    """Tell whether the sentence, or the row of a table, names the file that governs a claim."""
    artifact = claim.subject.artifact
    if not artifact:
        return False
    row = facts.lines.of(claim)[:16384] if claim.row or claim.column else ""
    return artifact in f"{claim.sentence} {claim.path} {row}"


def names_section(claim: Claim) -> bool:
    """Tell whether heading, label, row or the claim's own words name the section it is of."""
    words = (*claim.subject.headings, claim.label, claim.row, claim.column, claim.text)
    section = normalize_name(claim.subject.section)
    return bool(section) and any(section in normalize_name(text) for text in words)
