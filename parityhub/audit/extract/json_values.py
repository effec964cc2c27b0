"""Values of a JSON report, each with its place: read by tokens, so that lines are known."""

import re

from parityhub.audit.extract.passages import Passage

TOKEN = re.compile(
    r"(?P<string>\"(?:[^\"\\\n]|\\.){0,65536}\")|(?P<sign>[{}\[\],:])"
    r"|(?P<word>-?(?:\d{1,400}(?:\.\d{1,400})?(?:[eE][-+]?\d{1,6})?|Infinity|NaN)|true|false|null)"
    r"|(?P<space>[ \t\n]{1,65536})"
)
DEEPEST = 200


class _Walk:
    """Where in the document a token stands."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.places: list[int] = []
        """of the open containers: the index in an array, -1 in an object"""
        self.key = ""
        self.groups: list[int] = []
        self.opened = 0


def read_json(text: str) -> list[Passage] | None:
    """Each scalar as a passage: `column` is its key, `row` the keys above it, joined by dots.

    Args:
        text: the document, its lines ended by line feeds.

    Returns:
        Nothing where it isn't JSON or is nested deeper than `DEEPEST`.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return None
    passages: list[Passage] = []
    walk = _Walk()
    line, begin, at = 1, 0, 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            return None
        at = match.end()
        if match.lastgroup == "space":
            breaks = match[0].count("\n")
            if breaks:
                line += breaks
                begin = match.start() + match[0].rfind("\n") + 1
        elif match.lastgroup == "sign":
            if not _follow(walk, match[0]):
                return None
        elif match.lastgroup == "string" and _is_key(text, at):
            walk.key = match[0][1:-1]
        else:
            passages.append(_make(walk, match, line, match.start() - begin + 1))
    return None if walk.places else passages


def _is_key(text: str, at: int) -> bool:
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return text[at : at + 1] == ":"


def _follow(walk: _Walk, sign: str) -> bool:
    """Go in, out or on; false where that can't be, or goes too deep."""
    if sign in "{[":
        if len(walk.places) >= DEEPEST:
            return False
        walk.keys.append(walk.key)
        walk.opened += 1
        walk.groups.append(walk.opened)
        walk.places.append(-1 if sign == "{" else 0)
        walk.key = "" if sign == "{" else "0"
    elif sign in "}]":
        if not walk.places:
            return False
        walk.places.pop()
        walk.groups.pop()
        walk.key = walk.keys.pop()
    elif sign == "," and walk.places and walk.places[-1] >= 0:
        walk.places[-1] += 1
        walk.key = str(walk.places[-1])
    return True


def _make(walk: _Walk, match: "re.Match[str]", line: int, column: int) -> Passage:
    string = match.lastgroup == "string"
    text = match[0][1:-1] if string else match[0]
    passage = Passage(text, [(0, line, column + string)], "value")
    passage.group = walk.groups[-1] if walk.groups else 0
    passage.column = walk.key
    passage.row = ".".join(key for key in walk.keys if key)
    passage.corner = next((key for key in reversed(walk.keys) if key and not key.isdigit()), "")
    return passage
