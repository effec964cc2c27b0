import hashlib
import json

import pytest

from parityhub.audit.engine import audit_hub, gather_previous
from parityhub.audit.roots import Roots
from parityhub.audit.rules.tolerance_rules import list_loosened
from tests.audit.make_hub import FILES, audit_text, tell, write_hub

PLAN = """[[phase]]
id = "C1"
[[phase.checks]]
id = "close"
rel = {rel}
reason = "{reason}"
"""


def write_listed_hub(root, files):
    items = []
    for path, content in sorted(files.items()):
        data = content if isinstance(content, bytes) else content.encode()
        sha1, sha256 = hashlib.sha1(data).hexdigest(), hashlib.sha256(data).hexdigest()
        items.append(
            {
                "path": path,
                "size": len(data),
                "sha1": sha1,
                "sha256": sha256,
                "role": "evidence",
                "made_by": "C1",
                "shows": "a file",
                "time": "2026-01-01T00:00:00Z",
            }
        )
    manifest = {
        "format": 1,
        "initiative": "X",
        "stamp": "2026-01-01T000000Z",
        "created": "2026-01-01T00:00:00Z",
        "plans": ["ab" * 32],
        "artifacts": items,
    }
    return write_hub(root, {**files, "manifest.json": json.dumps(manifest)})


@pytest.fixture
def hub(tmp_path):
    return write_listed_hub(tmp_path / "hub", FILES)


def codes(hub):
    return [(f.code, f.spot.file) for f in audit_hub(hub, Roots(hub)).findings]


def test_a_whole_hub_is_as_its_manifest_says(hub):
    assert not [code for code, _ in codes(hub) if code in {"PH202", "PH203", "PH205"}]


def test_a_changed_a_missing_and_a_stray_file_are_found(hub):
    (hub / "side/phase_b3/cli/train_b3.log").write_text("other\n")
    (hub / "side/phase_b3/cli/infer_b3.log").unlink()
    (hub / "stray.json").write_text("{}")
    found = codes(hub)
    assert ("PH203", "side/phase_b3/cli/train_b3.log") in found
    assert ("PH203", "side/phase_b3/cli/infer_b3.log") in found
    assert ("PH202", "stray.json") in found


def test_a_link_in_a_listed_hub_is_found(hub):
    (hub / "link.json").symlink_to("/etc/passwd")
    assert ("PH202", "link.json") in codes(hub)


def test_a_sidecar_of_another_file_is_found(tmp_path):
    good = hashlib.sha1(b"text\n").hexdigest()
    files = {"a.csv": "text\n", "a.csv.sha1": f"{good}  a.csv\n", "b.csv": "text\n"}
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    hub = write_hub(tmp_path / "hub", {**files, "b.csv.sha1": f"{wrong}  b.csv\n"})
    assert codes(hub).count(("PH205", "b.csv.sha1")) == 1
    assert ("PH205", "a.csv.sha1") not in codes(hub)


def test_evidence_and_phases_that_no_report_names_are_told(tmp_path):
    result = audit_text(tmp_path, "# B3, sha1 01c1a83a\n\n`side/phase_b3/cli/train_b3.log`\n")
    told = {finding.spot.file: finding.found for finding in tell(result, "PH207")}
    assert "phase_c1" in told["summary.md"]
    assert "side/phase_b3/cli/infer_b3.log" in told
    assert "side/phase_b3/cli/train_b3.log" not in told


def test_a_red_log_under_green_is_found(tmp_path):
    result = audit_text(tmp_path, "# nothing\n")
    told = [f for f in tell(result, "PH602") if f.spot.file.endswith("pytest_c1.log")]
    assert [(finding.spot.line, finding.severity) for finding in told] == [(4, "error")]


def test_entries_after_the_last_log_are_told(tmp_path):
    entries = "### Turn (2025-11-18T000000Z)\nx\n\n### Turn (2025-11-14T063000Z)\ny\n"
    result = audit_text(tmp_path, entries)
    assert [finding.spot.line for finding in tell(result, "PH703")] == [1]


def test_reports_that_contradict_each_other_are_told(tmp_path):
    more = {
        "red/blocked_20251114T070000Z_a.md": (
            "# A\n\nPhase B3 used `data/a.npz`. Use `data/c.npz` instead.\n\n"
            "Tests passed (3.67s), `side/phase_b3/green/pytest_b3.log`\n"
        ),
        "red/blocked_20251114T080000Z_b.md": (
            "# B\n\nPhase B3 used `data/b.npz`. The brief names `data/c.npz`, but that file does "
            "not exist.\n\nTests passed (3.71s), `side/phase_b3/green/pytest_b3.log`\n"
        ),
    }
    result = audit_text(tmp_path, "# nothing\n", more=more)
    lines = [(f.spot.file[-4], f.spot.line) for f in tell(result, "PH801")]
    assert lines == [("a", 3), ("a", 3), ("a", 5), ("b", 3), ("b", 5)]


def test_reports_that_give_two_digests_of_one_file_are_told(tmp_path):
    more = {
        "a.md": "- `outputs/a.zip` sha1 3f9d8c2b17aa5e60f4d1b2c38e97460a5c21d3bf\n",
        "b.md": "- `outputs/a.zip` sha1 3f9d8c2b\n",
        "c.md": "- `outputs/a.zip` sha1 77aa5e60\n",
    }
    result = audit_text(tmp_path, "# nothing\n", more=more)
    assert {f.spot.file for f in tell(result, "PH801") if "77aa5e60" in f.found} == {"a.md", "b.md"}
    assert "3f9d8c2b" in next(f.found for f in tell(result, "PH801") if f.spot.file == "c.md")


def test_a_blocker_without_evidence_is_told(tmp_path):
    more = {
        "red/blocked_1_a.md": "# A\n\nIt failed.\n",
        "red/blocked_2_b.md": "# B\n\nIt failed: `other/phase_c1/cli/train_c1.log:2`\n",
    }
    result = audit_text(tmp_path, "# nothing\n", more=more)
    assert [f.spot.file for f in tell(result, "PH802")] == ["red/blocked_1_a.md"]


@pytest.mark.parametrize(
    ("rel", "reason", "found"),
    [("1e-5", "rounding", 0), ("1e-6", "rounding", 0), ("1e-2", "rounding", 1), ("1e-2", "new", 0)],
)
def test_a_looser_tolerance_with_the_same_reason_is_found(tmp_path, rel, reason, found):
    plan = f"plan/plan_{'ab' * 6}.toml"
    old = {plan: PLAN.format(rel="1e-5", reason="rounding")}
    new = {plan: PLAN.format(rel=rel, reason=reason)}
    before = write_listed_hub(tmp_path / "a", {**FILES, **old})
    after = write_listed_hub(tmp_path / "b", {**FILES, **new})
    result = audit_hub(after, Roots(after), previous=before)
    assert len(tell(result, "PH803")) == found
    assert gather_previous(before).manifest is not None


def test_a_bound_that_is_gone_is_loosened():
    assert list(list_loosened({"rel": 1.0}, {})) == ["rel"]
    assert list(list_loosened({"above": 1.0}, {"above": 0.5})) == ["above"]
    assert list(list_loosened({"above": 1.0}, {"above": 2.0})) == []
