import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.compare.stats import diff_stats
from parityhub.compare.stats_file import read_stats_json
from parityhub.errors import UsageError
from parityhub.plan.model import METRICS
from tests.compare.builders import SOUND, measure_stats

SEED_HUB = Path(__file__).resolve().parents[3] / "shared/seed_hub"

numbers = st.one_of(
    st.floats(), st.none(), st.text(max_size=3), st.sampled_from([0, 0.0, -0.0, 5e-324, 1e308, 7])
)
tables = st.dictionaries(st.sampled_from([*METRICS, "count"]), numbers)


def diff(base, candidate, sections=("patch",), collapse_below=1e-3):
    return diff_stats(
        {"patch": base},
        {"patch": candidate},
        base_name="B3",
        candidate_name="GS1",
        sections=sections,
        collapse_below=collapse_below,
    )


def find_row(record, metric):
    return next(row for row in record.rows if row.metric == metric)


def test_rows_stand_in_order_with_delta_ratio_and_sources():
    record = diff(measure_stats(), measure_stats(mean=3.0))
    assert [row.metric for row in record.rows] == list(METRICS)
    row = find_row(record, "mean")
    assert (row.baseline, row.candidate, row.delta, row.ratio) == (2.0, 3.0, 1.0, 1.5)
    assert row.status == "compared"
    assert row.baseline_source.pointer == "/patch/mean"
    assert row.candidate_source.file == "analysis/stats.json"


def test_pass_says_that_compared_is_not_equal():
    record = diff(measure_stats(), measure_stats(std=0.5))
    assert record.verdict == "PASS"
    assert "compared, no collapse (compared is not equal)" in record.reason
    assert "patch.std, 0.5 against 1.0" in record.reason


@pytest.mark.parametrize(
    ("metric", "value", "name"),
    [
        ("std", 0.0, "variance collapse"),
        ("std", 9e-4, "variance collapse"),
        ("var_zero_mean", 8e-4, "variance collapse"),
        ("var_zero_mean", 0.0, "variance collapse"),
        ("mean", 1e-3, "mean collapse"),
        ("mean", -1e-3, "mean collapse"),
        ("max", 4e-3, "maximum collapse"),
    ],
)
def test_a_collapse_is_fail_and_named(metric, value, name):
    record = diff(measure_stats(), measure_stats(**{metric: value}))
    assert record.verdict == "FAIL"
    assert f"{name}: patch.{metric} is {value!r} against {SOUND[metric]!r}" in record.reason
    assert find_row(record, metric).collapsed


def test_the_bound_itself_is_no_collapse():
    record = diff(measure_stats(), measure_stats(std=0.5), collapse_below=0.5)
    assert record.verdict == "PASS"
    assert not find_row(record, "std").collapsed


def test_a_variance_collapse_is_told_before_a_collapse_of_the_mean():
    record = diff(measure_stats(), measure_stats(mean=0.0, std=0.0))
    assert record.reason.startswith("variance collapse: patch.std")
    assert "mean collapse" in record.reason


def test_a_constant_candidate_is_a_variance_collapse():
    record = diff(measure_stats(), measure_stats(min=5.0))
    assert record.verdict == "FAIL"
    assert "variance collapse: patch of GS1 is constant" in record.reason


def test_a_zero_minimum_is_not_judged():
    record = diff(measure_stats(min=0.0), measure_stats(min=0.0))
    assert find_row(record, "min").status == "both-zero"
    assert find_row(record, "min").ratio is None
    assert record.verdict == "PASS"
    record = diff(measure_stats(min=1.0), measure_stats(min=0.0))
    assert record.verdict == "PASS"
    assert "the least ratio is 1.0, of patch.mean" in record.reason


@pytest.mark.parametrize("metric", ["mean", "std", "max", "var_zero_mean"])
def test_a_zero_base_has_no_ratio_and_no_pass(metric):
    changes = {"min": -1.0, metric: 0.0}
    record = diff(measure_stats(**changes), measure_stats())
    row = find_row(record, metric)
    assert (row.status, row.ratio, row.delta) == ("zero-base", None, SOUND[metric])
    assert record.verdict == "INCONCLUSIVE"
    assert f"patch.{metric} has a baseline of 0" in record.reason


def test_both_zero_throughout_is_fail():
    nothing = measure_stats(**dict.fromkeys(METRICS, 0.0))
    record = diff(nothing, nothing)
    assert {row.status for row in record.rows} == {"both-zero"}
    assert record.verdict == "FAIL"
    assert "both are constant" in record.reason


@pytest.mark.parametrize("missing_in", ["base", "candidate", "both"])
def test_a_missing_statistic_is_inconclusive(missing_in):
    lacking = measure_stats(var_zero_mean=None)
    base = measure_stats() if missing_in == "candidate" else lacking
    candidate = measure_stats() if missing_in == "base" else lacking
    record = diff(base, candidate)
    row = find_row(record, "var_zero_mean")
    assert (row.status, row.delta, row.ratio) == ("missing", None, None)
    assert record.verdict == "INCONCLUSIVE"
    sides = {"base": "B3", "candidate": "GS1", "both": "B3 and GS1"}[missing_in]
    assert record.reason == f"patch.var_zero_mean is missing in {sides}"


