"""Status words that a person wrote against the records of the hub that they speak of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Severity, Standing
from parityhub.audit.rules.rule import ClaimRule, Said, confirmed
from parityhub.hub.records import PhaseRecord, Place

VERDICTS = {
    "PASS": re.compile(r"pass(?:ed|es|ing)?|green", re.IGNORECASE),
    "FAIL": re.compile(r"fail(?:ed|s|ing)?|red", re.IGNORECASE),
    "INCONCLUSIVE": re.compile(r"inconclusive", re.IGNORECASE),
}
STATES = frozenset({"pending", "done", "one-sided", "deferred", "blocked"})
OF_PHASE = re.compile(r"(?:the )?(?:phase|verdict|state)(?: of)?", re.IGNORECASE)
ATTEMPT = re.compile(r"\battempt (?P<number>\d{1,9})(?: of `?(?P<side>[\w.-]{1,100})`?)?", re.I)
OTHER = re.compile(r"\b(?:tests?|gate|suite|checks|log|import|build)\b", re.IGNORECASE)
"""what else a status may be said of in a sentence about a phase"""


@dataclass(frozen=True)
class Recorded:
    """What the record of a run says in place of a status word."""

    value: str
    what: str
    place: Place
    run: int


class StatusTold(ClaimRule):
    """What a person says of a phase, a check or an attempt is what its record says.

    Prose that a hub keeps speaks of the time at which it was added: the newest run until then
    counts. Any other report speaks of the newest run.
    """

    code, slug, severity = "PH602", "status-contradicted", "error"
    kinds = frozenset({"status"})
    requires = frozenset({"records"})
    example = "`phase C1: PASS` in a note, where the record of the newest run has FAIL"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if facts.is_rendered(claim) or claim.mood != "said":
            return
        word = claim.value.strip("*`_ ")
        runs = list_runs(claim, facts)
        found = [true for run in runs if (true := read_status(claim, word, run, facts))]
        if not found:
            return
        now = found[-1]
        if agrees(word, now.value):
            yield confirmed(f"{now.what}: {now.value}", now.place)
            return
        before = next((true for true in found[:-1] if agrees(word, true.value)), None)
        severity: Severity = "error" if word.isupper() or agrees(word, "PASS") else "warning"
        past = "" if before is None else f"; that was so in run {before.run}"
        yield Said(
            found=f"{now.what}: {now.value} in run {now.run}{past}",
            hint=f"write {now.value}" if before is None else f"write {now.value}, or of which run",
            evidence=now.place,
            severity="warning" if before is not None else severity,
        )


def list_runs(claim: Claim, facts: Facts) -> list[PhaseRecord]:
    """Return the whole runs of the phase spoken of, the oldest first, until the prose was added."""
    assert facts.history is not None
    until = facts.written(claim.spot.file)
    runs = [run for run in facts.history.phases if not until or run.ended <= until]
    known = {run.phase for run in runs}
    named = [word for word in re.findall(r"[\w.-]*\w", claim.name) if word in known]
    phase = named[0] if named else claim.subject.phase
    if phase not in known:
        phase = next(iter(known)) if len(known) == 1 else ""
    return sorted((run for run in runs if run.phase == phase), key=lambda run: run.run)


def read_status(claim: Claim, word: str, run: PhaseRecord, facts: Facts) -> Recorded | None:
    """Return what a run's record has in place of a status word; None: of something else."""
    verdict = any(form.fullmatch(word) for form in VERDICTS.values())
    if not verdict and word.lower() not in STATES:
        return None
    name = claim.name.strip("*`_ ")
    words = re.findall(r"[\w.-]*\w", name)
    for at, check in enumerate(run.checks):
        if verdict and words and words[-1] == check.id and run.phase not in words:
            place = facts.records.phase_place(run, f"checks/{at}/verdict")
            return Recorded(check.verdict, f"check {check.id}", place, run.run)
    if verdict and (attempt := ATTEMPT.search(claim.text)):
        return read_attempt(attempt["number"], attempt["side"] or claim.subject.side, run, facts)
    rest = " ".join(part for part in words if part != run.phase)
    if run.phase not in words and not OF_PHASE.fullmatch(rest):
        return None
    if (rest and not OF_PHASE.fullmatch(rest)) or OTHER.search(cut_clause(claim.text, word)):
        return None
    field = "verdict" if verdict else "state"
    true = run.verdict if verdict else run.state
    if verdict and run.state == "blocked" and VERDICTS["FAIL"].fullmatch(word):
        true = "FAIL"
    return Recorded(
        true, f"the {field} of {run.phase}", facts.records.phase_place(run, field), run.run
    )


def cut_clause(text: str, word: str) -> str:
    """Return the words of a sentence up to the clause that ends behind a status word."""
    before, found, after = text.partition(word)
    return before + found + re.split(r"[:;,.]", after, maxsplit=1)[0]


def read_attempt(number: str, side: str, run: PhaseRecord, facts: Facts) -> Recorded | None:
    """Return whether an attempt passed."""
    assert facts.history is not None
    own = {entry.name for entry in run.sides}
    names = [side] if side in own else own if len(own) == 1 else ()
    for path, attempt in facts.history.attempts.items():
        same = (attempt.phase, attempt.run) == (run.phase, run.run) and attempt.baseline in names
        if same and attempt.number == int(number):
            true = "PASS" if attempt.status == "passed" else "FAIL"
            return Recorded(
                true, f"attempt {number} of {attempt.baseline}", Place(file=path), run.run
            )
    return None


def agrees(word: str, true: str) -> bool:
    """Tell whether a status word says what a record says."""
    form = VERDICTS.get(true)
    return form.fullmatch(word) is not None if form else word.lower() == true
