"""Paths, sizes and counts in reports against the files of the hub."""

import re
from collections.abc import Iterator
from decimal import Decimal

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.paths import Resolution
from parityhub.audit.facts.rounding import BYTES, match_number, parse_number
from parityhub.audit.findings import Standing
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed, unverifiable
from parityhub.hub.records import Place

COUNTED = re.compile(r"^(files?|artifacts?|logs?|pngs?|jsons?|entries|pictures?|images saved)$")
LISTED = re.compile(r"^(?:logged )?(?:training |inference )?(?:batches|records|entries|logged)$")

LOGGED = re.compile(
    r"\b(?:logged|recorded|captured|holds?|contains?|lists?|entries)\b", re.IGNORECASE
)


class PathMissing(ClaimRule):
    """A file that a report names as part of the hub is there, where the report says.

    Evidence that is not there, or that a reader looks for in the wrong folder, proves nothing.
    """

    code, slug, severity = "PH201", "path-missing", "error"
    kinds = frozenset({"path", "citation"})
    example = "`../cli/train.log` in a report from whose folder that path leads nowhere"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        written = claim.target or claim.path
        if not written:
            return
        where = facts.resolve(written, claim)
        if told := self._check_link(claim, where, facts):
            yield told
        elif facts.is_rendered(claim) and where.state not in {"found", "repository"}:
            yield from self._check_recorded(written, facts)
        elif claim.mood == "denied":
            yield from self._check_denied(where)
        elif where.state == "found":
            if claim.kind == "path" and claim.mood in {"said", "earlier", "quoted"}:
                yield confirmed(f"{where.files[0] or '.'} is there", place_of(where))
        elif where.state == "repository":
            yield confirmed("it is in the repository")
        elif where.state in {"missing", "misplaced"} and claim.mood in {"said", "earlier"}:
            yield self._say(claim, where, facts)
        else:
            reason = "outside the declared roots" if where.state == "outside" else "not in the hub"
            yield unverifiable(f"{written}: {reason}")

    def _check_recorded(self, written: str, facts: Facts) -> Iterator[Said | Standing]:
        """Hold a path of a rendered report that is not in the hub against the records."""
        if facts.records.name(written.partition("#")[0].rstrip("/")):
            yield confirmed("a record has it")
        else:
            yield Said(
                found="it is not in the hub, and no record has it", hint="render the report again"
            )

    def _check_link(self, claim: Claim, where: Resolution, facts: Facts) -> Said | None:
        """Say so where the text of a link is the name of another file than it leads to."""
        target = (claim.target or claim.path).partition("#")[0].rstrip("/")
        text = (claim.path if claim.target else claim.text).partition("#")[0]
        text = text.partition(":")[0].strip("`").rstrip("/")
        if text == target or not re.search(r"\w\.\w{1,8}$", text) or " " in text:
            return None
        if f"/{target}".endswith(f"/{text}") or facts.resolve(text, claim).files == where.files:
            return None
        return Said(
            found=f"the link leads to {target}",
            hint="name the file that the link leads to",
            severity=None if facts.is_rendered(claim) else "warning",
        )

    def _check_denied(self, where: Resolution) -> Iterator[Said | Standing]:
        if where.state in {"missing", "misplaced"} and where.in_hub:
            yield confirmed("it is not there, as the report says")
        else:
            yield unverifiable("the report says that it is not there, or was not made")

    def _say(self, claim: Claim, where: Resolution, facts: Facts) -> Said:
        written = claim.target or claim.path
        if where.state == "misplaced" and written.startswith(("./", "../")):
            return Said(
                found=f"{written} leads nowhere from here; the file is {where.elsewhere[0]}",
                hint=f"write {where.elsewhere[0]}, relative to the hub",
                evidence=Place(file=where.elsewhere[0]),
                severity=None if len(where.elsewhere) == 1 else "warning",
            )
        extension = written.rsplit(".", 1)[-1].lower() if "." in written else ""
        kept = not extension or extension in facts.table.extensions or written.endswith("/")
        # A dated entry speaks of the hub as it was then.
        sure = claim.mood == "said" and kept and where.in_hub and not claim.subject.when
        sure = sure and not _is_pattern(written)
        also = f"; a file of that name is {where.elsewhere[0]}" if where.elsewhere else ""
        lacking = "" if kept else f"; it holds no .{extension} file at all"
        return Said(
            found=f"the hub holds no {where.looked or written}{also}{lacking}",
            hint="keep the file in the hub, or say that it is not kept",
            severity=None if sure else "warning",
        )


