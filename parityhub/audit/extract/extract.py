"""All claims of a report."""

import re
from collections.abc import Iterator
from itertools import islice

from parityhub.audit.claims import Claim, Spot
from parityhub.audit.extract.context import ReportContext
from parityhub.audit.extract.derived import derive_cell, find_derived
from parityhub.audit.extract.digests import attach_digests, find_digests
from parityhub.audit.extract.environment import find_environment
from parityhub.audit.extract.found import Found, Reading
from parityhub.audit.extract.ignores import Ignore, find_ignores
from parityhub.audit.extract.json_values import read_json
from parityhub.audit.extract.markdown import read_markdown
from parityhub.audit.extract.moods import find_mood
from parityhub.audit.extract.numbers import find_numbers
from parityhub.audit.extract.passages import LONGEST_LINE, MOST_IN_PIECE, MOST_LINES, Passage
from parityhub.audit.extract.paths import find_paths
from parityhub.audit.extract.plain import read_plain
from parityhub.audit.extract.sentences import sentence_end, sentence_start
from parityhub.audit.extract.sources import SIZES, tie_claims
from parityhub.audit.extract.statuses import find_statuses
from parityhub.audit.extract.subjects import Subjects, under
from parityhub.audit.extract.times import find_times
from parityhub.errors import EvidenceError

__all__ = ["ReportContext", "extract_claims"]

LINE_END = re.compile(r"\r\n?|\n")
LABEL = re.compile(r"^[\s*`-]{0,6}(?:\[[ xX]\] )?(?P<label>[A-Z][^:\n.,;]{0,60}):(?=\s|$)")
PARENT = re.compile(
    r"^[ ]{0,40}(?P<name>[A-Za-z_][\w.]{0,80})(?:[ ]{0,3}:"
    r"|[ ]{2,40}\w{1,20}(?:, \w{1,20})?)[ ]{0,3}$"
)
SIDES = frozenset(
    re.findall(
        r"\S+",
        "baseline candidate reference left right torch pytorch tensorflow tf",
    )
)
HAS_WORD = re.compile(r"[^\W_]|^\[[ ]\]")
LONGEST_TEXT = 400
MOST_EARLIER = 4
MOST_PASSAGES, MOST_CLAIMS = 200_000, 100_000


def extract_claims(text: str, file: str, context: ReportContext) -> tuple[Claim, ...]:
    """The claims of a report, by place.

    Args:
        text: the report; Markdown, JSON or plain text, told apart by the file's name. What goes
            beyond `passages.LONGEST_LINE` and `MOST_LINES` is not read.
        file: its path, which also says which phase and side it speaks of.
        context: names of the plan, where there is one.

    Raises:
        EvidenceError: it holds more claims or cells than any report that is meant to be read.
    """
    lines = [line[:LONGEST_LINE] for line in LINE_END.split(text, MOST_LINES)[:MOST_LINES]]
    ignores = list(find_ignores(lines))
    for ignore in ignores:
        lines[ignore.line - 1] = ""
    passages = _read_passages(lines, file)
    subjects = Subjects(file, context)
    readings = _read_all(passages, subjects)
    covered = {ignore.covers: ignore for ignore in ignores}
    claims = [
        _make_claim(reading, find, subjects, order, file, covered)
        for order, reading in enumerate(readings)
        for find in reading.found[:MOST_IN_PIECE]
    ]
    claims.sort(key=lambda claim: (claim.spot.line, claim.spot.column, claim.spot.end_column))
    return tuple(claims)


def _read_passages(lines: list[str], file: str) -> list[Passage]:
    suffix = file.rsplit(".", 1)[-1].lower()
    if suffix in ("md", "markdown"):
        return _take_most(read_markdown(lines), file)
    if suffix in ("json", "jsonl"):
        values = read_json("\n".join(lines))
        if values is not None:
            return values
    return _take_most(read_plain(lines), file)


def _take_most(passages: Iterator[Passage], file: str) -> list[Passage]:
    taken = list(islice(passages, MOST_PASSAGES + 1))
    if len(taken) > MOST_PASSAGES:
        raise _too_much(file, f"{MOST_PASSAGES} lines, items and cells")
    return taken


def _too_much(file: str, what: str) -> EvidenceError:
    hint = "audit it in parts: split the report, or name another file"
    return EvidenceError(f"{file} holds more than {what}", hint=hint)


