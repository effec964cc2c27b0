"""Derived numbers: ratios, deltas, "-fold", percentages and sums, with the numbers in reach."""

import re
from collections.abc import Iterator
from itertools import islice

from parityhub.audit.extract.found import TAKEN, Found, Reading
from parityhub.audit.extract.number_forms import DIGITS
from parityhub.audit.extract.passages import MOST_IN_PIECE
from parityhub.audit.extract.sentences import sentence_start

WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|trillion"
    "|quadrillion"
)
TERM = rf"(?<![\w.])(?:{DIGITS})(?:[ ]?[A-Za-zµ]{{1,8}})?"
FOLD = re.compile(
    rf"(?<![\w.])(?P<value>{DIGITS}|(?:{WORDS}))(?:[- ]?(?P<fold>fold)"
    rf"|(?P<times>[ ]?[x×](?![\w(])|[ ]times\b))"
    r"(?P<how>[ ](?:higher|lower|larger|smaller|faster|slower|more|less|greater|bigger|as|increase"
    r"|decrease|speed-?up|improvement|reduction|drop|growth|gain))?",
    re.IGNORECASE,
)
FACTOR = re.compile(
    rf"\b(?P<what>factor of|ratio of|ratio is|ratio:?|speed-?up of|speed-?up:?"
    rf"|quotient of)[ ]?[=≈~]?[ ]{{0,8}}(?P<value>{DIGITS}"
    rf"|(?:{WORDS}))(?![\w.]*\d)",
    re.IGNORECASE,
)
DELTA = re.compile(
    r"\b(?P<what>delta|difference|diff|deviation|gap|change|increase|decrease|reduction|drop"
    r"|saving)s?"
    r"(?:[ ](?:of|is|was|by))?[ ]?[:=≈~]?[ ]{0,8}"
    rf"(?P<value>{DIGITS})(?P<unit>[ ]?%)?(?![\w.]*\d)",
    re.IGNORECASE,
)
SUM = re.compile(
    r"\b(?P<what>sum|total|altogether|together|combined|overall|in all)(?:[ ](?:of|is"
    r"|was))?[ ]?[:=≈~]?[ ]"
    rf"(?P<value>{DIGITS})(?![\w./]*\d)",
    re.IGNORECASE,
)
PERCENT = re.compile(
    rf"(?<![\w.])(?P<value>{DIGITS})[ ]?(?:%|percent|per cent)(?P<how>[ ](?:higher|lower|larger"
    rf"|smaller|faster"
    r"|slower|more|less|greater|increase|decrease|of|reduction|drop|off|above|below|change))?"
)
MAGNITUDE = re.compile(rf"(?<![\w.])(?P<value>{DIGITS}|(?:{WORDS}))[ ]orders? of magnitude", re.I)
EQUATION = re.compile(
    rf"(?<![\w.])(?P<left>{DIGITS})[ ]?(?P<sign>[-+−*/×÷])[ ]?(?P<right>{DIGITS})[ ]?(?:="
    rf"|≈)[ ]?(?P<value>{DIGITS})(?![\w.]*\d)"
)
TWICE = re.compile(
    r"\b(?P<value>twice|thrice|half|double|triple)(?P<how>[ ](?:as|of|the|that)\b)"
    r"|\b(?P<verb>doubled|halved|tripled)\b",
    re.IGNORECASE,
)
BOUND = re.compile(r"\b(?:within|above|below|under|over|least|most|than|up to)[ ]$")
ANY = re.compile(rf"(?<![\w.\-/])(?:{DIGITS})(?![\w/]|\.\d|-\w)")
PLAIN = re.compile(rf"(?<![\w.])(?:{DIGITS})")
MAY_HOLD = re.compile(
    r"%|percent|[x×÷*/+−-] ?[\d.=]|\d[x×]|fold|times|factor|ratio|speed|delta|diff|deviation|gap"
    r"|change|crease|reduc|drop"
    r"|sum|total|together|combined|saving|fewer|less|more|longer|shorter|larger|smaller|higher"
    r"|lower|altogether|overall|in all|quotient|magnitude|twice|thrice|half|halved|doubl|tripl",
    re.IGNORECASE,
)
COLUMN = re.compile(r"\b(?:ratio|delta|diff(?:erence)?|speed-?up|fold|change)\b|Δ", re.IGNORECASE)
COLUMN_KINDS = {"ratio": "ratio", "speedup": "fold", "speed-up": "fold", "fold": "fold"}
CHAIN = re.compile(
    rf"(?P<left>{TERM}(?:[ ]?\+[ ]?{TERM}){{1,8}})[ ]?(?:=|≈)[ ]?(?P<value>{DIGITS})(?![\w.]*\d)"
)
SHOWN_SUM = re.compile(
    rf"(?<![\w.])(?P<value>{DIGITS})(?:[ ]?[A-Za-zµ]{{1,8}})?[ ]"
    rf"\((?P<left>{TERM}(?:[ ]?\+[ ]?{TERM}){{1,8}})\)"
)
"""`1440.7 s (612.4 s + 828.3 s)`"""
LESS = re.compile(
    rf"(?<![\w.])(?P<value>{DIGITS})(?:[ ](?!fewer|less|more)[A-Za-zµ]{{1,16}})?[ ]"
    r"(?P<how>fewer|less|more|longer|shorter|larger|smaller|higher|lower)(?=[.;)]|,|[ ]than\b|$)"
)
SUMS = ("sum", "total", "altogether", "together", "combined", "overall", "in all")
COMPARES = re.compile(
    r"\b(?:faster|slower|higher|lower|larger|smaller|longer|shorter|reduced|dropped|fell|rose|grew"
    r"|increased?|decreased?|improved|down|up)[ ]by[ ]$",
    re.IGNORECASE,
)
PAIR_BEHIND = re.compile(
    rf"[^.;\n]{{0,60}}?(?<![\w.])(?P<first>{DIGITS})(?:[ ]?[A-Za-zµ%]{{1,8}})?[ ]?"
    r"(?:against|vs\.?|versus|compared (?:to|with)|instead of|/|->|→|to)[ ]?"
    rf"(?P<second>{DIGITS})(?![\w.]*\d)"
)
REACH = 8
"""most operands"""
KINDS = {
    "factor of": "fold",
    "ratio of": "ratio",
    "ratio is": "ratio",
    "ratio": "ratio",
    "quotient of": "ratio",
}


