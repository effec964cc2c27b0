"""JUnit: a case for each code and report, valid XML whatever a report holds."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.findings import AuditResult, SkippedRule
from parityhub.audit.rules.registry import HUB_RULES, RULES
from parityhub.hub.records import Verdict
from parityhub.report.junit import HUB, render_junit
from tests.report.audit_sample import FILE, LOG, make_finding, make_result, make_spot


def read(*results: AuditResult) -> ET.Element:
    text = render_junit([(f"hub{n}", result) for n, result in enumerate(results)])
    return ET.fromstring(text.encode())


def find_case(root: ET.Element, file: str, code: str) -> ET.Element:
    cases = [
        case
        for case in root.iter("testcase")
        if case.get("classname") == f"hub0/{file}" and (case.get("name") or "").startswith(code)
    ]
    assert len(cases) == 1
    return cases[0]


def tell_kind(case: ET.Element) -> str:
    return ",".join(child.tag for child in case)


def test_each_report_has_a_suite_and_the_hub_the_last() -> None:
    suites = [suite.get("name") for suite in read(make_result())]
    assert suites == [f"hub0/{FILE}", "hub0/empty.md", f"hub0/{HUB}"]


def test_each_code_is_a_case_of_some_suite() -> None:
    names = {(case.get("name") or "").split()[0] for case in read(make_result()).iter("testcase")}
    assert names == {*(rule.code for rule in RULES), "verdict"}


def test_a_code_of_several_rules_is_skipped_where_none_of_them_was_asked() -> None:
    off = SkippedRule(code="PH401", reason="no records")
    of_records = [r for r in HUB_RULES if r.code == "PH401" and r.of_reports]
    root = read(replace(make_result(), skipped=(off,) * len(of_records)))
    assert tell_kind(find_case(root, "empty.md", "PH401")) == "skipped"
    assert tell_kind(find_case(root, FILE, "PH401")) == ""
    assert tell_kind(find_case(read(make_result()), "empty.md", "PH401")) == ""


def test_errors_fail_and_say_where_and_why() -> None:
    case = find_case(read(make_result()), FILE, "PH301")
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "PH301"
    assert (failure.get("message") or "").startswith("1 error: line 29 says")
    assert f"{FILE}:3:15: error: cli/train.log:29" in (failure.text or "")
    assert f"({LOG}:26)" in (failure.text or "")


def test_warnings_are_told_and_do_not_fail() -> None:
    case = find_case(read(make_result()), FILE, "PH207")
    assert tell_kind(case) == "system-out"
    assert "not named" in (case.findtext("system-out") or "")


def test_a_finding_beyond_the_reports_stands_with_the_hub() -> None:
    case = find_case(read(make_result()), HUB, "PH703")
    assert f"{LOG}:9" in (case.findtext("system-out") or "")


def test_what_had_nothing_to_look_at_is_skipped_and_not_passed() -> None:
    root = read(make_result())
    assert tell_kind(find_case(root, "empty.md", "PH102")) == "skipped"
    assert tell_kind(find_case(root, "empty.md", "PH802")) == ""
    skipped = find_case(root, HUB, "PH202").find("skipped")
    assert skipped is not None
    assert "manifest" in (skipped.get("message") or "")


@pytest.mark.parametrize(
    ("verdict", "kind"), [("PASS", ""), ("INCONCLUSIVE", "skipped"), ("FAIL", "failure")]
)
def test_the_verdict_is_a_case_of_its_own(verdict: Verdict, kind: str) -> None:
    result = replace(make_result(), verdict=verdict, silenced=(), notes=())
    assert tell_kind(find_case(read(result), HUB, "verdict")) == kind


def test_what_is_ignored_is_told_with_its_reason() -> None:
    case = find_case(read(make_result()), HUB, "verdict")
    assert "PH502 ignored: captured by hand" in (case.findtext("system-out") or "")


def test_the_counts_are_those_of_the_cases() -> None:
    root = read(make_result(), make_result())
    for node in (root, *root):
        assert int(node.get("tests", "")) == len(list(node.iter("testcase")))
        assert int(node.get("failures", "")) == len(list(node.iter("failure")))
        assert int(node.get("skipped", "")) == len(list(node.iter("skipped")))
    assert root.get("failures") == "6"


@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_makes_valid_xml(text: str) -> None:
    spot = make_spot(1, file=text)
    findings = (
        make_finding("PH301", "citation-mismatch", "error", spot, claim=text, found=text),
        make_finding("PH703", "order", "warning", spot, claim=text, found=text, silenced=text),
    )
    result = replace(
        make_result(), findings=findings, silenced=findings, reports=(text,), reason=text,
        notes=(text,),
    )  # fmt: skip
    root = read(result)
    assert len(list(root.iter("failure"))) == 2
    assert int(root.get("tests", "")) == len(list(root.iter("testcase")))
