"""The second small pair computes one function, and lacks nothing that it is there for."""

from pathlib import Path

import numpy as np
import pytest

from parityhub.baselines.small.inputs import draw_weight, main, make_images
from parityhub.errors import OptionError
from tests.pairs.drive import Arrays, measure_deviation, port, run_child, save
from tests.pairs.forward import read_arrays

OWNERS = {
    "stage1_conv": "lift", "stage1_bn": "lift_norm", "stage2_conv": "reduce",
    "stage3_conv": "refine", "stage3_bn": "refine_norm", "mask_conv": "segment",
    "fc1": "hidden", "fc2": "square", "fc3": "score",
}  # fmt: skip
KERAS = "parityhub.baselines.small.keras_net:build"
TORCH = "parityhub.baselines.small.torch_net:build"
AXES = {"image": [0, 3, 1, 2]}


def run_both(dtype: str, seeds: list[int], folder: Path) -> tuple[list[Arrays], list[Arrays]]:
    jobs = []
    for seed in seeds:
        inputs = save(folder / f"inputs_{seed}.npz", {"image": make_images(2, seed)})
        jobs.append(
            {
                "options": {"seed": seed},
                "inputs": inputs,
                "weights_out": str(folder / f"keras_{seed}.npz"),
            }
        )
    tensorflow = run_child("tensorflow", KERAS, dtype, jobs, folder)
    others = []
    for job in jobs:
        weights = port(read_arrays(str(job["weights_out"])), OWNERS)
        path = save(folder / f"torch_{job['options']['seed']}.npz", weights)
        others.append({**job, "options": {}, "weights": path, "input_axes": AXES})
    pytorch = run_child("pytorch", TORCH, dtype, others, folder)
    for found in pytorch:
        found["mask"] = found["mask"].transpose(0, 2, 3, 1)
    return tensorflow, pytorch


@pytest.mark.slow
@pytest.mark.parametrize(("dtype", "bound"), [("float64", 1e-14), ("float32", 5e-6)])
def test_both_sides_agree_to_rounding(tmp_path: Path, dtype: str, bound: float):
    tensorflow, pytorch = run_both(dtype, [7, 8, 9], tmp_path)
    for left, right in zip(tensorflow, pytorch, strict=True):
        assert {name: array.dtype.name for name, array in left.items()} == {
            "mask": dtype, "scores": dtype,
        }  # fmt: skip
        assert set(right) == set(left)
        for name, expected in left.items():
            assert expected.std() > 0.05
            deviation = measure_deviation(right[name], expected)
            print(f"small {dtype} {name}: {deviation:.2g}")
            assert deviation <= bound
    assert measure_deviation(tensorflow[0]["scores"], tensorflow[1]["scores"]) > 0.1


@pytest.mark.parametrize("role", ["kernel", "bias", "gamma", "beta", "moving_mean"])
def test_no_weight_is_what_a_layer_starts_with(role: str):
    drawn = draw_weight(role, (3, 4), np.random.default_rng(0))
    assert drawn.dtype == np.float32
    assert np.abs(drawn - (1 if role == "gamma" else 0)).min() > 1e-4
    assert drawn.std() > 0


def test_inputs_are_the_same_for_a_seed_and_others_for_another(tmp_path: Path, capsys):
    outs = [tmp_path / name for name in ("a.npz", "b.npz", "c.npz")]
    for out, seed in zip(outs, ("3", "3", "4"), strict=True):
        main(["--out", str(out), "--batch", "2", "--seed", seed])
    contents = [out.read_bytes() for out in outs]
    assert contents[0] == contents[1] != contents[2]
    assert read_arrays(str(outs[0]))["image"].shape == (2, 16, 20, 3)
    assert "2 images" in capsys.readouterr().out


def test_refuses_a_batch_of_none(tmp_path: Path):
    with pytest.raises(OptionError):
        main(["--out", str(tmp_path / "a.npz"), "--batch", "0"])
    assert list(tmp_path.iterdir()) == []
