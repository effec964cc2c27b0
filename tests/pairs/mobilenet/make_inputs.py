"""Write inputs.npz: two smooth random images."""

import sys

import numpy as np

rng = np.random.default_rng(7)
coarse = rng.normal(size=(2, 12, 12, 3))
image = coarse.repeat(8, axis=1).repeat(8, axis=2) + 0.2 * rng.normal(size=(2, 96, 96, 3))
np.savez(sys.argv[1], image=image.astype(np.float32))
