"""Write the weights that both sides load, and token ids: weights.npz, ids.npz.

usage: make_weights.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np

LAYERS, WIDTH, TOKENS, LENGTH = 3, 32, 50, 12

folder = Path(sys.argv[1])
rng = np.random.default_rng(7)


def draw(*shape):
    return rng.normal(scale=0.2, size=shape).astype(np.float32)


weights = {"words": draw(TOKENS, WIDTH), "places": draw(LENGTH, WIDTH), "head": draw(WIDTH, 5)}
for layer in range(LAYERS):
    for name in ("query", "key", "value", "out"):
        weights[f"{layer}/{name}"] = draw(WIDTH, WIDTH)
    weights[f"{layer}/widen"] = draw(WIDTH, 4 * WIDTH)
    weights[f"{layer}/narrow"] = draw(4 * WIDTH, WIDTH)
np.savez(folder / "weights.npz", **weights)
np.savez(folder / "ids.npz", ids=rng.integers(0, TOKENS, size=(4, LENGTH)))
