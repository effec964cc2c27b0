"""Subjects: which phase, side, stage, section and artifact a claim is about."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from parityhub.audit.claims import Subject
from parityhub.audit.extract.context import ReportContext
from parityhub.audit.extract.found import TAKEN, Found
from parityhub.audit.extract.passages import Passage
from parityhub.audit.extract.sentences import sentence_end, sentence_start

PHASE = re.compile(
    r"\b[Pp]hase[ _-]{1,2}(?P<id>[A-Z]{1,3}\d{0,2}(?:\.\d{1,2})?|[a-z]{1,3}\d{1,2})\b(?P<own>'s)?"
)
PHASE_IN_PATH = re.compile(r"(?:^|[/_])phase_(?P<id>[a-z]{1,3}\d{0,2})(?=[/_.]|$)")
SIDE_PHASE = re.compile(r"^[\s*`-]{0,8}(?P<side>[Bb]aseline|[Cc]andidate)[*`]{0,3}[ ]?:")
COMING = re.compile(r"\b(?:ready for|before|handoff to|towards?|unblock) $")
HEADS = re.compile(r"(?P<id>[A-Z]{1,3}\d{0,2})(?=:| / |$)")
SIDES = re.compile(
    r"\b(?:(?P<torch>PyTorch|Pytorch|pytorch|Torch|torch)|(?P<tensorflow>TensorFlow|Tensorflow"
    r"|tensorflow|TF|tf)"
    r"|(?P<baseline>Baseline|baseline)(?=[ ]?:)|(?P<candidate>Candidate|candidate)(?=[ ]?:))\b"
)
STAGES = re.compile(
    r"\b(?:(?P<train>[Tt]rain(?:ing|ed|s)?)|(?P<inference>[Ii]nfer(?:ence|red|s)?)"
    r"|(?P<gate>[Pp]ytest|PyTest|[Ss]elector|[Gg]ate|[Tt]ests? run|Test results?))\b"
)
SECTIONS = re.compile(
    r"\b(?P<section>(?:[a-z]+_){0,2}(?:patch|canvas|object|probe|image|output)_(?:amplitude|phase"
    r"|complex|intensity)"
    r"|(?:[Pp]atch|[Cc]anvas|[Oo]bject|[Pp]robe)[ -](?:[Aa]mplitude|[Pp]hase|[Ss]tats"
    r"|[Ss]tatistics|[Pp]atches))\b"
    r"|\b(?P<alone>canvas|Canvas)\b(?!\.)"
)
NEW_LINE = re.compile(r"\n(?=[ \t]{0,4}[A-Z][\w /-]{0,30}:)")
WHEN = re.compile(r"\b\d{4}-?\d{2}-?\d{2}(?:[T ]\d{2}:?\d{2}(?::?\d{2})?Z?)?(?!\d)")
GOVERNS = re.compile(
    r"^[\s*`]*(?:(?:[\w-]+ ){0,3}(?:log|file|artifacts?|source|stats|outputs?|director(?:y|ies)"
    r"|dumps?|json|report"
    r"|evidence|record|from))[*`]*[ ]?:",
    re.IGNORECASE,
)
BEHIND = 48
"""characters: a path farther behind, or in another sentence, may be of something else"""
MOST_ARTIFACTS = 12
LONGEST_LABEL, MOST_LABELS = 80, 3
NO_PATHS: tuple[list[Found], list[int]] = ([], [])


@dataclass(slots=True)
class Hints:
    """What a passage's own words say, each with its index."""

    phase: list[tuple[int, str]]
    side: list[tuple[int, str]]
    stage: list[tuple[int, str]]
    section: list[tuple[int, str]]
    when: str


