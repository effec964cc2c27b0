"""Citations: whether the lines that a report points at show what it says."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim
from parityhub.audit.facts.files import phase_folder
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.rounding import match_number, printed_quantum
from parityhub.audit.findings import Standing
from parityhub.audit.rules.record_evidence import list_shown
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed, unverifiable
from parityhub.hub.records import Place

NUMBER = re.compile(
    r"(?<![\w.])[-+]?\d{1,30}(?:,\d{3})*(?:\.\d{1,40})?(?:[eE][-+]?\d{1,4})?(?![\w]*[A-Za-z_]{2})"
)
QUOTED = re.compile(r"[\"“”`'](?P<text>[^\"“”`]{4,400})[\"“”`']")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,60}")
LOOKED = 200
"""lines that hold a number's first digits and are looked at"""


def list_shown_numbers(claim: Claim) -> list[str]:
    """Return the numbers that a citation is said to show."""
    found = [match.group() for match in NUMBER.finditer(claim.shows[:2000])]
    return [number for number in found if sum(map(str.isdigit, number)) >= 2 or "." in number]


def find_cited(claim: Claim, facts: Facts) -> str:
    """Return the file that a citation points into; empty where it is not one file of the hub.

    `inference log line 29` means the one log of that stage in the phase.
    """
    if claim.target or claim.path:
        return facts.resolve(claim.target or claim.path, claim).file
    folder, stage = facts.phase_of(claim), claim.subject.stage
    start = {"train": "train", "inference": "infer"}.get(stage)
    if start is None or not folder or "log" not in f"{claim.name} {claim.text}".lower():
        return ""
    logs = [
        path
        for path in facts.logs
        if phase_folder(path) == folder and path.rsplit("/", 1)[-1].startswith(start)
    ]
    return logs[0] if len(logs) == 1 else ""


def shows_number(line: str, number: str) -> bool:
    """Tell whether a line holds a number, with as many digits or more."""
    for match in NUMBER.finditer(line[:8192]):
        if match_number(number, "", match.group(), printed_quantum(match.group())) == "equal":
            return True
    return False


