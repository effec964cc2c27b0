"""The options of both sides, defined once."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from parityhub.baselines.commands import (
    CommandParser,
    parse_amount,
    parse_count,
    parse_positive,
)
from parityhub.errors import OptionError

Dtype = Literal["float32", "float64"]


@dataclass(frozen=True)
class TrainOptions:
    """Options of `train`."""

    train_data: Path
    out: Path
    gridsize: int
    neighbor_count: int
    n_groups: int
    batch_size: int
    epochs: int
    nphotons: float
    seed: int
    learning_rate: float
    threads: int
    dtype: Dtype
    log_patch_stats: bool
    patch_stats_limit: int


@dataclass(frozen=True)
class InferOptions:
    """Options of `infer`; `gridsize`, `n_groups` and `dtype` are None where not given."""

    bundle: Path
    test_data: Path
    out: Path
    gridsize: int | None
    neighbor_count: int
    n_groups: int | None
    batch_size: int
    seed: int
    threads: int
    dtype: Dtype | None
    log_patch_stats: bool
    patch_stats_limit: int
    debug_dump: Path | None
    stitch: bool


def parse_options(prog: str, argv: Sequence[str] | None = None) -> TrainOptions | InferOptions:
    """Read the command line of a side.

    Args:
        prog: how the program is called.
        argv: the words after its name; default: this process's.

    Raises:
        OptionError: a word is unknown, missing, or has a value it cannot have.
    """
    parser = CommandParser(prog=prog, description="One side of the reference pair.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=CommandParser)
    _add_train_options(commands.add_parser("train", help="train, and leave a bundle"))
    _add_infer_options(commands.add_parser("infer", help="reconstruct with a bundle"))
    values = vars(parser.parse_args(argv))
    command = values.pop("command")
    options = TrainOptions(**values) if command == "train" else InferOptions(**values)
    _check_neighbors(options)
    return options


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train-data", type=Path, required=True, metavar="F.npz")
    _add_common_options(parser)
    add = parser.add_argument
    add("--gridsize", type=int, choices=(1, 2), default=2, help="patches per group: its square")
    add("--n-groups", type=parse_positive, default=256, help="groups to train on")
    add("--epochs", type=parse_positive, default=6)
    add("--nphotons", type=parse_amount, default=1e5, help="mean photons a pattern")
    add("--learning-rate", type=parse_amount, default=1e-3)
    add("--dtype", choices=get_args(Dtype), default="float32")


def _add_infer_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--bundle", type=Path, required=True, metavar="wts.h5.zip")
    add("--test-data", type=Path, required=True, metavar="F.npz")
    _add_common_options(parser)
    add("--gridsize", type=int, choices=(1, 2), help="must be the bundle's, if given")
    add("--n-groups", type=parse_positive, help="default: one for each scan position")
    add("--dtype", choices=get_args(Dtype), help="at least the bundle's, which is the default")
    add("--debug-dump", type=Path, metavar="DIR", help="where patches, offsets and canvas go")
    add("--stitch", action="store_true", help="put all patches on one canvas")


def _add_common_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--out", type=Path, required=True, metavar="DIR")
    add("--neighbor-count", type=parse_positive, default=6, help="of which a group is chosen")
    add("--batch-size", type=parse_positive, default=16, help="groups a batch")
    add("--seed", type=parse_count, default=0)
    add("--threads", type=parse_count, default=0, help="0: as the framework chooses")
    add("--log-patch-stats", action="store_true", help="record and log statistics of patches")
    add("--patch-stats-limit", type=parse_count, default=2, metavar="BATCHES")


def _check_neighbors(options: TrainOptions | InferOptions) -> None:
    if options.gridsize is None:
        return
    partners = options.gridsize**2 - 1
    if options.neighbor_count < partners:
        raise OptionError(
            f"--neighbor-count {options.neighbor_count} cannot fill a group of {partners + 1}",
            hint=f"pass at least {partners} at --gridsize {options.gridsize}",
        )
