"""Writes numbers, unless a file named `broken_<side>` is there: then it fails as that file says."""

import sys
from pathlib import Path

import numpy as np

side, out = sys.argv[1], Path(sys.argv[2])
broken = Path(f"broken_{side}")
print(f"side {side} starts with seed {len(side)}", flush=True)
if broken.exists():
    print("building the graph")
    raise SystemExit(broken.read_text(encoding="utf-8").strip())
np.save(out / "output.npy", np.arange(64.0).reshape(1, 8, 8))
print("mean 31.5")
