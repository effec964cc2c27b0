"""Numbers, each with a name from the words beside it."""

import re
from collections.abc import Iterator
from itertools import islice

from parityhub.audit.extract.found import TAKEN, Found, Reading
from parityhub.audit.extract.number_forms import (
    COUNTED,
    DIGITS,
    FILLERS,
    IDENTIFIER,
    METRICS,
    NUMBER,
    RESULTS,
)
from parityhub.audit.extract.passages import MOST_IN_PIECE, Passage
from parityhub.audit.extract.path_forms import is_path
from parityhub.audit.extract.sentences import sentence_start

MAY_HOLD = re.compile(r"\d|\binf\b|\bnan\b|\bNaN\b")
OUT_OF = re.compile(
    r"(?<![\w./-])(?P<part>\d{1,9})(?:[ ]?/[ ]?|[ ](?:(?P<word>[a-z]{4,9})[ ])?(?:out )?of[ ])"
    r"(?P<whole>\d{1,9})(?![\w/.]*\d)(?:[ ](?P<what>[A-Za-z]{2,12}))?(?:[ ](?P<more>[a-z]{4,9}))?"
)
RANGE = re.compile(rf"\[(?P<low>{DIGITS}), ?(?P<high>{DIGITS})\]")
SHAPE = re.compile(
    r"(?<![\w.])(?:\(\d{1,9}(?:, ?\d{1,9}){0,7},?\)|\[\d{1,9}(?:, ?\d{1,9}){0,7}\]"
    r"|\d{1,6}(?:[ ]?[×x][ ]?\d{1,6}){1,4})(?![\w.])"
)
SHAPE_WORD = re.compile(
    r"(?:shape|size|dims?|dimensions?|canvas|grid|png|image)\b[\s=:(]{0,4}$", re.I
)
OPTION = re.compile(
    rf"(?<![\w-])--(?P<name>[a-z][\w-]{{0,60}})(?:[ ]|=|`[ ]`)(?P<value>{DIGITS})(?![\w.])"
)
PAIR = re.compile(rf"(?<![\w.])(?P<name>{IDENTIFIER})[ ](?P<value>{DIGITS})(?![\w.])")
SIGN = re.compile(
    rf"(?P<name>\|?{IDENTIFIER}(?:\[\d{{1,4}}\])?\|?)[`\s]{{0,2}}(?:=|==|:|≈|~|->"
    rf"|→)[=:≈~\s]{{0,4}}$"
)
LABEL = re.compile(r"(?P<name>[A-Za-z|][^:=,;()\[\]\x00\n]{0,80}?)[ ]?[:≈~][\s:≈~`]{0,4}$")
WORDS_BEFORE = re.compile(rf"(?P<name>{IDENTIFIER}|\|[\w. ]{{1,80}}\|)(?P<mid>[\s:=≈~(`]{{1,4}})$")
WORD_BEHIND = re.compile(
    r"[- ](?:[a-z]{3,12} (?=scan|batch|test|check))?(?P<word>[A-Za-z]{3,12})\b"
)
OF_SIDE = re.compile(
    r"\b(?:py)?torch\b|\btensorflow\b|\btf\b|\bbaseline\b|\bcandidate\b|\bvalue\b|\bphase\b"
    r"|\brun\b|\bv\d",
    re.IGNORECASE,
)
BOUND = re.compile(r"(?:\b(?:above|below|under|over|within|at least|at most|up to)|[<>]=?|≤|≥)[ ]$")
OF_WHAT = re.compile(
    r"(?P<name>[A-Za-z_]\w{0,40}) (?:of|for|in) (?:the |both )?[\w`*.-]{1,40}(?: [\w-]{1,20})?"
    r"[ `*]{1,4}(?:is|was|are|were|has|stands at|stood at|reached|reaches|=|:)[ `*]{1,4}$"
)
"""`variance of PyTorch is 7.7e8`"""
CODED_BEFORE = re.compile(r"(?<![\w./-])(?P<name>[A-Za-z]{1,12}\d{1,4}(?:_\w{1,20})?)[ ]$")
"""`p95 77.3 ms`, `map50 0.64`: a word with digits names what follows"""
WORD_BEFORE = re.compile(r"(?<![\w./-])(?P<name>[A-Za-z][A-Za-z_]{0,30})[ ]$")
NO_NAMES = FILLERS | frozenset(
    re.findall(
        r"\S+",
        "a an and or the to for from by in on at of than then per its it this that these those all"
        " both each only took needed needs took lasted line lines see as if no not"
        " also version v page chapter section item step day hour may will can has had have did does"
        " do got but so into onto plus minus times ca circa some any other another first last next"
        " pytorch torch tensorflow tf keras jax numpy python",
    )
)
"""words before a number that don't name it"""
REACH = 96


