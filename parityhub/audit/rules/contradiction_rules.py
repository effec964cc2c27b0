"""Places of the reports that say different things of the same quantity."""

import re
from collections import defaultdict
from collections.abc import Iterator

from parityhub.audit.claims import Claim, Spot
from parityhub.audit.extract.passages import MOST_LINES
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.rounding import SECONDS, match_number
from parityhub.audit.findings import Finding
from parityhub.audit.rules.data_use import COMMAND, DATA_FILE, SENTENCE, Statement, list_datasets
from parityhub.audit.rules.rule import HubRule, Said
from parityhub.hub.records import Place

ABSENT = re.compile(
    r"\b(?:that|the|this|which)? ?(?:file |dataset )?(?:does not|doesn't|did not) exist\b|"
    r"\bno such (?:file|dataset)\b",
    re.IGNORECASE,
)


class Contradiction(HubRule):
    """Two places of the reports do not say different things of the same quantity.

    Both cannot be true, and a reader cannot tell which is: durations of one log, the data set that
    a phase used, a file that one report uses and another says does not exist.
    """

    code, slug, severity = "PH801", "contradiction", "warning"
    of_reports = True
    example = "one blocker says that phase B3 used `a.npz`, another that it used `b.npz`"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        if facts.history is not None and facts.history.imported is None:
            return
        yield from self._tell(list_durations(facts), facts, "the duration of {}")
        yield from self._tell(list_digests(facts), facts, "the digest of {}")
        yield from self._tell(list_datasets(facts), facts, "the data set that phase {} used")
        yield from self._tell_absent(facts)

    def _tell(
        self, groups: dict[str, list[Statement]], facts: Facts, what: str
    ) -> Iterator[Finding]:
        for key, statements in groups.items():
            for statement in statements:
                others = [s for s in statements if s.value != statement.value]
                if not others or COMMAND.match(statement.words):
                    continue
                said = "; ".join(
                    dict.fromkeys(f"{s.spot.file}:{s.spot.line} says {s.value}" for s in others[:4])
                )
                first = others[0].spot
                yield self.find(
                    statement.spot,
                    statement.words,
                    Said(
                        found=f"of {what.format(key)} {said}",
                        hint="find out which is true, and correct the other",
                        evidence=Place(file=first.file, line=first.line),
                    ),
                )

    def _tell_absent(self, facts: Facts) -> Iterator[Finding]:
        for path, absent in list_absent(facts).items():
            for statement in list_uses(path, facts):
                if (statement.spot.file, statement.spot.line) == (
                    absent.spot.file,
                    absent.spot.line,
                ):
                    continue
                yield self.find(
                    statement.spot,
                    statement.words,
                    Said(
                        found=f"{absent.spot.file}:{absent.spot.line} says that {path} "
                        "does not exist",
                        hint="name the file that was used",
                        evidence=Place(file=absent.spot.file, line=absent.spot.line),
                    ),
                )


def spot_line(statement: Statement) -> tuple[str, int]:
    """Return the file and line of a statement."""
    return statement.spot.file, statement.spot.line


def list_durations(facts: Facts) -> dict[str, list[Statement]]:
    """List what the reports say of how long the tests of one log took, by that log."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for claim in facts.claims:
        if claim.kind != "number" or claim.unit.lower() not in SECONDS or claim.subject.when:
            continue
        logs = [path for path in facts.governing(claim) if facts.contents.gate(path) is not None]
        if len(logs) == 1 or (logs and claim.subject.artifact):
            known = next((s for s in found[logs[0]] if same_duration(claim, s.value)), None)
            value = known.value if known else f"{claim.value} {claim.unit}"
            found[logs[0]].append(Statement(claim.spot, claim.text, value))
    return found


def same_duration(claim: Claim, value: str) -> bool:
    """Tell whether two durations as written may be one."""
    number, _, unit = value.partition(" ")
    return claim.unit == unit and match_number(claim.value, "", number) == "equal"


def list_digests(facts: Facts) -> dict[str, list[Statement]]:
    """List the digests that the reports give of one file in one phase, whole where one does."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for claim in facts.claims:
        if claim.kind != "digest" or not claim.path or claim.mood != "said" or "!" in claim.path:
            continue
        if facts.resolve(claim.path, claim).state == "found":
            continue
        name = claim.path.rsplit("/", 1)[-1]
        key = " ".join(filter(None, (claim.name, name, facts.phase_of(claim))))
        found[key].append(Statement(claim.spot, claim.text, claim.value.lower()))
    return {key: level(statements) for key, statements in found.items()}


def level(statements: list[Statement]) -> list[Statement]:
    """Give an abbreviated value the whole one that starts so, that the two count as one."""
    values = sorted({s.value for s in statements}, key=len, reverse=True)
    whole = {v: next(w for w in values if w.startswith(v)) for v in values}
    return [Statement(s.spot, s.words, whole[s.value]) for s in statements]


def list_absent(facts: Facts) -> dict[str, Statement]:
    """List the files that a report says do not exist, by their path as written."""
    found: dict[str, Statement] = {}
    for name, lines in facts.reports.items():
        for number, line in enumerate(lines[:MOST_LINES], 1):
            if not ABSENT.search(line[:4096]):
                continue
            for sentence in SENTENCE.split(line[:4096]):
                absent = ABSENT.search(sentence)
                if absent is None:
                    continue
                files = [m.group() for m in DATA_FILE.finditer(sentence[: absent.start()])]
                if files and "/" in files[-1]:
                    spot = Spot(file=name, line=number, column=1, end_column=1)
                    found.setdefault(files[-1], Statement(spot, sentence, files[-1]))
    return found


def list_uses(path: str, facts: Facts) -> Iterator[Statement]:
    """List the places that name a file as one to be used."""
    for name, lines in facts.reports.items():
        for number, line in enumerate(lines, 1):
            for match in DATA_FILE.finditer(line[:4096]):
                if match.group() == path and not ABSENT.search(line):
                    spot = Spot(
                        file=name,
                        line=number,
                        column=match.start() + 1,
                        end_column=match.end() + 1,
                    )
                    yield Statement(spot, path, path)


class BlockerWithoutEvidence(HubRule):
    """A blocker cites evidence of the failure that the hub holds.

    Without the log, nobody can tell a new failure from the known one.
    """

    code, slug, severity = "PH802", "blocker-without-evidence", "warning"
    of_reports = True
    example = "`red/blocked_…_xla.md` that names no log of the hub"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        for name in facts.reports:
            if not re.search(r"(^|/)red/blocked_[^/]+\.md$", name):
                continue
            cited = {
                file
                for claim in facts.claims
                if claim.spot.file == name
                and claim.mood not in {"denied", "planned"}
                and (claim.path or claim.target)
                for file in facts.resolve(claim.target or claim.path, claim).files
            }
            shown = [f for f in cited if f in facts.table.files and not f.endswith(".md")]
            if not shown:
                yield self.find(
                    Spot(file=name, line=1, column=1, end_column=1),
                    name,
                    Said(
                        found="it names no file of the hub that shows the failure",
                        hint="keep the log under cli/ or red/, and cite the line",
                    ),
                )
