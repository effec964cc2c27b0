"""On which line of a TOML text each key stands: `tomllib` gives values without places."""

import bisect
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from parityhub.plan.problem import KeyPath

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
BRACKETS = re.compile(r"(\[\[?)[ \t]*")
PART = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
KEY = re.compile(rf"{PART}(?:[ \t]*\.[ \t]*{PART})*")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
SCALAR = re.compile(r"[^,\]}#\n]+")


def locate_keys(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of each key, table and list item.

    Args:
        text: TOML that `tomllib` has accepted; of anything else the result means nothing.
    """
    scanner = _Scanner(text)
    scanner.scan_document()
    return scanner.lines


def find_line(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key; of one that is not there, the line of what encloses it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scanner:
    """Reads a document once, from left to right, and notes where keys begin."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._text = text
        self._at = 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._counts: dict[KeyPath, int] = {}

    def scan_document(self) -> None:
        table: KeyPath = ()
        self._skip(BLANK)
        while self._at < len(self._text):
            if self._peek() == "[":
                table = self._scan_header()
            else:
                self._scan_pair(table)
            self._skip(BLANK)

    def _scan_header(self) -> KeyPath:
        """Scan `[table]` or `[[list]]`; return the path that the pairs after it belong to."""
        line = self._line()
        is_item = self._skip(BRACKETS).startswith("[[")
        names = self._scan_key()
        path: KeyPath = ()
        for place, name in enumerate(names, 1):
            path = (*path, name)
            self.lines.setdefault(path, line)
            if is_item and place == len(names):
                self._counts[path] = self._counts.get(path, 0) + 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
                self.lines.setdefault(path, line)
        self._skip(re.compile(r"[ \t]*\]+"))
        return path

    def _scan_pair(self, table: KeyPath) -> None:
        line = self._line()
        path = table
        for name in self._scan_key():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._skip(re.compile(r"[ \t]*=[ \t]*"))
        self._scan_value(path)

    def _scan_value(self, path: KeyPath) -> None:
        first = self._peek()
        if first == "[":
            self._scan_list(path)
        elif first == "{":
            self._scan_inline_table(path)
        else:
            self._skip(STRING if first in "\"'" else SCALAR)

    def _scan_list(self, path: KeyPath) -> None:
        self._at += 1
        place = 0
        self._skip(BLANK)
        while self._peek() != "]":
            item = (*path, place)
            self.lines[item] = self._line()
            self._scan_value(item)
            self._skip(BLANK)
            self._skip(re.compile(","))
            self._skip(BLANK)
            place += 1
        self._at += 1

    def _scan_inline_table(self, path: KeyPath) -> None:
        self._at += 1
        self._skip(BLANK)
        while self._peek() != "}":
            self._scan_pair(path)
            self._skip(BLANK)
            self._skip(re.compile(","))
            self._skip(BLANK)
        self._at += 1

    def _scan_key(self) -> tuple[str, ...]:
        """Scan a key, dotted or not. tomllib itself reads its quotes and escapes."""
        table: Any = tomllib.loads(f"{self._skip(KEY)} = 0")
        names = []
        while isinstance(table, dict):
            ((name, table),) = table.items()
            names.append(name)
        return tuple(names)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0]

    def _peek(self) -> str:
        return self._text[self._at]

    def _line(self) -> int:
        return bisect.bisect_left(self._ends, self._at) + 1
