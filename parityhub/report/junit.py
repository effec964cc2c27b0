"""An audit as JUnit XML: a suite for each report, a test case for each code asked of it."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby
from xml.etree import ElementTree as ET

from parityhub.audit.findings import AuditResult, Finding, count
from parityhub.audit.rules.registry import RULES
from parityhub.audit.rules.rule import ClaimRule, HubRule, Rule
from parityhub.report.escape import show_controls

HUB = "(hub)"
"""the suite of what is asked of the hub as a whole"""


@dataclass
class Case:
    """A code asked of a report."""

    code: str
    slug: str
    skipped: str = ""
    """why it could not be asked; empty where it was"""
    findings: list[Finding] = field(default_factory=list)


def render_junit(audits: Sequence[tuple[str, AuditResult]]) -> str:
    """Write audits as one JUnit document.

    Errors are failures. Warnings and notes are told in `system-out` of a case that passes. A code
    that had nothing to look at in a report, no claim of its kind, is skipped and not passed.

    Args:
        audits: each result with what its hub is called.
    """
    root = ET.Element("testsuites", name="parityhub audit")
    suites = [suite for name, result in audits for suite in list_suites(name, result)]
    for attribute in ("tests", "failures", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in suites)))
    root.set("errors", "0")
    root.extend(suites)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def list_suites(name: str, result: AuditResult) -> list[ET.Element]:
    """Return the suites of a result: its reports, then the hub with its verdict."""
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in result.findings:
        file = finding.spot.file if finding.spot.file in result.reports else HUB
        found[file, finding.code].append(finding)
    kinds: dict[str, set[str]] = defaultdict(set)
    for judged in result.claims:
        kinds[judged.claim.spot.file].add(judged.claim.kind)
    suites = []
    for file in (*result.reports, HUB):
        cases = []
        for code, of in groupby(RULES, key=lambda rule: rule.code):
            rules = list(of)
            asked = [rule for rule in rules if asks(rule, file)]
            findings = found.get((file, code), [])
            if asked or findings:
                skipped = tell_skipped(asked, kinds[file], result)
                cases.append(Case(code, rules[0].slug, skipped, findings))
        suites.append(make_suite(name, file, cases, result))
    return suites


def asks(rule: Rule, file: str) -> bool:
    """Tell whether a rule is asked of single reports, or else of the hub."""
    of_report = isinstance(rule, ClaimRule) or (isinstance(rule, HubRule) and rule.of_reports)
    return of_report == (file != HUB)


def tell_skipped(rules: Sequence[Rule], kinds: Set[str], result: AuditResult) -> str:
    """Say why no rule of a code had anything to look at in a report; empty where one had.

    Several rules may share a code, and a result does not tell which of them was not asked: it is
    held to be one that had something to look at.
    """
    live = [rule for rule in rules if not isinstance(rule, ClaimRule) or kinds & rule.kinds]
    if not live:
        return "no claim of its kind was found"
    reasons = [rule.reason for rule in result.skipped if rule.code == live[0].code]
    return reasons[0] if len(reasons) >= len(live) else ""


def make_suite(name: str, file: str, cases: Sequence[Case], result: AuditResult) -> ET.Element:
    """Make the suite of a report; that of the hub has the verdict as well."""
    title = f"{name}/{file}" if name else file
    suite = ET.Element("testsuite", name=show_controls(title))
    nodes = [make_case(title, case) for case in cases]
    if file == HUB:
        nodes.append(make_verdict(title, result))
    suite.set("tests", str(len(nodes)))
    suite.set("failures", str(sum(node.find("failure") is not None for node in nodes)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(node.find("skipped") is not None for node in nodes)))
    suite.extend(nodes)
    return suite


def make_case(title: str, case: Case) -> ET.Element:
    """Make the test case of a code."""
    node = ET.Element("testcase", classname=show_controls(title), name=f"{case.code} {case.slug}")
    errors = [finding for finding in case.findings if finding.severity == "error"]
    others = [finding for finding in case.findings if finding.severity != "error"]
    if errors:
        failure = ET.SubElement(node, "failure", type=case.code)
        failure.set("message", show_controls(f"{count(len(errors), 'error')}: {errors[0].found}"))
        failure.text = write_findings(errors)
    elif case.skipped and not others:
        ET.SubElement(node, "skipped", message=show_controls(case.skipped))
    if others:
        ET.SubElement(node, "system-out").text = write_findings(others)
    return node


def make_verdict(title: str, result: AuditResult) -> ET.Element:
    """Make the case of the verdict: what is INCONCLUSIVE did not pass."""
    node = ET.Element("testcase", classname=show_controls(title), name="verdict")
    message = show_controls(f"{result.verdict}: {result.reason}")
    if result.verdict == "FAIL":
        ET.SubElement(node, "failure", type="verdict", message=message)
    elif result.verdict != "PASS":
        ET.SubElement(node, "skipped", message=message)
    told = [*(f"{finding.spot.file}:{finding.spot.line} {finding.code} ignored: {finding.silenced}"
              for finding in result.silenced), *result.notes]  # fmt: skip
    if told:
        ET.SubElement(node, "system-out").text = "\n".join(map(show_controls, told))
    return node


def write_findings(findings: Sequence[Finding]) -> str:
    """Write findings, a few lines each, without a character that XML refuses."""
    return "\n".join(line for finding in findings for line in list_lines(finding))


def list_lines(finding: Finding) -> list[str]:
    """Return the lines of a finding."""
    spot = finding.spot
    artifact = f" ({finding.artifact})" if finding.artifact else ""
    lines = [
        f"{spot.file}:{spot.line}:{spot.column}: {finding.severity}: {finding.claim}",
        f"  {finding.found}{artifact}",
        f"  hint: {finding.hint}",
    ]
    return [show_controls(line) for line in lines]