def find_numbers(reading: Reading) -> None:
    """Keep the numbers of a passage that no other form has understood."""
    if not MAY_HOLD.search(reading.left):
        return
    reading.keep(list(_read_ranges(reading)))
    reading.keep(list(_read_options(reading)))
    reading.keep(list(_read_parts(reading)))
    reading.keep(list(_read_shapes(reading)))
    reading.keep(list(islice(_read_plain(reading), MOST_IN_PIECE)))


def _read_ranges(reading: Reading) -> Iterator[Found]:
    for match in RANGE.finditer(reading.left):
        name, begin = name_number(reading, match.start(), match.end())
        if SHAPE_WORD.search(reading.left, max(0, match.start() - 24), match.start()):
            continue
        if not (name and ("." in match[0] or "range" in name.lower())):
            continue
        for which, pointer in (("low", "min"), ("high", "max")):
            yield Found(
                kind="number",
                start=match.start(which),
                end=match.end(which),
                begin=begin,
                finish=match.end(),
                name=f"{name} {pointer}",
                value=match[which],
            )


def _read_options(reading: Reading) -> Iterator[Found]:
    """`--n_images 256`: what a command was given."""
    for match in OPTION.finditer(reading.left):
        yield Found(
            kind="number",
            start=match.start("value"),
            end=match.end("value"),
            begin=match.start(),
            name=match["name"].replace("-", "_"),
            value=match["value"],
            mood="quoted",
        )


def _read_parts(reading: Reading) -> Iterator[Found]:
    """`3/3 PASSED`, `4 passed of 4`, `5 of 5 checks pass`, `epoch 1/10`."""
    text = reading.left
    for match in OUT_OF.finditer(text):
        words = [(match[key] or "").lower() for key in ("word", "what", "more")]
        before = re.search(
            r"(\w{3,20})[ :(]{1,3}$", text[max(0, match.start() - 30) : match.start()]
        )
        lead = before[1].lower() if before else ""
        name, whole, unit = _name_parts(words, lead, reading.text[match.end() : match.end() + 20])
        if not name:
            continue
        for key, called in (("part", name), ("whole", whole)):
            yield Found(
                kind="number",
                start=match.start(key),
                end=match.end(key),
                begin=match.start(),
                finish=match.end(),
                name=called,
                value=match[key],
                unit=unit,
            )


def _name_parts(words: list[str], lead: str, behind: str) -> tuple[str, str, str]:
    """What part and whole are called, and what they count."""
    counted = words[1] in COUNTED and words[1] not in RESULTS
    for word in () if counted else words:
        if word in RESULTS:
            return word, "total", "tests"
        if word in ("green", "pass", "ok"):
            return "passed", "total", "tests"
    if counted or words[1].rstrip("s") in COUNTED:
        passing = words[2] in ("pass", "passed", "green") or "pass" in behind[:8]
        return ("passed" if passing else words[1]), "total", words[1]
    if lead in ("green", "passed", "pass", "red", "failed", "fail"):
        return ("failed" if lead in ("red", "failed", "fail") else "passed"), "total", "tests"
    if lead in COUNTED or lead in METRICS:
        return lead, f"{lead}s", ""
    return "", "", ""


def _read_shapes(reading: Reading) -> Iterator[Found]:
    text = reading.left
    for match in SHAPE.finditer(text):
        near = SHAPE_WORD.search(text, max(0, match.start() - 24), match.start())
        lone = match[0][0] not in "(["
        inside = text[max(0, match.start() - 24) : match.start()].rstrip(" (").endswith(TAKEN)
        if near or (lone and not match[0].startswith("0x") and (inside or "×" in match[0])):
            yield Found(
                kind="number",
                start=match.start(),
                end=match.end(),
                begin=near.start() if near else match.start(),
                name="shape",
                value=match[0],
            )


