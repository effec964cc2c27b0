import pytest

from tests.audit.extract.builders import find_claims, pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Overall Status: ok", [("Overall Status", "ok")]),
        ("- **Training**: SUCCESS (10 epochs)", [("Training", "SUCCESS")]),
        ("pytest selector GREEN (1/1)", [("selector", "GREEN")]),
        ("**Phase B3 Status**: COMPLETE", [("Phase B3 Status", "COMPLETE")]),
        ("Phase B3 validation: **COMPLETE**", [("Phase B3 validation", "COMPLETE")]),
        ("- Status: Completed successfully", [("Status", "Completed successfully")]),
        ("1. **Inference log** — NOT RUN", [("Inference log", "NOT RUN")]),
        ("a fresh stats.json", [("stats.json", "fresh")]),
        ("the learned scale", [("scale", "learned")]),
        ("outputs are an identical copy", [("outputs", "identical copy")]),
        ("with no divergence at all", [("", "no divergence")]),
        ("inference patches are essentially zero", [("patches", "essentially zero")]),
        ("mean: Status=missing_mean", [("Status", "missing_mean")]),
        ("Ratio:  0.0 (ok)", [("Ratio", "ok")]),
        ("| phase | verdict |\n|-|-|\n| B3 | **PASS** |", [("B3", "PASS")]),
        ("- [x] Guard written", [("Guard written", "x")]),
        ("- [ ] Guard written", [("Guard written", " ")]),
    ],
)
def test_status_words_say_of_what(text, expected):
    assert pairs(find_claims(text, "status")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "pass the flag on",
        "the red channel",
        "do it with an ok button",
        "`ERROR: x` was printed",
        "RET_CHECK failure",
    ],
)
def test_ordinary_words_are_no_status(text):
    assert find_claims(text, "status") == []


def test_words_may_be_wrapped():
    assert pairs(find_claims("It holds with no\ndivergence.", "status")) == [
        ("holds", "no divergence")
    ]


@pytest.mark.parametrize(
    "word",
    [
        "PASSED", "FAILED", "GREEN", "SUCCESS", "SUCCEEDED", "COMPLETE", "INCOMPLETE", "BLOCKED",
        "NOT RUN", "NOT GENERATED", "NOT PERFORMED", "INCONCLUSIVE", "STALE", "SKIPPED", "ok",
        "passed", "failed", "green", "successful", "complete", "blocked", "pending", "deferred",
        "one-sided", "identical", "bit-identical", "unchanged", "up to date", "validated",
        "all-zero", "near zero", "non-zero", "no failures", "zero errors", "self-reported",
        "unproven", "healthy", "reproducible", "in agreement", "missing", "does not exist",
    ],
)  # fmt: skip
def test_each_word_is_seen_behind_a_label(word):
    (claim,) = find_claims(f"- Baseline run: {word}", "status")
    assert (claim.value, claim.name) == (word, "Baseline run")
