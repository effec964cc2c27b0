"""A side as a program: its options, its errors, and what it is asked to do."""

import sys
from collections.abc import Sequence

from parityhub.baselines.commands import report_errors
from parityhub.baselines.infer import infer
from parityhub.baselines.options import TrainOptions, parse_options
from parityhub.baselines.side import Program
from parityhub.baselines.train import train


def run_program(program: Program, argv: Sequence[str] | None = None) -> None:
    """Run a side and leave the process: 0 if all was done, 2 and one line if the input was bad.

    Options and data are read before the framework is imported, so bad input ends at once.
    """
    with report_errors():
        options = parse_options(f"python -m {program.name}", argv)
        if isinstance(options, TrainOptions):
            train(program, options)
        else:
            infer(program, options)
    sys.exit(0)