def _read_all(passages: list[Passage], subjects: Subjects) -> list[Reading]:
    """Every grammar over every passage, the most telling forms first."""
    readings: list[Reading] = []
    count = 0
    by_passage: dict[int, Reading] = {}
    numbers: dict[tuple[int, int, str], list[str]] = {}
    passages = [passage for passage in passages if HAS_WORD.search(passage.text)]
    for order, passage in enumerate(passages):
        reading = Reading(passage)
        find_paths(reading)
        subjects.read(passage, reading.left, _leading(reading), order)
        find_digests(reading)
        above = [by_passage[id(one)].paths for one in passage.parents if id(one) in by_passage]
        earlier = [path for paths in above for path in paths]
        attach_digests(reading, earlier)
        find_environment(reading)
        find_times(reading)
        beside = numbers.setdefault((passage.group, passage.row_number, under(passage)), [])
        find_derived(reading, tuple(beside[-MOST_EARLIER:]))
        find_numbers(reading)
        find_statuses(reading)
        tie_claims(reading, earlier)
        derive_cell(reading, tuple(beside[-MOST_EARLIER:]))
        beside += [find.value for find in reading.found if find.kind == "number"]
        _name_by_parent(reading)
        readings.append(reading)
        count += min(len(reading.found), MOST_IN_PIECE)
        if count > MOST_CLAIMS:
            raise _too_much(subjects.file, f"{MOST_CLAIMS} claims")
        by_passage[id(passage)] = reading
    return readings


def _name_by_parent(reading: Reading) -> None:
    """`Baseline: 5.1` under `mean:` is a mean; its ratio is that of the means."""
    passage = reading.passage
    if not passage.parents or passage.row or passage.role != "prose":
        return
    parent = PARENT.match(passage.parents[-1].text)
    if parent is None:
        return
    for find in reading.found:
        if find.kind in ("number", "derived", "status"):
            passage.row = parent["name"]
        if find.kind == "number" and find.name.lower() in SIDES:
            find.name = parent["name"]


def _leading(reading: Reading) -> list[Found]:
    """The paths of a passage: of a link its target, not its text."""
    return [find for find in reading.paths if not find.target]


def _make_claim(
    reading: Reading,
    find: Found,
    subjects: Subjects,
    order: int,
    file: str,
    covered: dict[int, Ignore],
) -> Claim:
    passage = reading.passage
    line, column = find.place or passage.place(find.start)
    end_column = column + len(find.value)
    if find.place is None:
        last_line, last_column = passage.place(max(find.start, find.end - 1))
        end_column = last_column + 1 if last_line == line else column + 1
    subject = subjects.make(passage, find, order)
    path = find.path
    if find.kind == "citation" and not path and not find.name:
        path = subject.artifact
    if (
        passage.role in ("value", "cell")
        and not path
        and (find.kind == "digest" or find.name in SIZES)
    ):
        path = subject.artifact
    label = LABEL.match(passage.text)
    ignore = covered.get(line)
    return Claim(
        kind=find.kind,
        spot=Spot(file=file, line=line, column=column, end_column=end_column),
        text=_words(reading, find),
        subject=subject,
        name=find.name,
        value=find.value,
        unit=find.unit,
        path=path,
        first_line=find.first_line,
        last_line=find.last_line,
        pointer=find.pointer,
        shows=find.shows,
        operands=find.operands,
        ignored=ignore.reason if ignore else "",
        ignored_codes=ignore.codes if ignore and ignore.reason else (),
        mood=find_mood(passage, find),
        target=find.target,
        row=passage.row,
        column=passage.column,
        sentence=_sentence(reading, find),
        label=label["label"].strip("*_` ") if label else "",
    )


def _words(reading: Reading, find: Found) -> str:
    begin = find.begin if find.begin >= 0 else find.start
    finish = find.finish if find.finish >= 0 else find.end
    words = reading.text[min(begin, find.start) : max(finish, find.end)]
    return words[:LONGEST_TEXT].strip() if len(words) > LONGEST_TEXT else words.strip()


def _sentence(reading: Reading, find: Found) -> str:
    start = max(sentence_start(reading.text, find.start), find.start - LONGEST_TEXT)
    end = min(sentence_end(reading.text, find.end), find.end + LONGEST_TEXT)
    return reading.text[start:end].strip()
