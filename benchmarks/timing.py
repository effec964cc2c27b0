"""Commands timed from outside, in turns."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median


def time_command(
    argv: Sequence[str], *, log: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> tuple[float, int]:
    """Run a command to its end.

    Args:
        argv: the command.
        log: where its whole output goes.
        cwd: its working directory.
        env: its environment.

    Returns:
        seconds from the start to the end, and the exit code.
    """
    with log.open("wb") as stream:
        started = time.perf_counter()
        done = subprocess.run(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            check=False,
        )
        return time.perf_counter() - started, done.returncode


def take_turns(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Take each measure once a round, in an order that turns, so that drift falls on all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        names = list(measures) if number % 2 == 0 else list(measures)[::-1]
        for name in names:
            seconds[name].append(measures[name]())
    return seconds


def describe_seconds(name: str, seconds: Sequence[float]) -> str:
    """Return a line: median, least and most."""
    low, high = min(seconds), max(seconds)
    return f"{name:<24} median {median(seconds):8.3f} s  ({low:.3f} to {high:.3f})"
