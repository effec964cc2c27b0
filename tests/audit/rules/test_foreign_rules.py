"""What the rules make of evidence that was not kept the way of parityhub."""

import json

import pytest

from tests.audit.make_hub import audit_text, states, tell

LOG = "2029-06-11 14:03:20 start\ngain init = 4.000000\ngain last = {}\n2029-06-11 14:53:39 end\n"
EVAL = json.dumps(
    {"energy": {"mean": 2.5e-7, "rms": 1.5}, "emission": {"mean": 18.4, "variance": 7.5e8}}
)


def severities(result, code):
    return [finding.severity for finding in tell(result, code)]


@pytest.mark.parametrize(
    ("line", "code", "wanted"),
    [
        ("The energy has variance 0.25 (`x/eval.json`).", "PH404", ["error"]),
        ("The emission has variance 7.5e8 (`x/eval.json`).", "PH404", []),
        ("The emission variance of PyTorch is 7.55e9 (`x/eval.json`).", "PH401", ["error"]),
        ("The emission variance of PyTorch is 7.50e8 (`x/eval.json`).", "PH401", []),
        ("The energy has rms 1.55 (`x/eval.json`).", "PH401", ["error"]),
    ],
)
def test_a_number_is_held_against_the_object_that_the_sentence_names(tmp_path, line, code, wanted):
    result = audit_text(tmp_path, f"{line}\n", more={"x/eval.json": EVAL})
    assert severities(result, code) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Rerun on 2029-06-13 with the same outcome (`x/fit.log`).", ["error"]),
        ("Rerun on 2029-06-12 with the same outcome (`x/fit.log`).", ["warning"]),
        ("Rerun on 2029-06-11 with the same outcome (`x/fit.log`).", []),
        ("Read again on 2029-06-13 (`x/fit.log`).", []),
    ],
)
def test_a_rerun_left_a_log_of_its_day(tmp_path, words, wanted):
    result = audit_text(tmp_path, f"{words}\n", more={"x/fit.log": LOG.format("3.9")})
    assert severities(result, "PH701") == wanted


def test_a_value_that_is_the_same_at_first_and_at_last_was_not_learned(tmp_path):
    text = "The learned gain 4.000000 (`x/fit.log:3`).\n"
    kept = audit_text(tmp_path / "a", text, more={"x/fit.log": LOG.format("4.000000")})
    moved = audit_text(tmp_path / "b", text, more={"x/fit.log": LOG.format("3.871204")})
    assert severities(kept, "PH603") == ["error"]
    assert not tell(moved, "PH603")


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ({"compared": 0, "pairs": []}, ["error"]),
        ({"pairs": [], "worst": None}, ["error"]),
        ({"a": {"mean": 0.0, "std": 0.0}, "b": {"max": 0.0}}, ["error"]),
        ({"compared": 4, "difference": {"mean": 0.0, "max": 0.0}}, []),
        ({"compared": 4, "mismatches": 0}, []),
        ({"a": {"mean": 0.0, "std": 0.5}}, []),
    ],
)
def test_a_good_status_rests_on_a_result(tmp_path, document, wanted):
    more = {"x/pairs.json": json.dumps(document)}
    result = audit_text(tmp_path, "- Comparison: PASS (`x/pairs.json`)\n", more=more)
    assert severities(result, "PH601") == wanted


def test_a_table_of_dead_ratios_is_no_agreement(tmp_path):
    table = "quantity   ratio_b_over_a\nmean  0.000000\nrms  0.000000\noverall: ok\n"
    live = table.replace("rms  0.000000", "rms  0.999")
    dead = audit_text(tmp_path / "a", "-\n", more={"x/ratios.txt": table})
    assert severities(dead, "PH601") == ["error"]
    assert not tell(audit_text(tmp_path / "b", "-\n", more={"x/ratios.txt": live}), "PH601")


def test_flags_without_names_are_unproven_by_an_empty_capture(tmp_path):
    text = "# Phase C1\n\nThe flags were confirmed set (`other/phase_c1/cli/env_capture_c1.txt`).\n"
    assert severities(audit_text(tmp_path / "a", text), "PH502") == ["error"]
    full = text.replace("other/phase_c1/cli/env_capture_c1", "side/phase_b3/green/env_capture")
    assert not tell(audit_text(tmp_path / "b", full), "PH502")