def is_number(value: object) -> bool:
    """Tell whether a value of JSON is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def shows_words(line: str, words: str) -> bool:
    """Tell whether a line holds words, however they are spaced."""
    return " ".join(words.split()).lower() in " ".join(line.split()).lower()


def find_lines(text: Text, claim: Claim) -> list[int]:
    """Return the lines of a text that hold what a citation is said to show."""
    numbers = list_shown_numbers(claim)
    if numbers:
        start = re.sub(r"^[-+]", "", numbers[0])
        lines = text.find(start[: max(3, len(start) - 2)], LOOKED)
        hits = [n for n in lines if all(shows_number(text.line(n), value) for value in numbers)]
        return rank_lines(text, hits, claim)
    quoted = QUOTED.search(claim.shows)
    words = quoted["text"] if quoted else claim.shows
    return text.find(words.strip()) if len(words.strip()) >= 4 else []


def rank_lines(text: Text, lines: list[int], claim: Claim) -> list[int]:
    """Put the lines first that share most words with what is said."""
    wanted = {word.lower() for word in WORD.findall(f"{claim.shows} {claim.name}"[:2000])}

    def score(number: int) -> int:
        return -len(wanted & {word.lower() for word in WORD.findall(text.line(number)[:4096])})

    return sorted(lines, key=score)


def shows_nearest(claim: Claim, text: Text) -> bool:
    """Tell whether the lines show the last of several numbers, which no line shows together."""
    numbers = list_shown_numbers(claim)
    first = claim.first_line or 1
    last = min(claim.last_line or first, text.lines, first + 1000)
    lines = (text.line(number) for number in range(first, last + 1))
    return len(numbers) > 1 and any(shows_number(line, numbers[-1]) for line in lines)


class CitationMismatch(ClaimRule):
    """The lines that a citation points at show what it says they show.

    A reader who follows it must find it there; the rule says which line holds it.
    """

    code, slug, severity = "PH301", "citation-mismatch", "error"
    kinds = frozenset({"citation"})
    example = "`loss 0.25 (train.log:29)` where line 26 prints the loss and line 29 something else"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        file = find_cited(claim, facts)
        text = facts.texts.read(file) if file in facts.table.files else None
        if text is None:
            yield unverifiable(f"{claim.path}: not one file of the hub")
        elif claim.pointer is not None:
            yield from self._check_pointer(claim, file, facts)
        elif claim.first_line is None:
            yield confirmed(f"{file} is there", Place(file=file))
        elif claim.first_line > text.lines or claim.first_line < 1:
            return
        elif facts.is_rendered(claim):
            yield from self._check_recorded(claim, text, facts)
        else:
            yield from self._check_lines(claim, text)

    def _check_recorded(self, claim: Claim, text: Text, facts: Facts) -> Iterator[Said | Standing]:
        """Hold a citation of a rendered report against the place that the record has."""
        cited = {
            sentence.recorded.cited.line: sentence.recorded.place
            for sentence in list_shown(claim, facts)
            if sentence.recorded.cited is not None
            and sentence.recorded.cited.file == text.file
            and sentence.recorded.cited.line is not None
        }
        if claim.first_line in cited:
            yield confirmed("the record cites it", cited[claim.first_line])
        elif cited:
            line, place = next(iter(cited.items()))
            yield Said(
                found=f"the record cites line {line}", hint=f"cite line {line}", evidence=place
            )
        else:
            verdicts = list(self._check_lines(claim, text))
            lines = facts.records.places.get(text.file, set())
            if lines and claim.first_line not in lines:
                shown = ", ".join(map(str, sorted(lines)[:6]))
                yield Said(
                    found=f"no record cites line {claim.first_line}; cited are {shown}",
                    hint="render the report again",
                )
                return
            if claim.first_line in lines:
                yield confirmed("a record cites it", Place(file=text.file, line=claim.first_line))
            yield from (said for said in verdicts if isinstance(said, Standing))
            if any(isinstance(said, Said) for said in verdicts):
                yield unverifiable("no record cites it")

    def _check_pointer(self, claim: Claim, file: str, facts: Facts) -> Iterator[Said | Standing]:
        there, value, place = facts.pointed(claim, file)
        if not there:
            return
        if claim.shows and not facts.is_rendered(claim) and is_number(value):
            numbers = list_shown_numbers(claim)
            if numbers and not any(match_number(n, claim.unit, value) == "equal" for n in numbers):
                yield unverifiable(f"{value} stands there", place)
                return
        yield confirmed("it leads to a field", place)

    def _check_lines(self, claim: Claim, text: Text) -> Iterator[Said | Standing]:
        first = claim.first_line or 1
        last = min(claim.last_line or first, text.lines, first + 1000)
        place = Place(file=text.file, line=first)
        if not claim.shows.strip():
            yield unverifiable("nothing says what the line is to show", place)
            return
        lines = [text.line(number) for number in range(first, last + 1)]
        numbers = list_shown_numbers(claim)
        if numbers:
            holds = all(any(shows_number(line, n) for line in lines) for n in numbers)
        else:
            quoted = QUOTED.search(claim.shows)
            words = quoted["text"] if quoted else claim.shows
            holds = any(shows_words(line, words) for line in lines)
        if holds:
            yield confirmed("the line shows it", place)
            return
        yield from self._say(claim, text, place, bool(numbers) or bool(QUOTED.search(claim.shows)))

    def _say(
        self, claim: Claim, text: Text, place: Place, exact: bool
    ) -> Iterator[Said | Standing]:
        there = find_lines(text, claim)
        shown = text.line(place.line or 1).strip()[:160]
        if there:
            yield Said(
                found=f"line {place.line} says: {shown!r}; line {there[0]} does show it",
                hint=f"cite {claim.path.rsplit('/', 1)[-1]}:{there[0]}",
                evidence=Place(file=text.file, line=there[0]),
                moved_to=there[0],
                severity=None if claim.mood in {"said", "quoted"} else "warning",
            )
        elif shows_nearest(claim, text):
            yield confirmed("the line shows the number nearest to the citation", place)
        elif exact and list_shown_numbers(claim):
            yield Said(
                found=f"line {place.line} says: {shown!r}; no line of the file shows it",
                hint="cite the file and line that do show it",
                evidence=place,
                severity="warning",
            )
        else:
            yield unverifiable(f"whether the line shows it can't be told: {shown!r}", place)


class CitationOutOfRange(ClaimRule):
    """The lines that a citation points at exist, and lead upwards.

    A line number beyond the end was not read off the file.
    """

    code, slug, severity = "PH302", "citation-out-of-range", "error"
    kinds = frozenset({"citation", "number"})
    example = "`train.log:940` where the log has 94 lines"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if claim.first_line is None:
            return
        file = find_cited(claim, facts)
        text = facts.texts.read(file) if file in facts.table.files else None
        if text is None:
            return
        last = claim.last_line or claim.first_line
        if claim.first_line < 1 or last < claim.first_line:
            yield Said(
                found=f"lines {claim.first_line} to {last} are no lines",
                hint="cite lines from 1 up",
            )
        elif last > text.lines:
            yield Said(
                found=f"{file} has {text.lines} lines",
                hint="cite the line that shows it",
                evidence=Place(file=file, line=text.lines or None),
                severity=None if claim.mood != "denied" else "warning",
            )
