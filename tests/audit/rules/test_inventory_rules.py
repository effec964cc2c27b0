"""Entries of a rendered inventory that no record has, that stand twice, or of another attempt."""

import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from parityhub.audit.rules.inventory_rules import read_entries

INVENTORY = "analysis/artifact_inventory.txt"
LINES = """Artifact inventory of X
Hub x, 2026-01-01T00:00:00Z. Paths are relative to the hub.

== C1 / torch ==

a/b.json
  12 bytes, sha1 579a6959bba5943daf864c37a7f0613ba0011347
  record

-- missing --

weights.zip
  attempt 2: trained weights
""".splitlines()


def audit_changed(hub, old, new):
    report = hub / INVENTORY
    text = report.read_text()
    assert old in text
    report.write_text(text.replace(old, new, 1))
    return [f for f in audit_hub(report, Roots(hub)).findings if f.severity == "error"]


def test_an_entry_knows_what_it_stands_under():
    first, second = read_entries("inventory", LINES)
    assert (first.path, first.phase, first.side, first.part) == ("a/b.json", "C1", "torch", "")
    assert (second.path, second.part, second.below) == (
        "weights.zip",
        "missing",
        ("  attempt 2: trained weights",),
    )


def test_a_file_that_stands_there_twice_is_found_at_both_lines(hub):
    findings = audit_changed(
        hub, "fit/b/analysis/FIT_b_1/start.npy", "fit/a/analysis/FIT_a_1/start.npy"
    )
    twice = [f for f in findings if f.code == "PH801"]
    assert len(twice) == 2
    assert all("lists it as well" in f.found for f in twice)


@pytest.mark.parametrize("line", ["== FIT / a ==", "== FIT / b =="])
def test_a_true_inventory_has_no_finding(hub, line):
    assert line in (hub / INVENTORY).read_text()
    result = audit_hub(hub / INVENTORY, Roots(hub))
    assert result.findings == ()


def test_a_member_that_no_record_names_is_found(hub):
    text = (hub / INVENTORY).read_text()
    member = "fit/a/analysis/FIT_a_1/start.npy!weights.h6"
    added = f"\n-- members of bundles --\n\n{member}\n  3 bytes, sha1 {'ab' * 20}\n"
    (hub / INVENTORY).write_text(text + added)
    found = {f.code: f for f in audit_hub(hub / INVENTORY, Roots(hub)).findings}
    assert "PH201" in found


def test_what_another_attempt_left_is_found(hub):
    text = (hub / INVENTORY).read_text()
    added = "\n== FIT / a ==\n\n-- missing --\n\nweights.npy\n  attempt 7: fitted weights\n"
    (hub / INVENTORY).write_text(text + added)
    findings = audit_hub(hub / INVENTORY, Roots(hub)).findings
    assert "no such attempt of a names weights.npy" in {f.found for f in findings}


def test_a_file_that_the_manifest_does_not_list_is_found(hub):
    name = "fit/a/analysis/FIT_a_1/attempt."
    findings = audit_changed(hub, f"{name}json", f"{name}jskn")
    assert "PH201" in {f.code for f in findings}
