"""The noise that stands for rounding lies over real rounding, and not far over it."""

import copy
import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from parityhub.errors import UsageError
from parityhub.frameworks.pytorch.backward import find_gradients
from parityhub.frameworks.pytorch.models import Model
from parityhub.frameworks.pytorch.noise import measure_noise
from parityhub.frameworks.pytorch.replay import play
from parityhub.frameworks.pytorch.tape import Value
from parityhub.frameworks.pytorch.tensors import flatten_outputs
from parityhub.frameworks.pytorch.watch import Watched, watch_model

UNIT = 2.0**-24
ULPS = {"tanh": 1.0, "sigmoid": 2.5, "exp": 1.0, "erf": 1.0, "silu": 2.5, "rsqrt": 1.5, "sqrt": 1.0}
SEEDS = range(4)
MANY = range(4, 54)


class Apply(nn.Module):
    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self._function = function

    def forward(self, x: Tensor) -> Tensor:
        return self._function(x)


def widen(tensor: Tensor) -> Tensor:
    return tensor.double() if tensor.is_floating_point() else tensor


def compare(module: nn.Module, x: Tensor, seed: int) -> list[float]:
    """Return tolerance over deviation of each output: the largest element's, and the RMS."""
    double = copy.deepcopy(module).double()
    short = Model(module, torch.float32, 0)
    watched = watch_model(Model(double, torch.float64, 0), {"x": widen(x)})
    request = {"unit": UNIT, "draws": 8, "seed": seed, "ulps": ULPS}
    responses = {r["name"]: r for r in measure_noise(watched, request)["responses"]}
    with torch.no_grad():
        mine = {n: t for n, _, t in flatten_outputs(short.call({"x": x}))}
        exact = {n: t for n, _, t in flatten_outputs(watched.model.call(watched.inputs))}
    margins = []
    for name, response in responses.items():
        apart = (mine[name].to(exact[name].dtype) - exact[name]).abs()
        factor = math.sqrt(2 * math.log(2 * response["size"] / 1e-6))
        margins.append(factor * response["sigma_max"] / float(apart.max()))
        alone = math.sqrt(2 * math.log(2 / 1e-6))
        margins.append(alone * response["sigma_rms"] / float(apart.square().mean().sqrt()))
    return margins


def make_deep() -> nn.Module:
    layers: list[nn.Module] = []
    for _ in range(6):
        layers += [nn.Conv2d(16, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(2))


def make_mixed() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(8, 16, 3), nn.GroupNorm(4, 16), nn.ELU(), nn.ConvTranspose2d(16, 8, 3, 2)
    )


CASES: dict[str, tuple[Callable[[ModuleType], nn.Module], Callable[[], Tensor], float]] = {
    "branched": (lambda n: n.Branched(), lambda: torch.randn(2, 3, 16, 16), 50),
    "unet": (lambda n: n.Unet(), lambda: torch.randn(2, 4, 16, 16), 30),
    "recurrent": (lambda n: n.Recurrent(), lambda: torch.randint(0, 10, (2, 7)), 60),
    "attention": (lambda n: n.Attention(), lambda: torch.randn(2, 7, 16), 30),
    "deep": (lambda n: make_deep(), lambda: torch.randn(2, 16, 8, 8), 40),
    "mixed": (lambda n: make_mixed(), lambda: torch.randn(2, 8, 9, 9), 40),
    "perceptron": (
        lambda n: nn.Sequential(nn.Linear(200, 100), nn.Tanh(), nn.Linear(100, 10)),
        lambda: torch.randn(8, 200),
        30,
    ),
    "layer norm": (lambda n: nn.LayerNorm(64), lambda: torch.randn(4, 7, 64) + 3, 40),
    "resize": (
        lambda n: Apply(lambda x: functional.interpolate(x, (37, 29), mode="bilinear")),
        lambda: torch.randn(2, 3, 17, 17),
        80,
    ),
    # PyTorch sums pairwise; the model is of sums one after another, as TensorFlow's are here.
    "mean": (lambda n: Apply(lambda x: x.mean((2, 3))), lambda: torch.rand(2, 4, 112, 112), 400),
    "softmax": (lambda n: Apply(lambda x: x.softmax(-1)), lambda: torch.randn(4, 1000), 300),
}


def compare_seeds(case: str, seeds: range, networks: ModuleType) -> list[float]:
    make, draw, _ = CASES[case]
    margins = []
    for seed in seeds:
        torch.manual_seed(seed)
        margins += compare(make(networks).eval(), draw(), seed)
    return margins


