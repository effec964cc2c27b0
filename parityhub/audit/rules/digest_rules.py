"""Digests in reports against the files and the digests that the hub records."""

from collections.abc import Iterator
from posixpath import basename

from parityhub.audit.claims import Claim
from parityhub.audit.facts.digests import ALGORITHM, DigestFact
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Standing
from parityhub.audit.rules.made_up import describe_pattern
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed, unverifiable
from parityhub.hub.records import Digest

LENGTHS = {name: length for length, name in ALGORITHM.items()}
SHARED = 8
"""hex characters that two digests share by chance once in 4e9"""
SHORTEST = 4


def list_algorithms(claim: Claim) -> tuple[str, ...]:
    """Return which digests a claim may speak of."""
    if claim.name.lower() in LENGTHS:
        return (claim.name.lower(),)
    exact = ALGORITHM.get(len(claim.value))
    return (exact,) if exact else tuple(LENGTHS)


def list_own_files(claim: Claim, facts: Facts) -> list[str]:
    """Return the files of the hub whose digest a claim gives."""
    if not claim.path or "!" in claim.path:
        return []
    return [file for file in facts.resolve(claim.path, claim).files if file in facts.table.files]


def list_recorded(claim: Claim, facts: Facts) -> list[DigestFact]:
    """Return what other files of the hub record of the file that a claim speaks of."""
    if not claim.path:
        return []
    return [
        fact
        for algorithm in list_algorithms(claim)
        for fact in facts.digests.recorded_for(claim.path, algorithm, but=claim.spot.file)
    ]


def find_member(claim: Claim, facts: Facts) -> Digest | None:
    """Return the digest of the zip's member that a claim gives the digest of."""
    if "!" not in claim.path:
        return None
    where = facts.resolve(claim.path, claim)
    return facts.contents.member(where.file, where.member) if where.member else None


class DigestMismatch(ClaimRule):
    """A digest beside a file's name is that of the file, or the one the hub records for it.

    A digest says which bytes a report speaks of; with a wrong one, all it says is of other bytes.
    A digest that begins like a recorded one and then goes on otherwise was not copied whole.
    """

    code, slug, severity = "PH101", "digest-mismatch", "error"
    kinds = frozenset({"digest"})
    example = "`weights.zip (sha1: 01c1a83b)` where the file's sha1 starts with 01c1a83a"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        value = claim.value.lower()
        if member := find_member(claim, facts):
            yield from self._check_member(claim, value, member)
        elif own := list_own_files(claim, facts):
            yield from self._check_files(claim, value, own, facts)
        elif recorded := list_recorded(claim, facts):
            yield from self._check_records(claim, value, recorded, facts)
        else:
            yield from self._check_start(claim, value, facts)

    def _check_member(self, claim: Claim, value: str, member: Digest) -> Iterator[Said | Standing]:
        if member.sha1.startswith(value) or member.sha256.startswith(value):
            yield confirmed(f"the digest of {claim.path}")
        else:
            yield Said(found=f"its sha1 is {member.sha1}", hint="give the digest of the member")

    def _check_files(
        self, claim: Claim, value: str, own: list[str], facts: Facts
    ) -> Iterator[Said | Standing]:
        told = {
            path: facts.digests.of_file(path, algorithm) or ""
            for path in own
            for algorithm in list_algorithms(claim)[:1]
        }
        for algorithm in list_algorithms(claim):
            for path in own:
                digest = facts.digests.of_file(path, algorithm)
                if digest and digest.startswith(value):
                    yield confirmed(f"the {algorithm} of {path} is {digest}")
                    return
        path, digest = next(iter(told.items()))
        yield Said(
            found=f"the {list_algorithms(claim)[0]} of {path} is {digest}",
            hint="give the digest of the file as it is, or say of which version it was",
            severity=None if len(own) == 1 and claim.mood == "said" else "warning",
        )

    def _check_records(
        self, claim: Claim, value: str, recorded: list[DigestFact], facts: Facts
    ) -> Iterator[Said | Standing]:
        hit = next((fact for fact in recorded if fact.hex.startswith(value)), None)
        if hit is not None:
            yield confirmed(f"recorded of {hit.path}", hit.place)
            return
        own = [fact for fact in recorded if self._same_phase(claim, fact, facts)]
        if not own:
            # The same name in another phase is another run's file.
            yield unverifiable("records of other phases have another digest", recorded[0].place)
            return
        first = own[0]
        same_path = any(fact.path == claim.path for fact in recorded) or len(recorded) == 1
        yield Said(
            found=f"{first.algorithm} {first.hex} is recorded of {first.path}",
            hint="give the recorded digest, or say of which version this one is",
            evidence=first.place,
            severity=None if same_path and claim.mood == "said" else "warning",
        )

    def _same_phase(self, claim: Claim, fact: DigestFact, facts: Facts) -> bool:
        phase, other = facts.phase_of(claim), phase_folder(fact.place.file)
        known = facts.phases.values()
        return not (phase in known and other in known and phase != other)

    def _check_start(self, claim: Claim, value: str, facts: Facts) -> Iterator[Said | Standing]:
        if len(value) <= SHARED:
            return
        algorithms = list_algorithms(claim)
        if facts.digests.starting(value, algorithms, claim.spot.file):
            return
        for fact in facts.digests.starting(value[:SHARED], algorithms, claim.spot.file):
            if not fact.hex.startswith(value):
                shared = count_shared(fact.hex, value)
                yield Said(
                    found=f"it begins as {fact.algorithm} {fact.hex}"
                    f"{f' of {fact.path}' if fact.path else ''} does, and differs from it "
                    f"after {shared} characters",
                    hint="copy the digest whole",
                    evidence=fact.place,
                )
                return


