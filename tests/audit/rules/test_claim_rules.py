import pytest

from tests.audit.make_hub import DIGEST, audit_text, states, tell

STATS = "side/phase_b3/analysis/dump/stats.json"
ZIP = "side/phase_b3/analysis/model.zip"
INFER = "side/phase_b3/cli/infer_b3.log"


@pytest.mark.parametrize(
    ("code", "line", "found"),
    [
        ("PH101", f"- `{ZIP}` sha1: {DIGEST[:7]}{'0' if DIGEST[7] != '0' else '1'}", DIGEST),
        ("PH101", "- `outputs/wts.h5.zip` sha1: 01c1a83b", "01c1a83a"),
        (
            "PH101",
            "- `outputs/new.zip` sha1: 01c1a83acee88d3bb1ca5e07f4d2c98b61a03f7e",
            "after 20 characters",
        ),
        ("PH102", "- `outputs/a.zip` sha1: 9c2e41d07b8a36f5e1c94d20b7a8f36159e0d4c2", "no file"),
        ("PH102", "- `outputs/a.zip` sha1: a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0", "no digest"),
        ("PH201", "- Log: `side/phase_b3/cli/gone.log`", "holds no"),
        ("PH206", f"- `{ZIP}` (1025 bytes)", "1024 bytes"),
        ("PH301", f"- `Loaded intensity_scale from bundle: 9.882118` ({INFER}:3)", "line 2"),
        ("PH302", f"- `Loaded intensity_scale from bundle: 9.882118` ({INFER}:30)", "5 lines"),
        ("PH401", f"- Patch amplitude: mean=0.135, std=0.5 (`{STATS}`)", "0.125"),
        ("PH402", f"- Patch amplitude: psnr=31.42 dB, measured (`{STATS}`)", "psnr"),
        ("PH403", "- variance rose from 1.0e-5 to 4.0e-5, a 6x increase", "= 4"),
        ("PH403", "- variance fell from 8.97e9 to 9.512e-20, a billion-fold collapse", "e+28"),
        ("PH404", f"- Canvas amplitude: mean 1.5, var_zero_mean 0.0 (`{STATS}`)", "has no"),
        ("PH404", f"- mean 1.5 [stats.json#/canvas_amplitude/median]({STATS})", "has no"),
        (
            "PH501",
            "- `TF_XLA_FLAGS=--tf_xla_auto_jit=2` exported (`side/phase_b3/green/env_capture.txt`)",
            "--tf_xla_auto_jit=0",
        ),
        (
            "PH502",
            "- `XLA_OFF=1` confirmed set (`other/phase_c1/cli/env_capture_c1.txt`)",
            "is empty",
        ),
        ("PH602", "- Tests: PASSED (`other/phase_c1/green/pytest_c1.log`)", "1 failed"),
        ("PH602", "- Training: SUCCESS, log `other/phase_c1/cli/train_c1.log`", "Traceback"),
        ("PH603", "- Training captured the learned scale (9.882118)", "mean_input_scale=1"),
        ("PH702", "- **Timestamp:** 2025-11-14T06:30Z", "-8 h off UTC"),
    ],
)
def test_a_false_claim_is_found_at_its_line(tmp_path, code, line, found):
    result = audit_text(tmp_path, f"# Phase B3\n\n{line}\n")
    told = [finding for finding in tell(result, code) if finding.spot.file == "summary.md"]
    assert [finding.spot.line for finding in told] == [3]
    assert found in told[0].found
    assert told[0].hint


@pytest.mark.parametrize(
    "line",
    [
        f"- `{ZIP}` sha1: {DIGEST[:8]}",
        f"- `{ZIP}` (1024 bytes, sha1 {DIGEST})",
        "- `outputs/wts.h5.zip` sha1: 01c1a83a",
        "- Log: `side/phase_b3/cli/train_b3.log`",
        f"- `Loaded intensity_scale from bundle: 9.882118` ({INFER}:2)",
        f"- Patch amplitude: mean=0.13, var_zero_mean=8.97e9 (`{STATS}`)",
        f"- mean 1.5 [stats.json#/canvas_amplitude/mean]({STATS})",
        "- variance rose from 1.0e-5 to 4.0e-5, a 4x increase",
        "- `TF_XLA_FLAGS=--tf_xla_auto_jit=0` exported (`side/phase_b3/green/env_capture.txt`)",
        "- Tests: GREEN (2/2 PASSED, 3.67s), `side/phase_b3/green/pytest_b3.log`",
        "- Training: SUCCESS, 10 epochs, log `side/phase_b3/cli/train_b3.log`",
        "- **Training log** (`side/phase_b3/cli/other.log`): NOT GENERATED",
        "- Next: write `side/phase_b3/cli/other.log`",
    ],
)
def test_a_true_claim_is_no_finding(tmp_path, line):
    result = audit_text(tmp_path, f"# Phase B3\n\n{line}\n")
    told = [f for f in result.findings if f.spot.file == "summary.md" and f.spot.line == 3]
    assert told == []


