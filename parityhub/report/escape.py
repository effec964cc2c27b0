"""Text that comes from logs or data is shown, never active: not in Markdown, not in a terminal."""

import json
import re
from collections.abc import Sequence
from urllib.parse import quote

ACTIVE = re.compile(r"[\\`*\[\]|~$@]")
ENTITY = re.compile(r"&(?=[#\w])")
UNDERSCORES = re.compile(r"_+")
AUTOLINK = re.compile(r"\b(?:(https?|ftp)(:)(?=//)|(www)(\.))", re.IGNORECASE)
BLOCK_START = re.compile(r"^(\s*)(?:(\d{1,9})([.)](?=\s|$))|([#>=]|[-+](?=\s|$)|-(?=-*\s*$)))")
BACKTICKS = re.compile(r"`+")


def show_controls(text: str, keep: str = "") -> str:
    r"""Show what does not print (controls, escape codes, bidi overrides) as `\x1b`, `\u202e`.

    Args:
        text: any text, lone surrogates included.
        keep: characters that stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in keep else char.encode("unicode_escape").decode()
        for char in text
    )


def escape_toml(text: str) -> str:
    """Escape text for the inside of a TOML basic string."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def escape_markdown(text: str) -> str:
    """Escape text for one line of Markdown, table cells included."""
    text = ACTIVE.sub(r"\\\g<0>", text)
    text = ENTITY.sub("&amp;", text).replace("<", "&lt;")
    text = UNDERSCORES.sub(_escape_underscores, text)
    text = AUTOLINK.sub(r"\1\3\\\2\4", text)
    text = BLOCK_START.sub(r"\1\2\\\3\4", text)
    return show_controls(text)


def _escape_underscores(match: re.Match[str]) -> str:
    """Leave `var_zero_mean` readable: between letters or digits an underscore does nothing."""
    text, (start, end) = match.string, match.span()
    inside = text[start - 1 : start].isalnum() and text[end : end + 1].isalnum()
    return match.group() if inside else r"\_" * (end - start)


def quote_code(text: str) -> str:
    """Make a code span; text with a pipe is escaped instead, as tables split code spans too."""
    if "|" in text or not text.strip():
        return escape_markdown(text)
    fence = "`" * (_longest_backticks(text) + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{show_controls(text)}{space}{fence}"


def fence_lines(lines: Sequence[str], language: str = "text") -> str:
    """Make a code fence that no line within can close."""
    fence = "`" * max(3, *(_longest_backticks(line) + 1 for line in lines), 3)
    body = [show_controls(line, keep="\t") for line in lines]
    return "\n".join([f"{fence}{language}", *body, fence])


def _longest_backticks(text: str) -> int:
    return max(map(len, BACKTICKS.findall(text)), default=0)


def quote_target(path: str, fragment: str = "") -> str:
    """Quote a relative path as a link target; no character of it can end the link or start a URL.

    A leading `//` would name another host, so a path is never left absolute.
    """
    quoted = quote(path.lstrip("/"), safe="/", errors="backslashreplace")
    return f"{quoted}#{quote(fragment, safe='')}" if fragment else quoted
