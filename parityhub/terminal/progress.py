"""What runs now, told as the place allows: a view that is redrawn, or plain lines."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from parityhub.run.moment import RUNNING, WAITING, Moment
from parityhub.terminal.console import clean_text
from parityhub.terminal.live import LiveView, format_seconds


class Progress:
    """Tells what runs now. `tell`, `tick` and `mark` are what a run calls.

    Where somebody looks on there is a live view; on a dumb terminal, in the log of a CI and in a
    pipe each thing that begins, and each attempt that ends, is a line of its own.
    """

    def __init__(
        self, console: Console, *, quiet: bool, env: Mapping[str, str] = os.environ
    ) -> None:
        self.console = console
        self.quiet = quiet
        self.view = LiveView(console) if not quiet and can_redraw(console, env) else None

    @contextmanager
    def show(self) -> Iterator["Progress"]:
        """Show progress until the block ends, and leave a clean screen however it ends."""
        if self.view is None:
            yield self
            return
        with self.view.show():
            yield self

    def tell(self, what: str) -> None:
        """Say what begins now."""
        if self.view is not None:
            self.view.tell(what)
        else:
            self.print_line(what)

    def tick(self, seconds: float, last_line: str) -> None:
        """Say how long it has been going on, and the last line of its log."""
        if self.view is not None:
            self.view.tick(seconds, last_line)

    def mark(self, moment: Moment) -> None:
        """Take in that a part of a run begins or has ended."""
        if self.view is not None:
            self.view.mark(moment)
            return
        told = tell_moment(moment)
        if told:
            self.print_line(told)

    def print_line(self, line: str) -> None:
        """Print a line, unbroken."""
        if not self.quiet:
            self.console.print(Text(clean_text(line)), soft_wrap=True)


def can_redraw(console: Console, env: Mapping[str, str]) -> bool:
    """Say whether what is printed can be drawn over, and somebody sees it.

    FORCE_COLOR makes rich take a pipe for a terminal: the file itself is asked. A CI may give its
    jobs a terminal, but what it keeps is a log.
    """
    return console.is_interactive and console.file.isatty() and not env.get("CI")


def tell_moment(moment: Moment) -> str | None:
    """Say in a line what `tell` does not: how an attempt ended, how long a step may take."""
    phase, *rest = moment.part
    names = " ".join(name.removeprefix("run:") for name in (phase, *rest))
    if moment.status == RUNNING and moment.expected is not None:
        return f"{names}: took {format_seconds(moment.expected)} before"
    if len(moment.part) == 3 and moment.status not in (WAITING, RUNNING):
        return f"{names}: {moment.status} after {format_seconds(moment.seconds or 0.0)}"
    return None
