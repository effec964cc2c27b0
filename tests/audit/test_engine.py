import os
import time

import pytest

from parityhub.audit import engine
from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from parityhub.errors import UsageError
from tests.audit.make_hub import FILES, audit_text, tell, write_hub

OLD = 1_600_000_000_000_000_000


def age(hub):
    for file in hub.rglob("*"):
        os.utime(file, ns=(OLD, OLD))


def test_a_hub_without_a_claim_is_not_confirmed(tmp_path):
    hub = write_hub(tmp_path / "hub", {"cli/a.log": "mean=1\n", "cli/a.txt": "words\n"})
    result = audit_hub(hub, Roots(hub))
    assert (result.verdict, result.checked.confirmed) == ("INCONCLUSIVE", 0)


def test_the_counts_add_up_and_each_claim_has_a_reason(tmp_path):
    result = audit_text(tmp_path, "# Phase B3\n\nmean=0.777, see `cli/train_b3.log`\n")
    checked = result.checked
    assert checked.claims == len(result.claims)
    assert checked.claims == checked.confirmed + checked.refuted + checked.unverifiable
    assert checked.artifacts == len(FILES) + 1
    assert all(judged.reason for judged in result.claims)


def test_rules_without_facts_are_skipped_with_a_reason(tmp_path):
    result = audit_text(tmp_path, "# nothing\n")
    skipped = {rule.code: rule.reason for rule in result.skipped}
    assert "manifest" in skipped["PH203"]
    assert "plan" in skipped["PH803"]


def test_one_report_is_audited_against_a_hub(tmp_path):
    hub = write_hub(tmp_path / "hub", FILES)
    report = tmp_path / "turn.md"
    report.write_text("Phase B3: `outputs/wts.h5.zip` sha1: 01c1a83b, `cli/train_b3.log`\n")
    result = audit_hub(report, Roots(hub, reports=(report,)))
    assert result.reports == ("turn.md",)
    assert [finding.code for finding in result.findings] == ["PH101"]


def test_a_target_that_is_not_there_is_an_error_of_use(tmp_path):
    hub = write_hub(tmp_path / "hub", FILES)
    with pytest.raises(UsageError):
        audit_hub(tmp_path / "gone.md", Roots(hub))


def test_an_unchanged_hub_is_not_audited_twice(tmp_path, monkeypatch):
    hub = write_hub(tmp_path / "hub", {**FILES, "summary.md": "# B3\n\nmean=0.777\n"})
    age(hub)
    first = audit_hub(hub, Roots(hub), cache=tmp_path / "cache")
    monkeypatch.setattr(engine, "judge", None)
    assert audit_hub(hub, Roots(hub), cache=tmp_path / "cache") == first


@pytest.mark.parametrize("change", ["file", "argument", "damage"])
def test_what_is_kept_is_used_for_the_same_state_only(tmp_path, monkeypatch, change):
    hub = write_hub(tmp_path / "hub", {**FILES, "summary.md": "# B3\n\nmean=0.777\n"})
    age(hub)
    audit_hub(hub, Roots(hub), cache=tmp_path / "cache")
    asked = []
    real = engine.judge
    monkeypatch.setattr(engine, "judge", lambda *a, **k: asked.append(1) or real(*a, **k))
    paranoid = change == "argument"
    if change == "file":
        os.utime(hub / "summary.md", ns=(OLD, OLD + 1))
    if change == "damage":
        kept = tmp_path / "cache/result.json"
        kept.write_bytes(kept.read_bytes().replace(b"error", b"notes"))
    audit_hub(hub, Roots(hub), cache=tmp_path / "cache", paranoid=paranoid)
    assert asked == [1]


def test_a_hub_written_just_now_is_audited_again(tmp_path):
    hub = write_hub(tmp_path / "hub", FILES)
    os.utime(hub / "side/phase_b3/cli/train_b3.log", ns=(time.time_ns(), time.time_ns()))
    audit_hub(hub, Roots(hub), cache=tmp_path / "cache")
    assert not (tmp_path / "cache/result.json").exists()


def test_the_same_fault_of_a_report_is_told_once_with_its_lines(tmp_path):
    result = audit_text(tmp_path, "# B3\n\n- `cli/gone.log`\n- `cli/gone.log`\n")
    told = tell(result, "PH201")
    assert [(f.spot.line, [spot.line for spot in f.also]) for f in told] == [(3, [4])]
