"""What became of a blocker: open, passed since, closed; and the name it goes by."""

import pytest
from msgspec.structs import replace

from parityhub.compare.blockers import find_blocker, judge_blocker, list_blockers
from parityhub.hub.history import History
from parityhub.hub.ledger_records import TriageRecord
from parityhub.hub.records import BlockerRecord
from tests.report.sample import Sample, make_sample
from tests.report.sample_records import GS1, make_gate


@pytest.fixture
def sample() -> Sample:
    return make_sample()


def first(sample: Sample) -> BlockerRecord:
    """The blocker of attempt 1 of tensorflow in C1, of which attempt 3 passed."""
    return next(b for b in sample.blockers.values() if (b.phase, b.attempt) == ("C1", 1))


def make_history(sample: Sample, **changes: object) -> History:
    history = History(
        phases=list(sample.phases),
        attempts=dict(sample.attempts),
        blockers=dict(sample.blockers),
    )
    for name, value in changes.items():
        setattr(history, name, value)
    return history


def make_triage(blocker: BlockerRecord, **changes: object) -> TriageRecord:
    made = TriageRecord(
        blocker=blocker.path,
        number=1,
        time="2026-11-25T00:00:00Z",
        kind="named",
        issue="NEW-1",
        git_commit=None,
        git_dirty=None,
    )
    return replace(made, **changes)


def test_a_later_attempt_that_passed_is_found_and_an_earlier_one_is_not(sample: Sample) -> None:
    blocker = first(sample)
    standing = judge_blocker(blocker, make_history(sample))
    assert standing.state == "passed"
    assert standing.later is not None
    assert getattr(standing.later, "number", None) == 3
    late = replace(blocker, attempt=3)
    assert judge_blocker(late, make_history(sample)).state == "open"


def test_an_attempt_of_another_side_or_phase_does_not_count(sample: Sample) -> None:
    other = replace(first(sample), phase="GS1")
    standing = judge_blocker(other, make_history(sample))
    assert (standing.state, standing.waits) == ("open", True)


def test_a_red_gate_is_open_until_a_later_one_is_green(sample: Sample) -> None:
    blocker = replace(
        first(sample), phase="GS1", baseline=None, attempt=None, time="2026-11-24T21:35:00Z"
    )
    assert judge_blocker(blocker, make_history(sample)).state == "open"
    (red,) = (phase for phase in sample.phases if phase.phase == "GS1")
    green = replace(red, run=2, gate=make_gate("GS1", GS1, red=False))
    later = replace(green, ended="2026-11-24T22:00:00Z")
    earlier = replace(green, ended="2026-11-24T21:00:00Z")
    assert judge_blocker(blocker, make_history(sample, phases=[red, later])).state == "passed"
    assert judge_blocker(blocker, make_history(sample, phases=[red, earlier])).state == "open"


def test_a_name_of_triage_stands_in_place_of_none(sample: Sample) -> None:
    blocker = replace(first(sample), known_issue="unknown")
    nameless = judge_blocker(blocker, make_history(sample))
    assert (nameless.issue, nameless.state, nameless.waits) == ("unknown", "passed", True)
    named = make_history(sample, triages=[make_triage(blocker)])
    standing = judge_blocker(blocker, named)
    assert (standing.issue, standing.waits) == ("NEW-1", False)
    closed = make_triage(blocker, kind="closed", issue=None, attempt="a.json", attempt_number=3)
    standing = judge_blocker(blocker, make_history(sample, triages=[closed]))
    assert (standing.state, standing.waits) == ("closed", False)


def test_blockers_come_the_oldest_first_and_are_found_by_name(sample: Sample) -> None:
    history = make_history(sample)
    times = [standing.record.time for standing in list_blockers(history)]
    assert times == sorted(times)
    path = first(sample).path
    name = path.rsplit("/", 1)[1]
    for words in (path, name, name.removesuffix(".md"), path.removesuffix(".md") + ".json"):
        found = find_blocker(words, history)
        assert found is not None
        assert found.path == path
    assert find_blocker("blocked_none", history) is None
