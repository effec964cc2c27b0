"""Text files that a program wrote: logs and environments, told from reports by their first lines.

A hub kept by hand calls its logs `console.txt` as well as `train.log`.
"""

import os
import re
from pathlib import Path
from typing import Literal

HEAD = 8192
"""bytes that are looked at"""
MOST_LINES = 60
STAMPED = re.compile(
    r"^\s{0,4}(?:\[[\w .-]{1,40}\]\s{0,4})?[\[(]?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d"
    r"|\d\d:\d\d:\d\d\b|[IWEF]\d{4} \d\d:\d\d:\d\d)"
)
LEVELLED = re.compile(r"^\s{0,4}\[?(?:INFO|DEBUG|WARN(?:ING)?|ERROR|TRACE|CRITICAL)\b")
SETTING = re.compile(
    r"^(?:export\s|declare -x\s)?\s{0,8}(?:FLAGS_\w{1,100}|[A-Z][A-Z0-9_]{1,100})="
)
SESSION = re.compile(
    r"^(?:=+ test session starts =+|test_\w{1,200} \([\w.]{1,200}\)\s?\.\.\. |Ran \d+ tests? in "
    r"|running \d+ tests?$|TAP version \d+|1\.\.\d+$|\[=+\] Running \d+ tests?)"
)
SHARE = 0.6

Output = Literal["log", "environment"]


def read_head(path: Path) -> str:
    """Return the first bytes of a plain file as text; empty where it can't be read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as stream:
            return stream.read(HEAD).decode("utf-8", errors="replace")
    except (OSError, ValueError):
        return ""


def classify_head(head: str) -> Output | None:
    """Tell by its first lines what program's output a text is; None: a report."""
    lines = [line[:256] for line in head.splitlines() if line.strip()][:MOST_LINES]
    if not lines:
        return None
    if any(SESSION.match(line) for line in lines):
        return "log"
    if all(SETTING.match(line) for line in lines):
        return "environment"
    stamped = sum(bool(STAMPED.match(line) or LEVELLED.match(line)) for line in lines)
    return "log" if stamped >= max(2, SHARE * len(lines)) else None
