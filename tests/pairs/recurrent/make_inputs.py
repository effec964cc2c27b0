"""Write inputs.npz: eight sequences of twelve tokens."""

import sys

import numpy as np

tokens = np.random.default_rng(7).integers(0, 50, size=(8, 12), dtype=np.int32)
np.savez(sys.argv[1], tokens=tokens)