def test_a_capture_of_both_sides_is_read_by_side(tmp_path):
    more = {"x/env.json": json.dumps({"keras": {"TF_ONEDNN": "1"}, "torch": {}})}
    good = audit_text(tmp_path / "a", "For Keras, TF_ONEDNN=1 was set (`x/env.json`).\n", more=more)
    bad = audit_text(
        tmp_path / "b", "For PyTorch, TF_ONEDNN was confirmed set (`x/env.json`).\n", more=more
    )
    assert states(good, "environment") == ["confirmed"]
    assert severities(bad, "PH502") == ["error"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Together 1639.6 s (612.4 s + 828.3 s + 41.7 s).", ["error"]),
        ("Together 1482.4 s (612.4 s + 828.3 s + 41.7 s).", []),
        ("1783.0 s + 957.6 s + 12.4 s = 2783.0 s.", ["error"]),
        ("1783.0 s + 957.6 s = 2740.6 s.", []),
        ("Faster by 41 % (2058 s against 3010 s).", ["error"]),
        ("Faster by 31.6 % (2058 s against 3010 s).", []),
        ("A has 412 nodes, B 398, that is 24 fewer.", ["error"]),
        ("A has 412 nodes, B 398, that is 14 fewer.", []),
        ("A needed 318.42 s, B 102.90 s: a saving of 225.52 s.", ["error"]),
        ("A needed 318.42 s, B 102.90 s: a saving of 215.52 s.", []),
        ("It took 1.35 times as long (828.3 s against 612.4 s).", []),
    ],
)
def test_sums_and_differences_are_worked_out(tmp_path, words, wanted):
    assert severities(audit_text(tmp_path, f"{words}\n"), "PH403") == wanted


def test_a_list_of_digests_is_checked_line_by_line(tmp_path):
    line = "0123456789abcdef0123456789abcdef  x/a.json\n"
    result = audit_text(tmp_path, "-\n", more={"x/a.json": "{}", "x/digests.md5": line})
    assert [(f.spot.line, f.evidence.file) for f in tell(result, "PH205")] == [(1, "x/a.json")]


def test_a_folder_of_the_hub_is_no_name_of_the_hub(tmp_path):
    more = {"cli/a.log": "x\n", "green/b.log": "y\n"}
    text = "- `side/phase_b3/cli/`\n- `side/phase_b3/green/`\n- `side/phase_b3/cli/train_b3.log`\n"
    result = audit_text(tmp_path, text, more=more)
    assert states(result, "path") == ["confirmed"] * 3


def test_the_number_nearest_to_a_citation_counts(tmp_path):
    text = "It moved from 4.000000 to 3.871204 (`x/fit.log:3`).\n"
    result = audit_text(tmp_path, text, more={"x/fit.log": LOG.format("3.871204")})
    assert states(result, "citation") == ["confirmed"]


def test_an_item_that_begins_with_next_is_planned_to_its_end(tmp_path):
    result = audit_text(tmp_path, "* next: run it; write `side/phase_b3/cli/none.log`\n")
    assert not tell(result, "PH201")


def test_a_digest_belongs_to_the_file_in_brackets_behind_it(tmp_path):
    text = (
        "bundle out/a.zip sha1 4be70b9d\n"
        "log sha1 77aa02c4e9b1568fd30be94c02715ce8866fa1d3 (side/phase_b3/cli/train_b3.log)\n"
    )
    (finding,) = tell(audit_text(tmp_path, text), "PH101")
    assert (finding.spot.line, finding.severity) == (2, "error")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("p50 41.8 ms (`x/times.json`)", []),
        ("p50 41.8 ms (`x/times.json#/p50`)", []),
        ("p50 48.1 ms (`x/times.json`)", ["error"]),
        ("duration 7.17 s (`x/times.json#/seconds`)", []),
        ("duration 7.17 ms (`x/times.json#/seconds`)", ["error"]),
    ],
)
def test_a_unit_is_that_of_the_evidence_where_its_name_says_one(tmp_path, words, wanted):
    more = {"x/times.json": json.dumps({"p50": 41.82, "seconds": 7.17})}
    assert severities(audit_text(tmp_path, f"- {words}\n", more=more), "PH401") == wanted


def test_a_status_in_a_table_is_held_against_the_file_of_its_row(tmp_path):
    more = {"x/good.json": json.dumps({"compared": 4}), "x/bad.out": "passed: 2, failed: 1\n"}
    text = (
        "| what | state | proof |\n|---|---|---|\n| day | SUCCESS | `x/good.json` |\n"
        "| checks | PASS | `x/bad.out` |\n"
    )
    told = tell(audit_text(tmp_path, text, more=more), "PH602")
    assert [(f.spot.line, f.severity) for f in told if f.spot.file == "summary.md"] == [
        (4, "error")
    ]


def test_a_file_that_was_left_elsewhere_is_not_missed(tmp_path):
    result = audit_text(tmp_path, "side/phase_b3/cli/none.log was left on the cluster.\n")
    assert not tell(result, "PH201")
