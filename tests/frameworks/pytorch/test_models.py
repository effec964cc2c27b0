from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import nn

from parityhub.errors import UsageError
from parityhub.frameworks.pytorch.models import (
    Model,
    build_model,
    describe_weights,
    find_output_dtype,
    list_weights,
    load_weights,
    measure_spread,
    run_model,
)

NETWORKS = str(Path(__file__).parent / "networks.py")


def test_dtype_and_seed_are_those_asked_for() -> None:
    models = [build_model(f"{NETWORKS}:branched", {}, dtype, 5) for dtype in ("float32", "float64")]
    first, second = (list_weights(model.module) for model in models)
    assert {tensor.dtype for tensor in second.values()} == {torch.float64}
    again = build_model(f"{NETWORKS}:branched", {}, "float32", 5).module
    assert all(torch.equal(tensor, first[name]) for name, tensor in list_weights(again).items())
    assert not any(model.module.training for model in models)
    assert torch.get_default_dtype() == torch.float32


@pytest.mark.parametrize(
    ("target", "dtype", "words"),
    [
        ("no_module", "float32", "returned a int"),
        ("branched", "int32", "no floating dtype 'int32'"),
        ("branched", "quadruple", "no floating dtype 'quadruple'"),
    ],
)
def test_what_is_no_model_is_refused(target: str, dtype: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        build_model(f"{NETWORKS}:{target}", {}, dtype, 0)


def test_constants_made_in_a_forward_pass_have_the_models_dtype() -> None:
    class Ramp(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.linspace(0, 1, 3) + 0 * x

    for dtype in (torch.float32, torch.float64):
        model = Model(Ramp(), dtype, 0)
        assert model.call({"x": torch.ones(3, dtype=torch.float16)}).dtype == dtype


def test_model_that_keeps_its_own_dtype_shows() -> None:
    class Stubborn(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return x, torch.view_as_complex(x.float().reshape(-1, 2))

    x = torch.ones(4, dtype=torch.float64)
    assert find_output_dtype(Model(Stubborn(), torch.float64, 0), {"x": x}) == "float32"


def test_weights_are_described_without_counters(networks: ModuleType) -> None:
    described = {weight["name"]: weight for weight in describe_weights(networks.Branched())}
    assert "norm.num_batches_tracked" not in described
    assert described["norm.running_var"] == {
        "name": "norm.running_var", "shape": [8], "dtype": "float32", "owner": "norm",
        "kind": "BatchNorm2d", "role": "running_var", "trainable": False,
    }  # fmt: skip
    assert described["first.weight"]["trainable"]


def test_weights_round_trip_and_others_are_refused(networks: ModuleType) -> None:
    module = networks.Branched()
    arrays = {name: np.full(t.shape, 0.25) for name, t in list_weights(module).items()}
    assert load_weights(module, arrays) == len(arrays) == 10
    assert all(bool((tensor == 0.25).all()) for tensor in list_weights(module).values())
    wrong = {**arrays, "other.weight": np.zeros(3), "norm.bias": np.zeros(9)}
    del wrong["dense.bias"]
    with pytest.raises(UsageError) as caught:
        load_weights(module, wrong)
    assert (
        "missing: dense.bias; unknown: other.weight; of another shape: norm.bias (9,) for (8,)"
        in (caught.value.message)
    )


def test_forward_pass_that_fails_is_one_line(networks: ModuleType) -> None:
    model = Model(networks.Branched().eval(), torch.float32, 0)
    with pytest.raises(UsageError) as caught:
        model.call({"image": torch.ones(2, 4, 16, 16)})
    assert "fails on its inputs: RuntimeError" in caught.value.message
    assert "\n" not in caught.value.message
    assert "(2, 4, 16, 16)" in caught.value.hint


def test_run_keeps_outputs_and_measures_repeats(networks: ModuleType, tmp_path: Path) -> None:
    model = Model(networks.Branched().eval(), torch.float32, 0)
    ran = run_model(model, networks.INPUTS["branched"], str(tmp_path), 3)
    assert [output["name"] for output in ran["outputs"]] == ["logits", "shares", "far"]
    assert all(output["named"] and output["spread"] == 0.0 for output in ran["outputs"])
    assert [output["dtype"] for output in ran["outputs"]] == ["float32", "float32", "complex64"]
    assert np.load(ran["outputs"][2]["file"]).shape == (2, 8, 8, 8)
    assert len(ran["seconds"]) == 3


def test_model_that_does_not_repeat_itself_shows(tmp_path: Path) -> None:
    class Drifting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls = 0

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return x + self.calls

    ran = run_model(Model(Drifting(), torch.float32, 0), {"x": torch.ones(3)}, str(tmp_path), 3)
    assert ran["outputs"][0]["spread"] == 2.0
    assert np.load(ran["outputs"][0]["file"]).tolist() == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(
    ("one", "other", "spread"),
    [
        ([1.0, 2.0], [1.0, 2.5], 0.5),
        ([torch.nan, torch.inf], [torch.nan, torch.inf], 0.0),
        ([torch.nan, 1.0], [1.0, 1.0], torch.inf),
        ([torch.inf, 1.0], [-torch.inf, 1.0], torch.inf),
        ([1.0], [1.0, 1.0], torch.inf),
        ([1 + 1j], [1 + 4j], 3.0),
    ],
)
def test_spread(one: list[complex], other: list[complex], spread: float) -> None:
    assert measure_spread(torch.tensor(one), torch.tensor(other)) == spread
