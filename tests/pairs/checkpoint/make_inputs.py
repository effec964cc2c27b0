"""Writes the images that are put to both."""

import sys
from pathlib import Path

import numpy as np

Path(sys.argv[1]).parent.mkdir(parents=True, exist_ok=True)
np.savez(sys.argv[1], image=np.random.default_rng(0).normal(size=(3, 8, 8, 3)).astype("float32"))
