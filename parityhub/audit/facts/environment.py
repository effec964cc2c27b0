"""Environment captures: what the processes saw, as files of the hub have it."""

import re
from dataclasses import dataclass, field
from posixpath import basename
from typing import Any

from parityhub.audit.facts.logs import Text
from parityhub.audit.facts.numbers import decode_json, escape
from parityhub.hub.records import Place

CAPTURE = re.compile(r"(^|[/_.-])env(iron(ment)?)?([/_.-]|$)", re.IGNORECASE)
SETTING = re.compile(
    r"^(?:export\s|declare -x\s)?\s{0,8}(?P<name>[A-Za-z_]\w{0,100})=(?P<value>.{0,4096})$"
)


@dataclass(frozen=True)
class Capture:
    """One capture: its variables, each with its place."""

    file: str
    variables: dict[str, tuple[str, Place]]
    empty: bool
    """it holds nothing at all"""
    parts: "dict[str, Capture]" = field(default_factory=dict)
    """of a JSON document with an object for each side: those objects, by their keys"""


def is_capture(path: str) -> bool:
    """Tell by its name whether a file is an environment capture."""
    name = basename(path)
    if name.endswith(".env"):
        return True
    return CAPTURE.search(name.rpartition(".")[0] or name) is not None and name.endswith(
        (".txt", ".json", ".env", ".log")
    )


def read_capture(text: Text) -> Capture:
    """Read a capture: lines `NAME=value`, or JSON with such fields at any depth."""
    variables: dict[str, tuple[str, Place]] = {}
    parts: dict[str, Capture] = {}
    if text.file.endswith(".json"):
        document = decode_json(text)
        _walk(text.file, document, "", variables, 0)
        parts = _read_parts(text.file, document)
    else:
        for number, line in text.walk():
            if found := SETTING.match(line):
                place = Place(file=text.file, line=number)
                variables.setdefault(found["name"], (clean_value(found["value"]), place))
    empty = not text.data.strip() or text.data.strip() in {b"{}", b"[]", b"null"}
    return Capture(text.file, variables, empty, parts)


def _read_parts(file: str, document: Any) -> dict[str, Capture]:
    """Return a capture for each object right in a document of nothing else."""
    parts: dict[str, Capture] = {}
    whole = isinstance(document, dict) and all(isinstance(v, dict) for v in document.values())
    for key, child in document.items() if whole else ():
        variables: dict[str, tuple[str, Place]] = {}
        _walk(file, child, f"/{escape(str(key))}", variables, 1)
        parts[str(key)] = Capture(file, variables, not child)
    return parts


def clean_value(value: str) -> str:
    """Return a variable's value without the quotes that a shell takes off."""
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _walk(
    file: str, node: Any, pointer: str, variables: dict[str, tuple[str, Place]], depth: int
) -> None:
    if depth > 12:
        return
    if isinstance(node, list):
        for at, child in enumerate(node):
            _walk(file, child, f"{pointer}/{at}", variables, depth + 1)
    if not isinstance(node, dict):
        return
    for key, child in node.items():
        below = f"{pointer}/{escape(str(key))}"
        if isinstance(child, dict | list):
            _walk(file, child, below, variables, depth + 1)
        elif re.fullmatch(r"[A-Z][A-Z0-9_]{2,100}", str(key)) and child is not None:
            shown = child if isinstance(child, str) else str(child)
            variables.setdefault(str(key), (shown, Place(file=file, pointer=below)))
