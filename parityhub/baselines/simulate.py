"""Simulates a data set for the reference pair: train.npz and test.npz, by numpy alone."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from parityhub.baselines.commands import (
    CommandParser,
    parse_amount,
    parse_count,
    parse_patch_size,
    parse_positive,
    report_errors,
)
from parityhub.baselines.npz import write_npz
from parityhub.baselines.scene import Complex, Scan, make_object, make_probe, measure, scan_area

OBJECT_SIZE = 4
"""Pixels of the object a side, in patches."""
TEST_SHARE = 0.25
"""Scan area of test.npz over that of train.npz; the step is the same."""


def main(argv: Sequence[str] | None = None) -> None:
    """Simulate and write both files, and print each one's sha256."""
    asked = _build_parser().parse_args(argv)
    out = Path(asked.out)
    half, side = asked.size / 2 + 1, OBJECT_SIZE * asked.size
    streams = np.random.SeedSequence(asked.seed).spawn(2)
    sample = make_object(asked.image, side)
    probe = make_probe(asked.size, asked.nphotons)
    columns = (half, side - half)
    # Train above, test below: no test position lies in the area trained on.
    border = half + (side - 2 * half) / (1 + TEST_SHARE)
    step = float(np.sqrt((border - half) * (columns[1] - columns[0]) / asked.positions))
    areas = {"train": (half, border), "test": (border, side - half)}
    for (name, rows), stream in zip(areas.items(), streams, strict=True):
        rng = np.random.default_rng(stream)
        scan = scan_area(rows, columns, step, rng)
        path = out / f"{name}.npz"
        _write(path, sample, probe, scan, measure(sample, probe, scan, asked.nphotons, rng))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{digest}  {path.name}  ({len(scan.x)} patterns of {asked.size} x {asked.size})")


def _build_parser() -> argparse.ArgumentParser:
    parser = CommandParser(prog="python -m parityhub.baselines.simulate", description=__doc__)
    parser.add_argument("--out", required=True, metavar="DIR", help="folder of the two files")
    parser.add_argument("--seed", type=parse_count, default=7, help="of jitter and noise")
    parser.add_argument(
        "--nphotons", type=parse_amount, default=1e5, help="mean photons a pattern (default: 1e5)"
    )
    parser.add_argument(
        "--size", type=parse_patch_size, default=64, help="N, pixels of a pattern a side"
    )
    parser.add_argument(
        "--positions", type=parse_positive, default=512, help="about how many to train on"
    )
    parser.add_argument("--image", default="camera", help="one that scikit-image ships")
    return parser


def _write(path: Path, sample: Complex, probe: Complex, scan: Scan, amplitudes: np.ndarray) -> None:
    write_npz(
        path,
        {
            "diff3d": amplitudes,
            "probeGuess": probe.astype(np.complex64),
            "objectGuess": sample.astype(np.complex64),
            "xcoords": scan.x,
            "ycoords": scan.y,
            "xcoords_start": scan.nominal_x,
            "ycoords_start": scan.nominal_y,
            "scan_index": np.zeros(len(scan.x), dtype=np.int64),
        },
    )


if __name__ == "__main__":
    with report_errors():
        main()
    sys.exit()
