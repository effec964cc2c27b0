"""The live view of a run: its parts, how long each takes, and the last line of the log."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from parityhub.run.moment import RUNNING, WAITING, Moment
from parityhub.terminal.console import clean_text, color_word
from parityhub.terminal.parts import Part, Parts, fit_parts

FRAMES_A_SECOND = 4
BELOW = 3
"""lines under the parts: what is done now, the last line of the log, and one that stays free"""


class LiveView:
    """Draws a run where somebody looks on."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self.clock = clock
        self.parts = Parts(clock)
        self.now, self.since, self.last_line = "", clock(), ""
        self.ended = False
        # The drawing thread reads what the run writes.
        self.lock = threading.RLock()

    @contextmanager
    def show(self) -> Iterator[None]:
        """Draw until the block ends; what then runs was stopped, and the last picture stays."""
        with Live(self, console=self.console, refresh_per_second=FRAMES_A_SECOND):
            try:
                yield
            finally:
                with self.lock:
                    self.parts.stop()
                    self.ended = True

    def tell(self, what: str) -> None:
        """Say what begins now."""
        with self.lock:
            self.now, self.since, self.last_line = clean_text(what), self.clock(), ""

    def tick(self, seconds: float, last_line: str) -> None:
        """Say how long a command has been going on, and the last line of its log."""
        with self.lock:
            self.since, self.last_line = self.clock() - seconds, clean_text(last_line)

    def mark(self, moment: Moment) -> None:
        """Take in what is told of a part."""
        with self.lock:
            self.parts.take(moment)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the view as it stands."""
        with self.lock:
            below = 0 if self.ended else BELOW
            room = max(1, options.size.height - below)
            shown, left = fit_parts(list(self.parts.list_shown(ended=self.ended)), room)
            if shown:
                yield draw_parts(shown, self.clock())
            if left:
                yield draw_line(f"… {left} more", "dim")
            if self.now and not self.ended:
                yield draw_line(f"{self.now}  {self.clock() - self.since:.0f} s", "")
                yield draw_line(self.last_line, "dim")


def draw_line(text: str, style: str) -> Text:
    """Return a line that is cut where the terminal ends."""
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


def draw_parts(parts: list[Part], now: float) -> Table:
    """Draw parts below each other, each with its status and its time."""
    table = Table.grid(padding=(0, 2))
    # Of the columns that may not wrap rich takes room only where no other has any: the names, each
    # of which is a line that is cut.
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    for part in parts:
        status = color_word(part.status)
        if part.status in (WAITING, RUNNING):
            status = Text(part.status, style="dim" if part.status == WAITING else "cyan")
        time_told = Text(tell_time(part, now), style="dim" if part.status == WAITING else "")
        table.add_row(draw_name(part), status, time_told)
    return table


def draw_name(part: Part) -> Text:
    """Return a part's name, indented by what it is a part of."""
    depth = len(part.place) - 1
    name = clean_text(part.place[-1]).removeprefix("run:").replace("check:", "check ")
    line = draw_line("  " * depth, "")
    line.append(name, style="bold" if depth == 0 else "")
    if part.title:
        line.append(f"  {part.title}", style="dim")
    return line


def tell_time(part: Part, now: float) -> str:
    """Say how long a part took or has taken, and how long it took before where that is known."""
    before = "" if part.expected is None else format_seconds(part.expected)
    if part.status == WAITING:
        return f"about {before}" if before else ""
    if part.seconds is None and part.since is None:
        return ""
    took = now - (part.since or now) if part.seconds is None else part.seconds
    told = format_seconds(took)
    if not before:
        return told
    return f"{told} of about {before}" if part.status == RUNNING else f"{told}, before {before}"


def format_seconds(seconds: float) -> str:
    """Return a time as people say it: `8 s`, `2 min 05 s`, `1 h 02 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min"
