"""From a comparison to a localisation: the models, numbers and outputs that it is about."""

from math import isclose, sqrt
from pathlib import Path
from typing import Any

from parityhub.compare.referee.noise import SPREAD
from parityhub.compare.referee.request import PairRequest, name_key
from parityhub.compare.weights.mapping import derive_mapping
from parityhub.hub.parity_records import ComparisonRecord, OutputRecord
from parityhub.plan.pair import PairOutput
from parityhub.workflow.pair_localize import list_outputs, list_widths, make_request
from tests.compare.referee.fakes import make_pair
from tests.compare.weights.listings import keras_dense, torch_dense

MASK = PairOutput(name="mask", tensorflow="m", pytorch="0", axes=(0, 2, 3, 1), image=True)
MAPPING = derive_mapping(keras_dense("dense", 2, 3), torch_dense("dense", 2, 3), ())


def make_output(name: str, left: str, right: str) -> OutputRecord:
    return OutputRecord(name=name, verdict="FAIL", reason="beyond", left=left, right=right)


def make_comparison(*outputs: OutputRecord, **changes: Any) -> ComparisonRecord:
    fields: dict[str, Any] = {
        "pair": "net",
        "dtype": "float32",
        "verdict": "FAIL",
        "reason": "beyond",
        "outputs": outputs,
    }
    return ComparisonRecord(**fields | changes)


def make_pair_request(folder: Path, **changes: Any) -> PairRequest:
    return PairRequest(
        name="net",
        pair=make_pair(**changes),
        inputs=folder / "in.npz",
        weights={},
        folder=folder,
        options={"tensorflow": {}, "pytorch": {}},
    )


def test_an_output_is_matched_as_declared_or_by_its_name():
    comparison = make_comparison(make_output("mask", "m", "0"), make_output("score", "s", "s"))
    assert list(list_outputs(make_pair(outputs=(MASK,)), comparison)) == [
        MASK,
        PairOutput(name="score", tensorflow="s", pytorch="s"),
    ]


def test_an_output_that_was_not_matched_is_left_out():
    comparison = make_comparison(
        make_output("only", "only", ""), make_output("other", "", "other"), make_output("x", "", "")
    )
    assert list(list_outputs(make_pair(), comparison)) == []


def test_an_output_that_is_declared_and_was_not_compared_is_left_out():
    assert list(list_outputs(make_pair(outputs=(MASK,)), make_comparison())) == []


def test_a_width_has_the_standard_deviation_that_was_simulated():
    ulps = {"tanh": {"tensorflow": 6.0, "pytorch": 2.0, SPREAD: 1.5}, "exp": {SPREAD: 0.5}}
    widths = list_widths(make_comparison(ulps=ulps))
    assert widths.keys() == ulps.keys()
    # Evenly between -w and w: the standard deviation is w over the root of 3.
    assert all(isclose(widths[name] / sqrt(3), ulps[name][SPREAD]) for name in ulps)
    assert list_widths(make_comparison()) == {}


def test_it_asks_of_the_models_that_the_comparison_opened(tmp_path: Path):
    request = make_pair_request(
        tmp_path, dtype="bfloat16", draws=5, input_axes={"x": (0, 2, 1)}, outputs=(MASK,)
    )
    comparison = make_comparison(
        make_output("mask", "m", "0"), ulps={"tanh": {SPREAD: 1.0}}, dtype="bfloat16"
    )
    asked = make_request(request, MAPPING, comparison, gradient=False)
    assert (asked.pair, asked.dtype) == ("net", "bfloat16")
    assert asked.key == name_key("net", "bfloat16")
    assert asked.referee == name_key("net", "float64")
    assert asked.inputs == {
        side: tmp_path / f"inputs_{side}.npz" for side in ("tensorflow", "pytorch")
    }
    assert asked.folder == tmp_path / "localize"
    assert (asked.outputs, asked.mapping) == ((MASK,), tuple(MAPPING))
    assert (asked.input_axes, asked.draws) == ({"x": (0, 2, 1)}, 5)
    assert asked.ulps == {"tanh": sqrt(3)}
    assert (asked.gradient, asked.known) == (False, None)


def test_the_gradient_is_looked_at_where_it_is_asked_for(tmp_path: Path):
    asked = make_request(make_pair_request(tmp_path), (), make_comparison(), gradient=True)
    assert asked.gradient