class Subjects:
    """Works out subjects within one report; remembers what headings and list items say."""

    def __init__(self, file: str, context: ReportContext) -> None:
        self.file = file
        self.phases = frozenset(context.phases)
        self.side_names = frozenset(context.baselines)
        ids = sorted((re.escape(one) for one in self.phases if len(one) > 1), key=len, reverse=True)
        self.known = re.compile(rf"(?<![\w-])(?P<id>{'|'.join(ids)})(?![\w-])") if ids else None
        names = sorted((re.escape(one) for one in self.side_names), key=len, reverse=True)
        self.sides = re.compile(rf"(?<![\w/])(?P<side>{'|'.join(names)})(?!\w)") if names else None
        self.hints: dict[int, Hints] = {}
        self.side_phases: dict[str, str] = {}
        """of a comparison: `Baseline: Phase B3`"""
        self.paths: dict[int, tuple[list[Found], list[int]]] = {}
        """of each passage, with where they start"""
        self.rows: dict[tuple[int, int], list[str]] = {}
        """of each row of a table"""
        self.above: dict[int, tuple[str, ...]] = {}
        self.groups: dict[tuple[int, str], list[tuple[int, str]]] = {}
        folder = PHASE_IN_PATH.search(file)
        self.file_phase = folder["id"].upper() if folder else ""
        self.file_side = "tensorflow" if re.search(r"(?:^|[/_])(?:tf|tensorflow)_", file) else ""

    def read(self, passage: Passage, left: str, paths: list[Found], order: int) -> None:
        """Take note of a passage; `left` is its text without its paths."""
        key = id(passage)
        self.hints[key] = self._read_hints(passage, left)
        said = SIDE_PHASE.match(passage.text)
        if said and self.hints[key].phase:
            self.side_phases[said["side"].lower()] = self.hints[key].phase[0][1]
        if paths and passage.row_number:
            row = self.rows.setdefault((passage.group, passage.row_number), [])
            row += [path.path for path in paths]
        if paths:
            self.paths[key] = (paths, [path.start for path in paths])
            if GOVERNS.match(passage.text) or (
                not passage.text[: paths[0].start].strip(" -*`[]xX")
            ):
                group = self.groups.setdefault((passage.group, under(passage)), [])
                group.extend((order, path.path) for path in paths if path.path)

    def _read_hints(self, passage: Passage, left: str) -> Hints:
        phase = [
            (match.start(), match["id"].upper().split(".")[0])
            for match in PHASE.finditer(left)
            if not match["own"]
            and self._is_phase(match["id"].upper().split(".")[0])
            and not COMING.search(left, max(0, match.start() - 16), match.start())
        ]
        if self.known:
            phase += [(match.start(), match["id"]) for match in self.known.finditer(left)]
            phase.sort()
        head = HEADS.match(passage.text) if passage.role == "heading" else None
        if head and (head["id"] in self.phases or head["id"][-1].isdigit()):
            phase.insert(0, (0, head["id"]))
        side = [(match.start(), str(match.lastgroup)) for match in SIDES.finditer(left)]
        if self.sides:
            side += [(match.start(), match["side"]) for match in self.sides.finditer(left)]
            side.sort()
        stage = [(match.start(), str(match.lastgroup)) for match in STAGES.finditer(left)]
        section = [(match.start(), _canonical(match[0])) for match in SECTIONS.finditer(left)]
        when = WHEN.search(passage.text) if passage.role == "heading" else None
        return Hints(phase, side, stage, section, when[0] if when else "")

    def _is_phase(self, name: str) -> bool:
        return name in self.phases or name[-1].isdigit() or len(name) == 1

    def make(self, passage: Passage, find: Found, order: int) -> Subject:
        """The subject of a claim."""
        artifacts, governs = self._artifacts(passage, find, order)
        side = find.side or self._column_side(passage) or self._nearest(passage, find, "side")
        phase = self.side_phases.get(side, "") or self._row_phase(passage)
        phase = phase or self._nearest(passage, find, "phase")
        return Subject(
            phase=phase or self.file_phase,
            side=side or self.file_side,
            artifact=artifacts[0] if governs else "",
            section=find.section
            or self._corner(passage)
            or self._nearest(passage, find, "section"),
            headings=tuple(heading.text.strip() for heading in passage.headings),
            stage=find.stage or self._nearest(passage, find, "stage"),
            artifacts=artifacts,
            when=next((h.when for h in self._above(passage) if h.when), ""),
            under=tuple(one.text[:LONGEST_LABEL].strip() for one in passage.parents[-MOST_LABELS:]),
        )

    def _above(self, passage: Passage, but_title: bool = False) -> list[Hints]:
        """The hints of what a passage stands under, nearest first."""
        headings = passage.headings
        if but_title and len(headings) > 1:
            headings = headings[1:]
        above = [*reversed(passage.parents), *reversed(headings)]
        return [self.hints[id(one)] for one in above if id(one) in self.hints]

    def _nearest(self, passage: Passage, find: Found, what: str) -> str:
        """The nearest word before, in the sentence; behind it; or above."""
        own: list[tuple[int, str]] = getattr(self.hints[id(passage)], what)
        if own and find.place is None and (word := _nearest_in_sentence(passage, find, what, own)):
            return word
        if own and what != "side" and passage.role != "heading":
            at = bisect_left(own, (find.start,)) - 1
            if at >= 0 and not NEW_LINE.search(passage.text, own[at][0], find.start):
                return own[at][1]
        if passage.role == "heading" and own:
            return own[0][1]
        above = self._above(passage, what == "stage")
        for hints in above:
            values: list[tuple[int, str]] = getattr(hints, what)
            if what == "side" and len({value for _, value in values}) > 1:
                return ""
            if values:
                return values[0][1]
        return ""

    def _column_side(self, passage: Passage) -> str:
        for words in (passage.column, passage.row):
            if words and (match := SIDES.search(words + ":")):
                return str(match.lastgroup)
        return ""

    def _row_phase(self, passage: Passage) -> str:
        for word in (passage.row, passage.column):
            known = passage.corner.lower() == "phase" and HEADS.fullmatch(word)
            if word and (word in self.phases or known):
                return word
        return ""

    def _corner(self, passage: Passage) -> str:
        word = passage.corner
        return _canonical(word) if "_" in word and " " not in word else ""

    def _artifacts(self, passage: Passage, find: Found, order: int) -> tuple[tuple[str, ...], bool]:
        """Paths that may govern a claim, nearest first, and whether the first of them does."""
        own, starts = self.paths.get(id(passage), NO_PATHS)
        near: list[Found] = []
        if own and find.kind != "path":
            start = sentence_start(passage.text, find.start)
            end = sentence_end(passage.text, find.end)
            at = bisect_left(starts, find.start)
            window = own[max(0, at - MOST_ARTIFACTS) : at + MOST_ARTIFACTS]
            near = [one for one in window if one is not find and start <= one.start < end]
            near.sort(key=lambda path: _distance(find, path))
        found = [path.path for path in near if path.start - find.end <= BEHIND]
        if passage.row_number and find.kind != "path":
            found += self.rows.get((passage.group, passage.row_number), [])[:MOST_ARTIFACTS]
        found += self._above_artifacts(passage, order)
        governs = any(found)
        found += [path.path for path in near]
        if find.kind != "path":
            found += [path.path for path in own[:MOST_ARTIFACTS] if path is not find]
        return tuple(dict.fromkeys(path for path in found if path))[:MOST_ARTIFACTS], governs

    def _above_artifacts(self, passage: Passage, order: int) -> tuple[str, ...]:
        """Paths of what a passage stands under and of the labels beside it."""
        known = self.above.get(order)
        if known is not None:
            return known
        found: list[str] = []
        for parent in reversed(passage.parents):
            found += [
                path.path for path in self.paths.get(id(parent), NO_PATHS)[0][:MOST_ARTIFACTS]
            ]
        group = self.groups.get((passage.group, under(passage)), [])
        at = bisect_left(group, (order, ""))
        found += [path for _, path in reversed(group[max(0, at - MOST_ARTIFACTS) : at])]
        found += [path for place, path in group[at : at + 2 * MOST_ARTIFACTS] if place > order]
        for heading in reversed(passage.headings):
            found += [path.path for path in self.paths.get(id(heading), NO_PATHS)[0]]
        known = self.above[order] = tuple(dict.fromkeys(found))[: 2 * MOST_ARTIFACTS]
        return known


