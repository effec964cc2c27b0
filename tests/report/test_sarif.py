"""SARIF 2.1.0: what the standard requires is there, and hostile words stay words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from parityhub.audit.findings import AuditResult
from parityhub.audit.rules.registry import RULES
from parityhub.hub.records import Place
from parityhub.report.sarif import make_sarif, render_sarif
from tests.report.audit_sample import FILE, HOSTILE, LOG, make_result, make_spot

REQUIRED: Mapping[str, frozenset[str]] = {
    "log": frozenset(("version", "runs")),
    "run": frozenset(("tool",)),
    "driver": frozenset(("name",)),
    "rule": frozenset(("id",)),
    "result": frozenset(("message",)),
    "invocation": frozenset(("executionSuccessful",)),
    "notification": frozenset(("message",)),
    "suppression": frozenset(("kind",)),
    "message": frozenset(("text",)),
}
"""properties that the schema of SARIF 2.1.0 requires"""
PREFIX = "reports/2026-11-24T000000Z/forward parity"


def read(result: AuditResult | None = None, prefix: str = PREFIX) -> dict[str, Any]:
    text = render_sarif([(prefix, result or make_result())], "0.1.0")
    document = json.loads(text)
    assert isinstance(document, dict)
    return document


def list_nodes(log: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each node of the log with its kind."""
    yield "log", log
    for run in log["runs"]:
        yield "run", run
        driver = run["tool"]["driver"]
        yield "driver", driver
        for rule in driver["rules"]:
            yield "rule", rule
            for name in ("shortDescription", "fullDescription", "help"):
                yield "message", rule[name]
        for invocation in run["invocations"]:
            yield "invocation", invocation
            for told in invocation["toolExecutionNotifications"]:
                yield "notification", told
                yield "message", told["message"]
        for result in run["results"]:
            yield "result", result
            yield "message", result["message"]
            for place in result.get("relatedLocations", []):
                yield "message", place["message"]
            for suppression in result.get("suppressions", []):
                yield "suppression", suppression


def list_places(log: dict[str, Any]) -> list[dict[str, Any]]:
    places = []
    for result in log["runs"][0]["results"]:
        places += [*result["locations"], *result.get("relatedLocations", [])]
    return [place["physicalLocation"] for place in places]


def test_what_the_schema_requires_is_there() -> None:
    nodes = list(list_nodes(read()))
    assert {kind for kind, _ in nodes} == set(REQUIRED)
    assert [(kind, node) for kind, node in nodes if REQUIRED[kind] - set(node)] == []
    log = read()
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")


def test_a_result_names_its_rule_level_and_place() -> None:
    result = read()["runs"][0]["results"][0]
    rules = read()["runs"][0]["tool"]["driver"]["rules"]
    assert (result["ruleId"], result["level"]) == ("PH301", "error")
    assert rules[result["ruleIndex"]]["id"] == "PH301"
    physical = result["locations"][0]["physicalLocation"]
    assert physical["region"] == {"startLine": 3, "startColumn": 15, "endColumn": 31}
    assert unquote(physical["artifactLocation"]["uri"]) == f"{PREFIX}/{FILE}"
    assert "line 26 does show it" in result["message"]["text"]
    evidence = result["relatedLocations"][0]["physicalLocation"]
    assert evidence["artifactLocation"]["uri"].endswith(LOG)
    assert evidence["region"] == {"startLine": 26}
    assert len(result["relatedLocations"]) == 11


def test_each_code_is_a_rule_with_help_from_its_docstrings() -> None:
    rules = {rule["id"]: rule for rule in read()["runs"][0]["tool"]["driver"]["rules"]}
    assert set(rules) == {rule.code for rule in RULES}
    for rule in RULES:
        described = rules[rule.code]
        assert (rule.__doc__ or "").split("\n\n")[0].split()[-1] in described["help"]["text"]
        assert described["help"]["text"].count("Example: ") >= 1
        assert described["name"].isalnum()
        assert described["defaultConfiguration"]["level"] in {"error", "warning", "note"}


def test_paths_are_relative_and_stay_paths_whatever_they_are_called() -> None:
    finding = replace(
        make_result().findings[0],
        spot=make_spot(1, file="a:b/c#d?e %41\udcff.md"),
        evidence=Place(file="//evil.example/x", pointer="/a~1b"),
    )
    log = read(replace(make_result(), findings=(finding,)), prefix="")
    uris = [place["artifactLocation"]["uri"] for place in list_places(log)]
    for uri in uris:
        parts = urlsplit(uri)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
        assert not uri.startswith("/")
    assert uris[0] == "a%3Ab/c%23d%3Fe%20%2541%5Cudcff.md"
    evidence = log["runs"][0]["results"][0]["relatedLocations"][0]
    assert evidence["logicalLocations"] == [{"fullyQualifiedName": "/a~1b"}]
    assert "region" not in evidence["physicalLocation"]


def test_all_places_have_lines_and_columns_from_one() -> None:
    regions = [place["region"] for place in list_places(read()) if "region" in place]
    assert len(regions) > 10
    for region in regions:
        assert min(region.values()) >= 1
        assert region.get("endColumn", 2) > region.get("startColumn", 1)


def test_hostile_words_are_neither_links_nor_placeholders_nor_controls() -> None:
    texts = [node["text"] for kind, node in list_nodes(read()) if kind == "message"]
    hostile = [text for text in texts if "alert(1)" in text]
    assert len(hostile) == 1
    assert "{{0}}" in hostile[0]
    assert "](" not in "".join(texts)
    assert [text for text in texts if not text.replace("\n", "").isprintable()] == []
    assert HOSTILE not in json.dumps(read(), ensure_ascii=False)
    assert json.dumps(read(prefix="a\udcff"), ensure_ascii=False).encode()


def test_fingerprints_survive_moved_lines_and_tell_findings_apart() -> None:
    def read_prints(result: AuditResult, prefix: str = PREFIX) -> list[str]:
        results = read(result, prefix)["runs"][0]["results"]
        return [entry["partialFingerprints"]["parityhubClaim/v1"] for entry in results]

    result = make_result()
    moved = tuple(
        replace(found, spot=replace(found.spot, line=found.spot.line + 7))
        for found in result.findings
    )
    twice = replace(result, findings=(*result.findings, *moved))
    assert read_prints(replace(result, findings=moved)) == read_prints(result)
    assert len(set(read_prints(twice))) == len(read_prints(twice))
    assert set(read_prints(result)).isdisjoint(read_prints(result, "another/hub"))


def test_a_silenced_finding_is_suppressed_with_its_reason() -> None:
    results = read()["runs"][0]["results"]
    told = [entry for entry in results if "suppressions" in entry]
    assert [entry["ruleId"] for entry in told] == ["PH502"]
    assert told[0]["suppressions"] == [
        {"kind": "inSource", "justification": "captured by hand"}
    ]  # fmt: skip


def test_verdict_and_what_was_not_asked_are_told() -> None:
    run = read()["runs"][0]
    assert run["properties"]["audits"][0]["verdict"] == "FAIL"
    told = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("PH202 was not asked" in text for text in told)
    assert any("2 links were not followed" in text for text in told)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_hubs_are_told_apart_in_one_run(count: int) -> None:
    log = make_sarif([(f"hub{n}", make_result()) for n in range(count)], "0.1.0")
    uris = {place["artifactLocation"]["uri"].split("/")[0] for place in list_places(log)}
    assert uris == {f"hub{n}" for n in range(count)}
    assert len(log["runs"]) == 1
