"""Records of comparisons, localisations and self-tests survive a write and a read."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parityhub.errors import EvidenceError
from parityhub.hub import parity_records
from parityhub.hub.parity_records import (
    ComparisonRecord,
    DivergenceRecord,
    LayerRecord,
    LocalizationRecord,
    OutputRecord,
)
from parityhub.hub.records import Record
from parityhub.hub.store import Hub
from tests.hub.any_record import build

KINDS = sorted(
    (
        kind
        for kind in vars(parity_records).values()
        if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record
    ),
    key=lambda kind: kind.__name__,
)
PATH = "c2/analysis/compare_C2_pair_1.json"


def test_all_kinds_are_tried() -> None:
    assert [kind.__name__ for kind in KINDS] == [
        "ComparisonRecord",
        "DivergenceRecord",
        "FaultRecord",
        "LayerRecord",
        "LocalizationRecord",
        "OnnxRecord",
        "OriginRecord",
        "OutputRecord",
        "SelftestRecord",
        "ShareRecord",
        "WeightRecord",
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_record_comes_back_as_it_was(kind: type[Record], data: st.DataObject) -> None:
    record = data.draw(build(kind))
    text = msgspec.json.encode(record)
    assert msgspec.json.decode(text, type=kind) == record
    assert json.loads(text).keys() == set(kind.__struct_fields__)


def make_comparison(**output: Any) -> ComparisonRecord:
    fields: dict[str, Any] = {"name": "mask", "verdict": "PASS", "reason": "rounding"}
    return ComparisonRecord(
        pair="net",
        dtype="float32",
        verdict="PASS",
        reason="mask: rounding",
        outputs=(OutputRecord(**fields | output),),
    )


def test_a_deviation_comes_back_bit_for_bit(hub: Hub) -> None:
    value = 1.1920928955078126e-07
    record = make_comparison(max_abs=value, metrics={"p99_abs": value, "max_ulp": 3, "by": None})
    hub.keep_record(PATH, record, made_by="a test", shows="a comparison")
    [output] = hub.read_record(PATH, ComparisonRecord).outputs
    assert output.max_abs is not None
    assert output.max_abs.hex() == value.hex()
    assert output.metrics == {"p99_abs": value, "max_ulp": 3, "by": None}
    assert isinstance(output.metrics["max_ulp"], int)


def test_what_is_not_finite_comes_back_as_missing(hub: Hub) -> None:
    """JSON has no word for it: a reader never takes it for a number."""
    record = make_comparison(max_abs=float("inf"), metrics={"slope": float("nan")})
    hub.keep_record(PATH, record, made_by="a test", shows="a comparison")
    [output] = hub.read_record(PATH, ComparisonRecord).outputs
    assert output.max_abs is None
    assert output.metrics == {"slope": None}


def test_an_output_of_which_nothing_is_known_claims_nothing() -> None:
    output = OutputRecord(name="mask", verdict="INCONCLUSIVE", reason="unmatched")
    numbers = {
        name: value
        for name, value in msgspec.structs.asdict(output).items()
        if isinstance(value, float)
    }
    assert numbers == {}
    assert (output.tolerance_kind, output.shape, output.shares) == ("none", (), ())


def test_layers_and_divergences_keep_what_is_unpaired(hub: Hub) -> None:
    divergence = DivergenceRecord(
        tensorflow="",
        pytorch="net.gate",
        cause="unknown",
        detail="its input agrees",
        evidence=("rms 1 for 2",),
        found_in="float64",
    )
    record = LocalizationRecord(
        pair="net",
        dtype="float32",
        verdict="FAIL",
        reason="net.gate differs",
        divergences=(divergence,),
        layers=(LayerRecord(tensorflow=None, pytorch="net.gate", verdict="unpaired"),),
    )
    hub.keep_record("c2/analysis/l.json", record, made_by="a test", shows="a localisation")
    assert hub.read_record("c2/analysis/l.json", LocalizationRecord) == record


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"PASS"', '"SURE"'),
        ('"none"', '"guessed"'),
        ('"pair"', '"pare"'),
        ('"mask"', "7"),
    ],
)
def test_a_record_that_was_altered_is_refused(hub: Hub, old: str, new: str) -> None:
    text = msgspec.json.encode(make_comparison()).decode()
    assert old in text
    hub.keep_bytes(PATH, text.replace(old, new).encode(), made_by="a test", shows="an altered one")
    with pytest.raises(EvidenceError, match=r"compare_C2_pair_1\.json: not a ComparisonRecord"):
        hub.read_record(PATH, ComparisonRecord)


def test_a_comparison_written_before_a_field_was_added_is_read() -> None:
    old = {"pair": "net", "dtype": "float32", "verdict": "FAIL", "reason": "r", "outputs": []}
    record = msgspec.convert(old, ComparisonRecord)
    assert (record.rejudges, record.ulps, record.draws) == ("", {}, 0)