def _nearest_in_sentence(
    passage: Passage, find: Found, what: str, own: list[tuple[int, str]]
) -> str:
    """The nearest word of a kind before a claim in its sentence, or the only one behind it."""
    start = sentence_start(passage.text, find.start)
    end = sentence_end(passage.text, find.end)
    finish = max(find.finish, find.end)
    # Only words of the sentence: of a line without end there may be thousands.
    near = own[bisect_left(own, (start,)) : bisect_left(own, (max(end, finish + 2),))]
    beside = [value for at, value in near if 0 <= at - finish <= 1]
    if beside and what == "stage":
        return beside[0]
    before = [value for at, value in near if at < find.start]
    if before:
        return before[-1]
    behind = {value for at, value in near if find.end <= at < end}
    return behind.pop() if len(behind) == 1 and passage.role != "heading" else ""


def _distance(find: Found, path: Found) -> int:
    """How far a path is; one right behind, in brackets, is nearer than one before."""
    if path.start >= find.end:
        return path.start - find.end
    return find.start - path.end + 24


def under(passage: Passage) -> str:
    """What tells apart the lists and lines that stand under different parents."""
    parent = passage.parents[-1] if passage.parents else None
    return str(id(parent)) if parent is not None else ""


def _canonical(words: str) -> str:
    """`Patch Amplitude` and `canvas` as the sections are called."""
    return re.sub(r"[ -]+", "_", words.strip(TAKEN + " `*").lower())
