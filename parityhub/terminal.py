"""What a run looks like while it goes on: a live line on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
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
}


class Progress:
    """Tells what runs now. `tell` and `tick` are what a run calls.

    On a terminal there is one live line with the seconds gone by and the last line of the log;
    elsewhere each step is a line of its own.
    """

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self.console = console
        self.quiet = quiet
        self.what = ""
        self.status: Status | None = None

    @contextmanager
    def show(self) -> Iterator["Progress"]:
        """Show progress until the block ends, and leave a clean screen however it ends."""
        if self.quiet or not self.console.is_terminal:
            yield self
            return
        with self.console.status("", spinner="dots") as self.status:
            yield self

    def tell(self, what: str) -> None:
        """Say what begins now."""
        self.what = what
        if self.quiet:
            return
        self.console.print(Text(what), highlight=False)
        if self.status is not None:
            self.status.update(Text(what))

    def tick(self, seconds: float, last_line: str) -> None:
        """Say how long it has been going on, and the last line of its log."""
        if self.status is None:
            return
        line = Text(f"{self.what}  {seconds:.0f} s  ")
        # Escape codes of a log are not for this terminal to follow.
        line.append("".join(c for c in last_line if c.isprintable()), style="dim")
        line.truncate(max(20, self.console.width - 4), overflow="ellipsis")
        self.status.update(line)


def color_word(word: str | None) -> Text:
    """Return a verdict, state or status in its colour."""
    return Text(word or "–", style=COLORS.get(word or "", ""))


def make_table(*columns: str) -> Table:
    """Return an empty table in the house's style."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
