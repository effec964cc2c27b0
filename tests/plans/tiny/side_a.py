"""Side A: fits a blur of three weights by gradient descent in float64, and leaves arrays.

It uses parityhub.capture, so its environment is proven by its own word.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt

from parityhub.capture import record_environment

Array = npt.NDArray[np.float64]
TRUE_WEIGHTS = np.array([0.25, 0.5, 0.25])


def shift_all(images: Array) -> Array:
    """Return (n, H, W) images shifted along W by -1, 0 and 1, as (n, H, W, 3)."""
    return np.stack([np.roll(images, k, axis=-1) for k in (-1, 0, 1)], axis=-1)


def train(out: Path, seed: int, samples: int, epochs: int) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.normal(scale=0.1, size=3)
    np.save(out / "start.npy", weights)
    shifted = shift_all(generator.uniform(size=(samples, 8, 8)))
    for _ in range(epochs):
        error = shifted @ (weights - TRUE_WEIGHTS)
        weights = weights - 0.5 * np.mean(error[..., np.newaxis] * shifted, axis=(0, 1, 2))
    np.save(out / "weights.npy", weights)
    np.save(out / "samples.npy", np.array(samples))


def infer(out: Path, seed: int) -> None:
    images = np.random.default_rng(seed + 1).uniform(size=(4, 8, 8))
    np.save(out / "output.npy", shift_all(images) @ np.load(out / "weights.npy"))


parser = argparse.ArgumentParser()
parser.add_argument("step", choices=("train", "infer"))
parser.add_argument("--out", type=Path, required=True)
parser.add_argument("--seed", type=int, required=True)
parser.add_argument("--samples", type=int, default=0)
parser.add_argument("--epochs", type=int, default=0)
given = parser.parse_args()
record_environment(seed=given.seed)
if given.step == "train":
    train(given.out, given.seed, given.samples, given.epochs)
else:
    infer(given.out, given.seed)
