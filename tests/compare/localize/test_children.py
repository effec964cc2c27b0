"""Real pairs, in the two children: without a mistake, and with a common one."""

from dataclasses import replace

import numpy as np
import pytest

from parityhub.compare.localize.localize import localize
from parityhub.compare.localize.open import open_pair
from parityhub.compare.referee.request import PairRequest
from parityhub.compare.weights.convert import share_weights
from parityhub.compare.weights.mapping import derive_mapping
from parityhub.plan.pair import Implementation, Pair, PairOutput, WeightSource
from tests.compare.weights.children import open_child

HERE = "tests/compare/localize"
PAIR = Pair(
    title="a small net",
    tensorflow=Implementation(target=f"{HERE}/keras_net.py:build"),
    pytorch=Implementation(target=f"{HERE}/torch_net.py:build"),
    weights=WeightSource(source="tensorflow", seed=7),
    dataset="none",
    input_axes={"image": (0, 3, 1, 2)},
    outputs=(PairOutput(name="score", tensorflow="output", pytorch="output"),),
    threads=1,
)


@pytest.fixture(scope="module")
def children(tmp_path_factory):
    folder = tmp_path_factory.mktemp("children")
    with open_child("tensorflow", folder) as tensorflow, open_child("pytorch", folder) as pytorch:
        yield tensorflow, pytorch


@pytest.fixture(scope="module")
def prepared(children, tmp_path_factory):
    """The pair's numbers, and the mapping of its weights."""
    folder = tmp_path_factory.mktemp("numbers")
    image = np.random.default_rng(3).standard_normal((2, 12, 12, 3)).astype(np.float32)
    np.savez(folder / "inputs.npz", image=image)
    np.savez(folder / "first.npz", image=image.transpose(0, 3, 1, 2))
    listings = []
    for child, target, file in (
        (children[0], PAIR.tensorflow.target, "inputs.npz"),
        (children[1], PAIR.pytorch.target, "first.npz"),
    ):
        request = {"do": "open", "key": "listing", "target": target, "options": {}}
        request |= {"dtype": "float32", "seed": 7, "threads": 1, "inputs": str(folder / file)}
        listings.append(child.ask(request)["weights"])
    mapping = derive_mapping(*listings)
    children[0].ask({"do": "read", "key": "listing", "file": str(folder / "read.npz")})
    with np.load(folder / "read.npz") as file:
        ours, theirs = share_weights(dict(file), mapping, "tensorflow")
    np.savez(folder / "ours.npz", **ours)
    np.savez(folder / "theirs.npz", **theirs)
    return folder, mapping


def open_mistaken(children, prepared, folder, mistake="", *, gradient=False):
    numbers, mapping = prepared
    request = PairRequest(
        name="small",
        pair=PAIR,
        inputs=numbers / "inputs.npz",
        weights={"tensorflow": numbers / "ours.npz", "pytorch": numbers / "theirs.npz"},
        folder=folder,
        options={"tensorflow": {}, "pytorch": {"mistake": mistake}},
    )
    opened, _ = open_pair(*children, request, mapping, gradient=gradient)
    return opened


@pytest.mark.slow
def test_a_right_port_has_no_divergence(children, prepared, tmp_path):
    request = open_mistaken(children, prepared, tmp_path, gradient=True)
    result = localize(*children, request)
    record = result.record
    assert (record.verdict, record.divergences, record.gradient) == ("PASS", (), ())
    named = {layer.pytorch: layer.tensorflow for layer in record.layers}
    assert named["second_norm"] == "norm"
    assert named["second_conv"] == "mix"
    assert named["last"].startswith("score")
    assert all(layer.local <= layer.floor for layer in record.layers if layer.tensorflow)
    assert len(record.gradient_layers) > 15
    again = localize(*children, replace(request, known=result.known))
    assert again.record.verdict == "PASS"


MISTAKES = [
    ("epsilon", "norm", "second_norm", "BatchNorm epsilon or momentum"),
    ("slope", "leak", "second_act", "activation variant"),
    ("padding", "down", "first", "padding side"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("mistake", "ours", "theirs", "cause"), MISTAKES)
def test_a_mistake_is_named_with_its_cause(
    children, prepared, tmp_path, mistake, ours, theirs, cause
):
    record = localize(*children, open_mistaken(children, prepared, tmp_path, mistake)).record
    assert record.verdict == "FAIL"
    assert len(record.divergences) == 1
    first = record.divergences[0]
    assert first.tensorflow.split("/")[0] == ours
    assert (first.pytorch, first.cause, first.proven) == (theirs, cause, True)


@pytest.mark.slow
def test_an_axis_too_many_to_the_left_is_found_at_the_transform(children, prepared, tmp_path):
    record = localize(*children, open_mistaken(children, prepared, tmp_path, "axis")).record
    first = record.divergences[0]
    assert first.tensorflow.startswith("spectrum")
    assert "second" not in first.pytorch
    assert first.pytorch not in ("first", "last", "pool")


@pytest.mark.slow
def test_a_layer_in_bfloat16_is_named(children, prepared, tmp_path):
    record = localize(*children, open_mistaken(children, prepared, tmp_path, "bfloat16")).record
    assert record.verdict == "FAIL"
    assert record.divergences[0].pytorch.startswith("second_conv")
    assert record.divergences[0].tensorflow.startswith("mix")


@pytest.mark.slow
def test_a_gradient_that_is_cut_is_found_behind_the_cut(children, prepared, tmp_path):
    request = open_mistaken(children, prepared, tmp_path, "detached", gradient=True)
    record = localize(*children, request).record
    assert (record.divergences, record.verdict) == ((), "FAIL")
    first = record.gradient[0]
    assert first.found_in == "gradient"
    assert first.pytorch == "second_act"
    assert "second_norm" in first.detail
