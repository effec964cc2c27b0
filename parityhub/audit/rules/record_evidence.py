"""What the records of a hub that parityhub made say of a number, status, time or commit."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from parityhub.audit.claims import Claim
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.rounding import match_number
from parityhub.audit.facts.sentences import Shown, mask_all, split_tokens
from parityhub.audit.findings import Standing, describe_place
from parityhub.audit.rules.rule import Said, confirmed
from parityhub.hub.records import AttemptRecord, Place

COLLAPSE = re.compile(r"\bunder (?P<number>[\d.e-]+) of the baseline")
RUNG = re.compile(r"^\| \[\d{1,9}\]\([^)\s]{1,400}\) (?P<title>[^|]{1,400}?) \|")
RUN = re.compile(r"\bRun (?P<number>\d{1,9}),")
COUNTS = re.compile(r"\bAttempt (?P<number>\d{1,9}) counts")
COLLAPSE_BELOW = 1e-3
"""bound of a plan that gives none"""
QUOTED_LINE = re.compile(r"^\s{0,8}(?P<number>\d{1,9}): ?(?P<text>.*)$")
SOURCE_LINE = re.compile(r"^\s+from\s+(?P<file>\S+?)(?:#(?P<pointer>/\S*)|:(?P<line>\d+))\s*$")


def judge_sentence(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a claim of a rendered report against the recorded sentence that it stands in."""
    shown = list_shown(claim, facts)
    value = claim.value.strip()
    if good := next((sentence for sentence in shown if sentence.holds(value)), None):
        yield confirmed("the record says so", good.recorded.place)
        return
    tokens = split_tokens(value)
    for sentence in sorted(shown, key=lambda s: len(s.differences)):
        wrong = next((there for here, there in sentence.differences if here in tokens), None)
        if wrong is not None and is_near(sentence):
            yield Said(
                found=f"{describe_place(sentence.recorded.place)} says {wrong}",
                hint=f"write {wrong}, or render the report again",
                evidence=sentence.recorded.place,
            )
            return


def list_shown(claim: Claim, facts: Facts) -> list[Shown]:
    """Return the recorded sentences that the line of a claim shows, with and without markup."""
    clean, raw = facts.lines.clean(claim), facts.lines.of(claim)
    found = facts.records.sentences.find(clean)
    return found if raw == clean else [*found, *facts.records.sentences.find(raw)]


def is_near(sentence: Shown) -> bool:
    """Tell whether a line is a recorded sentence but for one thing in it."""
    return len(sentence.differences) == 1 and sentence.alone


