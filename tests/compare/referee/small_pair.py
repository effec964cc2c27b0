"""A small convolutional pair, laid into a folder with seeded numbers."""

from pathlib import Path
from typing import Any

import numpy as np

from parityhub.compare.referee.request import PairRequest
from parityhub.plan.pair import Implementation, Pair, PairOutput, WeightSource

NETS = Path(__file__).parent / "nets"
SHAPES = {
    "first": ((3, 3, 3, 8), (8,)),
    "second": ((3, 3, 8, 8), (8,)),
    "head": ((8, 5), (5,)),
}
ORDERS = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}
"""TensorFlow's axes in the order of PyTorch's, by rank"""


def lay_pair(
    folder: Path, seed: int = 0, options: dict[str, Any] | None = None, **pair: Any
) -> PairRequest:
    """Lay seeded inputs and weights of the small pair into a folder; return the request."""
    rng = np.random.default_rng(seed)
    here, there = {}, {}
    for name, shapes in SHAPES.items():
        for role, peer, shape in zip(("kernel", "bias"), ("weight", "bias"), shapes, strict=True):
            value = rng.normal(size=shape) / np.sqrt(max(1, np.prod(shape[:-1])))
            here[f"{name}/{role}"] = value
            there[f"{name}.{peer}"] = value.transpose(ORDERS[len(shape)])
    np.savez(folder / "image.npz", image=rng.normal(size=(4, 12, 12, 3)))
    np.savez(folder / "here.npz", **here)
    np.savez(folder / "there.npz", **there)
    fields: dict[str, Any] = {
        "title": "a small convolutional pair",
        "tensorflow": Implementation(target=f"{NETS / 'keras_net.py'}:build"),
        "pytorch": Implementation(target=f"{NETS / 'torch_net.py'}:build"),
        "weights": WeightSource(source="tensorflow"),
        "dataset": "image",
        "input_axes": {"image": (0, 3, 1, 2)},
        "outputs": (PairOutput(name="map", tensorflow="map", pytorch="map", axes=(0, 2, 3, 1)),),
        "threads": 2,
        **pair,
    }
    return PairRequest(
        name="small",
        pair=Pair(**fields),
        inputs=folder / "image.npz",
        weights={"tensorflow": folder / "here.npz", "pytorch": folder / "there.npz"},
        folder=folder / "work",
        options={"tensorflow": {}, "pytorch": options or {}},
    )
