"""Three pairs that are not ours: each port is honest, and the mistaken one is not."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pairs import ports
from tests.pairs.drive import Arrays, measure_deviation, run_child, save
from tests.pairs.forward import read_arrays

HERE = Path(__file__).parent
PAIRS = {
    "mobilenet": ("mobilenet", ports.port_mobilenet),
    "mistaken": ("mobilenet", ports.port_mobilenet),
    "tagger": ("recurrent", ports.port_recurrent),
    "block": ("transformer", ports.port_transformer),
}
BOUNDS = {"float64": 1e-13, "float32": 2e-5}


def read_pair(name: str) -> dict[str, Any]:
    folder, _ = PAIRS[name]
    plan = tomllib.loads((HERE / folder / "plan.toml").read_text(encoding="utf-8"))
    pair: dict[str, Any] = plan["pair"][name]
    return pair


def make_inputs(folder: Path, out: Path) -> str:
    subprocess.run([sys.executable, folder / "make_inputs.py", out], check=True)
    return str(out)


def run_pair(name: str, dtype: str, tmp_path: Path) -> tuple[Arrays, Arrays]:
    """Run both sides of a pair as its plan describes them."""
    pair, (place, port) = read_pair(name), PAIRS[name]
    folder = HERE / place
    job: dict[str, Any] = {
        "inputs": make_inputs(folder, tmp_path / "inputs.npz"),
        "weights_out": str(tmp_path / "keras.npz"),
        "input_axes": pair.get("input_axes", {}),
    }
    answers = []
    for side in ("tensorflow", "pytorch"):
        job["options"] = pair[side].get("options", {})
        target = f"{folder}/{pair[side]['target']}"
        (outputs,) = run_child(side, target, dtype, [job], tmp_path)
        answers.append(outputs)
        if side == "tensorflow":
            weights = port(read_arrays(job["weights_out"]))
            job["weights"] = save(tmp_path / "torch.npz", weights)
    return answers[0], answers[1]


@pytest.mark.campaign
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ["mobilenet", "tagger", "block"])
def test_an_honest_port_agrees_to_rounding(name: str, dtype: str, tmp_path: Path):
    left, right = run_pair(name, dtype, tmp_path)
    (declared,) = read_pair(name)["outputs"]
    expected, found = left[declared["tensorflow"]], right[declared["pytorch"]]
    assert expected.dtype.name == dtype
    assert expected.std() > 0.1
    deviation = measure_deviation(found, expected)
    print(f"{name} {dtype}: {deviation:.2g}")
    assert deviation <= BOUNDS[dtype]


@pytest.mark.campaign
def test_the_mistaken_port_gives_something_else(tmp_path: Path):
    left, right = run_pair("mistaken", "float64", tmp_path)
    deviation = measure_deviation(right["output"], left["output"])
    print(f"mistaken: {deviation:.2g}")
    assert deviation > 1e-2


@pytest.mark.campaign
@pytest.mark.parametrize("place", ["mobilenet", "recurrent", "transformer"])
def test_inputs_repeat_and_are_not_constant(place: str, tmp_path: Path):
    first, second = (
        read_arrays(make_inputs(HERE / place, tmp_path / name)) for name in ("a.npz", "b.npz")
    )
    (array,), (again,) = first.values(), second.values()
    assert np.array_equal(array, again)
    assert array.std() > 0


@pytest.mark.parametrize("name", list(PAIRS))
def test_a_plan_names_files_that_are_there_and_checks_its_pairs(name: str):
    place, _ = PAIRS[name]
    plan = tomllib.loads((HERE / place / "plan.toml").read_text(encoding="utf-8"))
    pair = plan["pair"][name]
    assert pair["dataset"] in plan["dataset"]
    assert pair["inputs"] in plan["dataset"][pair["dataset"]]["files"]
    for side in ("tensorflow", "pytorch"):
        file, _, function = pair[side]["target"].partition(":")
        assert f"def {function}(" in (HERE / place / file).read_text(encoding="utf-8")
    checked = [check["pair"] for phase in plan["phase"] for check in phase["checks"]]
    assert sorted(checked) == sorted(plan["pair"])
