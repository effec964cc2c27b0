"""What ties claims of one passage together: a number to its source, a citation to its words."""

import re

from parityhub.audit.extract.found import Found, Reading
from parityhub.audit.extract.sentences import sentence_end, sentence_start

VERB = r"(?:says?|shows?|reads?|holds?|prints?|contains?|reports?|gives?|has|is|records?)"
QUOTED_BEHIND = re.compile(
    rf"[`)\]\s]{{0,3}}(?:[ ]?{VERB}[: ]{{1,2}}|[:,]?[ ]{{0,2}})[\"“]([^\"”\n]{{1,500}})[\"”]"
)
VERB_BEHIND = re.compile(rf"[`)\]]{{0,3}}(?:[ ]{VERB}[: ]{{1,2}}|[ ]?[:=][ ])[`*]{{0,2}}")
EMPTY_WORDS = re.compile(
    r"^(?:\W|\b(?:see|and|at|in|of|from|the|or|also|evidence|logs?|cf|here|which|with)\b){1,30}$",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“]([^\"”\n]{1,500})[\"”]")
ARROW = re.compile(r"[`)\s]{0,3}(?:→|->|=>|—|–|\()[ `]{0,2}")
JUST_LABEL = re.compile(r"^[\s*`-]{0,6}[\w ()-]{1,40}:?[\s*`]{0,4}$")
BESIDE = re.compile(r"[`*\s]{0,3}[(\[]?(?:see |from |in |at |source:? )?[`\[]{0,2}")
SIZES = frozenset(("size", "bytes", "files"))
MOST_SHOWN = 240
NEAR = 14


def tie_claims(reading: Reading, earlier: list[Found]) -> None:
    """Give numbers the source right behind them, citations what they show, sizes their file.

    Args:
        reading: of a passage, with all that was found in it.
        earlier: paths of the lines it stands under, nearest last.
    """
    for find in reading.found:
        if find.kind == "citation":
            find.shows = _find_shown(reading, find)
        elif find.kind in ("number", "derived"):
            if _tie_within(reading, find) or _tie_behind(reading, find):
                continue
            if not _tie_before(reading, find) and find.name in SIZES and not find.path:
                find.path = _find_sized(reading, find, earlier)


def _take_source(find: Found, sources: list[Found]) -> None:
    """Take over path, lines and pointer of a path and the link it may be the text of."""
    for source in sources:
        if source.place is not None or not find.path:
            find.path = source.target or source.path
        if source.kind == "citation":
            find.first_line, find.last_line = source.first_line, source.last_line
            find.pointer = source.pointer


def _tie_within(reading: Reading, find: Found) -> bool:
    """A number that is the text of a link has the link's target as its source."""
    link = reading.link_at(find.start)
    if link is None or find.end > link.end:
        return False
    find.path = link.target
    return True


def _tie_behind(reading: Reading, find: Found) -> bool:
    """`9.88 (infer.log:26)`, `9.88 [history.json#/scale](a/history.json)`."""
    paths = reading.paths_between(find.end, find.end + NEAR)
    if not paths or not BESIDE.fullmatch(reading.text, find.end, paths[0].start):
        return False
    _take_source(find, [path for path in paths if path.start == paths[0].start])
    return True


def _tie_before(reading: Reading, find: Found) -> bool:
    """`stats.json#/patch_amplitude/mean shows 3.2`."""
    source = reading.path_before(find.start)
    if source is None or source.kind != "citation" or find.start - source.end > NEAR:
        return False
    if not VERB_BEHIND.fullmatch(reading.text, source.end, find.start):
        return False
    _take_source(find, [source])
    find.name = find.name or (source.pointer or "").rsplit("/", 1)[-1]
    return True


def _find_sized(reading: Reading, find: Found, earlier: list[Found]) -> str:
    """The file that a size is said of: before it, or the one line it stands under."""
    source = reading.path_before(find.start)
    if source is not None and source.start >= sentence_start(reading.text, find.start):
        return source.target or source.path
    if not reading.paths and len({path.path for path in earlier}) == 1:
        return earlier[-1].path
    return ""


def _find_shown(reading: Reading, find: Found) -> str:
    """The words that a cited line is said to hold."""
    text = reading.text
    if match := QUOTED_BEHIND.match(text, find.end):
        return match[1]
    if verb := VERB_BEHIND.match(text, find.end):
        code = reading.code_at(verb.end())
        if code:
            return code
    start = sentence_start(text, find.start)
    begin = find.begin if 0 <= find.begin < find.start else find.start
    previous = reading.path_before(begin)
    if previous is not None and previous is not find:
        start = max(start, previous.end)
    before = text[start:begin]
    codes = reading.codes_between(start, begin)
    arrow = ARROW.match(text, find.end)
    if arrow and (not codes or JUST_LABEL.match(before)):
        end = sentence_end(text, find.end)
        behind = reading.codes_between(arrow.end(), end)
        return behind[0] if behind else text[arrow.end() : end].strip(" )")
    quotes = QUOTED.findall(before)
    if quotes:
        return str(quotes[-1])
    if codes and (":" in codes[-1] or " " in codes[-1] or codes[-1][-1:].isdigit()):
        return codes[-1]
    words = before.strip(" \t\n*`([,:;–—-)")[-MOST_SHOWN:]
    words = words.strip(" →>")
    if not words and reading.passage.role == "code":
        return text[find.end : find.end + MOST_SHOWN].strip()
    return "" if EMPTY_WORDS.match(words) else words
