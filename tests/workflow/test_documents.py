"""The documents that scripts read: the fields that are promised, and nothing passed in silence."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from parityhub.hub.history import History
from parityhub.hub.parity_records import (
    ComparisonRecord,
    DivergenceRecord,
    FaultRecord,
    LayerRecord,
    LocalizationRecord,
    OutputRecord,
    SelftestRecord,
)
from parityhub.hub.records import CheckNumber, CheckRecord
from parityhub.hub.store import Hub
from parityhub.workflow.documents import (
    describe_comparison,
    describe_localization,
    describe_selftest,
)
from tests.hub.conftest import read_noon

PATH = "q/analysis/compare_Q_same_1.json"
WHERE = "q/analysis/localize_Q_same_1.json"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path / "reports", "parity", "I", read_noon)


def as_json(document: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(document))


def make_check(**fields: Any) -> CheckRecord:
    blank = {"id": "same", "kind": "same-weights", "title": "t", "verdict": "PASS", "reason": "r"}
    return CheckRecord(**{**blank, **fields})


def make_comparison(*outputs: OutputRecord) -> ComparisonRecord:
    return ComparisonRecord(
        pair="net", dtype="float32", verdict="PASS", reason="r", outputs=outputs
    )


def make_output(name: str, **fields: Any) -> OutputRecord:
    return OutputRecord(**{"name": name, "verdict": "PASS", "reason": "rounding", **fields})


def test_each_output_of_a_comparison_has_what_is_promised(hub: Hub):
    history = History(
        comparisons={
            PATH: make_comparison(
                make_output(
                    "mask", max_abs=1e-7, tolerance=4e-7, margin=4.0, tolerance_reason="8 draws",
                    mae=1e-8, ssim=0.999,
                ),
                make_output("score"),
            )
        }
    )  # fmt: skip
    document = as_json(describe_comparison("Q", hub, [make_check(comparison=PATH)], history))
    assert (document["phase"], document["hub"]) == ("Q", str(hub.root))
    assert (document["verdict"], document["reason"]) == ("PASS", "same: r")
    mask, score = document["outputs"]
    assert {
        "check": "same", "name": "mask", "verdict": "PASS", "max_abs": 1e-7, "tolerance": 4e-7,
        "tolerance_reason": "8 draws", "margin": 4.0, "mae": 1e-8, "ssim": 0.999,
    }.items() <= mask.items()  # fmt: skip
    assert (score["max_abs"], score["tolerance"], score["ssim"]) == (None, None, None)
    assert document["checks"] == [
        {"id": "same", "kind": "same-weights", "verdict": "PASS", "reason": "r", "record": PATH}
    ]


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        (("PASS", "PASS"), "PASS"),
        (("PASS", "INCONCLUSIVE"), "INCONCLUSIVE"),
        (("INCONCLUSIVE", "FAIL", "PASS"), "FAIL"),
        ((), "INCONCLUSIVE"),
    ],
)
def test_the_worst_check_makes_the_verdict(hub: Hub, verdicts: tuple[Any, ...], verdict: str):
    checks = [make_check(id=f"c{n}", verdict=each) for n, each in enumerate(verdicts)]
    document = describe_comparison("Q", hub, checks, History())
    assert document["verdict"] == verdict
    assert [check["verdict"] for check in document["checks"]] == list(verdicts)
    assert document["outputs"] == []


def test_a_check_that_could_not_be_asked_has_no_outputs_and_no_record(hub: Hub):
    check = make_check(verdict="INCONCLUSIVE", reason="a model cannot be built")
    document = describe_comparison("Q", hub, [check], History())
    assert document["outputs"] == []
    assert document["checks"][0]["record"] is None
    assert document["reason"] == "same: a model cannot be built"


def test_images_of_trained_sides_are_outputs_too(hub: Hub):
    numbers = {
        "sha256 of canvas.npy, torch": "0a",
        "amplitude ssim, tensorflow against torch": 0.97,
        "amplitude mae, tensorflow against torch": 0.01,
        "amplitude max_abs, tensorflow against torch": 0.2,
        "phase ssim, tensorflow against torch": 0.93,
        "amplitude ssim, torch against its object": 0.5,
    }
    check = make_check(
        id="trained",
        kind="trained",
        verdict="FAIL",
        reason="SSIM under 0.95",
        tolerance="SSIM >= 0.95: seed to seed",
        numbers=tuple(CheckNumber(name=name, value=value) for name, value in numbers.items()),
    )
    amplitude, phase = describe_comparison("Q", hub, [check], History())["outputs"]
    assert amplitude == {
        "check": "trained",
        "name": "amplitude of tensorflow against torch",
        "verdict": "FAIL",
        "reason": "SSIM under 0.95",
        "max_abs": 0.2,
        "tolerance": None,
        "tolerance_reason": "SSIM >= 0.95: seed to seed",
        "margin": None,
        "mae": 0.01,
        "ssim": 0.97,
    }
    assert (phase["name"], phase["ssim"]) == ("phase of tensorflow against torch", 0.93)
    assert (phase["mae"], phase["max_abs"]) == (None, None)


def test_trained_sides_of_which_no_image_could_be_compared_are_no_outputs(hub: Hub):
    check = make_check(kind="trained", verdict="FAIL", reason="shapes differ")
    document = describe_comparison("Q", hub, [check], History())
    assert (document["outputs"], document["verdict"]) == ([], "FAIL")


def make_divergence(**fields: Any) -> DivergenceRecord:
    blank: dict[str, Any] = {
        "tensorflow": "block/act",
        "pytorch": "block.gate",
        "cause": "activation variant",
        "detail": "GELU by tanh",
        "evidence": ("with erf: 1e-9",),
        "found_in": "float64",
        "proven": True,
    }
    return DivergenceRecord(**blank | fields)


def make_localization(*divergences: DivergenceRecord, **fields: Any) -> LocalizationRecord:
    blank: dict[str, Any] = {
        "pair": "net",
        "dtype": "float32",
        "verdict": "FAIL" if divergences else "PASS",
        "reason": "why",
        "divergences": divergences,
        "layers": (),
    }
    return LocalizationRecord(**blank | fields)


def test_where_sides_part_has_what_is_promised(hub: Hub):
    layers = (
        LayerRecord(
            tensorflow="block/act", pytorch="block.gate", verdict="local", local=0.5,
            inherited=0.25, floor=1e-7, note="beyond",
        ),
        LayerRecord(tensorflow=None, pytorch="block.drop", verdict="unpaired"),
    )  # fmt: skip
    record = make_localization(make_divergence(), layers=layers)
    document = as_json(describe_localization("Q", hub, [(WHERE, record)]))
    assert (document["phase"], document["hub"], document["record"]) == ("Q", str(hub.root), WHERE)
    assert document["first_divergence"] == {"tensorflow": "block/act", "torch": "block.gate"}
    assert (document["cause"], document["detail"]) == ("activation variant", "GELU by tanh")
    assert document["layers"] == [
        {
            "tensorflow": "block/act", "torch": "block.gate", "local": 0.5, "inherited": 0.25,
            "floor": 1e-7, "verdict": "local", "note": "beyond",
        },
        {
            "tensorflow": None, "torch": "block.drop", "local": None, "inherited": None,
            "floor": None, "verdict": "unpaired", "note": "",
        },
    ]  # fmt: skip
    assert document["divergences"] == [
        {
            "tensorflow": "block/act", "torch": "block.gate", "cause": "activation variant",
            "detail": "GELU by tanh", "found_in": "float64", "evidence": ["with erf: 1e-9"],
            "proven": True,
        }
    ]  # fmt: skip


def test_sides_that_part_nowhere_have_no_divergence(hub: Hub):
    document = describe_localization("Q", hub, [(WHERE, make_localization())])
    assert document["verdict"] == "PASS"
    assert (document["first_divergence"], document["cause"]) == (None, None)
    assert (document["divergences"], document["gradient"]) == ([], [])


def test_where_only_the_gradients_part_these_are_the_first(hub: Hub):
    backward = make_divergence(pytorch="block.stop", found_in="gradient")
    record = make_localization(verdict="FAIL", gradient=(backward,))
    document = describe_localization("Q", hub, [(WHERE, record)])
    assert document["first_divergence"] == {"tensorflow": "block/act", "torch": "block.stop"}
    both = make_localization(make_divergence(), gradient=(backward,))
    document = describe_localization("Q", hub, [(WHERE, both)])
    assert document["first_divergence"]["torch"] == "block.gate"
    assert [item["found_in"] for item in document["gradient"]] == ["gradient"]


@pytest.mark.parametrize("verdict", ["FAIL", "INCONCLUSIVE"])
def test_of_several_pairs_the_first_that_does_not_pass_is_shown(hub: Hub, verdict: Any):
    found = [
        ("1.json", make_localization(pair="sound")),
        ("2.json", make_localization(pair="other", verdict=verdict)),
        ("3.json", make_localization(make_divergence(), pair="third")),
    ]
    document = describe_localization("Q", hub, found)
    assert (document["pair"], document["verdict"]) == ("other", verdict)
    assert [pair["record"] for pair in document["pairs"]] == ["1.json", "2.json", "3.json"]
    assert describe_localization("Q", hub, found[:1])["verdict"] == "PASS"


def make_fault(name: str = "sign", **fields: Any) -> FaultRecord:
    blank: dict[str, Any] = {
        "name": name,
        "pair": "small",
        "verdict": "FAIL",
        "caught_by": ("max_abs",),
        "equivalent": False,
        "sits_in": "",
        "localized": None,
        "named": "",
    }
    return FaultRecord(**blank | fields)


def make_selftest(*faults: FaultRecord, **fields: Any) -> SelftestRecord:
    blank: dict[str, Any] = {"faults": faults, "false_alarms": 0, "runs": 10}
    return SelftestRecord(**blank | fields)


def test_a_self_test_passes_where_all_is_caught_and_nothing_alarms():
    record = make_selftest(make_fault(), make_fault("slope", sits_in="act", localized=True))
    document = as_json(describe_selftest(record))
    assert (document["passed"], document["missed"]) == (True, [])
    assert (document["false_alarms"], document["runs"], document["alarms"]) == (0, 10, [])
    assert [fault["name"] for fault in document["faults"]] == ["sign", "slope"]
    assert {"name", "verdict", "caught_by", "localized"} <= document["faults"][0].keys()


@pytest.mark.parametrize(
    "miss",
    [
        {"verdict": "PASS", "caught_by": ()},
        {"verdict": "INCONCLUSIVE"},
        {"equivalent": True},
        {"sits_in": "act", "localized": False, "named": "conv"},
    ],
)
def test_a_fault_that_is_missed_is_named(miss: dict[str, Any]):
    document = describe_selftest(make_selftest(make_fault("other"), make_fault(**miss)))
    assert (document["passed"], document["missed"]) == (False, ["sign"])


def test_a_false_alarm_is_no_pass():
    record = make_selftest(make_fault(), false_alarms=1, alarms=("small, seed 3: beyond",))
    document = describe_selftest(record)
    assert (document["passed"], document["missed"]) == (False, [])
    assert document["alarms"] == ("small, seed 3: beyond",)


def test_a_self_test_without_a_fault_shows_nothing():
    assert describe_selftest(make_selftest())["passed"] is False
