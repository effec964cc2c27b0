"""Each known fault changes what its pair gives, and changes it where it says that it sits."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from parityhub.baselines.small.inputs import make_images
from parityhub.capture.bundle import read_bundle
from parityhub.compare.selftest.faults import FAULTS, Fault, take_earlier
from tests.baselines.conftest import run_words, train
from tests.baselines.subject_weights import name_for_torch
from tests.baselines.test_small import AXES, KERAS, OWNERS, TORCH
from tests.pairs.drive import Arrays, port, run_child, save
from tests.pairs.forward import read_arrays

SUBJECT = "parityhub.baselines.ptycho_torch.subject:build"
MINIMUM = {"gelu-tanh": 1e-6}
"""least change, relative to the output's scale; elsewhere 1e-5"""


def list_faults(pair: str) -> list[Fault]:
    return [fault for fault in FAULTS if fault.pair == pair]


def seed_faults(
    job: Mapping[str, object], weights: Arrays, earlier: Arrays, pair: str, folder: Path
) -> list[dict[str, object]]:
    """Make a job without a fault, and one for each fault."""
    honest = {**job, "weights": save(folder / "weights.npz", weights)}
    jobs = [honest]
    for fault in list_faults(pair):
        if fault.edit is None:
            options = {**job["options"], "fault": fault.name}  # type: ignore[dict-item]
            jobs.append({**honest, "options": options})
        else:
            edited = save(folder / f"{fault.name}.npz", fault.edit(weights, earlier))
            jobs.append({**honest, "weights": edited})
    return jobs


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Arrays]:
    folder = tmp_path_factory.mktemp("small")
    inputs = save(folder / "inputs.npz", {"image": make_images(2, 7)})
    read = folder / "keras.npz"
    job = {"options": {}, "inputs": inputs, "weights_out": str(read), "input_axes": AXES}
    run_child("tensorflow", KERAS, "float64", [job], folder)
    weights = port(read_arrays(str(read)), OWNERS)
    return run_child(
        "pytorch", TORCH, "float64", seed_faults(job, weights, {}, "small", folder), folder
    )


@pytest.fixture(scope="module")
def reference(data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Arrays]:
    """With weights that a training of two epochs left; the earlier ones are what it began with."""
    folder = tmp_path_factory.mktemp("reference")
    train("ptycho_torch", data, folder)
    trained, params = read_bundle(folder / "wts.h5.zip")
    weights = name_for_torch(trained, 2, params["intensity_scale"])
    begun = read_arrays(str(folder / "initial_weights.npz"))
    earlier = name_for_torch(begun, 2, params["intensity_scale_initial"])
    inputs = folder / "inputs.npz"
    words = ("--data", data / "train.npz", "--out", inputs, "--groups", "4")
    ran = run_words("-m", "parityhub.baselines.subject_inputs", *words, "--canvas-size", "64")
    assert ran.code == 0, ran.log
    options = {"gridsize": 2, "size": 32, "canvas_size": 64, "dtype": "float64"}
    job = {"options": options, "inputs": str(inputs)}
    jobs = seed_faults(job, weights, earlier, "reference", folder)
    return run_child("pytorch", SUBJECT, "float64", jobs, folder)


@pytest.mark.slow
@pytest.mark.parametrize("pair", ["small", "reference"])
def test_each_fault_changes_the_float64_output(pair: str, request: pytest.FixtureRequest):
    honest, *faulty = request.getfixturevalue(pair)
    assert all(np.isfinite(array).all() for array in honest.values())
    for fault, outputs in zip(list_faults(pair), faulty, strict=True):
        changes = {}
        for name, array in honest.items():
            assert outputs[name].shape == array.shape, fault.name
            changes[name] = np.abs(outputs[name] - array).max() / np.abs(array).max()
        print(f"{pair} {fault.name}: {', '.join(f'{n} {c:.2g}' for n, c in changes.items())}")
        assert not max(changes.values()) <= MINIMUM.get(fault.name, 1e-5), fault.name
        if fault.how == "output":
            assert 0 in changes.values(), "the other output is left alone"


def test_faults_are_named_once_and_are_enough():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 20
    for fault in FAULTS:
        assert (fault.edit is not None) == (fault.how == "weights")
        assert not (fault.how == "output" and fault.layer)
        assert fault.says
    assert any(fault.layer for fault in FAULTS)


