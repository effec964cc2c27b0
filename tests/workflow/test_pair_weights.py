"""The numbers that both sides get: from a bundle or a side, each in its own order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parityhub.capture.bundle import write_bundle
from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import WeightInfo
from parityhub.compare.evidence import Missing
from parityhub.compare.referee.numbers import read_arrays
from parityhub.errors import EvidenceError
from parityhub.plan.pair import Implementation, Pair, WeightEntry, WeightSource
from parityhub.workflow.pair_weights import (
    WeightPlace,
    find_bundle,
    list_weights,
    read_bundle_weights,
    record_mapping,
    write_weights,
)
from tests.compare.builders import keep_bytes, make_attempt, make_evidence, make_step
from tests.compare.weights.listings import keras, keras_dense, torch, torch_dense

KERAS, TORCH = keras_dense("dense", 2, 3), torch_dense("dense", 2, 3)
KERNEL = np.arange(6, dtype=np.float32).reshape(2, 3)
BIAS = np.arange(3, dtype=np.float32)
BUNDLED = {"dense.kernel": KERNEL, "dense.bias": BIAS}
INPUTS = {"tensorflow": Path("a.npz"), "pytorch": Path("b.npz")}


class Child:
    """Lists the weights that it was given, and writes those it begins with."""

    def __init__(self, listed: list[WeightInfo], arrays: Mapping[str, Any] | None = None) -> None:
        self.listed = listed
        self.arrays = arrays or {}
        self.asked: list[Mapping[str, Any]] = []

    def ask(self, request: Mapping[str, Any]) -> Any:
        self.asked.append(request)
        if request["do"] == "open":
            return {"weights": self.listed, "dtype": "float32", "versions": {}, "threads": 1}
        assert request["do"] == "read"
        write_arrays(Path(request["file"]), self.arrays)
        return {"weights": len(self.arrays)}


def make_pair(**changes: Any) -> Pair:
    fields: dict[str, Any] = {
        "title": "a pair",
        "tensorflow": Implementation(target="net:keras"),
        "pytorch": Implementation(target="net:torch"),
        "weights": WeightSource(source="tensorflow"),
        "dataset": "data",
    }
    return Pair(**fields | changes)


def write(
    folder: Path, pair: Pair, bundle: Path | None = None, **changes: Any
) -> tuple[dict[str, dict[str, Any]], Any, dict[str, Child]]:
    """Write the weights; return what each side gets, the mapping, and the children."""
    children = {
        "tensorflow": Child(KERAS, {"dense/kernel": KERNEL, "dense/bias": BIAS}),
        "pytorch": Child(TORCH, {"dense.weight": 2 * KERNEL.T, "dense.bias": 2 * BIAS}),
    }
    listed = {side: child.listed for side, child in children.items()} | changes
    place = WeightPlace(bundle=bundle)
    files, mapping, _ = write_weights(children, pair, listed, place, "net/float32", folder)
    return {side: read_arrays(file) for side, file in files.items()}, mapping, children


def test_both_models_are_built_with_what_the_plan_says():
    pair = make_pair(weights=WeightSource(source="pytorch", seed=7), threads=2, dtype="bfloat16")
    children = {"tensorflow": Child(KERAS), "pytorch": Child(TORCH)}
    options = {"tensorflow": {"width": 3}, "pytorch": {}}
    listed = list_weights(children, pair, options, INPUTS, "net/bfloat16")
    assert listed == {"tensorflow": KERAS, "pytorch": TORCH}
    assert [child.asked for child in children.values()] == [
        [
            {
                "do": "open",
                "key": "net/bfloat16",
                "target": target,
                "options": given,
                "dtype": "bfloat16",
                "seed": 7,
                "threads": 2,
                "inputs": inputs,
            }
        ]
        for target, given, inputs in (
            ("net:keras", {"width": 3}, "a.npz"),
            ("net:torch", {}, "b.npz"),
        )
    ]


@pytest.mark.parametrize(("source", "factor"), [("tensorflow", 1), ("pytorch", 2)])
def test_both_sides_get_the_weights_that_one_begins_with(tmp_path: Path, source: Any, factor: int):
    got, mapping, children = write(tmp_path, make_pair(weights=WeightSource(source=source)))
    assert np.array_equal(got["tensorflow"]["dense/kernel"], factor * KERNEL)
    assert np.array_equal(got["pytorch"]["dense.weight"], factor * KERNEL.T)
    for name in ("dense/bias", "dense.bias"):
        side = "tensorflow" if "/" in name else "pytorch"
        assert np.array_equal(got[side][name], factor * BIAS)
    asked = {side: [request["do"] for request in child.asked] for side, child in children.items()}
    assert asked == {side: ["read"] if side == source else [] for side in children}
    assert {(pair.tensorflow, pair.pytorch) for pair in mapping} == {
        ("dense/kernel", "dense.weight"),
        ("dense/bias", "dense.bias"),
    }


def test_a_bundle_is_in_tensorflows_order_and_no_side_is_asked(tmp_path: Path):
    bundle = tmp_path / "wts.h5.zip"
    write_bundle(bundle, BUNDLED, {})
    pair = make_pair(weights=WeightSource(bundle="P:a/wts.h5.zip"))
    got, _, children = write(tmp_path, pair, bundle)
    assert np.array_equal(got["tensorflow"]["dense/kernel"], KERNEL)
    assert np.array_equal(got["pytorch"]["dense.weight"], KERNEL.T)
    assert [child.asked for child in children.values()] == [[], []]


def test_a_number_of_the_bundles_parameters_is_a_weight(tmp_path: Path):
    bundle = tmp_path / "wts.h5.zip"
    write_bundle(bundle, BUNDLED, {"scale": 9.882117688026186, "epochs": 2})
    source = WeightSource(bundle="P:a/wts.h5.zip", params=("scale",))
    got, _, _ = write(
        tmp_path,
        make_pair(weights=source),
        bundle,
        tensorflow=[*KERAS, keras("net/scale", "Net")],
        pytorch=[*TORCH, torch("scale", "Net")],
    )
    assert got["tensorflow"]["net/scale"] == got["pytorch"]["scale"] == 9.882117688026186
    assert got["pytorch"]["scale"].shape == ()


@pytest.mark.parametrize(
    "params", [{}, {"scale": None}, {"scale": "9.5"}, {"scale": True}, {"scale": [9.5]}]
)
def test_what_is_no_number_is_no_weight(tmp_path: Path, params: dict[str, Any]):
    bundle = tmp_path / "wts.h5.zip"
    write_bundle(bundle, BUNDLED, params)
    pair = make_pair(weights=WeightSource(bundle="P:a/w", params=("scale",)))
    with pytest.raises(EvidenceError) as caught:
        read_bundle_weights(bundle, pair)
    assert caught.value.message == "wts.h5.zip: params.json has no number 'scale'"
    assert "weights.params" in caught.value.hint


def test_parameters_that_the_plan_does_not_name_are_no_weights(tmp_path: Path):
    bundle = tmp_path / "wts.h5.zip"
    write_bundle(bundle, BUNDLED, {"scale": 9.5})
    pair = make_pair(weights=WeightSource(bundle="P:a/w"))
    assert read_bundle_weights(bundle, pair).keys() == BUNDLED.keys()


def test_a_weight_without_a_partner_is_refused_and_nothing_is_written(tmp_path: Path):
    with pytest.raises(EvidenceError, match="dense"):
        write(tmp_path, make_pair(), pytorch=torch_dense("other", 5, 4))
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_of_another_model_is_refused(tmp_path: Path):
    bundle = tmp_path / "wts.h5.zip"
    write_bundle(bundle, {"dense.kernel": KERNEL.T, "dense.bias": BIAS}, {})
    with pytest.raises(EvidenceError, match=r"dense/kernel \(2, 3\)"):
        write(tmp_path, make_pair(weights=WeightSource(bundle="P:a/w")), bundle)


def test_what_is_declared_is_taken(tmp_path: Path):
    entries = (
        WeightEntry(tensorflow="dense/kernel", pytorch="out.weight", axes=(1, 0)),
        WeightEntry(tensorflow="dense/bias", pytorch="out.bias"),
    )
    got, mapping, _ = write(tmp_path, make_pair(mapping=entries), pytorch=torch_dense("out", 2, 3))
    assert np.array_equal(got["pytorch"]["out.weight"], KERNEL.T)
    assert [(record.found, record.confidence) for record in record_mapping(mapping)] == [
        ("declared", "certain")
    ] * 2


def test_a_mapping_is_recorded_pair_by_pair(tmp_path: Path):
    _, mapping, _ = write(tmp_path, make_pair())
    records = record_mapping(mapping)
    assert len(records) == len(mapping) == 2
    for pair, record in zip(mapping, records, strict=True):
        for name in ("tensorflow", "pytorch", "rule", "found", "confidence"):
            assert getattr(record, name) == getattr(pair, name)


@pytest.mark.parametrize("name", ["file", "self", "a/b/kernel", "wéight", "x.npy"])
def test_a_weight_may_have_any_name(tmp_path: Path, name: str):
    path = tmp_path / "deep" / "weights.npz"
    write_arrays(path, {name: KERNEL, "scalar": np.float32(2.5)})
    read = read_arrays(path)
    assert np.array_equal(read[name], KERNEL)
    assert (read["scalar"], read["scalar"].dtype) == (2.5, np.float32)


def test_the_same_arrays_make_the_same_file(tmp_path: Path):
    for name in ("a.npz", "b.npz"):
        write_arrays(tmp_path / name, {"x": KERNEL, "y": BIAS})
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def keep_bundle(root: Path, *, kept: bool = True) -> Any:
    artifact = keep_bytes(root, "p/analysis/wts.h5.zip", b"PK", kept=kept)
    attempt = make_attempt("torch", phase="P", steps=[make_step("train", [artifact], ("run",))])
    return make_evidence(attempt, root=root)


BUNDLED_PAIR = make_pair(weights=WeightSource(bundle="P:torch/wts.h5.zip"))


def test_a_bundle_is_found_where_the_hub_keeps_it(tmp_path: Path):
    found = find_bundle(BUNDLED_PAIR, keep_bundle(tmp_path))
    assert found == tmp_path / "p/analysis/wts.h5.zip"


def test_weights_of_a_side_are_no_bundle():
    assert find_bundle(make_pair(), None) is None


@pytest.mark.parametrize(
    ("evidence", "missing"),
    [
        (
            make_evidence(missing={"P:torch": "torch of P is blocked: red/b.md"}),
            Missing("P:torch: torch of P is blocked: red/b.md", deferred=True),
        ),
        (
            make_evidence(make_attempt("torch", phase="P")),
            Missing("P:torch left no wts.h5.zip", deferred=False),
        ),
    ],
)
def test_a_bundle_that_was_not_left_is_missing(evidence: Any, missing: Missing):
    assert find_bundle(BUNDLED_PAIR, evidence) == missing


def test_a_bundle_that_is_not_kept_or_without_a_hub_is_refused(tmp_path: Path):
    with pytest.raises(EvidenceError, match=r"wts\.h5\.zip: not kept in the hub"):
        find_bundle(BUNDLED_PAIR, keep_bundle(tmp_path, kept=False))
    with pytest.raises(EvidenceError, match=r"P:torch/wts\.h5\.zip: there is no hub"):
        find_bundle(BUNDLED_PAIR, None)


def test_a_weight_that_was_renamed_since_it_was_accepted_is_named(tmp_path: Path) -> None:
    accepted = tmp_path / "weights.npz"
    write_arrays(accepted, {"old/kernel": KERNEL, "dense/bias": BIAS})
    children = {"tensorflow": Child(KERAS), "pytorch": Child(TORCH)}
    listed = {"tensorflow": KERAS, "pytorch": TORCH}
    place = WeightPlace(accepted=accepted)
    with pytest.raises(EvidenceError, match="has dense/kernel and lacks old/kernel") as caught:
        write_weights(children, make_pair(), listed, place, "net", tmp_path)  # type: ignore[arg-type]
    assert "--replace" in caught.value.hint
    write_arrays(accepted, {"dense/kernel": KERNEL, "dense/bias": BIAS})
    written = write_weights(children, make_pair(), listed, place, "net", tmp_path)  # type: ignore[arg-type]
    assert written.origin.kind == "accepted"