def judge_run(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold the number of a run or attempt against the records."""
    line = facts.lines.clean(claim)
    number = int(claim.value) if re.fullmatch(r"\d{1,9}", claim.value) else None
    if number is None or facts.history is None:
        return
    if blocker := facts.history.blockers.get(claim.spot.file):
        attempt = re.fullmatch(r"- baseline: \S+, attempt (\d+)", line.strip())
        if attempt and blocker.attempt is not None:
            yield from _judge_number(number, {blocker.attempt}, "the blocked attempt is")
        elif line.strip().startswith("- exit code:") and blocker.exit_code is not None:
            yield from _judge_number(number, {blocker.exit_code}, "the exit code is")
        return
    if (found := RUN.search(line)) and int(found["number"]) == number:
        runs = [p for p in facts.history.phases if p.phase == claim.subject.phase]
        yield from _judge_number(number, {p.run for p in runs}, "the runs of the phase are")
    elif (found := COUNTS.search(line)) and int(found["number"]) == number:
        phase = facts.history.last_phase(claim.subject.phase)
        sides = phase.sides if phase else ()
        own = {s.counts for s in sides if f"({s.name})" in line.replace("`", "")}
        yield from _judge_number(number, {n for n in own if n is not None}, "what counts is")
    elif is_label(claim, facts):
        for record, place in list_attempts(claim, facts):
            yield from _judge_number(number, {record.number}, "the attempt is", place)
            return


def is_label(claim: Claim, facts: Facts) -> bool:
    """Tell whether a claim is all of a link's text."""
    line, spot = facts.lines.of(claim), claim.spot
    return line[: spot.column - 1].endswith("[") and line[spot.end_column - 1 :].startswith("](")


def judge_rung(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a number in the title of a rung, beside a link to the attempt, against its record."""
    line, spot = facts.lines.of(claim), claim.spot
    found = RUNG.match(line)
    if found is None or not found.start("title") < spot.column <= found.end("title"):
        return
    for record, place in list_attempts(claim, facts):
        title, own = found["title"], replace(place, pointer="/rung_title")
        if record.rung_title in title:
            yield confirmed(f"the rung is called {record.rung_title}", own)
        elif mask_all(tuple(split_tokens(title))) == mask_all(
            tuple(split_tokens(record.rung_title))
        ):
            yield Said(
                found=f"the rung is called {record.rung_title}",
                hint="render the report again",
                evidence=own,
            )
        return


def list_attempts(claim: Claim, facts: Facts) -> list[tuple[AttemptRecord, Place]]:
    """Return the records of attempts that the line of a claim links to."""
    assert facts.history is not None
    found = []
    for other in facts.lines.beside(claim):
        written = other.target or (other.path if other.kind == "path" else "")
        file = facts.resolve(written, other).file if written.endswith("attempt.json") else ""
        if file in facts.history.attempts:
            found.append((facts.history.attempts[file], Place(file=file, pointer="/number")))
    return found


def judge_numbered(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a quoted line of a log, `41: text`, against the logs that the report cites."""
    found = QUOTED_LINE.match(facts.lines.of(claim))
    if found is None or found["number"] != claim.value or claim.spot.column > len(claim.value) + 8:
        return
    number, words = int(found["number"]), found["text"].strip()
    if not words:
        yield from judge_count(claim, facts, number)
        return
    for path in facts.cited_logs(claim.spot.file):
        text = facts.texts.read(path)
        if text is None:
            continue
        if 1 <= number <= text.lines and text.line(number).strip()[:200] == words[:200]:
            yield confirmed("the line stands there", Place(file=path, line=number))
            return
        if len(words) > 8 and (there := text.find(words[:200])):
            yield Said(
                found=f"{path}:{there[0]} holds the line",
                hint=f"write {there[0]}",
                evidence=Place(file=path, line=there[0]),
            )
            return


def judge_count(claim: Claim, facts: Facts, number: int) -> Iterator[Said | Standing]:
    """Hold the number of an empty quoted line against those of the lines around it."""
    for step in (-1, 1):
        beside = QUOTED_LINE.match(facts.lines.at(claim.spot.file, claim.spot.line + step))
        if beside is not None:
            true = int(beside["number"]) - step
            yield from _judge_number(number, {true}, "by the line beside it, it is line")
            return


def judge_collapse(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold the bound of collapse in a metrics table against that of the plan."""
    found = COLLAPSE.search(facts.lines.of(claim))
    if found is None or found["number"] != claim.value:
        return
    asked = facts.records.plan_numbers("collapse_below") or [COLLAPSE_BELOW]
    if any(match_number(claim.value, "", number) == "equal" for number in asked):
        yield confirmed("it is the bound of the plan")
    else:
        yield Said(found=f"the plan has {asked[0]:g}", hint=f"write {asked[0]:g}")


def _judge_number(
    number: int, true: set[int], what: str, place: Place | None = None
) -> Iterator[Said | Standing]:
    if number in true:
        yield confirmed(f"{what} {number}", place)
    elif true:
        shown = ", ".join(map(str, sorted(true)))
        yield Said(found=f"{what} {shown}", hint=f"write {shown}", evidence=place)


def judge_source_below(claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
    """Hold a number against the source on the line below it, as metrics tables have it."""
    source = read_source(facts.lines.at(claim.spot.file, claim.spot.line + 1), claim, facts)
    if source is None:
        return
    value, place = source
    if isinstance(value, int | float) and match_number(claim.value, "", value) == "equal":
        yield confirmed(f"{describe_place(place)} holds {value}", place)
    else:
        yield Said(
            found=f"{describe_place(place)} holds {value}", hint=f"write {value}", evidence=place
        )


def read_source(line: str, claim: Claim, facts: Facts) -> tuple[Any, Place] | None:
    """Read the value that a line `from FILE#POINTER` points at."""
    found = SOURCE_LINE.match(line)
    if found is None or found["pointer"] is None:
        return None
    file = facts.resolve(found["file"], claim).file
    if file not in facts.table.files:
        return None
    there, value = facts.contents.pointer(file, found["pointer"])
    return (value, Place(file=file, pointer=found["pointer"])) if there else None


def list_sources_above(claim: Claim, facts: Facts) -> list[float]:
    """Return the values at the sources of the lines above, in their block, as they stand."""
    found: list[float] = []
    for back in range(1, 9):
        line = facts.lines.at(claim.spot.file, claim.spot.line - back)
        if not line.startswith(" "):
            break
        source = read_source(line, claim, facts)
        if source is not None and isinstance(source[0], int | float):
            found.insert(0, source[0])
    return found
