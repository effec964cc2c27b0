"""What differs between the two sides is the frameworks alone."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from parityhub.capture.bundle import read_bundle
from tests.baselines.conftest import SIDES, Trained, run_module

pytestmark = pytest.mark.slow


def digest(path: Path) -> str:
    return hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()


def test_both_start_from_the_same_weights_and_see_the_same_batches(pair: dict[str, Trained]):
    torch, tensorflow = (pair[side].out for side in SIDES)
    for name in ("initial_weights.npz", "dataset.json"):
        assert digest(torch / name) == digest(tensorflow / name), name


def test_losses_stay_together(pair: dict[str, Trained]):
    losses = [
        [epoch["loss"] for epoch in pair[side].read("history.json")["epochs"]] for side in SIDES
    ]
    assert len(losses[0]) == 2
    assert losses[0] != losses[1]
    np.testing.assert_allclose(losses[0], losses[1], rtol=2e-3)


def test_patch_variance_is_well_within_ten_percent(pair: dict[str, Trained]):
    torch, tensorflow = (
        pair[side].read("dump/stats.json")["patch_amplitude"]["var_zero_mean"] for side in SIDES
    )
    assert torch > 0
    assert abs(torch / tensorflow - 1) < 0.02


@pytest.mark.parametrize("side", SIDES)
def test_the_same_seed_gives_the_same_bundle(
    pair: dict[str, Trained], again: dict[str, Path], side: str
):
    assert digest(pair[side].out / "wts.h5.zip") == digest(again[side] / "wts.h5.zip")


@pytest.mark.parametrize("side", SIDES)
def test_the_scale_is_learned_and_loaded_bit_for_bit(pair: dict[str, Trained], side: str):
    trained = pair[side]
    history = trained.read("history.json")
    _, params = read_bundle(trained.out / "wts.h5.zip")
    assert history["intensity_scale_initial"] == float(np.float32(np.sqrt(1e5) / 16))
    assert history["intensity_scale_final"] != history["intensity_scale_initial"]
    assert history["intensity_scale_learned"] is True
    assert params["intensity_scale"] == history["intensity_scale_final"]
    assert params["intensity_scale_initial"] == history["intensity_scale_initial"]
    loaded = f"Loaded intensity_scale from bundle: {params['intensity_scale']!r}"
    assert loaded in trained.infer_log.splitlines()
    assert trained.read("inference.json")["intensity_scale"] == params["intensity_scale"]


@pytest.mark.parametrize("side", SIDES)
def test_outputs_are_there_finite_and_not_constant(pair: dict[str, Trained], side: str):
    dump = pair[side].out / "dump"
    for name in ("patches", "canvas", "object_crop"):
        array = np.load(dump / f"{name}.npy", allow_pickle=False)
        assert np.isfinite(array).all()
        assert np.abs(array).std() > 0
    assert np.load(dump / "canvas.npy").shape == np.load(dump / "object_crop.npy").shape
    assert "PATCH_STATS phase=train batch=0" in pair[side].train_log
    assert "PATCH_STATS phase=inference batch=0" in pair[side].infer_log


def test_training_in_float64_agrees_to_rounding(data: Path, tmp_path: Path):
    """Adam's constants and its epsilon's place included: left as the frameworks have them, the
    losses differ by 3e-5 after one step."""
    losses = []
    for side in SIDES:
        ran = run_module(
            side,
            *("train", "--train-data", data / "train.npz", "--out", tmp_path / side),
            *("--n-groups", "8", "--batch-size", "4", "--epochs", "4", "--seed", "3"),
            *("--threads", "1", "--dtype", "float64"),
            env={"USE_XLA_TRANSLATE": "0"},
        )
        assert ran.code == 0, ran.log
        history = json.loads((tmp_path / side / "history.json").read_text())
        losses.append([epoch["loss"] for epoch in history["epochs"]])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-11)


def test_a_bundle_of_one_side_serves_the_other(
    data: Path, pair: dict[str, Trained], tmp_path: Path
):
    ran = run_module(
        "ptycho_torch",
        *("infer", "--bundle", pair["ptycho_tf"].out / "wts.h5.zip"),
        *("--test-data", data / "test.npz", "--out", tmp_path, "--threads", "1"),
    )
    assert ran.code == 0, ran.log
    own = pair["ptycho_tf"].read("inference.json")
    other = json.loads((tmp_path / "inference.json").read_text())
    assert other["trained_by"] == "tensorflow"
    assert other["intensity_scale"] == own["intensity_scale"]
    assert other["loss"] == pytest.approx(own["loss"], rel=1e-5)