def test_a_true_number_digest_and_citation_are_confirmed(tmp_path):
    result = audit_text(
        tmp_path,
        f"# Phase B3\n\n- mean=0.125 (`{STATS}`), `{ZIP}` sha1 {DIGEST}\n"
        f"- `Loaded intensity_scale from bundle: 9.882118` ({INFER}:2)\n",
    )
    assert states(result, "digest") == ["confirmed"]
    assert states(result, "citation") == ["confirmed"]
    assert set(states(result, "number")) == {"confirmed"}


def test_a_path_that_climbs_to_the_wrong_folder_says_the_right_one(tmp_path):
    result = audit_text(
        tmp_path,
        "# Phase B3\n\nsee ../cli/root.log:1 for `start`\n",
        name="side/phase_b3/analysis/inventory.txt",
        more={"cli/root.log": "start\n"},
    )
    assert [finding.found for finding in tell(result, "PH201")] == [
        "../cli/root.log leads nowhere from here; the file is cli/root.log"
    ]


def test_a_count_of_more_batches_than_the_file_lists_is_found(tmp_path):
    result = audit_text(
        tmp_path,
        "# Phase B3\n\n### Inference\nPatch statistics (2 logged):\n"
        "- Artifacts: `side/phase_b3/analysis/torch_stats.json`\n",
    )
    assert [finding.spot.line for finding in tell(result, "PH206")] == [4]


def test_an_ambiguous_abbreviation_is_told(tmp_path):
    result = audit_text(
        tmp_path,
        "# Phase B3\n\n- sha1 `01c1a83a` of the bundle\n",
        more={
            "side/phase_b3/analysis/more_digest.txt": (
                "01c1a83a5b7e90d2f4c61a83e07b9d25c48f1e60  outputs/second.zip\n"
            )
        },
    )
    assert [finding.spot.line for finding in tell(result, "PH103")] == [3]


def test_a_copy_that_is_none_is_found(tmp_path):
    more = {"a/stats_a.json": '{"mean": 1.0}', "b/stats_b.json": '{"mean": 2.0}'}
    result = audit_text(
        tmp_path, "# X\n\n- `a/stats_a.json` is an identical copy of `b/stats_b.json`\n", more=more
    )
    assert [finding.spot.line for finding in tell(result, "PH204")] == [3]


def test_a_good_word_over_a_collapse_is_vacuous(tmp_path):
    rows = ["  Baseline: 5.0e+04", "  Candidate: 0.0e+00", "  Ratio: 0.000000 (ok)"]
    table = "\n".join(["Overall Status: ok", "", "mean:", *rows, ""])
    result = audit_text(tmp_path, table, name="analysis/c2_metrics.txt")
    assert [finding.spot.line for finding in tell(result, "PH601")] == [1, 6]


def test_a_dated_entry_whose_numbers_were_overwritten_is_stale(tmp_path):
    result = audit_text(
        tmp_path,
        "# Journal\n\n### Turn (2025-11-14T042100Z)\nPhase B3: mean=0.777, in "
        f"`{STATS}`.\n\n### Turn (2025-11-14T032800Z)\nnothing\n",
    )
    assert [finding.severity for finding in tell(result, "PH701")] == ["warning"]
    assert tell(result, "PH401") == []


def test_an_ignored_finding_needs_a_reason_and_is_listed(tmp_path):
    false = f"- Patch amplitude: mean=0.135 (`{STATS}`)"
    ignored = audit_text(
        tmp_path / "a", f"# B3\n\n<!-- parityhub: ignore[PH401] an older run -->\n{false}\n"
    )
    refused = audit_text(tmp_path / "b", f"# B3\n\n<!-- parityhub: ignore[PH401] -->\n{false}\n")
    assert [finding.silenced for finding in ignored.silenced] == ["an older run"]
    assert tell(ignored, "PH401") == []
    assert len(tell(refused, "PH401")) == 1
    assert [finding.spot.line for finding in tell(refused, "PH002")] == [3]
