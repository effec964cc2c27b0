"""The XLA translation really fails, at the step that needs it, and TF_XLA_FLAGS does not help."""

from pathlib import Path

import pytest

from tests.baselines.conftest import SMALL, run_module

pytestmark = pytest.mark.slow
FAILURE = "tf2xla conversion failed"


def test_at_gridsize_2_training_fails_and_the_flags_do_not_help(data: Path, tmp_path: Path):
    ran = run_module(
        "ptycho_tf",
        *("train", "--train-data", data / "train.npz", "--out", tmp_path, *SMALL),
        env={"TF_XLA_FLAGS": "--tf_xla_auto_jit=0"},
    )
    assert ran.code != 0
    assert FAILURE in ran.log
    assert not (tmp_path / "wts.h5.zip").exists()


def test_at_gridsize_1_training_passes_and_stitching_fails(data: Path, tmp_path: Path):
    trained = run_module(
        "ptycho_tf",
        *("train", "--train-data", data / "train.npz", "--out", tmp_path, *SMALL),
        *("--gridsize", "1"),
    )
    assert trained.code == 0, trained.log
    stitched = run_module(
        "ptycho_tf",
        *("infer", "--bundle", tmp_path / "wts.h5.zip", "--test-data", data / "test.npz"),
        *("--out", tmp_path, "--stitch", "--debug-dump", tmp_path / "dump"),
    )
    assert stitched.code != 0
    assert FAILURE in stitched.log
    # What was known before the stitching is kept.
    kept = {path.name for path in (tmp_path / "dump").iterdir()}
    assert {"patches.npy", "offsets.npy", "stats.json"} <= kept
    assert "canvas.npy" not in kept


def test_another_value_of_the_variable_is_a_users_mistake(data: Path, tmp_path: Path):
    ran = run_module(
        "ptycho_tf",
        *("train", "--train-data", data / "train.npz", "--out", tmp_path, *SMALL),
        env={"USE_XLA_TRANSLATE": "maybe"},
    )
    assert ran.code == 2
    assert "error: USE_XLA_TRANSLATE is 'maybe'\nhint: set it to 0 or 1\n" in ran.log
