"""What a run shows while it goes on: at a terminal, on a dumb one, in a CI's log, in a pipe."""

import io
import re
from collections.abc import Callable

import pytest
from rich.console import Console

from parityhub.run.moment import Moment
from parityhub.terminal.progress import Progress
from tests.conftest import Repository
from tests.terminal.tty import CTRL_C, Terminal

COLOR = re.compile(rb"\x1b\[(?:[0-9]*;)*(?:3|4|9|10)[0-7][;m]")
STANDS = "P side attempt 1, as is: train"


@pytest.fixture
def sleepy(make_repository: Callable[[str], Repository]) -> Repository:
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    return repository


def test_a_terminal_shows_the_parts_of_the_run_and_how_each_ended(sleepy: Repository) -> None:
    terminal = Terminal(sleepy.root, "run-phase", "P")
    assert terminal.wait() == 0
    shown = [" ".join(re.sub(r"\d+ s$", "N s", line).split()) for line in terminal.lines]
    assert shown[:4] == [
        "P the phase PASS N s",
        "side passed N s",
        "as-is attempt 1, as is passed N s",
        "check alive output is finite and not constant PASS N s",
    ]
    assert shown[4] == "PASS P (done): 1 of 1 checks pass"
    assert COLOR.search(terminal.told)
    assert not terminal.screen.cursor.hidden


def test_ctrl_c_leaves_a_clean_screen(make_repository: Callable[[str], Repository]) -> None:
    """What ran stands there as stopped, the cursor is back, and no line is half."""
    terminal = Terminal(make_repository("sleepy").root, "run-phase", "P")
    terminal.wait_for(lambda: "waiting" in terminal.lines)  # the last line of its log
    assert terminal.screen.cursor.hidden
    assert any(line.startswith("P side attempt 1, as is: infer") for line in terminal.lines)
    terminal.type(CTRL_C)
    assert terminal.wait() == 130
    shown = [" ".join(line.split()) for line in terminal.lines]
    assert re.fullmatch(r"infer stopped \d+ s", shown[4]), shown
    assert shown[5:] == [
        "check alive output is finite and not constant waiting",
        "parityhub: stopped; every child has ended, the hub is whole",
        "hint: go on with --resume",
    ]
    screen = terminal.screen
    assert (screen.cursor.hidden, screen.cursor.x) == (False, 0)
    assert "^C" not in "\n".join(screen.display)


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"CI": "true"}])
def test_where_nothing_can_be_redrawn_there_are_plain_lines(
    sleepy: Repository, env: dict[str, str]
) -> None:
    terminal = Terminal(sleepy.root, "run-phase", "P", **env)
    assert terminal.wait() == 0
    assert STANDS in terminal.lines
    assert any(line.startswith("P side as-is: passed after ") for line in terminal.lines)
    # Colours are all right; going up, erasing and hiding the cursor are not.
    assert not re.search(rb"\x1b\[[0-9;?]*[A-Za-ln-z]", terminal.told)


@pytest.mark.parametrize("env", [{}, {"FORCE_COLOR": "1"}])
def test_a_pipe_gets_plain_lines(sleepy: Repository, env: dict[str, str]) -> None:
    told = sleepy.call("run-phase", "P", env={"CI": "", **env})
    assert told.err.splitlines()[0] == STANDS
    assert "\x1b" not in told.err


def test_no_color_is_honoured(sleepy: Repository) -> None:
    terminal = Terminal(sleepy.root, "run-phase", "P", NO_COLOR="1")
    assert terminal.wait() == 0
    assert "passed" in "\n".join(terminal.lines)
    assert not COLOR.search(terminal.told)


def test_how_long_it_took_before_is_told_where_that_is_known(sleepy: Repository) -> None:
    first = sleepy.call("run-phase", "P")
    assert "before" not in first.err
    again = sleepy.call("run-phase", "P", "--new-hub")
    assert re.search(r"^P side as-is train: took \d+ s before$", again.err, re.MULTILINE)
    terminal = Terminal(sleepy.root, "run-phase", "P", "--new-hub")
    assert terminal.wait() == 0
    assert re.search(r"^P +the phase +PASS +\d+ s, before \d+ s$", terminal.lines[0])


def test_quiet_says_nothing(sleepy: Repository) -> None:
    terminal = Terminal(sleepy.root, "run-phase", "P", "--quiet")
    assert terminal.wait() == 0
    assert terminal.lines[0] == "PASS P (done): 1 of 1 checks pass"


NEXT = """
[[phase]]
id = "N"
title = "the next"
folder = "n"
requires = ["P"]

[[phase.runs]]
baseline = "side"

[[phase.checks]]
id = "alive"
kind = "alive"
title = "output is finite and not constant"
of = ["side"]
sections = ["patch_amplitude"]
"""


def test_phases_that_are_required_are_shown_before_the_one_that_was_asked_for(
    sleepy: Repository,
) -> None:
    plan = sleepy.root / "plans" / "sleepy" / "plan.toml"
    plan.write_text(plan.read_text("utf-8") + NEXT, encoding="utf-8")
    terminal = Terminal(sleepy.root, "run-phase", "N", "--with-required")
    assert terminal.wait() == 0
    shown = [" ".join(re.sub(r" +\d+ s$", "", line).split()) for line in terminal.lines]
    assert shown[:3] == ["P the phase PASS", "N the next PASS", "side passed"]
    told = sleepy.call("run-phase", "N", "--with-required", env={"CI": "1"})
    assert told.err.splitlines()[0] == "N side attempt 2, as is: train"  # P ran in this hub


def make_plain(*, quiet: bool = False) -> tuple[Progress, io.StringIO]:
    out = io.StringIO()
    return Progress(Console(file=out, width=40), quiet=quiet, env={}), out


def test_a_plain_line_is_neither_broken_nor_followed() -> None:
    progress, out = make_plain()
    progress.tell("\x1b[31mdata set \x1b]0;mine\x07" + "x" * 60)
    assert out.getvalue() == "data set " + "x" * 60 + "\n"


def test_plain_lines_tell_of_attempts_that_end_and_of_little_else() -> None:
    progress, out = make_plain()
    with progress.show():
        progress.mark(Moment(part=("P",), status="waiting", expected=3.0))
        progress.mark(Moment(part=("P", "run:a"), status="running"))
        progress.mark(Moment(part=("P", "run:a", "less"), status="waiting"))
        progress.mark(Moment(part=("P", "run:a", "less", "fit"), status="running", expected=65.0))
        progress.tick(3.0, "loss 1")
        progress.mark(Moment(part=("P", "run:a", "less", "fit"), status="failed", seconds=2.0))
        progress.mark(Moment(part=("P", "run:a", "less"), status="failed", seconds=61.0))
        progress.mark(Moment(part=("P", "check:c"), status="FAIL"))
    assert out.getvalue().splitlines() == [
        "P a less fit: took 1 min 05 s before",
        "P a less: failed after 1 min 01 s",
    ]


def test_quiet_keeps_plain_lines_to_itself() -> None:
    progress, out = make_plain(quiet=True)
    with progress.show():
        progress.tell("begins")
        progress.mark(Moment(part=("P", "run:a", "less"), status="failed", seconds=61.0))
    assert out.getvalue() == ""
