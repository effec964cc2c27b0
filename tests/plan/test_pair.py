"""Pairs as a plan states them: what they default to, and what their types refuse."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from parityhub.plan.pair import Pair, PairOutput, RunOutput, Tolerance
from tests.plan.refusals import Refusal, assert_refused

SCHEMA = "docs/reference/plan.schema.json says what stands where"

REFUSALS = {
    "one run repeats nothing": Refusal(
        "plan.toml:205: pair.net.repeats: 1 is not >= 2",
        SCHEMA,
        {"inputs = 'train'": "repeats = 1"},
    ),
    "one draw has no spread": Refusal(
        "plan.toml:205: pair.net.draws: 1 is not >= 2", SCHEMA, {"inputs = 'train'": "draws = 1"}
    ),
    "no time": Refusal(
        "plan.toml:205: pair.net.timeout: 0.0 is not > 0",
        SCHEMA,
        {"inputs = 'train'": "timeout = 0.0"},
    ),
    "dtype of the referee": Refusal(
        "plan.toml:205: pair.net.dtype: 'float64' is none of the choices",
        "did you mean 'float16'?",
        {"inputs = 'train'": 'dtype = "float64"'},
    ),
    "no such side": Refusal(
        "plan.toml:214: pair.net.weights.from: 'torch' is none of the choices",
        "did you mean 'pytorch'?",
        {'bundle = "P:right/wts.zip"': 'from = "torch"'},
    ),
    "negative axis": Refusal(
        "plan.toml:211: pair.net.weight[0].axes[0]: -1 is not >= 0",
        SCHEMA,
        {"axes = [1, 0] }]": "axes = [-1, 0] }]"},
    ),
    "negative tolerance": Refusal(
        "plan.toml:209: pair.net.outputs[1].rtol: -1e-06 is not >= 0",
        SCHEMA,
        {"rtol = 1e-6": "rtol = -1e-6"},
    ),
    "half a pair": Refusal(
        "plan.toml:202: pair.net.tensorflow: missing",
        "required here: title, tensorflow, pytorch, weights, dataset",
        {'[pair.net.tensorflow]\ntarget = "models.keras_net:build"\noptions = { width = 8 }\n': ""},
    ),
    "output of one side": Refusal(
        "plan.toml:208: pair.net.outputs[0].pytorch: missing",
        "required here: name, tensorflow, pytorch",
        {'pytorch = "0", ': ""},
    ),
    "spelling": Refusal(
        "plan.toml:214: pair.net.weights.bundel: unknown key",
        "did you mean 'bundle'?",
        {'bundle = "P:right/wts.zip"': 'bundel = "P:right/wts.zip"'},
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_refuses_what_is_no_pair(refusal: Refusal, tmp_path: Path) -> None:
    assert_refused(refusal, tmp_path)


def make_pair(**changes: Any) -> Pair:
    document = {
        "title": "t",
        "dataset": "d",
        "tensorflow": {"target": "a:b"},
        "pytorch": {"target": "a:b"},
        "weights": {"from": "pytorch"},
    }
    return msgspec.convert(document | changes, Pair)


def test_a_pair_that_says_little_is_run_in_float32_and_repeated() -> None:
    pair = make_pair()
    assert (pair.dtype, pair.inputs, pair.outputs, pair.mapping) == ("float32", "inputs", (), ())
    assert (pair.repeats, pair.draws, pair.threads, pair.timeout) == (3, 8, 0, 900.0)
    assert (pair.weights.source, pair.weights.seed, pair.weights.bundle) == ("pytorch", 0, None)


def test_weights_are_declared_one_table_each() -> None:
    entries = [
        {"tensorflow": "a", "pytorch": "b"},
        {"tensorflow": "c", "pytorch": "d", "axes": [1, 0]},
    ]
    pair = make_pair(weight=entries)
    assert [(entry.tensorflow, entry.axes) for entry in pair.mapping] == [("a", ()), ("c", (1, 0))]


@pytest.mark.parametrize(
    ("tolerance", "given"),
    [
        (Tolerance(), False),
        (Tolerance(reason="because"), False),
        (Tolerance(atol=0.0), True),
        (Tolerance(rtol=0.0), True),
        (PairOutput(name="a", tensorflow="a", pytorch="a", atol=1.0), True),
        (RunOutput(name="a", left="a", right="a"), False),
    ],
)
def test_a_tolerance_of_zero_is_one(tolerance: Tolerance, given: bool) -> None:
    assert tolerance.given is given