def find_derived(reading: Reading, earlier: tuple[str, ...]) -> None:
    """Keep the derived numbers of a passage.

    Args:
        reading: of the passage.
        earlier: numbers in the items before it, nearest last: a `Ratio:` under its operands.
    """
    if not MAY_HOLD.search(reading.left):
        return
    for form in (CHAIN, SHOWN_SUM):
        reading.keep(list(_read_chains(reading, form)))
    reading.keep(list(_read_equations(reading)))
    for form, unit in ((FOLD, "fold"), (TWICE, "fold"), (MAGNITUDE, "magnitude"), (PERCENT, "%")):
        reading.keep(list(islice(_read_form(reading, form, unit, earlier), MOST_IN_PIECE)))
    for form in (FACTOR, DELTA, LESS, SUM):
        reading.keep(list(islice(_read_form(reading, form, "", earlier), MOST_IN_PIECE)))


def _read_equations(reading: Reading) -> Iterator[Found]:
    """`256 - 128 = 128`."""
    for match in EQUATION.finditer(reading.left):
        yield Found(
            kind="derived",
            start=match.start("value"),
            end=match.end("value"),
            begin=match.start(),
            name="equation",
            value=match["value"],
            unit=match["sign"].replace("−", "-").replace("×", "*").replace("÷", "/"),
            operands=(match["left"], match["right"]),
        )


def _read_chains(reading: Reading, form: "re.Pattern[str]") -> Iterator[Found]:
    """`1 s + 2 s + 3 s = 6 s`, `6 s (1 s + 2 s + 3 s)`."""
    for match in form.finditer(reading.left):
        yield Found(
            kind="derived",
            start=match.start("value"),
            end=match.end("value"),
            begin=match.start(),
            finish=match.end(),
            name="equation",
            value=match["value"],
            unit="+",
            operands=tuple(one[0].strip() for one in PLAIN.finditer(match["left"])),
        )


def _read_form(
    reading: Reading, form: "re.Pattern[str]", unit: str, earlier: tuple[str, ...]
) -> Iterator[Found]:
    for match in form.finditer(reading.left):
        groups = match.groupdict()
        what = (groups.get("what") or "").lower().rstrip(":")
        kind = unit or KINDS.get(what) or _unit_of(what)
        percent = "%" if groups.get("unit") else ""
        if form is PERCENT and BOUND.search(
            reading.text, max(0, match.start() - 12), match.start()
        ):
            continue
        if form is PERCENT and not groups["how"] and _is_plain(reading, match.start()):
            continue
        key = "verb" if groups.get("verb") else "value"
        led = COMPARES.search(reading.text, max(0, match.start() - 24), match.start())
        yield Found(
            kind="derived",
            start=match.start(key),
            end=match.end(key),
            begin=led.start() if led else match.start(),
            finish=match.end(),
            name=(groups.get("how") or what or unit or "").strip().lower(),
            value=match[key].rstrip("."),
            unit=percent or kind,
            operands=_operands(reading, match.start(), match.end(), earlier),
        )


def _unit_of(what: str) -> str:
    if what.startswith("speed"):
        return "fold"
    return "+" if what in SUMS else "-"


def _is_plain(reading: Reading, start: int) -> bool:
    """Is a percentage a measured one, `usage: 12 %`, rather than one number of another?"""
    return reading.text[max(0, start - 2) : start].rstrip()[-1:] in (":", "=")


def _operands(reading: Reading, start: int, end: int, earlier: tuple[str, ...]) -> tuple[str, ...]:
    """Numbers of the same sentence, those before first; else of the sentence or items before."""
    text = reading.left
    floor = sentence_start(text, start)
    own = [match[0] for match in ANY.finditer(text, floor, start)]
    behind = [match[0] for match in ANY.finditer(text, end, min(len(text), end + 120))]
    if len(own) < 2 and floor > 0:
        wide = sentence_start(text, floor - 1)
        own = [match[0] for match in ANY.finditer(text, wide, start)]
    if len(own) < 2 and (pair := PAIR_BEHIND.match(text, end)):
        return pair["first"].strip(), pair["second"].strip()
    numbers = [*earlier, *own] if len(own) < 2 else own
    if len(numbers) < 2:
        numbers = [*numbers, *behind]
    return tuple(number.strip(TAKEN) for number in numbers[-REACH:])


def derive_cell(reading: Reading, beside: tuple[str, ...]) -> None:
    """A number under `ratio` or `delta` comes of those in its row.

    Args:
        reading: of a cell.
        beside: the numbers of the row before it, nearest last.
    """
    match = COLUMN.search(reading.passage.column) if reading.passage.role == "cell" else None
    if match is None or len(beside) < 2:
        return
    for find in reading.found:
        if find.kind == "number":
            find.kind, find.operands = "derived", beside
            find.name = match[0].lower()
            find.unit = "%" if find.unit == "%" else COLUMN_KINDS.get(find.name, "-")
