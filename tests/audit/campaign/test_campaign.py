"""The audit itself, tried on lies in hubs that were really run."""

import json
from pathlib import Path

import pytest

from parityhub.workflow.audit import Audit
from parityhub.workflow.audit_campaign import Campaign, describe_campaign, judge_campaign, try_hub
from tests.conftest import Repository, copy_plan

REPORTS = Path(__file__).resolve().parents[3] / "reports"


def try_audit(hub: Path, cache: Path, mutants: int, seed: int):
    audit = Audit(
        target=hub,
        hub=None,
        root=None,
        reports=REPORTS,
        cache=cache,
        paranoid=False,
        plan=None,
    )
    campaign = Campaign(audit=audit, mutants=mutants, seed=seed, tell=lambda _: None)
    return try_hub(campaign)[1]


def tell_rest(hub, result):
    document = describe_campaign(hub, 0, result)
    return json.dumps({key: document[key] for key in ("missed", "misnamed", "alarms")}, indent=1)


def test_lies_are_caught_and_rewordings_are_not(made, tmp_path):
    result = try_audit(made, tmp_path, 150, seed=31)
    assert judge_campaign(result)[0] == "PASS", tell_rest(made, result)
    assert len(result.mutants) == 150


def test_the_command_says_what_came_of_it(made, tmp_path):
    told = Repository(tmp_path).call(
        *("audit", str(made), "--campaign", "30", "--seed", "2", "--json"),
        env={"XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    document = told.document()
    assert told.code == 0, told.err
    assert document["verdict"] == "PASS"
    assert sum(row["false"] + row["still_true"] for row in document["forms"]) == 30
    assert document["rewordings"] == 3


def test_a_hub_with_findings_can_say_nothing_of_its_audit(hub, tmp_path):
    summary = hub / "summary.md"
    summary.write_text(summary.read_text().replace("4 of 4 checks", "4 of 5 checks", 1))
    told = Repository(tmp_path).call("audit", str(hub), "--campaign", "5", "--json")
    assert told.code == 1
    assert told.document()["verdict"] == "INCONCLUSIVE"
    assert "mend it first" in told.document()["reason"]


def test_no_hub_is_one_line(tmp_path):
    (tmp_path / "notes.md").write_text("nothing\n")
    told = Repository(tmp_path).call("audit", str(tmp_path), "--campaign", "5")
    assert told.code == 2
    assert told.err.splitlines()[-2:] == [
        f"parityhub: {tmp_path}: no hub",
        "hint: a campaign needs a hub: name its folder",
    ]


@pytest.mark.campaign
def test_two_thousand_lies_in_all(made, tmp_path_factory, tmp_path):
    """Every place of a hub of two scripts three times, and 600 in one of many failures."""
    ladder = copy_plan("ladder", tmp_path_factory.mktemp("ladder") / "repo")
    for phase in ("EVERY", "STUCK", "REDGATE", "NEEDS"):
        ladder.call("run-phase", phase, "--with-required")
    tries = [(made, 540, 41), (made, 540, 42), (made, 540, 43), (ladder.hub(), 600, 44)]
    results = [try_audit(hub, tmp_path, count, seed) for hub, count, seed in tries]
    false = sum(share.false for result in results for share in result.shares)
    caught = sum(share.caught for result in results for share in result.shares)
    rest = "\n".join(map(tell_rest, (hub for hub, _, _ in tries), results))
    assert not any(result.known for result in results)
    assert false >= 2000
    assert sum(len(result.rewordings) for result in results) >= 200
    assert caught / false >= 0.99, rest
    assert not any(result.alarms for result in results), rest
    print(f"{caught} of {false} lies caught")