class SizeOrCountMismatch(ClaimRule):
    """A size or count that a report gives of files, or of what a file lists, is right.

    A count that is too high claims evidence that is not there.
    """

    code, slug, severity = "PH206", "size-or-count-mismatch", "error"
    kinds = frozenset({"number"})
    example = "`stats.json (2 batches logged)` where the file lists one"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if is_size(claim):
            yield from self._check_size(claim, facts)
        elif COUNTED.match(claim.name.lower()) and claim.path:
            yield from self._check_count(claim, facts)
        elif LISTED.match(claim.name.lower().replace("_", " ")) and LOGGED.search(claim.text):
            yield from self._check_length(claim, facts)

    def _check_size(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        beside = (o.path for o in facts.lines.beside(claim) if o.kind == "digest" and o.path)
        written = claim.path or next(beside, "") or sized_path(claim)
        known = list_sizes(written, claim, facts)
        equal = next(
            (k for k in known if match_number(claim.value, claim.unit, k[1]) == "equal"), None
        )
        if equal is not None:
            yield confirmed(f"{equal[0]} has {equal[1]} bytes", equal[2])
        elif known:
            path, size, place = known[0]
            yield Said(
                found=f"{path} has {size} bytes",
                hint=f"write {size} bytes",
                evidence=place,
                severity=None if claim.mood == "said" and len(known) == 1 else "warning",
            )
        else:
            yield unverifiable(f"{written} is not in the hub")

    def _check_count(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        where = facts.resolve(claim.path, claim)
        if where.state != "found" or not where.files:
            return
        folder = where.files[0]
        one = len(where.files) == 1 and folder in facts.table.folders
        held = len(facts.table.below(folder)) if one else len(where.files)
        if match_number(claim.value, "", held) == "equal":
            yield confirmed(f"there are {held}")
        elif one or len(where.files) > 1:
            yield Said(found=f"there are {held}", hint=f"write {held}", severity="warning")

    def _check_length(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        written = parse_number(claim.value)
        if written is None or written.value != written.value.to_integral_value():
            return
        files = facts.governing(claim) or facts.section_files(claim)
        stage = claim.subject.stage
        lists = [
            (path, lengths[0])
            for path in files
            if (lengths := facts.contents.lengths(path)) and _fits_stage(path, stage)
        ]
        equal = next(
            (item for item in lists if Decimal(item[1][1]) == written.value),
            None,
        )
        if equal:
            place = Place(file=equal[0], pointer=equal[1][0])
            yield confirmed(f"{equal[0]} lists {equal[1][1]}", place)
        elif lists:
            path, (pointer, held) = lists[0]
            sure = claim.mood == "said" and len(lists) == 1
            yield Said(
                found=f"{path} lists {held}",
                hint=f"write {held}, or keep the evidence of the others",
                evidence=Place(file=path, pointer=pointer),
                severity=None if sure else "warning",
            )


def sized_path(claim: Claim) -> str:
    """Return the path of the file that a size is said of; empty where nothing says it."""
    if claim.path:
        return claim.path
    if re.search(r"\.\w{1,8}$", claim.name):
        return claim.name
    return claim.subject.artifact if claim.name.lower() in {"", "size", "bytes"} else ""


def is_size(claim: Claim) -> bool:
    """Tell whether a number is the size of a file."""
    cited = claim.pointer is not None or claim.first_line is not None
    return claim.unit.lower() in BYTES and not cited and bool(sized_path(claim))


def list_sizes(written: str, claim: Claim, facts: Facts) -> list[tuple[str, int, Place]]:
    """List the sizes of what a path stands for: a file of the hub, a member of a zip, a record."""
    where = facts.resolve(written, claim)
    if where.member:
        digest = facts.contents.member(where.file, where.member)
        return [(written, digest.size, Place(file=where.file))] if digest else []
    status = facts.table.files.get(where.file)
    if status is not None:
        return [(where.file, status.size, Place(file=where.file))]
    recorded = [
        (fact.path, fact.size, fact.place)
        for fact in facts.digests.recorded_for(written, "sha256", but=claim.spot.file)
        if fact.size is not None
    ]
    return list({(path, size): (path, size, place) for path, size, place in recorded}.values())


def place_of(where: Resolution) -> Place | None:
    """Return the file that a path stands for."""
    return Place(file=where.files[0]) if where.files and where.files[0] else None


def _fits_stage(path: str, stage: str) -> bool:
    words = path.lower()
    if stage == "train":
        return "infer" not in words
    if stage == "inference":
        return "train" not in words
    return True


def _is_pattern(written: str) -> bool:
    return bool(re.search(r"[*?<>{}$\[\]]", written))
