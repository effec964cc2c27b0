"""A comparison as the answer to a check: the same verdict, and each number with its place."""

from typing import Any

import pytest
from msgspec import structs, to_builtins

from parityhub.compare.parity_check import SHOWN, answer_check, list_numbers
from parityhub.hub.parity_records import (
    ComparisonRecord,
    DivergenceRecord,
    LocalizationRecord,
    OutputRecord,
)
from parityhub.plan.model import OutputsCheck, SameWeightsCheck

CHECK = SameWeightsCheck(id="same", title="the same function", pair="net")
PATH = "c2/analysis/compare_C2_same_1.json"
WHERE = "c2/analysis/localize_C2_same_1.json"


def make_output(name: str = "mask", **fields: Any) -> OutputRecord:
    return OutputRecord(**{"name": name, "verdict": "PASS", "reason": "rounding", **fields})


def make_comparison(*outputs: OutputRecord, **fields: Any) -> ComparisonRecord:
    blank = {"pair": "net", "dtype": "float32", "verdict": "PASS", "reason": "mask: rounding"}
    return ComparisonRecord(**{**blank, "outputs": outputs, **fields})


def make_localization(**fields: Any) -> LocalizationRecord:
    blank = {
        "pair": "net",
        "dtype": "float32",
        "verdict": "FAIL",
        "reason": "TensorFlow's act and PyTorch's gate first differ",
        "divergences": (),
        "layers": (),
    }
    return LocalizationRecord(**{**blank, **fields})


@pytest.mark.parametrize("verdict", ["PASS", "FAIL", "INCONCLUSIVE"])
def test_the_answer_has_the_verdict_and_the_reason_of_the_comparison(verdict):
    record = answer_check(CHECK, make_comparison(verdict=verdict, reason="why"), PATH, None)
    assert (record.id, record.kind, record.title) == ("same", "same-weights", "the same function")
    assert (record.verdict, record.reason) == (verdict, "why")
    assert (record.comparison, record.localization) == (PATH, None)
    assert not record.deferred


def test_a_comparison_without_outputs_has_no_numbers():
    record = answer_check(CHECK, make_comparison(verdict="INCONCLUSIVE"), PATH, None)
    assert (record.numbers, record.tolerance) == ((), "")


def test_each_number_is_where_its_place_says():
    comparison = make_comparison(
        make_output(max_abs=1e-7, tolerance=4e-7, margin=4.0, rms=2e-8, rms_tolerance=5e-8),
        make_output("score", max_abs=3e-7, error_tensorflow=1e-7, error_pytorch=2e-7),
    )
    numbers = answer_check(CHECK, comparison, PATH, None).numbers
    document = to_builtins(comparison)
    assert len(numbers) == 8
    for number in numbers:
        assert number.source is not None
        assert number.source.file == PATH
        empty, outputs, place, name = number.source.pointer.split("/")
        assert (empty, outputs) == ("", "outputs")
        output = document["outputs"][int(place)]
        assert number.value == output[name]
        assert number.name == f"{output['name']}: {name}"


def test_what_was_not_measured_is_no_number_but_zero_is():
    numbers = list(list_numbers(make_comparison(make_output(max_abs=0.0, ssim=None)), PATH))
    assert [(number.name, number.value) for number in numbers] == [("mask: max_abs", 0.0)]


def test_all_that_a_check_shows_is_a_number_of_an_output():
    filled = make_output(**dict.fromkeys(SHOWN, 0.5))
    assert set(SHOWN) <= set(filled.__struct_fields__)
    assert len(list(list_numbers(make_comparison(filled), PATH))) == len(set(SHOWN)) == len(SHOWN)


def test_the_tolerance_says_of_each_output_where_it_comes_from():
    comparison = make_comparison(
        make_output(tolerance_reason="derived from 8 draws"),
        make_output("other"),
        make_output("score", tolerance_reason="two digits count"),
        make_output("score", tolerance_reason="two digits count"),
    )
    record = answer_check(CHECK, comparison, PATH, None)
    assert record.tolerance == "mask: derived from 8 draws; score: two digits count"


def test_a_localization_adds_its_reason_and_its_place():
    comparison = make_comparison(verdict="FAIL", reason="mask: beyond")
    record = answer_check(CHECK, comparison, PATH, (WHERE, make_localization()))
    assert record.verdict == "FAIL"
    told = "mask: beyond; TensorFlow's act and PyTorch's gate first differ"
    assert record.reason == told
    assert (record.comparison, record.localization) == (PATH, WHERE)


@pytest.mark.parametrize("verdict", ["PASS", "INCONCLUSIVE"])
def test_a_localization_never_makes_a_verdict(verdict):
    """It says where; whether the outputs are the same is the comparison's to say."""
    divergence = DivergenceRecord(
        tensorflow="act",
        pytorch="gate",
        cause="activation",
        detail="d",
        evidence=(),
        found_in="float32",
    )
    localization = make_localization(divergences=(divergence,))
    comparison = make_comparison(verdict=verdict)
    record = answer_check(CHECK, comparison, PATH, (WHERE, localization))
    assert record.verdict == verdict
    passing = structs.replace(localization, verdict="PASS")
    failing = make_comparison(verdict="FAIL")
    assert answer_check(CHECK, failing, PATH, (WHERE, passing)).verdict == "FAIL"


def test_arrays_of_plain_commands_are_answered_alike():
    check = OutputsCheck(id="outputs", title="t", left="P:left", right="P:right", outputs=())
    record = answer_check(check, make_comparison(make_output(max_abs=0.5)), PATH, None)
    assert record.kind == "outputs"
    assert [number.value for number in record.numbers] == [0.5]


def test_a_reason_of_several_lines_becomes_one():
    record = answer_check(CHECK, make_comparison(verdict="FAIL", reason="a\n b"), PATH, None)
    assert record.reason == "a b"
