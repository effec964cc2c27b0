import hashlib
import json
import re

import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots


def audit_changed(hub, name, old, new):
    report = hub / name
    text = report.read_text()
    assert old in text
    report.write_text(text.replace(old, new, 1))
    return audit_hub(report, Roots(hub))


def find(hub, pattern):
    found = re.search(pattern, (hub / "summary.md").read_text())
    assert found is not None
    return found


def test_a_hub_that_was_made_has_no_finding(made):
    result = audit_hub(made, Roots(made))
    assert result.findings == ()
    assert result.verdict == "PASS"


@pytest.mark.parametrize("report", ["summary.md", "analysis/artifact_inventory.txt"])
def test_every_number_of_its_reports_is_confirmed(made, report):
    result = audit_hub(made, Roots(made))
    numbers = [
        judged
        for judged in result.claims
        if judged.claim.kind in {"number", "derived"} and judged.claim.spot.file == report
    ]
    assert numbers
    assert [(j.claim.spot.line, j.claim.text) for j in numbers if j.state != "confirmed"] == []


def test_a_changed_digit_with_a_source_is_found(hub):
    old = find(hub, r"\| `std` \| (\d\.\d+)")[0]
    new = old[:-1] + ("1" if old[-1] != "1" else "2")
    result = audit_changed(hub, "summary.md", old, new)
    assert {finding.code for finding in result.findings} == {"PH401"}


def test_a_changed_digit_in_a_reason_is_found(hub):
    result = audit_changed(hub, "summary.md", "4 of 4 checks pass", "5 of 4 checks pass")
    assert {finding.code for finding in result.findings} == {"PH401"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("**PASS** `alive`", "**FAIL** `alive`", "PH602"),
        ("State: done", "State: blocked", "PH602"),
        ("## FIT: PASS", "## FIT: FAIL", "PH602"),
        ("Run 1,", "Run 2,", "PH401"),
        ("(fit/a/cli/train_FIT_a_1.log)", "(fot/a/cli/train_FIT_a_1.log)", "PH201"),
        ("[env_capture_FIT_a_1.json]", "[env_capture_FIT_a_2.json]", "PH201"),
        ("fit_FIT_b_1.log#L4", "fit_FIT_b_1.log#L3", "PH301"),
        ("proof: self-reported", "proof: launcher", "PH502"),
        ("Attempt 1 counts", "Attempt 2 counts", "PH401"),
        ("#/stats/output/mean/value", "#/stats/output/median/value", "PH404"),
    ],
)
def test_a_changed_word_is_found(hub, old, new, code):
    result = audit_changed(hub, "summary.md", old, new)
    assert code in {finding.code for finding in result.findings}


@pytest.mark.parametrize("start", ["Run 1, ", "Hub `tiny` of "])
def test_a_changed_time_is_found(hub, start):
    old = find(hub, start + r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")[0]
    other = old[:-2] + ("8Z" if old[-2] != "8" else "7Z")
    result = audit_changed(hub, "summary.md", old, other)
    assert {finding.code for finding in result.findings} == {"PH701"}


def test_a_changed_digest_and_size_in_the_inventory_are_found(hub):
    inventory = "analysis/artifact_inventory.txt"
    text = (hub / inventory).read_text()
    sha1 = re.search(r"sha1 ([0-9a-f]{40})", text)[1]
    size = re.search(r"(\d{3,}) bytes", text)[1]
    other = sha1[:-1] + ("0" if sha1[-1] != "0" else "1")
    digest = audit_changed(hub, inventory, sha1, other)
    (hub / inventory).write_text(text)
    bytes_ = audit_changed(hub, inventory, f"{size} bytes", f"{int(size) + 1} bytes")
    assert {finding.code for finding in digest.findings} == {"PH101"}
    assert {finding.code for finding in bytes_.findings} == {"PH206"}


def test_a_phase_that_ran_before_what_it_requires_is_found(hub):
    (plan,) = (hub / "plan").glob("plan_*.toml")
    plan.write_text(
        plan.read_text().replace('folder = "fit"', 'folder = "fit"\nrequires = ["A"]', 1)
    )
    told = [f for f in audit_hub(hub, Roots(hub)).findings if f.code == "PH703"]
    assert [finding.found for finding in told] == ["it requires A, and A has no whole run"]


def test_a_file_of_the_hub_that_changed_is_found(hub):
    log = next(hub.rglob("*.log"))
    log.write_text(log.read_text() + "more\n")
    codes = {(f.code, f.spot.file) for f in audit_hub(hub, Roots(hub)).findings}
    assert ("PH203", log.relative_to(hub).as_posix()) in codes


def test_prose_outside_the_hub_is_not_taken_for_a_rendered_report(made, tmp_path):
    report = tmp_path / "summary.md"
    report.write_text("# My words\n\nOn 2026-01-01T00:00:00Z I called it `my-own-name`.\n")
    result = audit_hub(report, Roots(made, reports=(report,)))
    assert result.findings == ()


def test_a_copy_of_a_rendered_report_is_held_against_the_records(made, tmp_path):
    report = tmp_path / "summary.md"
    text = (made / "summary.md").read_text()
    report.write_text(text.replace("4 of 4 checks pass", "4 of 5 checks pass", 1))
    result = audit_hub(report, Roots(made, reports=(report,)))
    assert {finding.code for finding in result.findings} == {"PH401"}


def test_a_phase_that_ran_by_another_plan_is_stale(hub):
    manifest = hub / "manifest.json"
    (kept,) = (hub / "plan").glob("plan_*.toml")
    newer = kept.with_name("plan_" + "ab" * 6 + ".toml")
    newer.write_text(kept.read_text().replace('title = "', 'title = "Another ', 1))
    document = json.loads(manifest.read_text())
    document["plans"].append("ab" * 32)
    manifest.write_text(json.dumps(document))
    same = [f for f in audit_hub(hub, Roots(hub)).findings if f.code == "PH701"]
    newer.write_text(re.sub(r"(?m)^folder = .fit.$", 'folder = "other"', newer.read_text()))
    other = [f for f in audit_hub(hub, Roots(hub)).findings if f.code == "PH701"]
    assert same == []
    assert [finding.claim for finding in other] == ["phase FIT"]


def test_data_that_changed_since_is_told(hub, tmp_path):
    repository = tmp_path / "repo"
    attempt = next(p for p in sorted(hub.rglob("attempt.json")))
    data = b"0123456789"
    document = json.loads(attempt.read_text())
    document["dataset_digests"] = [
        {"path": "data/a.npz", "size": 10, "sha1": hashlib.sha1(data).hexdigest(),
         "sha256": hashlib.sha256(data).hexdigest()}
    ]  # fmt: skip
    attempt.write_text(json.dumps(document))
    (repository / "data").mkdir(parents=True)

    def tell(content):
        (repository / "data/a.npz").write_bytes(content)
        result = audit_hub(hub, Roots(hub, repository=repository))
        return [f.found[:9] for f in result.findings if f.claim == "data/a.npz"]

    assert tell(data) == []
    assert tell(b"9876543210") == ["its sha25"]
    assert tell(b"0123") == ["it has 4 "]


def test_digests_with_their_sources_may_stand_in_a_table(hub):
    summary = hub / "summary.md"
    text = summary.read_text()
    row = r"(?m)^- (`sha256 of [^`]+`): ([0-9a-f]{64} .*)$"
    table, rows = re.subn(row, r"| \1 | \2 |", text)
    assert rows == 2
    summary.write_text(table.replace("| `sha256", "| of | is |\n| --- | --- |\n| `sha256", 1))
    assert audit_hub(summary, Roots(hub)).findings == ()
