from parityhub.compare.findings import Finding, conclude, summarize
from parityhub.hub.records import CheckNumber
from parityhub.plan.model import EqualCheck

CHECK = EqualCheck(id="scale", title="scales agree", left="torch.a", right="torch.b")


def test_nothing_found_is_inconclusive():
    record = conclude(CHECK, []).record
    assert record.verdict == "INCONCLUSIVE"
    assert record.reason
    assert not record.deferred


def test_the_record_says_which_check_it_answers():
    number = CheckNumber(name="a", value=1.0)
    record = conclude(CHECK, [Finding("PASS", "fine", (number,))], tolerance="none").record
    assert (record.id, record.kind, record.title) == ("scale", "equal", "scales agree")
    assert (record.verdict, record.reason, record.tolerance) == ("PASS", "fine", "none")
    assert record.numbers == (number,)


def test_fail_is_told_first_and_what_was_not_judged_after_it():
    findings = [
        Finding("INCONCLUSIVE", "b is missing", deferred=True),
        Finding("PASS", "c is fine"),
        Finding("FAIL", "a is\nnan"),
    ]
    assert summarize(findings) == ("FAIL", "a is nan; not judged: b is missing")
    assert not conclude(CHECK, findings).record.deferred


def test_a_side_that_is_missing_defers():
    findings = [Finding("PASS", "fine"), Finding("INCONCLUSIVE", "gone", deferred=True)]
    record = conclude(CHECK, findings).record
    assert (record.verdict, record.reason, record.deferred) == ("INCONCLUSIVE", "gone", True)


def test_one_reason_more_than_is_shown_is_told_in_full():
    findings = [Finding("FAIL", f"reason {n}") for n in range(4)]
    assert summarize(findings)[1] == "reason 0; reason 1; reason 2; reason 3"


def test_many_reasons_are_counted_and_equal_ones_told_once():
    findings = [Finding("FAIL", f"reason {n}") for n in range(6) for _ in range(2)]
    assert summarize(findings)[1] == "reason 0; reason 1; reason 2; and 3 more"
