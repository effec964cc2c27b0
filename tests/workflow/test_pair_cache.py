"""What is kept of a pair for the next time: recalled whole or not at all, by all it depends on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from parityhub.compare.localize.known import Known, KnownPair
from parityhub.compare.referee.request import PairRequest
from parityhub.hub.parity_records import ComparisonRecord, DivergenceRecord
from parityhub.plan.pair import Implementation, PairOutput
from parityhub.workflow.pair_cache import (
    digest_outputs,
    keep_comparison,
    keep_known,
    make_key,
    recall_comparison,
    recall_known,
)
from tests.compare.referee.fakes import make_pair

KNOWN = Known(
    pairs=(
        KnownPair(
            tensorflow="act", pytorch="gate", order="0231", shape=(1, 2, 3, 4), before=("conv",),
            sigma_max=1.25e-7,
        ),
    ),
    divergences=(
        DivergenceRecord(
            tensorflow="act", pytorch="gate", cause="activation", detail="d", evidence=("e",),
            found_in="float64",
        ),
    ),
    checkpoints=(),
    places=(1,),
    unpaired_tensorflow=("bias",),
    unpaired_pytorch=(),
    seconds=2.5,
)  # fmt: skip


def make_comparison(**changes: Any) -> ComparisonRecord:
    fields: dict[str, Any] = {
        "pair": "net",
        "dtype": "float32",
        "verdict": "PASS",
        "reason": "rounding",
        "outputs": (),
        "ulps": {"tanh": {"tensorflow": 5.5, "pytorch": 2.5, "spread": 1.25}},
        "versions": {"pytorch": {"torch": "2"}},
        "inputs_sha256": "1",
        "weights_sha256": "2",
    }
    return ComparisonRecord(**fields | changes)


@pytest.fixture
def request_(tmp_path: Path) -> PairRequest:
    """A request whose children left an output a side in each dtype."""
    folder = tmp_path / "arrays"
    for side in ("tensorflow", "pytorch"):
        for dtype in ("float32", "float64"):
            (folder / side / dtype).mkdir(parents=True)
            np.save(folder / side / dtype / "output.npy", np.arange(3, dtype=dtype))
    return PairRequest(
        name="net",
        pair=make_pair(),
        inputs=tmp_path / "in.npz",
        weights={},
        folder=folder,
        options={"tensorflow": {}, "pytorch": {"width": 3}},
    )


def test_a_comparison_is_recalled_as_it_was_kept(tmp_path: Path):
    keep_comparison(tmp_path / "cache", make_comparison())
    assert recall_comparison(tmp_path / "cache", "net") == make_comparison()
    assert recall_comparison(tmp_path / "cache", "other") is None


def test_the_newest_comparison_of_a_pair_counts(tmp_path: Path):
    for reason in ("first", "second"):
        keep_comparison(tmp_path, make_comparison(reason=reason))
    recalled = recall_comparison(tmp_path, "net")
    assert recalled is not None
    assert recalled.reason == "second"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_comparison_that_measured_nothing_does_not_replace_one_that_did(tmp_path: Path):
    keep_comparison(tmp_path, make_comparison())
    keep_comparison(tmp_path, make_comparison(ulps={}, reason="no referee"))
    assert recall_comparison(tmp_path, "net") == make_comparison()


def test_what_a_localisation_found_is_recalled_as_it_was_kept(tmp_path: Path):
    keep_known(tmp_path, "0a", KNOWN)
    assert recall_known(tmp_path, "0a") == KNOWN
    assert recall_known(tmp_path, "0b") is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"pairs": 1}'])
def test_what_is_damaged_is_as_if_it_had_not_been_kept(tmp_path: Path, data: bytes):
    keep_comparison(tmp_path, make_comparison())
    keep_known(tmp_path, "0a", KNOWN)
    for file in tmp_path.iterdir():
        file.write_bytes(data)
    assert recall_comparison(tmp_path, "net") is None
    assert recall_known(tmp_path, "0a") is None


def test_what_is_cut_short_is_as_if_it_had_not_been_kept(tmp_path: Path):
    keep_known(tmp_path, "0a", KNOWN)
    file = tmp_path / "localize_0a.json"
    file.write_bytes(file.read_bytes()[:-1])
    assert recall_known(tmp_path, "0a") is None


def test_a_folder_in_the_place_of_a_file_is_as_if_nothing_had_been_kept(tmp_path: Path):
    (tmp_path / "compare_net.json").mkdir()
    assert recall_comparison(tmp_path, "net") is None


def test_the_same_has_the_same_key_wherever_it_lies(request_: PairRequest, tmp_path: Path):
    key = make_key(request_, make_comparison())
    elsewhere = tmp_path / "elsewhere"
    request_.folder.rename(elsewhere)
    moved = replace(request_, folder=elsewhere, inputs=tmp_path / "other.npz")
    assert make_key(moved, make_comparison(seconds={"pytorch": 3.0}, verdict="FAIL")) == key
    assert len(key) == 32


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"options": {"tensorflow": {}, "pytorch": {"width": 4}}},
        {"options": {"tensorflow": {"width": 3}, "pytorch": {}}},
        {"dtype": "float16"},
        {"draws": 9},
        {"outputs": (PairOutput(name="z", tensorflow="a", pytorch="b", axes=(1, 0)),)},
        {"input_axes": {"x": (0, 2, 1)}},
        {"tensorflow": Implementation(target="net:other")},
        {"pytorch": Implementation(target="net:other")},
    ],
)
def test_another_request_has_another_key(request_: PairRequest, change: dict[str, Any]):
    key = make_key(request_, make_comparison())
    if change.keys() & set(request_.pair.__struct_fields__):
        changed = replace(request_, pair=structs.replace(request_.pair, **change))
    else:
        changed = replace(request_, **change)
    assert make_key(changed, make_comparison()) != key


@pytest.mark.parametrize(
    "change",
    [
        {"inputs_sha256": "3"},
        {"weights_sha256": "3"},
        {"versions": {"pytorch": {"torch": "3"}}},
    ],
)
def test_other_numbers_and_versions_have_another_key(request_: PairRequest, change: dict[str, Any]):
    comparison = make_comparison()
    changed = structs.replace(comparison, **change)
    assert make_key(request_, changed) != make_key(request_, comparison)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("side", ["tensorflow", "pytorch"])
def test_a_bit_of_an_output_makes_another_key(request_: PairRequest, side: str, dtype: str):
    """The code of a model may change under the same name: its outputs show it."""
    key = make_key(request_, make_comparison())
    file = request_.folder / side / dtype / "output.npy"
    np.save(file, np.nextafter(np.load(file), 9, dtype=dtype))
    assert make_key(request_, make_comparison()) != key


def test_each_output_is_digested_by_its_path(request_: PairRequest):
    (request_.folder / "pytorch" / "noise").mkdir()
    np.savez(request_.folder / "weights.npz", x=np.ones(1))
    digests = digest_outputs(request_.folder)
    assert sorted(digests) == [
        "pytorch/float32/output.npy",
        "pytorch/float64/output.npy",
        "tensorflow/float32/output.npy",
        "tensorflow/float64/output.npy",
    ]
    assert len(set(digests.values())) == 2
    assert digest_outputs(request_.folder / "nowhere") == {}
