"""Child program: a side takes a scale, saves it in a bundle; another one loads it from there."""

import sys
from pathlib import Path

import numpy as np

from parityhub.baselines.initial_weights import make_initial_weights
from parityhub.baselines.side import Side, SideSettings
from parityhub.capture.bundle import read_bundle, write_bundle

framework, out, dtype, scale = sys.argv[1], Path(sys.argv[2]), sys.argv[3], float(sys.argv[4])
if framework == "torch":
    from parityhub.baselines.ptycho_torch.__main__ import open_side
else:
    from parityhub.baselines.ptycho_tf.__main__ import open_side


def make_side() -> Side:
    probe = np.ones((16, 16), dtype=np.complex128)
    settings = SideSettings(gridsize=1, probe=probe, canvas_size=16, dtype=dtype, seed=0, threads=1)
    return open_side(settings)


saved = make_side()
saved.load(make_initial_weights(1, 0), scale)
write_bundle(out, saved.read_weights(), {"intensity_scale": saved.read_scale()})
weights, params = read_bundle(out)
loaded = make_side()
loaded.load(weights, params["intensity_scale"])
print(repr(saved.read_scale()), repr(params["intensity_scale"]), repr(loaded.read_scale()))
