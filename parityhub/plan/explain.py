"""What msgspec says of a document, in the words of a person, with its key."""

import json
import re
from collections.abc import Callable
from typing import Any

from parityhub.plan.part import PLAIN_ID
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.shape import find_shape, find_value, list_choices, list_keys, name_keys

MESSAGE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<place>[^`\s]*)`)?", re.DOTALL)
PLACE = re.compile(r"\.(?P<key>\w+)|\[(?P<index>\d+)\]|(?P<open>\[\.\.\.\])")
WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a date and time",
    "date": "a date",
    "time": "a time",
}
FORMAT_HINT = "docs/reference/plan.schema.json says what stands where"

Explain = Callable[[Any, KeyPath, re.Match[str]], Problem]


def explain_refusal(document: Any, message: str) -> Problem:
    """Turn the message of a msgspec.ValidationError into a problem.

    Args:
        document: what was refused, as plain values.
        message: what msgspec said of it.
    """
    match = MESSAGE.fullmatch(message)
    assert match is not None  # the pattern takes any text
    path = name_keys(document, _read_place(match["place"] or ""), message)
    for pattern, explain in EXPLANATIONS:
        if found := pattern.fullmatch(match["what"]):
            return explain(document, path, found)
    return Problem(path, " ".join(match["what"].split()), FORMAT_HINT)


def _read_place(place: str) -> list[str | int | None]:
    return [
        int(match["index"]) if match["index"] else match["key"] for match in PLACE.finditer(place)
    ]


def _explain_missing(document: Any, path: KeyPath, found: re.Match[str]) -> Problem:
    shape = find_shape(document, path)
    needed = list_keys(shape, required_only=True)
    hint = f"required here: {', '.join(needed)}" if needed else suggest("", list_choices(shape))
    return Problem((*path, found[1]), "missing", hint)


def _explain_unknown(document: Any, path: KeyPath, found: re.Match[str]) -> Problem:
    known = list_keys(find_shape(document, path))
    return Problem((*path, found[1]), "unknown key", suggest(found[1], known))


def _explain_pattern(document: Any, path: KeyPath, found: re.Match[str]) -> Problem:
    value = find_value(document, path)
    if found[1] == repr(PLAIN_ID):
        hint = "letters, digits, '.', '_' and '-', the first a letter or digit"
        return Problem(path, f"{value!r} is not a plain id", hint)
    return _explain_empty(document, path, found)


def _explain_empty(document: Any, path: KeyPath, found: re.Match[str]) -> Problem:
    return Problem(path, "empty", "write it out: reports show this text")


def _explain_type(document: Any, path: KeyPath, found: re.Match[str]) -> Problem:
    names = [name for name in found[1].split(" | ") if name != "null"]
    *others, last = [WORDS.get(name, name) for name in names]
    wanted = f"{', '.join(others)} or {last}" if others else last
    got = WORDS.get(found[2], found[2])
    hint = FORMAT_HINT
    if "str" in names and found[2] in ("int", "float", "bool"):
        hint = f'put it in quotes: "{json.dumps(find_value(document, path))}"'
    elif found[1] == "array":
        hint = "put it in brackets: [...]"
    return Problem(path, f"expected {wanted}, got {got}", hint)


def _explain_bound(document: Any, path: KeyPath, found: re.Match[str]) -> Problem:
    value = find_value(document, path)
    return Problem(path, f"{value!r} is not {found[1]} {float(found[2]):g}", FORMAT_HINT)


def _explain_choice(document: Any, path: KeyPath, found: re.Match[str]) -> Problem:
    value = find_value(document, path)
    choices = list_choices(find_shape(document, path) or find_shape(document, path[:-1]))
    return Problem(path, f"{value!r} is none of the choices", suggest(str(value), choices))


EXPLANATIONS: tuple[tuple[re.Pattern[str], Explain], ...] = (
    (re.compile(r"Object missing required field `(.*)`", re.DOTALL), _explain_missing),
    (re.compile(r"Object contains unknown field `(.*)`", re.DOTALL), _explain_unknown),
    (re.compile(r"Expected `str` matching regex (.*)"), _explain_pattern),
    (re.compile(r"Expected `str` of length >= (1)"), _explain_empty),
    (re.compile(r"Expected `(.+)`, got `(.+)`"), _explain_type),
    (re.compile(r"Expected `\w+` (<=?|>=?) (.+)"), _explain_bound),
    (re.compile(r"Invalid (?:enum )?value (.*)", re.DOTALL), _explain_choice),
)
