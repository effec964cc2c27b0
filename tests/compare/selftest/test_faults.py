"""The known faults: all that are asked for are there, and each edit leaves what it is given."""

import inspect

import numpy as np
import pytest

from parityhub.compare.selftest.faults import FAULTS, Fault, take_earlier
from parityhub.compare.selftest.pairs import PAIRS

ASKED = {
    "patches permuted": "patches-permuted",
    "height and width swapped": "height-width-swapped",
    "sign": "sign",
    "times 2": "times-two",
    "plus 1": "plus-one",
    "one NaN": "one-nan",
    "one inf of the other sign": "one-infinity",
    "NHWC read as NCHW": "nhwc-as-nchw",
    "half-pixel shift in interpolation": "half-pixel-shift",
    "SAME padding on the wrong side at stride 2": "padding-side",
    "kernel flipped": "kernel-flipped",
    "a bias zeroed where it was not zero": "bias-zeroed",
    "BatchNorm epsilon": "batchnorm-epsilon",
    "leaky slope": "leaky-slope",
    "one layer in bfloat16": "bfloat16-layer",
    "TF32-like mantissa cut": "short-mantissa-layer",
    "weights of an earlier epoch": "earlier-epoch",
    "intensity_scale left at its default": "intensity-scale-default",
    "softmax axis": "softmax-axis",
    "output constant": "output-constant",
    "output all zero": "output-zero",
}
"""what any comparison has to catch, and what the fault is called"""

KNOWN = {fault.name: fault for fault in FAULTS}
EDITS = [fault for fault in FAULTS if fault.edit is not None]
SHAPES = {
    "network.encoder_0.weight": (4, 3, 3, 3),
    "network.encoder_0.bias": (4,),
    "network.encoder_1.weight": (4, 4, 3, 3),
    "network.decoder_1.weight": (2, 4, 3, 3),
    "network.decoder_1.bias": (2,),
    "network.decoder_10.bias": (2,),
    "intensity_scale": (),
    "reduce.weight": (4, 3, 3, 3),
    "reduce.bias": (4,),
    "refine.weight": (5, 4, 3, 3),
    "refine_norm.running_mean": (5,),
    "refine_norm.running_var": (5,),
    "lift.weight": (4, 3, 3, 3),
    "square.weight": (6, 6),
}


