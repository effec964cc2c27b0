"""How parityhub prints at a terminal, and where there is none."""

import re
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

COLORS = {
    "PASS": "green",
    "FAIL": "bold red",
    "INCONCLUSIVE": "yellow",
    "done": "green",
    "blocked": "bold red",
    "one-sided": "yellow",
    "deferred": "yellow",
    "pending": "dim",
    "compared": "green",
    "error": "bold red",
    "warning": "yellow",
    "note": "cyan",
    "file": "bold",
    "dim": "dim",
}


UNBROKEN = 10_000
"""columns where nobody reads at a terminal"""

SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, moves of the cursor
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links, whatever is for the terminal
    r"|\x1b[ -/]*[0-~]"
)
"""an escape sequence as ECMA-48 has it"""


def clean_text(text: str) -> str:
    """Return text of a log or a plan without what a terminal would follow instead of show."""
    return "".join(char for char in SEQUENCE.sub("", text) if char.isprintable())


def make_console(*, stderr: bool = False) -> Console:
    """Return a console that follows NO_COLOR and knows where there is no terminal.

    Brackets and colons of a name are shown as they are: neither markup nor emoji.
    """
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def print_lines(lines: Iterable[RenderableType]) -> None:
    """Print what a command has to say; no line is broken where nobody reads at a terminal."""
    console = make_console()
    if not console.is_terminal:
        console.width = UNBROKEN
    for line in lines:
        console.print(line, soft_wrap=not console.is_terminal)


def color_word(word: str | None) -> Text:
    """Return a verdict, state or status in its colour."""
    return Text(word or "–", style=COLORS.get(word or "", ""))


def make_table(*columns: str) -> Table:
    """Return an empty table in the house's style."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
