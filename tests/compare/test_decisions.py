"""What of its evidence makes a decision lapse, and what does not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from parityhub.compare.decisions import compare_states, list_standings
from parityhub.hub.history import History
from parityhub.hub.ledger_records import DecisionRecord, EvidenceState
from parityhub.hub.records import Digest
from parityhub.hub.store import Hub
from tests.report.sample import make_plan

DIGEST = Digest(path="a.log", size=1, sha1="1", sha256="2")
RUN = EvidenceState(reference="C1/run:torch", kind="run", says="passed", run=1, attempt=2)
CHECK = EvidenceState(reference="C1/check:close", kind="check", says="FAIL", run=1)
FILE = EvidenceState(reference="a.log", kind="file", says="", digest=DIGEST)


@pytest.mark.parametrize(
    ("then", "changes", "says"),
    [
        (RUN, {"attempt": 3}, "C1/run:torch: attempt 3 counts now, it was attempt 2"),
        (RUN, {"attempt": None}, "C1/run:torch: no attempt counts now, it was attempt 2"),
        (RUN, {"says": "failed"}, "C1/run:torch is failed now, it was passed"),
        (CHECK, {"says": "PASS"}, "C1/check:close is PASS now, it was FAIL"),
        (FILE, {"digest": replace(DIGEST, sha256="3")}, "a.log has other bytes now"),
    ],
)
def test_what_changed_is_named(then: EvidenceState, changes: dict[str, object], says: str) -> None:
    assert list(compare_states(then, replace(then, **changes))) == [says]


@pytest.mark.parametrize("then", [RUN, CHECK, FILE])
def test_a_run_that_says_the_same_changes_nothing(then: EvidenceState) -> None:
    assert list(compare_states(then, replace(then, run=2))) == []


def make_decision(**changes: object) -> DecisionRecord:
    made = DecisionRecord(
        id="ALONE",
        number=1,
        time="2026-11-24T12:00:00Z",
        phase="C1",
        policy="POLICY-001",
        lets="one-sided",
        text=replace(DIGEST, path="decisions/ALONE_1.md"),
        evidence=(),
        until=None,
        git_commit=None,
        git_dirty=None,
    )
    return replace(made, **changes)


def judge(tmp_path: Path, day: int, decision: DecisionRecord) -> tuple[str, ...]:
    hub = Hub.create(tmp_path, "h", "I", lambda: datetime(2026, 11, day, 23, 59, tzinfo=UTC))
    (standing,) = list_standings(make_plan(), History(decisions=[decision]), hub)
    assert standing.stands is not bool(standing.lapsed)
    return standing.lapsed


def test_its_last_day_is_the_last_on_which_it_holds(tmp_path: Path) -> None:
    until = make_decision(until="2026-11-25")
    assert judge(tmp_path, 25, until) == ()
    assert judge(tmp_path, 26, until) == ("it held until 2026-11-25",)


def test_a_policy_that_is_gone_or_allows_less_lets_nothing_happen(tmp_path: Path) -> None:
    gone = make_decision(policy="POLICY-002")
    assert judge(tmp_path, 24, gone) == ("POLICY-002 is no longer in the plan",)
    less = make_decision(policy="CONFIG-001")
    assert judge(tmp_path, 24, less) == ("CONFIG-001 no longer allows one-sided",)


def test_evidence_that_is_gone_is_named(tmp_path: Path) -> None:
    (lapsed,) = judge(tmp_path, 24, make_decision(evidence=(FILE,)))
    assert lapsed.startswith("a.log: no file of the hub")
