"""Numbers that the evidence holds, by name, each with its place."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.rounding import printed_quantum
from parityhub.hub.records import Place

DEPTH = 64
IN_LINE = re.compile(
    r"(?P<name>[A-Za-z|][\w.|]{0,63}(?: [A-Za-z|][\w|]{0,31}){0,4})\s{0,4}(?:=|:|≈|~)\s{0,4}"
    r"(?P<value>[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,4})?|nan|inf|-inf)"
    r"(?![\w.]*[\w])"
)
BLANK = re.compile(
    r"(?<![\w.])(?P<name>[A-Za-z]\w{0,30}(?:_\w{1,31}){1,6}|mean|std|min|max|var|loss|accuracy"
    r"|rmse?|mae"
    r"|psnr|ssim|epochs?)[ ]{1,4}"
    r"(?P<value>[-+]?\d{1,30}(?:\.\d{1,30})?(?:[eE][-+]?\d{1,4})?)(?![\w.]*\w)"
)
STAGED = re.compile(
    r"(?<![\w.])(?P<name>[A-Za-z]\w{1,40} (?:first|last|initial|final|init|start|end|before|after))"
    r"[ ]{1,4}(?P<value>[-+]?\d{1,30}\.\d{1,30}(?:[eE][-+]?\d{1,4})?)(?![\w.]*\w)"
)
"""`dice_loss 0.2847`: a name and a number with a blank between them"""
LASTED = re.compile(
    r"\b(?:finished|done|completed?|ended|took|elapsed"
    r"|ran)\b[ \w]{0,20}?[: ]{1,3}(?P<value>\d{1,9}(?:\.\d{1,9})?)"
    r" ?(?:s|sec|secs|seconds)\b"
)
RANGE = re.compile(
    r"(?P<name>[A-Za-z]\w{0,31}) range: {0,4}"
    r"\[(?P<low>[-+.\deE]{1,30}), {0,4}(?P<high>[-+.\deE]{1,30})\]"
)


@dataclass(frozen=True)
class NumberFact:
    """A number in the evidence."""

    name: str
    """normalized"""
    value: float | int
    place: Place
    keys: tuple[str, ...] = ()
    """normalized keys above it, or words before it in its line"""
    printed: Decimal | None = None
    """one unit of the last digit, where it is printed and not stored"""


def normalize_name(name: str) -> str:
    """Return a name as it is compared: lower case, words joined by `_`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def list_json_numbers(file: str, document: Any) -> list[NumberFact]:
    """List each number of a JSON document with its pointer."""
    return list(_walk_json(file, document, "", ()))


def decode_json(text: Text) -> Any:
    """Decode a JSON document; None where it is none."""
    try:
        return msgspec.json.decode(text.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def list_lengths(file: str, document: Any) -> list[tuple[str, int]]:
    """List the pointer and length of each list of a JSON document, the outermost first."""
    found: list[tuple[str, int]] = []
    pending: list[tuple[str, Any]] = [("", document)]
    while pending and len(found) < 1000:
        pointer, node = pending.pop(0)
        if isinstance(node, list):
            found.append((pointer, len(node)))
        if pointer.count("/") < 4:
            pending += [(f"{pointer}/{escape(key)}", child) for key, child in _children(node)]
    return found


def resolve_pointer(document: Any, pointer: str) -> tuple[bool, Any]:
    """Follow a JSON pointer; return whether it leads anywhere, and what is there."""
    node = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isdigit() and len(key) < 12 and int(key) < len(node):
            node = node[int(key)]
        else:
            return False, None
    return True, node


def list_line_numbers(file: str, number: int, line: str) -> list[NumberFact]:
    """List the numbers that a line of a text prints with a name before them."""
    facts = []
    for found in IN_LINE.finditer(line[:8192]):
        value = _read(found["value"])
        words = found["name"].split()
        if value is None:
            continue
        before = tuple(normalize_name(word) for word in line[: found.start()].split()[-12:])
        place = Place(file=file, line=number)
        quantum = printed_quantum(found["value"])
        names = {normalize_name(" ".join(words[at:])) for at in range(len(words))}
        names |= {normalize_name(word) for word in words if "_" in word}
        facts += [NumberFact(name, value, place, before, quantum) for name in names if name]
    facts += _list_unsigned(file, number, line[:8192])
    return facts + _list_ranges(file, number, line)


def _list_unsigned(file: str, number: int, line: str) -> list[NumberFact]:
    """List numbers that stand behind their name without a sign, and how long a run took."""
    facts = []
    for form in (BLANK, STAGED, LASTED):
        for found in form.finditer(line):
            value = _read(found["value"])
            name = "duration" if form is LASTED else normalize_name(found["name"])
            if value is not None:
                before = tuple(normalize_name(w) for w in line[: found.start()].split()[-12:])
                place = Place(file=file, line=number)
                facts.append(
                    NumberFact(name, value, place, before, printed_quantum(found["value"]))
                )
    return facts


def list_text_numbers(text: Text) -> list[NumberFact]:
    """List the named numbers of a text."""
    return [
        fact for number, line in text.walk() for fact in list_line_numbers(text.file, number, line)
    ]


def escape(key: str) -> str:
    """Return a key as part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _list_ranges(file: str, number: int, line: str) -> list[NumberFact]:
    found = RANGE.search(line[:4096])
    if found is None:
        return []
    facts = []
    for end in ("low", "high"):
        value = _read(found[end])
        if value is not None:
            name = normalize_name(found["name"])
            place = Place(file=file, line=number)
            quantum = printed_quantum(found[end])
            facts += [
                NumberFact(f"{name}_range", value, place, (), quantum),
                NumberFact("min" if end == "low" else "max", value, place, (name,), quantum),
            ]
    return facts


def _children(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, dict):
        return [(str(key), child) for key, child in node.items()]
    if isinstance(node, list):
        return [(str(at), child) for at, child in enumerate(node[:10_000])]
    return []


def _walk_json(file: str, node: Any, pointer: str, keys: tuple[str, ...]) -> Iterator[NumberFact]:
    if isinstance(node, bool):
        return
    if isinstance(node, int | float):
        named = [key for key in keys if not key.isdigit()]
        if named:
            place = Place(file=file, pointer=pointer)
            yield NumberFact(named[-1], node, place, tuple(named[:-1]))
        return
    if len(keys) > DEPTH:
        return
    if isinstance(node, dict) and {"value", "source"} <= node.keys():
        # A number of a record bears the name of its owner, or one of its own.
        name = node.get("name")
        own = (normalize_name(name),) if isinstance(name, str) else ()
        yield from _walk_json(file, node["value"], f"{pointer}/value", (*keys, *own))
        node = {key: child for key, child in node.items() if key != "value"}
    for key, child in _children(node):
        yield from _walk_json(file, child, f"{pointer}/{escape(key)}", (*keys, normalize_name(key)))


def _read(text: str) -> float | int | None:
    try:
        return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
    except ValueError:
        return None


def read_number(text: str) -> float | int | None:
    """Return the number that a cell holds; None where it holds none."""
    plain = text.strip()
    return _read(plain) if re.fullmatch(r"[-+]?[\d.]{1,40}(?:[eE][-+]?\d{1,4})?", plain) else None


def is_zero(fact: NumberFact) -> bool:
    """Tell whether a number is zero as far as its digits tell."""
    return fact.value == 0 or not math.isfinite(fact.value)
