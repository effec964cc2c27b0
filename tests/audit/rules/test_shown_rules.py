"""What a rendered summary shows of a phase: a true line, and the same line made false."""

import re
from types import SimpleNamespace

import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from parityhub.audit.rules.shown_rules import GateShown


def audit_changed(hub, old, new, name="summary.md"):
    report = hub / name
    text = report.read_text()
    assert old in text
    report.write_text(text.replace(old, new, 1))
    return [f for f in audit_hub(report, Roots(hub)).findings if f.severity == "error"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[train log](fit/a/cli/train_FIT_a_1.log)", "[train log](fit/b/cli/fit_FIT_b_1.log)"),
        ("[train log](fit/a/cli/train_FIT_a_1.log)", "[train log](fit/a/cli/infer_FIT_a_1.log)"),
        ("[1](fit/b/analysis/FIT_b_1/attempt.json)", "[1](fit/a/analysis/FIT_a_1/attempt.json)"),
        ("[brief](fit/analysis/brief_FIT_1.md)", "[brief](fit/analysis/started_FIT_1.json)"),
    ],
)
def test_a_link_to_another_run_is_found(hub, old, new):
    findings = audit_changed(hub, old, new)
    assert "PH301" in {f.code for f in findings}
    assert any("does not name the file" in f.found for f in findings)


def test_a_check_of_another_name_or_kind_is_found(hub):
    renamed = audit_changed(hub, "`same-start` (same-artifact)", "`same-end` (same-artifact)")
    assert "the phase has no such check" in {f.found for f in renamed}
    text = (hub / "summary.md").read_text()
    (hub / "summary.md").write_text(text.replace("`same-end`", "`same-start`"))
    weaker = audit_changed(hub, "`same-start` (same-artifact)", "`same-start` (archived)")
    assert "the check is of kind same-artifact" in {f.found for f in weaker}


def test_a_check_of_another_verdict_is_found(hub):
    findings = audit_changed(hub, "**PASS** `same-start`", "**INCONCLUSIVE** `same-start`")
    assert "the verdict of the record is PASS" in {f.found for f in findings}


@pytest.mark.parametrize(("color", "says"), [("green", ["the record says red"]), ("red", [])])
def test_a_gate_is_shown_in_the_colour_of_its_record(color, says):
    gate = SimpleNamespace(color="red")
    history = SimpleNamespace(last_phase=lambda _: SimpleNamespace(phase="GO", gate=gate))
    reports = {"summary.md": (f"> **Passed over.** The gate of phase GO is {color}: 1 of 2.",)}
    facts = SimpleNamespace(history=history, reports=reports, rendered={"summary.md"})
    assert [finding.found for finding in GateShown().check(facts)] == says


def test_a_digest_pointed_at_another_value_is_found(hub):
    line = re.search(r"([0-9a-f]{64}) (\[[^#]+#)(/checks/0/numbers/0/value)", _summary(hub))
    assert line is not None
    findings = audit_changed(hub, line[0], line[0].replace(line[3], "/checks/1/numbers/0/value"))
    assert any(f.code == "PH301" and "holds 16" in f.found for f in findings)


@pytest.mark.parametrize("section", ["What ran", "Checks"])
def test_the_same_lines_under_another_heading_are_no_finding(hub, section):
    assert audit_changed(hub, f"### {section}", f"### {section}, in short") == []


def _summary(hub):
    return (hub / "summary.md").read_text()