@pytest.mark.parametrize("case", CASES)
def test_float32_lies_within_the_noise_and_not_far_within(case: str, networks: ModuleType) -> None:
    margins = compare_seeds(case, SEEDS, networks)
    assert min(margins) > 1
    assert max(margins) < CASES[case][2]


@pytest.mark.campaign
@pytest.mark.parametrize("case", CASES)
def test_no_seed_of_many_is_outside(case: str, networks: ModuleType) -> None:
    assert min(compare_seeds(case, MANY, networks)) > 1


def test_one_layer_in_bfloat16_lies_far_outside(networks: ModuleType) -> None:
    torch.manual_seed(0)
    module = networks.Unet().eval()
    x = torch.randn(2, 4, 16, 16)
    within = compare(module, x, 0)

    def shorten(layer: nn.Module, args: Any, output: Tensor) -> Tensor:
        return output.bfloat16().to(output.dtype) if output.dtype == torch.float32 else output

    module.low.register_forward_hook(shorten)
    outside = compare(module, x, 0)
    assert min(within) > 2
    assert max(outside) < 0.1


def test_noise_is_seeded_and_scales_with_the_unit(watch: Callable[..., Watched]) -> None:
    watched = watch("attention")

    def respond(unit: float, seed: int) -> float:
        request = {"unit": unit, "draws": 4, "seed": seed, "ulps": ULPS}
        return measure_noise(watched, request)["responses"][0]["sigma_rms"]

    assert respond(UNIT, 1) == respond(UNIT, 1) != respond(UNIT, 2)
    assert respond(UNIT / 4, 1) == pytest.approx(respond(UNIT, 1) / 4, rel=1e-3)


def test_constants_are_disturbed_only_where_the_dtype_cannot_hold_them() -> None:
    third, half = torch.full((4,), 1 / 3, dtype=torch.float64), torch.full((4,), 0.5).double()

    def respond(held: Tensor, x: Tensor) -> float:
        module = Apply(lambda x: torch.cat([held, x]))
        watched = watch_model(Model(module, torch.float64, 0), {"x": x})
        request = {"unit": UNIT, "draws": 64, "seed": 0, "ulps": {}}
        return measure_noise(watched, request)["responses"][0]["sigma_max"]

    assert respond(half, half) == 0.0
    for held, x in ((third, half), (half, third)):
        assert respond(held, x) == pytest.approx(UNIT / math.sqrt(3) / 3, rel=0.5)


def run_with_values(watched: Watched, forced: dict[str, Tensor] | None) -> dict[str, Tensor]:
    seen: dict[str, Tensor] = {}

    def visit(value: Value, tensor: Tensor) -> Tensor | None:
        name = watched.names.get(value.id)
        if name is None:
            return None
        fed = forced[name].to(tensor.dtype) if forced and name in forced else None
        seen[name] = (tensor if fed is None else fed).clone()
        return fed

    with torch.no_grad():
        play(watched.model, watched.tape, watched.inputs, visit)
    return seen


def find_local_values(watched: Watched, exact: dict[str, Tensor]) -> dict[str, Tensor]:
    seen: dict[str, Tensor] = {}

    def visit(value: Value, tensor: Tensor) -> Tensor | None:
        name = watched.names.get(value.id)
        if name is None:
            return None
        seen[name] = tensor.clone()
        return exact[name].to(tensor.dtype, copy=True)

    with torch.no_grad():
        play(watched.model, watched.tape, watched.inputs, visit)
    return seen


@pytest.mark.parametrize("name", ["branched", "attention"])
def test_floors_lie_over_local_deviations(name: str, watch: Callable[..., Watched]) -> None:
    double, single = watch(name), watch(name, torch.float32)
    exact = run_with_values(double, None)
    local = find_local_values(single, exact)
    request = {"unit": UNIT, "draws": 8, "seed": 0, "ulps": ULPS, "nodes": list(double.ids)}
    floors = measure_noise(double, request)["floors"]
    assert floors.keys() == double.ids.keys()
    for node, floor in floors.items():
        apart = float((local[node].to(exact[node].dtype) - exact[node]).abs().max())
        # What was fed is the exact value rounded: that is no rounding of the operation's own.
        fed = 2 * UNIT * float(exact[node].abs().max())
        factor = math.sqrt(2 * math.log(2 * floor["size"] / 1e-6))
        assert apart <= factor * floor["sigma_max"] + fed
    moved = [node for node in floors if node.endswith(("view", "transpose", "slice", "copy"))]
    assert moved
    assert all(floors[node]["sigma_max"] == 0.0 for node in moved)


