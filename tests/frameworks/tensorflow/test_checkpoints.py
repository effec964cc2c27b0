"""Checkpoints as Keras and TensorFlow themselves write them, given to a real child."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

pytestmark = pytest.mark.slow
WRITER = Path(__file__).with_name("write_checkpoints.py")
X = np.random.default_rng(3).normal(size=(4, 5))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    subprocess.run(
        [sys.executable, WRITER, folder],
        env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def open_net(child):
    def build(name="build_net", **options):
        child.ask(
            "open", key="net", target=f"{WRITER}:{name}", options=options, dtype="float32", seed=1,
            threads=2, inputs=child.store({"x": X}),
        )  # fmt: skip
        return read(child)

    return build


def read(child):
    file = child.path(".npz")
    child.ask("read", key="net", file=file)
    with np.load(file) as arrays:
        return dict(arrays)


def assert_same(one, other):
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("net.keras", "weights of a .keras file"),
        ("net.weights.h5", "weights of Keras 3"),
        ("legacy.h5", "legacy HDF5"),
        ("whole.h5", "legacy HDF5"),
        ("exported", "SavedModel"),
        ("saved", "SavedModel"),
        ("net.safetensors", "safetensors"),
    ],
)
def test_weights_are_taken_over(child, written, open_net, file, form):
    before = open_net()
    told = child.ask("restore", key="net", file=str(written / file))
    assert told == {"weights": 12, "format": form, "prefix": ""}
    after = read(child)
    with np.load(written / "expected.npz") as expected:
        assert_same(after, dict(expected))
    assert not any(np.array_equal(after[name], before[name]) for name in after)


def test_a_module_of_tensorflow_is_known_by_its_attributes(child, written, open_net):
    open_net("build_module")
    assert child.ask("restore", key="net", file=str(written / "module"))["weights"] == 3
    with np.load(written / "module.npz") as expected:
        assert_same(read(child), dict(expected))


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("missing.keras", "missing.keras: there is no such file"),
        ("swapped.weights.h5", "its layers are in another order: b where the model has a"),
        ("swapped.h5", "its layers are in another order: b where the model has a"),
        ("extra.weights.h5", "unexpected: layers/dense_4/vars/0, layers/dense_4/vars/1"),
        ("extra.h5", "unexpected: extra"),
        ("extra", "unexpected: extra/kernel, extra/bias"),
        ("lacking.weights.h5", "missing: layers/dense_3/vars/0"),
        ("narrow.weights.h5", "layers/dense/vars/0 (5, 3) for (5, 4)"),
        ("narrow.h5", "does not fit the TensorFlow model"),
    ],
)
def test_other_weights_are_refused_and_nothing_is_taken(child, written, open_net, file, told):
    before = open_net()
    answer = child.refuse("restore", key="net", file=str(written / file))
    assert told in answer["error"]
    assert answer["hint"]
    assert "\n" not in answer["error"] + answer["hint"]
    if file != "narrow.h5":  # Keras assigns layer by layer; the comparison ends with the refusal.
        assert_same(read(child), before)


def test_a_nested_list_of_layers_that_keras_passes_over_is_refused(child, written, open_net):
    before = open_net("build_block")
    answer = child.refuse("restore", key="net", file=str(written / "flat.weights.h5"))
    assert "missing: " in answer["error"]
    assert "unexpected: " in answer["error"]
    assert_same(read(child), before)


def test_a_file_of_keras_is_for_a_model_of_keras(child, written, open_net):
    open_net("build_module")
    answer = child.refuse("restore", key="net", file=str(written / "net.keras"))
    assert "is read by a keras.Model, and the target returned a Module" in answer["error"]


def test_a_file_that_leads_elsewhere_is_refused(child, written, open_net, tmp_path):
    before = open_net()
    path = tmp_path / "net.weights.h5"
    shutil.copy(written / "net.weights.h5", path)
    with h5py.File(path, "a") as file:
        del file["layers/dense/vars/0"]
        outside = str(written / "net.weights.h5")
        file["layers/dense/vars/0"] = h5py.ExternalLink(outside, "layers/dense/vars/0")
    answer = child.refuse("restore", key="net", file=str(path))
    assert "the entry layers/dense/vars/0 leads elsewhere" in answer["error"]
    assert_same(read(child), before)


@pytest.mark.parametrize("name", ["net.keras", "net.weights.h5", "old.h5", "net.safetensors", "sm"])
def test_what_is_no_checkpoint_is_refused(child, open_net, tmp_path, name):
    open_net()
    path = tmp_path / name
    if path.suffix:
        path.write_bytes(b"junk")
    else:
        path.mkdir()
    answer = child.refuse("restore", key="net", file=str(path))
    assert name in answer["error"]
    assert "\n" not in answer["error"] + answer["hint"]


def open_whole(child, path, dtype):
    return child.send(
        "open", key="net", target=str(path), options={}, dtype=dtype, seed=1, threads=2,
        inputs=child.store({"x": X}),
    )  # fmt: skip


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_keras_file_is_a_model_in_each_dtype(child, written, open_net, dtype):
    open_net()
    child.ask("restore", key="net", file=str(written / "net.keras"))
    built = child.run("net", child.store({"x": X}))["output"]
    opened = open_whole(child, written / "net.keras", dtype)["answer"]
    assert opened["dtype"] == dtype
    assert {weight["dtype"] for weight in opened["weights"]} == {dtype}
    with np.load(written / "expected.npz") as expected:
        assert_same(read(child), dict(expected))
    loaded = child.run("net", child.store({"x": X}))["output"]
    assert loaded.dtype == dtype
    assert np.abs(loaded - built).max() <= (0 if dtype == "float32" else 1e-5)


def test_a_lambda_in_a_keras_file_is_not_run(child, written):
    answer = open_whole(child, written / "lambda.keras", "float32")
    assert "lambda.keras cannot be loaded in safe mode" in answer["error"]
    assert "checkpoint" in answer["hint"]


def test_what_is_no_keras_file_is_no_target(child, written, tmp_path):
    for name, write in (("none.keras", None), ("zip.keras", "zip"), ("junk.keras", "junk")):
        path = tmp_path / name
        if write == "zip":
            zipfile.ZipFile(path, "w").close()
        elif write:
            path.write_bytes(b"junk")
        assert f"{name} is no .keras file" in open_whole(child, path, "float32")["error"]
