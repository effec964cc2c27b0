"""What is wrong with a plan: at which key, in which words, and what to do about it."""

import difflib
import json
import re
from collections.abc import Iterable
from typing import NamedTuple

KeyPath = tuple[str | int, ...]
"""The way to a value of the plan: keys of tables and places (from 0) in lists."""

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class Problem(NamedTuple):
    """One thing that is wrong with a plan."""

    path: KeyPath
    text: str
    hint: str


def format_key(path: KeyPath) -> str:
    """Return a path as a person writes it: `phase[2].runs[0].ladder`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += "." * bool(text) + (part if BARE_KEY.fullmatch(part) else json.dumps(part))
    return text or "plan"


def keep_to_line(text: str) -> str:
    """Return a text with what is not printable (line breaks, control codes) spelled out."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def suggest(name: str, known: Iterable[str]) -> str:
    """Return a hint for a name that does not exist: the nearest that does, or all."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(names)}" if names else "the plan has none"
