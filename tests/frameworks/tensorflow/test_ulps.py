"""Errors of elementwise functions: by a real child."""

import pytest

pytestmark = pytest.mark.slow
NAMED = [
    *("tanh", "sigmoid", "erf", "exp", "log", "sqrt", "rsqrt", "sin", "cos", "gelu", "silu"),
    "softplus",
]


def test_every_function_is_measured(child):
    ulps = child.ask("ulps", functions=NAMED, dtype="float32")
    assert list(ulps) == NAMED
    for name, ulp in ulps.items():
        assert 0.5 * 0.99 <= ulp["max"] < 100, name
        assert 0.28 < ulp["rms"] < ulp["max"], name


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_a_rounded_root_has_the_error_of_rounding(child, dtype):
    """Half an ULP at most, and evenly spread within it: 1/sqrt(12)."""
    root = child.ask("ulps", functions=["sqrt"], dtype=dtype)["sqrt"]
    assert root["max"] == pytest.approx(0.5, rel=0.01)
    assert root["rms"] == pytest.approx(12**-0.5, rel=0.02)


def test_the_same_question_has_the_same_answer(child):
    asked = {"functions": ["tanh", "erf"], "dtype": "float32"}
    assert child.ask("ulps", **asked) == child.ask("ulps", **asked)


def test_unknown_functions_and_dtypes_are_refused(child):
    assert "'sine'" in child.refuse("ulps", functions=["sine"], dtype="float32")["error"]
    assert "'int32'" in child.refuse("ulps", functions=["sin"], dtype="int32")["error"]
