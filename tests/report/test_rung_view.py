"""The rungs of a side: in order, each with why it failed."""

from parityhub.report.rung_view import Blockers, build_timeline
from parityhub.report.side_view import build_sides
from tests.report.sample import make_sample
from tests.report.sample_records import XLA_LINES


def test_each_failed_rung_has_its_blocker_and_its_lines() -> None:
    sample = make_sample()
    phase = next(phase for phase in sample.phases if phase.phase == "C1")
    timeline = build_timeline(build_sides(phase, sample.attempts), Blockers(sample.blockers, {}))
    tensorflow, torch = timeline
    assert [rung["attempt"]["rung"] for rung in tensorflow["rungs"]] == [
        "as is", "TF_XLA_FLAGS", "explicit shift",
    ]  # fmt: skip
    assert [rung["counts"] for rung in tensorflow["rungs"]] == [False, False, True]
    first, _, last = (rung["blocker"] for rung in tensorflow["rungs"])
    assert first is not None
    assert first["details"][0]["lines"] == [
        f"{118 + n}: {line}" for n, line in enumerate(XLA_LINES)
    ]
    source = first["details"][0]["source"]
    assert source is not None
    # The page lies at the root of the hub, not beside the blocker.
    assert source["target"] == "tf_baseline/phase_c1/cli/train_C1_tensorflow_1.log"
    assert last is None
    assert [rung["blocker"] for rung in torch["rungs"]] == [None]


def test_a_blocker_without_its_record_is_named() -> None:
    sample = make_sample()
    phase = next(phase for phase in sample.phases if phase.phase == "C1")
    timeline = build_timeline(build_sides(phase, sample.attempts), Blockers({}, {}))
    blocker = timeline[0]["rungs"][0]["blocker"]
    assert blocker is not None
    assert blocker["title"] == "the record of this blocker is missing"
    assert blocker["details"] == []
