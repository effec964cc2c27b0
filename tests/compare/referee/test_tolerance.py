from math import inf, nan, sqrt

import numpy as np
import pytest

from parityhub.compare.referee.tolerance import (
    FALSE_ALARM,
    UNIT_ROUNDOFF,
    Override,
    assume_relative,
    bound_referee,
    choose_tolerance,
    derive_tolerance,
    find_bound,
    read_override,
)
from parityhub.errors import UsageError
from parityhub.hub.parity_records import OutputRecord
from tests.compare.referee.fakes import declare


def make_record(**changes):
    fields = {
        "name": "output",
        "verdict": "INCONCLUSIVE",
        "reason": "",
        "shape": (1000,),
        "dtype": "float32",
        "scale": 2.0,
        "sigma_max": 1e-7,
        "sigma_rms": 5e-8,
        **changes,
    }
    return OutputRecord(**fields)


def test_unit_roundoffs_are_half_an_epsilon():
    for name in ("float16", "float32", "float64"):
        assert UNIT_ROUNDOFF[name] == np.finfo(name).eps / 2
    assert UNIT_ROUNDOFF["bfloat16"] == 2.0**-8


def test_bound_is_a_union_bound_of_gaussian_tails():
    from math import erfc

    for size in (1, 10, 10**3, 10**6, 10**9):
        assert size * erfc(find_bound(size) / sqrt(2)) < FALSE_ALARM
    # and no wasteful one: within a fifth of the exact quantile
    assert 10**6 * erfc(0.9 * find_bound(10**6) / sqrt(2)) > FALSE_ALARM


def test_derived_tolerance_holds_for_normal_errors_and_is_near_them():
    rng = np.random.default_rng(1)
    sigma = rng.uniform(0.1, 1.0, 1000) * 1e-7
    record = make_record(sigma_max=sigma.max(), sigma_rms=np.sqrt(np.mean(sigma**2)))
    tolerance = derive_tolerance(record, "float32")
    apart = [sigma * (rng.normal(size=1000) - rng.normal(size=1000)) for _ in range(200)]
    worst = max(np.abs(a).max() for a in apart)
    rms = max(np.sqrt(np.mean(a**2)) for a in apart)
    assert worst < tolerance.max_abs < 3 * worst
    assert rms < tolerance.rms < 6 * rms


def test_rms_tolerance_holds_where_all_elements_err_together():
    rng = np.random.default_rng(2)
    record = make_record(sigma_max=1e-7, sigma_rms=1e-7)
    tolerance = derive_tolerance(record, "float32")
    rms = np.abs(rng.normal(size=20000) - rng.normal(size=20000)) * 1e-7
    assert rms.max() < tolerance.rms


def test_derived_tolerance_says_how_it_came_about():
    tolerance = derive_tolerance(make_record(), "float32")
    bound = find_bound(1000)
    assert tolerance.kind == "derived"
    assert tolerance.max_abs == pytest.approx(bound * sqrt(2) * 1e-7, rel=1e-12)
    for part in (f"{bound:.3g}", "sqrt(2)", "1e-07", "1000 elements", "5.96e-08"):
        assert part in tolerance.reason


def test_spread_enters_the_tolerance_and_is_named():
    plain = derive_tolerance(make_record(), "float32")
    spread = derive_tolerance(make_record(spread_tensorflow=3e-7, spread_pytorch=1e-7), "float32")
    assert spread.max_abs == pytest.approx(plain.max_abs + 4e-7)
    assert spread.rounding == plain.rounding
    assert "3e-07 + 1e-07" in spread.reason
    assert "repeat" not in plain.reason


def test_a_pure_move_allows_no_more_than_the_least_normal_number():
    record = make_record(sigma_max=0.0, sigma_rms=0.0)
    assert derive_tolerance(record, "float32").max_abs == 2.0**-126


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_referee_tolerance_is_scaled_to_float64(dtype):
    record = make_record(sigma_max=1e-2, scale=1e-6)
    rounding = find_bound(1000) * sqrt(2) * 1e-2
    expected = rounding * 2.0**-53 / UNIT_ROUNDOFF[dtype]
    assert bound_referee(record, dtype) == pytest.approx(expected)


def test_referee_tolerance_has_a_floor():
    assert bound_referee(make_record(sigma_max=0.0), "float32") == pytest.approx(2e-14)
    assert bound_referee(make_record(sigma_max=None), "float32") == pytest.approx(2e-10)


def test_without_a_response_a_bound_is_assumed_and_labelled():
    record = make_record(sigma_max=None, sigma_rms=None, spread_pytorch=1e-6)
    tolerance = choose_tolerance(record, "float32", "no referee: why", None)
    assert tolerance.kind == "underived"
    assert tolerance.max_abs == pytest.approx(2e-5 + 1e-6)
    assert tolerance.rms is None
    assert "assumed" in tolerance.reason
    assert "no referee: why" in tolerance.reason


@pytest.mark.parametrize(
    ("stored", "dtype", "relative"),
    [
        ("float32", "float32", 1e-5),
        ("float64", "float32", 1e-5),
        ("float64", "float64", 1e-5),
        ("complex64", "float32", 1e-5),
        ("float16", "float32", 1e-5 * 2**13),
        ("float32", "bfloat16", 1e-5 * 2**16),
        ("int64", "float32", 0.0),
        ("bool", "float32", 0.0),
    ],
)
def test_assumed_bound(stored, dtype, relative):
    assert assume_relative(stored, dtype) == pytest.approx(relative)


def test_override_is_used_instead_and_shown():
    override = Override("a kernel\nthat is known to round down", atol=1e-3, rtol=1e-2)
    tolerance = choose_tolerance(make_record(), "float32", "", override)
    assert tolerance.kind == "override"
    assert tolerance.max_abs == pytest.approx(1e-3 + 2e-2)
    assert "a kernel that is known to round down" in tolerance.reason
    assert "override" in tolerance.reason


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_override_without_a_reason_is_refused(reason):
    with pytest.raises(UsageError, match="without a reason"):
        Override(reason, atol=1.0)


@pytest.mark.parametrize("value", [-1.0, nan, inf])
@pytest.mark.parametrize("name", ["atol", "rtol"])
def test_override_by_no_bound_is_refused(name, value):
    with pytest.raises(UsageError, match=name):
        Override("why", **{name: value})


def test_override_is_read_from_the_plan():
    assert read_override(declare("a", "a", "a")) is None
    assert read_override(declare("a", "a", "a", atol=0.0, reason="exact")) == Override("exact")
    given = declare("a", "a", "a", rtol=1e-3, reason="why")
    assert read_override(given) == Override("why", rtol=1e-3)
    with pytest.raises(UsageError):
        read_override(declare("a", "a", "a", rtol=1e-3))