def test_fail_wins_over_missing_and_both_are_told():
    record = diff(measure_stats(), measure_stats(std=0.0, var_zero_mean=None))
    assert record.verdict == "FAIL"
    assert "not judged: patch.var_zero_mean is missing in GS1" in record.reason


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("metric", METRICS)
def test_not_finite_is_fail_on_either_side(value, side, metric):
    sides = [measure_stats(), measure_stats()]
    sides[side] = measure_stats(**{metric: value})
    record = diff(*sides)
    assert find_row(record, metric).status == "not-finite"
    assert record.verdict == "FAIL"
    assert f"patch.{metric} is not finite" in record.reason


def test_nan_on_both_sides_is_not_equality():
    both = measure_stats(mean=math.nan)
    assert diff(both, both).verdict == "FAIL"


def test_no_section_named_or_none_there_is_inconclusive():
    assert diff(measure_stats(), measure_stats(), sections=()).verdict == "INCONCLUSIVE"
    absent = diff(measure_stats(), measure_stats(), sections=("canvas",))
    assert absent.verdict == "INCONCLUSIVE"
    assert {row.status for row in absent.rows} == {"missing"}


def test_one_element_has_no_variance_to_lose():
    single = measure_stats(count=1, mean=5.0, std=0.0, min=5.0, var_zero_mean=0.0)
    assert diff(single, single).verdict == "PASS"
    assert diff(measure_stats(), single).verdict == "FAIL"


def test_a_collapse_under_a_denormal_baseline_is_seen():
    record = diff(measure_stats(std=5e-324), measure_stats(std=0.0))
    assert find_row(record, "std").collapsed
    assert diff(measure_stats(std=5e-324), measure_stats(std=5e-324)).verdict == "PASS"


def test_a_ratio_beyond_float64_is_left_out():
    record = diff(measure_stats(std=5e-324), measure_stats(std=1e300))
    assert find_row(record, "std").ratio is None
    assert find_row(record, "std").status == "compared"
    assert record.verdict == "PASS"


@pytest.mark.parametrize("fraction", [0, 1, -1, math.nan, math.inf])
def test_a_bound_that_is_no_fraction_is_refused(fraction):
    with pytest.raises(UsageError, match="collapse_below"):
        diff(measure_stats(), measure_stats(), collapse_below=fraction)


@given(tables, tables)
def test_pass_only_where_each_judged_statistic_was_compared(base, candidate):
    left, right = (
        {name: value for name, value in measure_stats(**table).items() if name in table}
        for table in (base, candidate)
    )
    record = diff(left, right)
    assert "\n" not in record.reason
    assert record.reason
    for row in record.rows:
        assert all(
            value is None or math.isfinite(value)
            for value in (row.baseline, row.candidate, row.delta, row.ratio)
        )
    if record.verdict == "PASS":
        statuses = {row.metric: row.status for row in record.rows}
        assert statuses["mean"] == statuses["max"] == "compared"
        assert not any(row.collapsed for row in record.rows)
        assert not {"missing", "not-finite"} & set(statuses.values())
        assert right["std"].value > 0 or right["count"].value == 1


@given(st.floats(1e-300, 1e300), st.sampled_from(["mean", "std", "max", "var_zero_mean"]))
def test_scaling_both_sides_changes_no_verdict(scale, metric):
    base, candidate = measure_stats(), measure_stats(**{metric: SOUND[metric] * 1e-4})
    scaled = [
        measure_stats(**{name: stats[name].value * scale for name in METRICS})
        for stats in (base, candidate)
    ]
    assert diff(*scaled).verdict == diff(base, candidate).verdict == "FAIL"


@pytest.mark.skipif(not SEED_HUB.is_dir(), reason="the seed hub is not beside this repository")
def test_the_collapse_that_a_hand_kept_hub_called_ok():
    folder = SEED_HUB / "scaling_alignment"
    record = diff_stats(
        read_stats_json(folder / "phase_b3/analysis/forward_parity_debug_scaling/stats.json"),
        read_stats_json(folder / "phase_c1_gs1/analysis/forward_parity_debug_gs1/stats.json"),
        base_name="B3",
        candidate_name="GS1",
        sections=("patch_amplitude", "canvas_amplitude"),
        collapse_below=1e-3,
    )
    assert record.verdict == "FAIL"
    assert record.reason.startswith("variance collapse: patch_amplitude.std is 0.0 against")
    row = next(r for r in record.rows if (r.section[0], r.metric) == ("c", "var_zero_mean"))
    assert (row.status, row.baseline, row.candidate, row.ratio) == ("missing", None, None, None)
    assert sum(row.collapsed for row in record.rows) == 7
