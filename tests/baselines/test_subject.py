"""The reference subject computes one function on both sides, and it is the one that is trained."""

from pathlib import Path

import numpy as np
import pytest

from parityhub.baselines.initial_weights import make_initial_weights
from parityhub.baselines.layout import describe_weights, lay_out
from tests.baselines.conftest import run_words
from tests.baselines.subject_weights import name_for_torch
from tests.pairs.drive import measure_deviation, run_child, save
from tests.pairs.forward import read_arrays

pytestmark = pytest.mark.slow
SCALE = np.float32(9.9)


def make_weights(gridsize: int) -> dict[str, np.ndarray]:
    """Canonical weights whose biases are not zero."""
    rng = np.random.default_rng(2)
    drawn = make_initial_weights(gridsize, 3)
    for name, array in drawn.items():
        if name.endswith("bias"):
            drawn[name] = rng.normal(scale=0.1, size=array.shape).astype(np.float32)
    return drawn


@pytest.mark.parametrize("gridsize", [1, 2])
@pytest.mark.parametrize(("dtype", "bound"), [("float64", 1e-14), ("float32", 5e-6)])
def test_both_sides_agree_to_rounding(
    data: Path, tmp_path: Path, gridsize: int, dtype: str, bound: float
):
    inputs = tmp_path / "inputs.npz"
    words = ("--data", data / "train.npz", "--out", inputs, "--groups", "4")
    grid = ("--gridsize", str(gridsize), "--canvas-size", "64")
    ran = run_words("-m", "parityhub.baselines.subject_inputs", *words, *grid)
    assert ran.code == 0, ran.log
    weights, layouts = make_weights(gridsize), describe_weights(gridsize)
    keras = lay_out(weights, layouts, "tensorflow") | {"subject/intensity_scale": SCALE}
    job = {
        "options": {"gridsize": gridsize, "size": 32, "canvas_size": 64},
        "inputs": str(inputs),
        "weights": save(tmp_path / "keras.npz", keras),
        "weights_out": str(tmp_path / "read.npz"),
    }
    target = "parityhub.baselines.ptycho_tf.subject:build"
    (left,) = run_child("tensorflow", target, dtype, [job], tmp_path)
    job["options"]["dtype"] = dtype
    torch = name_for_torch(weights, gridsize, float(SCALE))
    job["weights"] = save(tmp_path / "torch.npz", torch)
    target = "parityhub.baselines.ptycho_torch.subject:build"
    (right,) = run_child("pytorch", target, dtype, [job], tmp_path)
    assert set(left) == set(right) == {"patches", "expected"}
    complex_dtype = {"float64": "complex128", "float32": "complex64"}[dtype]
    assert (left["patches"].dtype.name, left["expected"].dtype.name) == (complex_dtype, dtype)
    for name, expected in left.items():
        assert expected.shape == (4, gridsize**2, 32, 32)
        deviation = measure_deviation(right[name], expected)
        print(f"subject gridsize {gridsize} {dtype} {name}: {deviation:.2g}")
        assert deviation <= bound


def test_a_canvas_too_small_for_the_groups_is_refused(data: Path, tmp_path: Path):
    out = tmp_path / "inputs.npz"
    words = ("--data", data / "train.npz", "--out", out, "--canvas-size", "33")
    ran = run_words("-m", "parityhub.baselines.subject_inputs", *words)
    assert ran.code == 2
    assert "--canvas-size 33, but these groups need" in ran.log
    assert not out.exists()


@pytest.mark.parametrize(
    "words", [["--gridsize", "3"], ["--neighbor-count", "2"], ["--data", "none.npz"]]
)
def test_inputs_that_cannot_be_made_are_refused(data: Path, tmp_path: Path, words: list[str]):
    out = tmp_path / "inputs.npz"
    given = ["--data", str(data / "train.npz"), "--out", str(out), *words]
    ran = run_words("-m", "parityhub.baselines.subject_inputs", *given)
    assert ran.code == 2
    error, hint = ran.log.splitlines()
    assert (error[:7], hint[:6]) == ("error: ", "hint: ")
    assert not out.exists()


def test_inputs_are_those_of_the_baselines(data: Path, tmp_path: Path):
    out = tmp_path / "inputs.npz"
    words = ("--data", data / "train.npz", "--out", out, "--groups", "4")
    ran = run_words("-m", "parityhub.baselines.subject_inputs", *words)
    assert ran.code == 0, ran.log
    arrays = read_arrays(str(out))
    assert {name: (array.dtype.name, array.shape) for name, array in arrays.items()} == {
        "patterns": ("float32", (4, 4, 32, 32)),
        "offsets": ("float32", (4, 4, 2)),
        "probe": ("complex64", (32, 32)),
        "probe_phase": ("complex64", (32, 32)),
        "probe_inverse": ("complex64", (32, 32)),
    }
    np.testing.assert_allclose(np.sum(np.abs(arrays["probe"]) ** 2), 16**2, rtol=1e-6)
    np.testing.assert_allclose(np.abs(arrays["probe_phase"]), 1, rtol=1e-6)
    np.testing.assert_allclose(arrays["offsets"].mean(axis=1), 0, atol=1e-6)