@pytest.mark.slow
def test_the_table_and_the_builders_name_the_same_faults():
    program = (
        "import torch\n"
        "from parityhub.baselines.faults import reference, small\n"
        "from parityhub.baselines.ptycho_torch.subject import Subject\n"
        "from parityhub.baselines.small.torch_net import build\n"
        "print(*sorted(reference.PLANTS))\n"
        "print(*sorted(small.PLANTS))\n"
        "for model in (Subject(2, 64, torch.float32), build()):\n"
        "    print(*(name for name, _ in model.named_modules()))\n"
    )
    ran = run_words("-c", program)
    assert ran.code == 0, ran.log
    lines = [line.split() for line in ran.log.splitlines()]
    for pair, planted, modules in zip(("reference", "small"), lines[:2], lines[2:], strict=True):
        faults = list_faults(pair)
        assert planted == sorted(fault.name for fault in faults if fault.how != "weights")
        assert {fault.layer for fault in faults if fault.layer} <= set(modules)


@pytest.mark.slow
def test_a_fault_that_there_is_not_is_refused():
    program = (
        "from parityhub.baselines.small.torch_net import build\n"
        "from parityhub.errors import OptionError\n"
        "try: build(fault='nothing')\n"
        "except OptionError as error: print(error.message, '|', error.hint)\n"
    )
    ran = run_words("-c", program)
    assert ran.log.startswith("no fault is called 'nothing' | one of nhwc-as-nchw, ")


def test_edits_change_no_array_in_place_and_only_what_they_name():
    rng = np.random.default_rng(0)
    shapes = {
        "network.encoder_1.weight": (4, 3, 3, 3), "network.decoder_1.weight": (4, 4, 3, 3),
        "network.decoder_1.bias": (4,), "intensity_scale": (), "reduce.bias": (4,),
        "refine_norm.running_mean": (4,), "refine_norm.running_var": (4,),
        "lift.weight": (4, 3, 3, 3), "refine.weight": (4, 3, 3, 3), "square.weight": (4, 4),
    }  # fmt: skip
    weights, earlier = (
        {name: np.asarray(rng.normal(size=shape), np.float32) for name, shape in shapes.items()}
        for _ in range(2)
    )
    kept = {name: array.copy() for name, array in weights.items()}
    for fault in FAULTS:
        if fault.edit is None:
            continue
        edited = fault.edit(weights, earlier)
        assert all(np.array_equal(weights[name], kept[name]) for name in kept), fault.name
        assert set(edited) == set(weights)
        changed = {name for name in kept if not np.array_equal(edited[name], kept[name])}
        assert changed, fault.name
        assert all(edited[name].shape == kept[name].shape for name in kept)
        assert all(edited[name].dtype == np.float32 for name in kept)
        if fault.layer and fault.name != "earlier-epoch":
            assert {name.rpartition(".")[0] for name in changed} == {fault.layer}


def test_weights_of_another_network_are_not_taken_for_earlier_ones():
    with pytest.raises(ValueError, match="another network"):
        take_earlier({"a": np.ones(3)}, {"a": np.ones(2)})


@pytest.mark.slow
def test_a_mantissa_is_cut_as_tf32_cuts_it_and_gradients_pass():
    program = (
        "import torch\n"
        "from parityhub.baselines.faults.layers import shorten_mantissa\n"
        "torch.manual_seed(0)\n"
        "for dtype in (torch.float32, torch.float64):\n"
        "    x = ((torch.rand(999) + 0.5) * torch.exp2(torch.arange(999) % 14 - 7.0)).to(dtype)\n"
        "    x = torch.cat([x, torch.zeros(1, dtype=dtype)]).requires_grad_()\n"
        "    cut = shorten_mantissa(x)\n"
        "    part, exponent = torch.frexp(x.detach())\n"
        "    expected = torch.ldexp(torch.round(part * 2**11) / 2**11, exponent)\n"
        "    cut.sum().backward()\n"
        "    print(torch.equal(cut.detach(), expected), torch.equal(cut.detach(), x.detach()),\n"
        "          bool((x.grad == 1).all()))\n"
    )
    ran = run_words("-c", program)
    assert ran.log.splitlines() == ["True False True"] * 2