def make_weights(seed: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {
        name: np.asarray(2.5 + generator.normal(size=shape), np.float32)
        for name, shape in SHAPES.items()
    }


def apply(fault: Fault) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return the weights before a fault and behind it."""
    assert fault.edit is not None
    before = make_weights(0)
    return before, fault.edit(before, make_weights(1))


def list_changed(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> set[str]:
    return {name for name in before if not np.array_equal(before[name], after[name])}


@pytest.mark.parametrize(("what", "name"), ASKED.items())
def test_each_fault_that_is_asked_for_is_known(what: str, name: str) -> None:
    assert name in KNOWN, what


def test_names_are_plain_and_each_is_one_fault() -> None:
    assert len(KNOWN) == len(FAULTS) >= 20
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in KNOWN)
    assert len({fault.says for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_seeded_in_one_way_into_a_pair_that_there_is(fault: Fault) -> None:
    assert fault.pair in PAIRS
    assert (fault.edit is not None) is (fault.how == "weights")
    assert fault.how == "weights" or not fault.wants_earlier
    assert not fault.layer or fault.how != "output"
    assert fault.says.strip()


def test_weights_of_an_earlier_epoch_are_there_for_a_pair_that_is_trained() -> None:
    wanting = [fault for fault in FAULTS if fault.wants_earlier]
    assert wanting
    assert {PAIRS[fault.pair].weights.bundle is not None for fault in wanting} == {True}


@pytest.mark.parametrize("fault", EDITS, ids=lambda fault: fault.name)
def test_an_edit_changes_nothing_in_place(fault: Fault) -> None:
    assert fault.edit is not None
    weights, earlier = make_weights(0), make_weights(1)
    for array in (*weights.values(), *earlier.values()):
        array.setflags(write=False)
    edited = fault.edit(weights, earlier)
    for name, array in edited.items():
        if not np.array_equal(array, weights[name]):
            # What is changed is a copy, which may be changed further.
            array[...] = 0
    for given, seed in ((weights, 0), (earlier, 1)):
        assert all(np.array_equal(given[name], array) for name, array in make_weights(seed).items())


@pytest.mark.parametrize("fault", EDITS, ids=lambda fault: fault.name)
def test_an_edit_keeps_names_shapes_and_dtypes(fault: Fault) -> None:
    before, after = apply(fault)
    assert after.keys() == before.keys()
    assert {n: a.shape for n, a in after.items()} == {n: a.shape for n, a in before.items()}
    assert {a.dtype for a in after.values()} == {np.dtype(np.float32)}
    assert list_changed(before, after)


@pytest.mark.parametrize(
    "fault", [fault for fault in EDITS if fault.name != "earlier-epoch"], ids=lambda f: f.name
)
def test_an_edit_changes_the_layer_that_it_names_alone(fault: Fault) -> None:
    changed = list_changed(*apply(fault))
    owners = {name.rpartition(".")[0] for name in changed}
    assert owners == {fault.layer}


@pytest.mark.parametrize(
    ("name", "weight", "change"),
    [
        ("kernel-flipped", "network.encoder_1.weight", lambda k: np.flip(k, (2, 3))),
        ("kernel-axes-swapped", "refine.weight", lambda k: np.transpose(k, (0, 1, 3, 2))),
        ("channel-order", "lift.weight", lambda k: k[:, [2, 1, 0]]),
        ("dense-transposed", "square.weight", lambda k: k.T),
        ("bias-zeroed", "reduce.bias", lambda b: 0 * b),
        ("intensity-scale-default", "intensity_scale", lambda s: s * 0 + 1),
        ("batchnorm-statistics", "refine_norm.running_mean", lambda m: 0 * m),
        ("batchnorm-statistics", "refine_norm.running_var", lambda v: 0 * v + 1),
    ],
)
def test_an_edit_makes_the_mistake_that_it_is_named_for(name, weight, change) -> None:
    before, after = apply(KNOWN[name])
    assert np.array_equal(after[weight], change(before[weight]))


def test_a_stale_layer_is_one_layer_of_the_earlier_epoch() -> None:
    _, after = apply(KNOWN["stale-layer"])
    earlier = make_weights(1)
    for name in ("network.decoder_1.weight", "network.decoder_1.bias"):
        assert np.array_equal(after[name], earlier[name])
    # A layer whose path only begins alike is another one.
    assert np.array_equal(
        after["network.decoder_10.bias"], make_weights(0)["network.decoder_10.bias"]
    )


def test_an_earlier_epoch_is_all_of_it() -> None:
    _, after = apply(KNOWN["earlier-epoch"])
    assert all(np.array_equal(after[name], array) for name, array in make_weights(1).items())


def test_an_earlier_epoch_comes_in_the_dtype_that_is_expected() -> None:
    earlier = {name: array.astype(np.float64) for name, array in make_weights(1).items()}
    after = take_earlier(make_weights(0), earlier)
    assert {array.dtype for array in after.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("change", ["name", "shape", "fewer"])
def test_an_earlier_epoch_of_another_network_is_refused(change: str) -> None:
    earlier = make_weights(1)
    scale = earlier.pop("intensity_scale")
    if change == "name":
        earlier["scale"] = scale
    elif change == "shape":
        earlier["intensity_scale"] = scale.reshape(1)
    with pytest.raises(ValueError, match="another network"):
        take_earlier(make_weights(0), earlier)


def test_an_edit_takes_what_it_is_called_with() -> None:
    """It is called by place: weights, then earlier ones."""
    for fault in EDITS:
        assert fault.edit is not None
        inspect.signature(fault.edit).bind({}, {})
