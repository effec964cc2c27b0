"""Write inputs.npz: four random sequences."""

import sys

import numpy as np

sequence = np.random.default_rng(7).normal(size=(4, 10, 32)).astype(np.float32)
np.savez(sys.argv[1], sequence=sequence)