class DigestUnsupported(ClaimRule):
    """A digest is that of a file of the hub, or a file of the hub records it.

    One that nothing bears cannot be told from one that was made up. One whose characters follow a
    pattern, up and down the digits or digit and letter in turn, was no doubt made up.
    """

    code, slug, severity = "PH102", "digest-unsupported", "warning"
    kinds = frozenset({"digest"})
    example = "`model.zip sha1: a1b2c3d4e5f6…` in a hub where no file and no record has it"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        value = claim.value.lower()
        if pattern := describe_pattern(value):
            yield Said(
                found=f"it is no digest: {pattern}",
                hint="compute it: `sha1sum FILE`",
                severity="error" if claim.mood == "said" else "warning",
            )
            return
        if list_own_files(claim, facts) or list_recorded(claim, facts) or find_member(claim, facts):
            return
        algorithms = list_algorithms(claim)
        if borne := facts.digests.starting(value, algorithms, claim.spot.file):
            yield confirmed(f"recorded of {borne[0].path or 'a file'}", borne[0].place)
        elif files := facts.digests.files_starting(value, algorithms):
            yield self._judge_other(claim, files)
        elif any(
            basename(f.place.file) == basename(claim.spot.file) for f in facts.digests.records
        ):
            yield unverifiable("it is recorded here only, and the file is not in the hub")
        elif claim.mood == "said":
            yield Said(
                found="no file of the hub has this digest, and no other file records it",
                hint="keep the file, or its digest as the tool printed it, in the hub",
            )

    def _judge_other(self, claim: Claim, files: list[str]) -> Said | Standing:
        if not claim.path or any(basename(path) == basename(claim.path) for path in files):
            return confirmed(f"the digest of {files[0]}")
        return Said(
            found=f"it is the digest of {files[0]}",
            hint=f"name {files[0]}, or give the digest of {claim.path}",
        )


class DigestAbbreviationAmbiguous(ClaimRule):
    """A shortened digest is the start of one digest only.

    Of which file a report speaks is open where two of them start alike.
    """

    code, slug, severity = "PH103", "digest-abbreviation-ambiguous", "warning"
    kinds = frozenset({"digest"})
    example = "`sha1: 01c1` where two files of the hub have a sha1 that starts with 01c1"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        value = claim.value.lower()
        if len(value) in ALGORITHM or len(list_own_files(claim, facts)) == 1:
            return
        if len(value) < SHORTEST:
            yield Said(
                found=f"{len(value)} characters are no abbreviation that tells digests apart",
                hint="give eight characters or more",
            )
            return
        found = {f.hex: f.path for f in facts.digests.starting(value, list_algorithms(claim))}
        if claim.path:
            found = {h: path for h, path in found.items() if basename(path) == basename(claim.path)}
        if len(found) > 1 and len({len(digest) for digest in found}) == 1:
            yield Said(
                found=f"{len(found)} recorded digests start with it",
                hint="give more characters",
            )


def count_shared(a: str, b: str) -> int:
    """Count the characters that two texts start with alike."""
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(b))
