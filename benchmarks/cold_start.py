"""How long `parityhub --help` takes, against `python -c "import click"`. Aim: at most twice."""

import argparse
import os
import sys
from pathlib import Path
from statistics import median

from benchmarks.timing import describe_seconds, take_turns, time_command

AIM = 2.0


def time_start(argv: list[str]) -> float:
    """Return the seconds that a command takes that must succeed."""
    seconds, code = time_command(argv, log=Path(os.devnull))
    if code != 0:
        raise SystemExit(f"{' '.join(argv)}: exit code {code}")
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    program = [str(Path(sys.executable).with_name("parityhub")), "--help"]
    yardstick = [sys.executable, "-c", "import click"]
    # The first start of each also reads files from disk and writes byte code.
    time_start(program)
    time_start(yardstick)
    seconds = take_turns(
        {
            "parityhub --help": lambda: time_start(program),
            "import click": lambda: time_start(yardstick),
        },
        rounds,
    )
    for name, taken in seconds.items():
        print(describe_seconds(name, taken))
    ratio = median(seconds["parityhub --help"]) / median(seconds["import click"])
    print(f"ratio of medians {ratio:.2f}, aim at most {AIM:g}, {rounds} rounds")


if __name__ == "__main__":
    main()
