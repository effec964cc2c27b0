"""A side of a pair that is no network: leaves arrays, after what its word says."""

import sys
from pathlib import Path

import numpy as np

out, word = Path(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(7)
image = rng.normal(size=(2, 3, 16, 12)).astype(np.float32)
scores = rng.normal(size=(4, 5)).astype(np.float32)
if word == "right":
    image = (image * np.float32(1 + 2e-7)).transpose(0, 2, 3, 1)
    scores = scores + np.float32(1e-3)
np.save(out / "image.npy", np.ascontiguousarray(image))
np.save(out / "scores.npy", scores)
