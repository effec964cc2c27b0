"""An audit as SARIF 2.1.0, so that code hosts and editors show findings at their lines."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from inspect import getdoc
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from parityhub.audit.claims import Spot
from parityhub.audit.findings import AuditResult, Finding, Severity
from parityhub.audit.rules.registry import RULES
from parityhub.audit.rules.rule import Rule
from parityhub.hub.records import Place
from parityhub.report.escape import show_controls

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
"""the base of all paths: where the repository is checked out"""
RANKS: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}

Node = dict[str, Any]


def render_sarif(audits: Sequence[tuple[str, AuditResult]], version: str) -> str:
    """Write audits as one SARIF log with one run.

    Args:
        audits: each result with the path of its hub relative to the repository, `/` between its
            parts; empty where the hub is the repository.
        version: of parityhub.
    """
    return json.dumps(make_sarif(audits, version), indent=2, ensure_ascii=True) + "\n"


def make_sarif(audits: Sequence[tuple[str, AuditResult]], version: str) -> Node:
    """Return a SARIF log as plain data; see `render_sarif`."""
    rules = list_rules()
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    results = [
        make_result(finding, prefix, places, seen)
        for prefix, result in audits
        for finding in (*result.findings, *result.silenced)
    ]
    driver = {"name": "parityhub", "semanticVersion": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": write_message("root of the repository")}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": list_notifications(audits),
            }
        ],
        "results": results,
        "properties": {"audits": [describe_audit(prefix, result) for prefix, result in audits]},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def list_rules() -> list[Node]:
    """Return the descriptor of each code; the rules that share one are told together."""
    return [make_descriptor(list(of)) for _, of in groupby(RULES, key=lambda rule: rule.code)]


def make_descriptor(rules: Sequence[Rule]) -> Node:
    """Describe a code by the docstrings and examples of its rules."""
    first = rules[0]
    docs = [" ".join((getdoc(type(rule)) or "").split()) for rule in rules]
    told = [f"{doc}\n\nExample: {rule.example}" for doc, rule in zip(docs, rules, strict=True)]
    head = (getdoc(type(first)) or "").split("\n\n", 1)[0]
    worst = min((rule.severity for rule in rules), key=lambda severity: RANKS[severity])
    return {
        "id": first.code,
        "name": "".join(word.capitalize() for word in first.slug.split("-")),
        "shortDescription": write_message(" ".join(head.split())),
        "fullDescription": write_message(" ".join(docs)),
        "help": write_message("\n\n".join(told)),
        "defaultConfiguration": {"level": worst},
        "properties": {"tags": ["evidence", first.slug]},
    }


def make_result(
    finding: Finding, prefix: str, rules: Mapping[str, int], seen: Counter[str]
) -> Node:
    """Make the result of a finding.

    Args:
        finding: what was found.
        prefix: path of the hub relative to the repository.
        rules: where each code stands in the list of rules.
        seen: how often each finding came before, whatever its line.
    """
    text = f"{finding.claim}: {finding.found}. To be true: {finding.hint}"
    node: Node = {
        "ruleId": finding.code,
        "ruleIndex": rules[finding.code],
        "level": finding.severity,
        "message": write_message(text),
        "locations": [locate_spot(finding.spot, prefix)],
        "partialFingerprints": {"parityhubClaim/v1": make_fingerprint(finding, prefix, seen)},
        "properties": {
            "claim": show_controls(finding.claim),
            "artifact": show_controls(finding.artifact),
        },
    }
    related = [
        {**locate_spot(spot, prefix), "message": write_message("says the same")}
        for spot in finding.also
    ]
    if finding.evidence is not None:
        evidence = locate_place(finding.evidence, prefix)
        related.insert(0, {**evidence, "message": write_message(f"evidence: {finding.artifact}")})
    if related:
        node["relatedLocations"] = [{"id": n, **place} for n, place in enumerate(related)]
    if finding.silenced:
        node["suppressions"] = [
            {"kind": "inSource", "justification": show_controls(finding.silenced)}
        ]
    return node


def make_fingerprint(finding: Finding, prefix: str, seen: Counter[str]) -> str:
    """Return what a finding is known by when lines are put before it: code, file and claim."""
    words = "\0".join((finding.code, prefix, finding.spot.file, finding.claim))
    key = hashlib.sha256(words.encode("utf-8", "backslashreplace")).hexdigest()
    seen[key] += 1
    return f"{key[:32]}:{seen[key]}"


def locate_spot(spot: Spot, prefix: str) -> Node:
    """Return a location; columns count characters, from 1."""
    region = {"startLine": spot.line, "startColumn": spot.column}
    if spot.end_column > spot.column:
        region["endColumn"] = spot.end_column
    return locate_file(spot.file, prefix, region)


def locate_place(place: Place, prefix: str) -> Node:
    """Return the location of evidence; a JSON pointer has no line, and names what is there."""
    location = locate_file(
        place.file, prefix, None if place.line is None else {"startLine": place.line}
    )
    if place.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": place.pointer}]
    return location


def locate_file(file: str, prefix: str, region: Mapping[str, int] | None) -> Node:
    """Return the location of a file of a hub, relative to the repository."""
    path = PurePosixPath(prefix, file).as_posix().lstrip("/")
    uri = quote(path, safe="/", errors="backslashreplace")
    physical: Node = {"artifactLocation": {"uri": uri, "uriBaseId": ROOT}}
    if region is not None:
        physical["region"] = dict(region)
    return {"physicalLocation": physical}


def write_message(text: str) -> Node:
    """Write text as a message: SARIF reads braces as placeholders and `[a](b)` as a link."""
    shown = show_controls(text, keep="\n")
    return {"text": shown.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def list_notifications(audits: Sequence[tuple[str, AuditResult]]) -> list[Node]:
    """Say what was not asked and what was cut short: silence would read as health."""
    told = []
    for prefix, result in audits:
        hub = prefix or "the hub"
        told += [("note", f"{hub}: {rule.code} was not asked: {rule.reason}")
                 for rule in result.skipped]  # fmt: skip
        told += [("warning", f"{hub}: {note}") for note in result.notes]
    return [{"level": level, "message": write_message(text)} for level, text in told]


def describe_audit(prefix: str, result: AuditResult) -> Node:
    """Return the verdict and the counts of an audit."""
    checked = result.checked
    return {
        "hub": show_controls(prefix),
        "verdict": result.verdict,
        "reason": show_controls(result.reason),
        "claims": checked.claims,
        "artifacts": checked.artifacts,
        "confirmed": checked.confirmed,
        "refuted": checked.refuted,
        "unverifiable": checked.unverifiable,
    }
