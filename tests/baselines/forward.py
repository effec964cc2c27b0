"""Child program: one framework's forward pass and translation in float64, left as arrays."""

import sys
from pathlib import Path

import numpy as np

from parityhub.baselines.canvas import offset_groups, size_group_canvas
from parityhub.baselines.dataset import choose_groups, make_batch, read_dataset
from parityhub.baselines.initial_weights import make_initial_weights
from parityhub.baselines.side import Side, SideSettings

framework, data, out, gridsize = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
dataset = read_dataset(data)
groups = choose_groups(dataset.positions, gridsize, 6, 8, 3)
offsets = offset_groups(dataset.positions, groups)
settings = SideSettings(
    gridsize=gridsize,
    probe=dataset.probe,
    canvas_size=size_group_canvas(offsets, dataset.size),
    dtype="float64",
    seed=3,
    threads=1,
)
if framework == "torch":
    from parityhub.baselines.ptycho_torch.__main__ import open_side
else:
    from parityhub.baselines.ptycho_tf.__main__ import open_side
side: Side = open_side(settings)
side.load(make_initial_weights(gridsize, 3), 9.9)
loss, patches = side.evaluate(make_batch(dataset, groups, offsets, "float64"))
rng = np.random.default_rng(0)
images, shifts = rng.normal(size=(5, 2, 16, 16)), rng.uniform(-3, 3, size=(5, 2))
moved = side.translate(images, shifts, 20)
np.savez(out, loss=loss, patches=patches, moved=moved, images=images, shifts=shifts)