def _read_plain(reading: Reading) -> Iterator[Found]:
    text = reading.left
    for match in NUMBER.finditer(text):
        start, end = match.span()
        value = match["value"].rstrip(".")
        unit = match["unit"] or ""
        end -= 0 if unit else len(match["value"]) - len(value)
        if not value or _is_marker(text, start, end):
            continue
        name, begin = name_number(reading, start, end)
        finish = end
        behind = WORD_BEHIND.match(reading.text, end)
        if behind and not unit and behind["word"].lower() in COUNTED and not _equals(text, start):
            name, begin, finish = behind["word"].lower(), start, behind.end()
        by_unit = _name_by_unit(unit)
        coded = CODED_BEFORE.search(text, max(0, start - 32), start)
        if not name and coded:
            name = coded["name"]
        if by_unit and (not name or is_path(name, code=False)):
            name = by_unit
        if not name:
            name = _name_cell(reading.passage) or _name_bound(text, start)
        if not name and (word := WORD_BEFORE.search(text, max(0, start - 32), start)):
            name = "" if word["name"].lower() in NO_NAMES else word["name"]
        yield Found(
            kind="number",
            start=start,
            end=end,
            begin=begin,
            finish=finish,
            name=name,
            value=value,
            unit=unit,
        )


def _name_cell(passage: Passage) -> str:
    """A table names its numbers by row or by column: by that which isn't a side or a run."""
    row, column = passage.row, passage.column
    if passage.role == "value":
        return column
    if passage.role != "cell" or not (row or column):
        return ""
    if not row or column.lower() in METRICS or "_" in column:
        return column
    words = row.lower().split()
    telling = bool(words) and (words[-1] in METRICS or words[0] in METRICS)
    return row if telling or "_" in row or OF_SIDE.search(column) else column


def _name_bound(text: str, start: int) -> str:
    return "threshold" if BOUND.search(text, max(0, start - 14), start) else ""


def _equals(text: str, start: int) -> bool:
    """Does `=` say already what the number is?"""
    return text[max(0, start - 3) : start].rstrip(" `")[-1:] in ("=", "≈", "~")


def _is_marker(text: str, start: int, end: int) -> bool:
    """Is it a list marker or a heading's number?"""
    head = text[:start].strip(" \t#*")
    return not head and text[end : end + 2] in (". ", ") ") and "." not in text[start:end]


def _name_by_unit(unit: str) -> str:
    plain = unit.lower().rstrip("s")
    if plain in ("byte", "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib"):
        return "size"
    if unit and plain in ("", "m", "µ", "u", "n", "sec", "second", "min", "minute", "h", "hour"):
        return "duration"
    return ""


def name_number(reading: Reading, start: int, end: int) -> tuple[str, int]:
    """The name that the words before a number give it, and where its words begin."""
    text = reading.text
    floor = max(sentence_start(text, start), start - REACH)
    before = text[floor:start].rstrip("`*\"'")
    if sign := SIGN.search(before):
        name = sign["name"]
        label = LABEL.search(before)
        if label and ":" in before[sign.end("name") :] and " " in label["name"].strip():
            return _best_word(label["name"].strip("*_`- ")), floor + label.start()
        return name, floor + sign.start()
    if label := LABEL.search(before):
        return _best_word(label["name"].strip("*_`- ")), floor + label.start()
    if of := OF_WHAT.search(before):
        return of["name"], floor + of.start()
    return _name_by_words(before, floor, start)


def _best_word(label: str) -> str:
    """The identifier in a label, where it has just one; or the label."""
    words = [word.strip("`*()|") for word in label.split()]
    telling = [word for word in words if "_" in word.strip("_") and re.fullmatch(IDENTIFIER, word)]
    return telling[0] if len(telling) == 1 else label


def _name_by_words(before: str, floor: int, start: int) -> tuple[str, int]:
    """A known metric or an identifier within a few words before."""
    tail = before
    for _ in range(4):
        match = WORDS_BEFORE.search(
            tail if tail.endswith((" ", "(", "=", "~", "≈", ":")) else tail + " "
        )
        if match is None:
            break
        word = match["name"]
        bare = word.strip("|").rstrip(".")
        plain = bare.lower()
        if plain in METRICS or "_" in bare.strip("_") or ("." in bare and plain[-1:].isalpha()):
            return word.rstrip("."), floor + match.start()
        if plain not in FILLERS and "(" not in match["mid"]:
            break
        tail = tail[: match.start()]
        if not tail.strip():
            break
    return "", start
