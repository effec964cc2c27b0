"""Weights of real models taken over: the same function then, to the last bits of float64."""

import numpy as np
import pytest

from parityhub.compare.weights.convert import convert_weights, share_weights
from parityhub.compare.weights.mapping import derive_mapping
from tests.compare.weights.children import open_child

TARGETS = "tests/compare/weights/targets"


@pytest.fixture(scope="module")
def children(tmp_path_factory):
    folder = tmp_path_factory.mktemp("children")
    with open_child("tensorflow", folder) as tensorflow, open_child("pytorch", folder) as pytorch:
        yield {"tensorflow": tensorflow, "pytorch": pytorch}


def draw_inputs(name):
    generator = np.random.default_rng(5)
    if name == "sequences":
        tokens = generator.integers(0, 10, (3, 6)).astype(np.int32)
        return {"tensorflow": {"tokens": tokens}, "pytorch": {"tokens": tokens}}
    image = generator.standard_normal((2, 8, 8, 3))
    return {"tensorflow": {"x": image}, "pytorch": {"x": image.transpose(0, 3, 1, 2)}}


def open_models(children, folder, name, inputs):
    weights = {}
    for side, file in (("tensorflow", "keras"), ("pytorch", "torch")):
        np.savez(folder / f"{side}.npz", **inputs[side])
        opened = children[side].ask(
            {
                "do": "open",
                "key": name,
                "target": f"{TARGETS}/{file}_layers.py:build_{name}",
                "options": {},
                "dtype": "float64",
                "seed": 1,
                "threads": 1,
                "inputs": str(folder / f"{side}.npz"),
            }
        )
        weights[side] = opened["weights"]
    return weights


def read(children, folder, side, name):
    children[side].ask({"do": "read", "key": name, "file": str(folder / "read.npz")})
    with np.load(folder / "read.npz") as file:
        return dict(file)


def load_and_run(children, folder, side, name, arrays):
    np.savez(folder / "load.npz", **arrays)
    children[side].ask({"do": "load", "key": name, "file": str(folder / "load.npz")})
    out = folder / f"out_{side}"
    out.mkdir(exist_ok=True)
    ran = children[side].ask(
        {
            "do": "run",
            "key": name,
            "inputs": str(folder / f"{side}.npz"),
            "out": str(out),
            "repeats": 1,
        }
    )
    return np.load(ran["outputs"][0]["file"])


@pytest.mark.slow
@pytest.mark.parametrize("source", ["tensorflow", "pytorch"])
@pytest.mark.parametrize("name", ["images", "sequences", "scaled"])
def test_a_model_with_the_others_weights_is_the_same_function(children, tmp_path, name, source):
    inputs = draw_inputs(name)
    weights = open_models(children, tmp_path, name, inputs)
    mapping = derive_mapping(weights["tensorflow"], weights["pytorch"])
    generator = np.random.default_rng(9)
    arrays = {
        key: array + generator.uniform(0.05, 0.3, array.shape)
        for key, array in read(children, tmp_path, source, name).items()
    }
    ours, theirs = share_weights(arrays, mapping, source)
    left = load_and_run(children, tmp_path, "tensorflow", name, ours)
    right = load_and_run(children, tmp_path, "pytorch", name, theirs)
    if right.ndim == 4 and name == "images":
        right = right.transpose(0, 2, 3, 1)
    if name == "scaled":
        right = right.transpose(0, 2, 3, 1)
    assert left.shape == right.shape
    assert np.ptp(left) > 0.1
    assert np.max(np.abs(left - right)) < 1e-13 * np.max(np.abs(left))
    back = convert_weights(theirs, mapping, "pytorch")
    assert all(np.array_equal(back[key], ours[key]) for key in ours)
