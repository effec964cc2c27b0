"""The tape, its names, its replay, and what a replay is watched for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from parityhub.errors import EvidenceError, UsageError
from parityhub.frameworks.pytorch.models import Model
from parityhub.frameworks.pytorch.replay import play
from parityhub.frameworks.pytorch.tape import Value
from parityhub.frameworks.pytorch.tensors import flatten_outputs
from parityhub.frameworks.pytorch.watch import (
    Watched,
    measure_deviation,
    replay_model,
    trace_model,
    watch_model,
    write_values,
)

Watch = Callable[..., Watched]
NAMES = ("branched", "recurrent", "attention")


class Apply(nn.Module):
    def __init__(self, function: Callable[[Tensor], Any]) -> None:
        super().__init__()
        self._function = function

    def forward(self, x: Tensor) -> Any:
        return self._function(x)


def watch_function(function: Callable[[Tensor], Any], *shape: int) -> Watched:
    x = torch.randn(shape or (2, 4), generator=torch.Generator().manual_seed(1))
    return watch_model(Model(Apply(function), torch.float32, 0), {"x": x})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_replay_is_the_model_bit_for_bit(name: str, dtype: torch.dtype, watch: Watch) -> None:
    watched = watch(name, dtype)
    with torch.no_grad():
        replayed = play(watched.model, watched.tape, watched.inputs)
        outputs = {n: t for n, _, t in flatten_outputs(watched.model.call(watched.inputs))}
    assert replayed.keys() == outputs.keys()
    assert all(torch.equal(replayed[key], tensor) for key, tensor in outputs.items())


def test_replay_takes_the_weights_as_they_are_now(watch: Watch) -> None:
    watched = watch("attention")
    with torch.no_grad():
        watched.model.module.block.linear1.weight.mul_(2)
        replayed = play(watched.model, watched.tape, watched.inputs)["output"]
        assert torch.equal(replayed, watched.model.call(watched.inputs))


@pytest.mark.parametrize("name", ["branched", "attention"])
def test_names_are_the_same_in_both_dtypes(name: str, watch: Watch) -> None:
    one, other = (list(watch(name, dtype).ids) for dtype in (torch.float32, torch.float64))
    assert one == other
    assert len(set(one)) == len(one)


def test_modules_give_their_names_and_weights(watch: Watch) -> None:
    nodes = {node["name"]: node for node in trace_model(watch("branched"), 0)["nodes"]}
    conv = nodes["first"]
    assert (conv["op"], conv["layer"]) == ("aten.convolution.default", "first")
    assert conv["weights"] == ["first.bias", "first.weight"]
    assert conv["inputs"] == [-1]
    assert conv["attributes"]["stride"] == "[2, 2]"
    assert nodes["leaky"]["attributes"] == {"negative_slope": "0.2"}
    assert nodes["dense"]["shape"] == [2, 5]
    # Dropout in inference gives what it was given: the function before keeps its own name.
    assert "dropout" not in nodes
    assert nodes["silu"]["inputs"] == [nodes["second"]["id"]]


def test_default_arguments_are_shown() -> None:
    watched = watch_function(lambda x: nn.functional.leaky_relu(x))
    assert trace_model(watched, 0)["nodes"][0]["attributes"] == {"negative_slope": "0.01"}


def test_write_through_a_view_is_an_input_of_what_reads_the_whole(watch: Watch) -> None:
    nodes = {node["name"]: node for node in trace_model(watch("branched"), 0)["nodes"]}
    assert nodes["mul"]["id"] in nodes["add"]["inputs"]
    assert nodes["silu"]["id"] in nodes["add"]["inputs"]


def test_gates_written_in_place_do_not_depend_on_each_other(watch: Watch) -> None:
    nodes = {node["name"]: node for node in trace_model(watch("recurrent"), 0)["nodes"]}
    assert nodes["lstm.sigmoid#2"]["inputs"] == [nodes["lstm.unsafe_split:1"]["id"]]


def test_order_inputs_and_outputs_of_a_trace(watch: Watch) -> None:
    traced = trace_model(watch("branched"), 0)
    seen = set(traced["inputs"].values())
    for node in traced["nodes"]:
        assert seen.issuperset(node["inputs"])
        seen.add(node["id"])
    assert traced["inputs"] == {"image": -1}
    assert seen.issuperset(traced["outputs"].values())


def test_sketches_are_of_the_values(watch: Watch, tmp_path: Path) -> None:
    watched = watch("branched")
    traced = trace_model(watched, 3)
    files = write_values(watched, list(watched.ids), str(tmp_path))
    for node in traced["nodes"]:
        value = np.load(files[node["name"]])
        parts = np.stack([value.real, value.imag]) if np.iscomplexobj(value) else value
        assert list(value.shape) == node["shape"]
        assert node["sketch"]["mean"] == pytest.approx(parts.mean(), abs=1e-12)
        assert node["sketch"]["low"] == parts.min()


def test_moves_are_told_from_computing() -> None:
    watched = watch_function(lambda x: (x.t().reshape(-1).clone().to(torch.float32) * 2).double())
    found = [(node["name"], node["moves"]) for node in trace_model(watched, 0)["nodes"]]
    assert found[-2:] == [("mul", False), ("_to_copy", False)]
    assert all(moves for _, moves in found[:-2])


def test_constants_and_what_is_made_of_them_are_no_nodes() -> None:
    held = torch.ones(4)
    watched = watch_function(lambda x: x * (torch.arange(4).exp() + held))
    assert list(watched.ids) == ["mul"]


def test_module_called_twice_has_two_names() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.dense = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            result: Tensor = self.dense(self.dense(x))
            return result

    watched = watch_model(Model(Twice().eval(), torch.float32, 0), {"x": torch.ones(2, 4)})
    assert list(watched.ids) == ["dense", "dense#2"]


def test_output_that_is_an_input_is_its_negative_id() -> None:
    traced = trace_model(watch_function(lambda x: (x, x + 1)), 0)
    assert traced["outputs"] == {"0": -1, "1": traced["nodes"][0]["id"]}


def test_model_that_draws_random_numbers_is_seeded() -> None:
    watched = watch_function(lambda x: x + torch.rand(4))
    assert list(watched.ids) == ["add"]


def test_model_that_writes_into_itself_is_refused() -> None:
    state = torch.zeros(4)
    with pytest.raises(EvidenceError, match="run again, gives another output 'output'"):
        watch_function(lambda x: state.add_(x[0]).clone())


def test_unknown_node_is_refused(watch: Watch, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no operation 'nothing'"):
        write_values(watch("attention"), ["nothing"], str(tmp_path))


@pytest.mark.parametrize("name", NAMES)
def test_fed_with_its_own_values_nothing_changes(name: str, watch: Watch, tmp_path: Path) -> None:
    watched = watch(name)
    plain = {node["name"]: node["sketch"] for node in trace_model(watched, 5)["nodes"]}
    files = write_values(watched, list(watched.ids), str(tmp_path))
    feeds = {key: {"file": file, "axes": None} for key, file in files.items()}
    replayed = replay_model(watched, feeds, force=True, sketches=True)
    for key, sketch in plain.items():
        again = replayed["sketches"][key]
        # Fed values lie in another order in memory: their sums may differ in the last place.
        assert again["projections"] == {
            order: pytest.approx(numbers, rel=1e-9, abs=1e-12)
            for order, numbers in sketch["projections"].items()
        }
    assert replayed["sketches"].keys() == plain.keys()
    assert {d["max_abs"] for d in replayed["deviations"].values()} == {0.0}


def test_deviation_is_local_when_values_are_forced(watch: Watch, tmp_path: Path) -> None:
    watched = watch("branched")
    files = write_values(watched, ["first", "second"], str(tmp_path))
    np.save(files["first"], np.load(files["first"]) * 1.5)
    feeds = {key: {"file": file, "axes": None} for key, file in files.items()}
    forced = replay_model(watched, feeds, force=True, sketches=False)
    merely = replay_model(watched, feeds, force=False, sketches=False)
    assert forced["deviations"]["second"]["max_abs"] > 0.1
    assert merely["deviations"]["second"]["max_abs"] == 0.0
    assert merely["deviations"]["first"] == forced["deviations"]["first"]
    assert forced["sketches"] == {}


def test_value_forced_before_a_write_in_place_is_seen_by_its_views(watch: Watch) -> None:
    watched = watch("branched")
    feed = torch.full(watched.tape.values[watched.ids["silu"]].shape, 3.0, dtype=torch.float64)
    seen: dict[str, Tensor] = {}

    def visit(value: Value, tensor: Tensor) -> Tensor | None:
        seen[watched.names.get(value.id, "")] = tensor.clone()
        return feed if value.id == watched.ids["silu"] else None

    with torch.no_grad():
        play(watched.model, watched.tape, watched.inputs, visit)
    doubled = (seen["add"] - seen["leaky"])[:, :2]
    rest = (seen["add"] - seen["leaky"])[:, 2:]
    assert torch.allclose(doubled, torch.full_like(doubled, 6.0))
    assert torch.allclose(rest, torch.full_like(rest, 3.0))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1.0, 4.0], [1.0, 2.0], (2.0, 2**0.5, 2.0)),
        ([torch.nan, torch.inf], [torch.nan, torch.inf], (0.0, 0.0, 0.0)),
        ([torch.nan, 1.0], [2.0, 1.0], (torch.inf, torch.inf, 2.0)),
        ([1 + 1j, 0j], [1 + 0j, 0j], (1.0, 0.5**0.5, 1.0)),
        ([], [], (0.0, 0.0, 0.0)),
    ],
)
def test_deviation(one: list[Any], other: list[Any], expected: tuple[float, ...]) -> None:
    got = measure_deviation(torch.tensor(one), torch.tensor(other))
    found = (got["max_abs"], got["rms"], got["scale"])
    if torch.inf in expected:
        assert (found[0], found[2]) == (expected[0], expected[2])
        assert found[1] > 1e300
    else:
        assert found == pytest.approx(expected)
