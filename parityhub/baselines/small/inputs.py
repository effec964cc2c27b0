"""The small pair's input and weights, by numpy alone: the same on both sides."""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.baselines.commands import (
    CommandParser,
    parse_count,
    parse_positive,
    report_errors,
)
from parityhub.baselines.npz import write_npz

HEIGHT, WIDTH, COLOURS = 16, 20, 3
"""Even, so that a SAME convolution at stride 2 pads right and below alone; and not the same."""
SLOPE = 0.25
"""Of the leaky activation: exact in binary, as TensorFlow takes it in float32 even where it works
in float64. Keras's default, 0.3, would leave the two sides 2e-8 apart in float64."""
NORM_EPSILON = 1e-3
"""Of batch normalisation: Keras's default, not PyTorch's."""


def make_images(batch: int, seed: int) -> npt.NDArray[np.float32]:
    """Make images (batch, HEIGHT, WIDTH, COLOURS): smooth waves and noise, around zero."""
    rng = np.random.default_rng([seed, 3])
    y, x = np.meshgrid(np.arange(HEIGHT), np.arange(WIDTH), indexing="ij")
    waves = rng.uniform(0.1, 0.9, size=(2, batch, 1, 1, COLOURS))
    starts = rng.uniform(0, 2 * np.pi, size=(batch, 1, 1, COLOURS))
    angles = waves[0] * y[None, ..., None] + waves[1] * x[None, ..., None] + starts
    return np.asarray(np.sin(angles) + 0.3 * rng.normal(size=angles.shape), dtype=np.float32)


def draw_weight(
    role: str, shape: tuple[int, ...], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Draw a weight that is not what a layer starts with, so that none can go missing unseen.

    Args:
        role: what Keras calls it: kernel, bias, gamma, beta, moving_mean, moving_variance.
        shape: of the weight; a kernel's last axis is its units.
        rng: where it is drawn from.

    Returns:
        A kernel is even within sqrt(6 / inputs of a unit) (He et al. 2015, section 2.2).
    """
    drawn: npt.NDArray[Any]
    if role == "kernel":
        bound = np.sqrt(6 / np.prod(shape[:-1]))
        drawn = rng.uniform(-bound, bound, size=shape)
    elif role in ("gamma", "moving_variance"):
        drawn = rng.uniform(0.5, 1.5, size=shape)
    else:
        drawn = rng.uniform(0.1, 0.4, size=shape) * rng.choice((-1, 1), size=shape)
    return drawn.astype(np.float32)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the images, and print the file's sha256."""
    parser = CommandParser(prog="python -m parityhub.baselines.small.inputs", description=__doc__)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.npz")
    parser.add_argument("--batch", type=parse_positive, default=4, help="images")
    parser.add_argument("--seed", type=parse_count, default=7)
    asked: argparse.Namespace = parser.parse_args(argv)
    write_npz(asked.out, {"image": make_images(asked.batch, asked.seed)})
    digest = hashlib.sha256(asked.out.read_bytes()).hexdigest()
    print(f"{digest}  {asked.out.name}  ({asked.batch} images)")


if __name__ == "__main__":
    with report_errors():
        main()
    sys.exit()