def test_floor_of_a_stretch_holds_all_of_its_operations(watch: Callable[..., Watched]) -> None:
    watched = watch("branched")

    def find(nodes: list[str]) -> float:
        request = {"unit": UNIT, "draws": 8, "seed": 0, "ulps": ULPS, "nodes": nodes}
        return measure_noise(watched, request)["floors"]["add"]["sigma_rms"]

    assert find(["add"]) > 1.5 * find(list(watched.ids))


@pytest.mark.parametrize("name", ["branched", "attention", "recurrent"])
def test_gradients_lie_within_their_floors(
    name: str, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    double, single = watch(name), watch(name, torch.float32, differentiable=True)
    generator = np.random.default_rng(0)
    loss = {}
    for output, value in double.tape.outputs.items():
        shape, kind = double.tape.values[value].shape, double.tape.values[value].dtype
        loss[output] = generator.normal(size=shape) * (1 + 1j if kind.is_complex else 1)
    np.savez(tmp_path / "loss.npz", **loss)
    path = str(tmp_path / "loss.npz")
    request = {"unit": UNIT, "draws": 8, "seed": 0, "ulps": ULPS, "gradient": path}
    floors = measure_noise(double, request)["gradients"]
    exact, short = (
        np.load(find_gradients(watched, path, [], str(tmp_path / dtype))["weights"])
        for watched, dtype in ((double, "double"), (single, "single"))
    )
    assert floors.keys() == set(exact.files)
    for weight, floor in floors.items():
        apart = np.abs(exact[weight] - short[weight]).max()
        factor = math.sqrt(2 * math.log(2 * floor["size"] / 1e-6))
        assert 0 < apart < factor * floor["sigma_max"]


def test_shares_are_those_of_noise_at_one_operation_alone(watch: Callable[..., Watched]) -> None:
    watched = watch("branched")
    request = {"unit": UNIT, "draws": 64, "seed": 0, "ulps": ULPS, "shares": True}
    shares = [s for s in measure_noise(watched, request)["shares"] if s["output"] == "logits"]
    assert sum(share["share"] for share in shares) == pytest.approx(1)
    assert [s["share"] for s in shares] == sorted((s["share"] for s in shares), reverse=True)
    exact = run_with_values(watched, None)
    added = {}
    generator = torch.Generator().manual_seed(3)
    for share in shares[:4]:
        # As if each element of the value had the same rounding, of the same size in all.
        value = exact[share["name"]]
        size = share["growth"] * UNIT * float(value.square().mean().sqrt())
        squares = []
        for _ in range(40):
            noise = size * torch.randn(value.shape, generator=generator, dtype=value.dtype)
            forced = run_with_values(watched, {share["name"]: value + noise})
            squares.append(float((forced["dense"] - exact["dense"]).square().sum()))
        added[share["name"]] = float(np.mean(squares))
    total = sum(s["share"] for s in shares[:4])
    for share in shares[:4]:
        direct = added[share["name"]] / sum(added.values())
        assert direct == pytest.approx(share["share"] / total, rel=0.5, abs=0.05)


def test_lengths_and_growth_are_of_the_operation(watch: Callable[..., Watched]) -> None:
    request = {"unit": UNIT, "draws": 2, "seed": 0, "ulps": ULPS, "shares": True}
    shares = {s["name"]: s for s in measure_noise(watch("branched"), request)["shares"]}
    assert shares["first"]["length"] == 3 * 9 + 1
    assert shares["dense"]["length"] == 8
    assert shares["mean"]["length"] == 64
    assert shares["add"]["growth"] == pytest.approx(1 / math.sqrt(3))


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ({"nothing": np.ones(2)}, "no such output"),
        ({"output": np.ones(2)}, r"\(2, 7, 16\)"),
        ({}, "no loss"),
    ],
)
def test_loss_that_does_not_fit_is_refused(
    loss: dict[str, Any], words: str, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    np.savez(tmp_path / "loss.npz", **loss)
    request = {"unit": UNIT, "draws": 1, "gradient": str(tmp_path / "loss.npz")}
    with pytest.raises(UsageError, match=words):
        measure_noise(watch("attention"), request)
