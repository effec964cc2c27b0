"""What capturing in a training script costs, as shares of a training step. Aim: at most 2 %.

A training of PyTorch in a child: an epoch of steps without a recorder, with one that is off, and
with one that records the first batches. All in one process, in turns; the order turns too.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

AIM = 0.02
PROGRAM = Path(__file__).with_name("capture_program.py")


def main() -> None:
    """Read the command line and run the child, whose lines are the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--limit", type=int, default=2)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        words = [str(given.rounds), str(given.steps), str(given.limit), folder]
        subprocess.run([sys.executable, str(PROGRAM), *words], check=True)
    print(f"aim: at most {AIM:.0%} of a step, over an epoch")


if __name__ == "__main__":
    main()
