"""The live view: what it draws of a run at one moment."""

import io

import pytest
from rich.console import Console

from parityhub.run.moment import Moment
from parityhub.terminal.live import LiveView, format_seconds


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make_view(clock: Clock, *, width: int = 80, height: int = 24) -> LiveView:
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=False)
    return LiveView(console, clock)


def draw(view: LiveView) -> list[str]:
    with view.console.capture() as captured:
        view.console.print(view)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_what_runs_has_its_time_and_what_it_took_before(clock: Clock) -> None:
    view = make_view(clock)
    view.mark(Moment(part=("A",), status="waiting", title="first"))
    view.mark(Moment(part=("B",), status="waiting", title="second", expected=130.0))
    view.mark(Moment(part=("A",), status="running"))
    view.mark(Moment(part=("A", "run:tf"), status="running"))
    view.mark(Moment(part=("A", "run:tf", "slow"), status="running", title="attempt 1, one thread"))
    view.mark(Moment(part=("A", "run:tf", "slow", "fit"), status="running", expected=64.0))
    view.tell("A tf attempt 1: fit")
    clock.now = 105.0
    view.tick(5.0, "loss 0.25")
    assert [" ".join(line.split()) for line in draw(view)] == [
        "A first running 5 s",
        "tf running 5 s",
        "slow attempt 1, one thread running 5 s",
        "fit running 5 s of about 1 min 04 s",
        "B second waiting about 2 min 10 s",
        "A tf attempt 1: fit 5 s",
        "loss 0.25",
    ]


def test_a_log_does_not_steer_the_terminal(clock: Clock) -> None:
    """Colours, titles, links, moves of the cursor and turned writing are left out."""
    view = make_view(clock)
    view.tell("fit")
    hostile = (
        "\x1b[2J\x1b[1;31mloss\x1b[0m \x1b]0;title\x07\x1b]8;;http://x\x1b\\3\x1bc \u202eevil\x9b1A"
    )
    view.tick(1.0, hostile)
    assert draw(view) == ["fit  1 s", "loss 3 evil1A"]


def test_brackets_and_colons_are_shown_as_they_are(clock: Clock) -> None:
    view = make_view(clock)
    view.mark(Moment(part=("A",), status="running", title="[red]x[/] :warning:"))
    view.tell("[bold]fit")
    view.tick(0.0, "[/]")
    assert draw(view)[0].startswith("A  [red]x[/] :warning:")
    assert draw(view)[1:] == ["[bold]fit  0 s", "[/]"]


def test_each_line_fits_the_terminal(clock: Clock) -> None:
    """A line that were broken would be counted wrongly, and the picture would climb."""
    view = make_view(clock, width=40)
    view.mark(Moment(part=("A",), status="running", title="t" * 90))
    view.tell("w" * 90)
    view.tick(1.0, "l" * 90)
    lines = draw(view)
    assert len(lines) == 3
    assert all(len(line) <= 40 for line in lines)
    assert lines[0].endswith("running  0 s")


def test_a_low_terminal_keeps_what_runs(clock: Clock) -> None:
    view = make_view(clock, height=8)
    view.mark(Moment(part=("A",), status="running"))
    for name in "abcdefgh":
        view.mark(Moment(part=("A", f"check:{name}"), status="PASS"))
    view.mark(Moment(part=("A", "check:slow"), status="running"))
    view.tell("judging")
    lines = [" ".join(line.split()) for line in draw(view)]
    assert lines == [
        "A running 0 s",
        "check g PASS",
        "check h PASS",
        "check slow running 0 s",
        "… 6 more",
        "judging 0 s",
        "",
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.4, "0 s"),
        (59.6, "1 min 00 s"),
        (3599.6, "1 h 00 min"),
        (7380, "2 h 03 min"),
    ],
)
def test_times_are_told_as_people_say_them(seconds: float, told: str) -> None:
    assert format_seconds(seconds) == told
