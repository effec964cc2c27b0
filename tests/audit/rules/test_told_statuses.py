"""What a person says of a phase, a check, an attempt or a count, against their records."""

import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots


def tell(hub, tmp_path, text, code):
    report = tmp_path / "turn.md"
    report.write_text(f"### Phase FIT\n\n{text}\n")
    result = audit_hub(report, Roots(hub, reports=(report,)))
    return [finding for finding in result.findings if finding.code == code], result


@pytest.mark.parametrize(
    ("said", "true"),
    [
        ("FIT is FAIL", "the verdict of FIT: PASS in run 1"),
        ("Phase FIT: INCONCLUSIVE", "the verdict of FIT: PASS in run 1"),
        ("The verdict of FIT is FAIL", "the verdict of FIT: PASS in run 1"),
        ("FIT failed.", "the verdict of FIT: PASS in run 1"),
        ("FIT is blocked", "the state of FIT: done in run 1"),
        ("State: one-sided", "the state of FIT: done in run 1"),
        ("check `close`: FAIL", "check close: PASS in run 1"),
        ("Attempt 1 of `b` failed.", "attempt 1 of b: PASS in run 1"),
    ],
)
def test_a_false_status_is_found_with_the_true_one(hub, tmp_path, said, true):
    found, _ = tell(hub, tmp_path, said, "PH602")
    assert [finding.found for finding in found] == [true]
    assert found[0].evidence is not None
    assert (hub / found[0].evidence.file).is_file()


@pytest.mark.parametrize(
    "said",
    [
        "FIT: PASS",
        "FIT passed.",
        "FIT is done",
        "check `close` PASS",
        "same-start passes",
        "Attempt 1 of `a` passed.",
    ],
)
def test_a_true_status_is_confirmed(hub, tmp_path, said):
    found, result = tell(hub, tmp_path, said, "PH602")
    assert found == []
    assert "confirmed" in {j.state for j in result.claims if j.claim.kind == "status"}


@pytest.mark.parametrize(
    "said", ["The gate failed before.", "FIT will be FAIL if the data change.", "Another phase."]
)
def test_what_is_said_of_something_else_is_left_alone(hub, tmp_path, said):
    assert tell(hub, tmp_path, said, "PH602")[0] == []


def test_a_false_count_of_checks_is_found_with_the_true_one(hub, tmp_path):
    (found,) = tell(hub, tmp_path, "In FIT 3 of 4 checks pass.", "PH401")[0]
    assert found.found == "4 of 4 checks of FIT pass in run 1"
    assert found.severity == "error"
    assert tell(hub, tmp_path, "In FIT 4 of 4 checks pass.", "PH401")[0] == []


def test_a_number_of_a_record_is_known_by_its_statistic(hub, tmp_path):
    found, _ = tell(hub, tmp_path, "The var_zero_mean of b is 0.0426496.", "PH401")
    assert "attempt.json#/stats/output/var_zero_mean/value" in found[0].found
    true, result = tell(hub, tmp_path, "The var_zero_mean of b is 0.0326496.", "PH401")
    assert true == []
    assert result.checked.confirmed == 1
