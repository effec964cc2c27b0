"""Writes the named arrays that the reference subject takes, from a data set, by numpy alone.

They are float32 and complex64, so that a float32 and a float64 model get the very same numbers.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from parityhub.baselines.canvas import offset_groups, size_group_canvas
from parityhub.baselines.commands import (
    CommandParser,
    parse_count,
    parse_positive,
    report_errors,
)
from parityhub.baselines.dataset import choose_groups, make_batch, read_dataset
from parityhub.baselines.npz import write_npz
from parityhub.baselines.optics import make_back_propagator
from parityhub.errors import OptionError


def main(argv: Sequence[str] | None = None) -> None:
    """Choose groups, write their arrays, and print the file's sha256 and what they need.

    Raises:
        DataError: the data set cannot be read.
        OptionError: an option does not fit the data.
    """
    asked = _build_parser().parse_args(argv)
    partners = asked.gridsize**2 - 1
    if asked.neighbor_count < partners:
        raise OptionError(
            f"--neighbor-count {asked.neighbor_count} cannot fill a group of {partners + 1}",
            hint=f"pass at least {partners} at --gridsize {asked.gridsize}",
        )
    dataset = read_dataset(asked.data)
    groups = choose_groups(
        dataset.positions, asked.gridsize, asked.neighbor_count, asked.groups, asked.seed
    )
    offsets = offset_groups(dataset.positions, groups)
    needed = size_group_canvas(offsets, dataset.size)
    if asked.canvas_size is not None and asked.canvas_size < needed:
        raise OptionError(
            f"--canvas-size {asked.canvas_size}, but these groups need {needed}",
            hint=f"pass --canvas-size {needed} or more, and build both subjects with it",
        )
    batch = make_batch(dataset, groups, offsets, "float32")
    back = make_back_propagator(dataset.probe)
    optics = {"probe": dataset.probe, "probe_phase": back.phase, "probe_inverse": back.inverse}
    arrays = {name: array.astype(np.complex64) for name, array in optics.items()}
    write_npz(asked.out, {"patterns": batch.patterns, "offsets": batch.offsets, **arrays})
    digest = hashlib.sha256(asked.out.read_bytes()).hexdigest()
    print(f"{digest}  {asked.out.name}  ({len(groups)} groups of {groups.shape[1]})")
    print(f"size: {dataset.size}  canvas_size: {asked.canvas_size or needed}")


def _build_parser() -> argparse.ArgumentParser:
    parser = CommandParser(prog="python -m parityhub.baselines.subject_inputs", description=__doc__)
    parser.add_argument("--data", required=True, type=Path, metavar="FILE.npz")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.npz")
    parser.add_argument("--gridsize", type=parse_positive, choices=(1, 2), default=2)
    parser.add_argument("--groups", type=parse_positive, default=16)
    parser.add_argument(
        "--neighbor-count", type=parse_positive, default=6, help="of which a group is chosen"
    )
    parser.add_argument("--seed", type=parse_count, default=7, help="of the choice of groups")
    parser.add_argument(
        "--canvas-size",
        type=parse_positive,
        help="what the subjects are built with; refused where it is too small for the groups",
    )
    return parser


if __name__ == "__main__":
    with report_errors():
        main()
    sys.exit()
