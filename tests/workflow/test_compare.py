"""compare, localize and --rejudge: which checks are meant, which comparison is the newest."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from parityhub.compare.evidence import Evidence
from parityhub.errors import HubError, RequiredPhaseError, UsageError
from parityhub.hub import layout
from parityhub.hub.history import History, read_history
from parityhub.hub.lock import hold_hub
from parityhub.hub.parity_records import ComparisonRecord, OutputRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import OutputsCheck, Plan, SameWeightsCheck, TrainedCheck
from parityhub.plan.read import LoadedPlan
from parityhub.run.setting import Setting
from parityhub.workflow.compare import (
    COMPARISONS,
    Bench,
    Inquiry,
    choose_checks,
    compare_phase,
    find_newest,
    hold_bench,
    put_comparison,
    rejudge_phase,
)
from parityhub.workflow.outputs_check import keep_comparison
from tests.hub.conftest import read_noon

SIDE = {"framework": "other", "steps": [{"name": "s", "command": ["c"]}]}
CHECKS = [
    {"kind": "alive", "id": "alive", "title": "t", "of": ["left"], "sections": ["x"]},
    {"kind": "same-weights", "id": "pair", "title": "the same function", "pair": "net"},
    {
        "kind": "outputs", "id": "outputs", "title": "t", "left": "P:left", "right": "P:right",
        "outputs": [{"name": "out", "left": "out.npy", "right": "out.npy"}],
    },
    {
        "kind": "trained", "id": "trained", "title": "t", "left": "P:left", "right": "P:right",
        "array": "out.npy",
    },
]  # fmt: skip


def make_plan(**output: Any) -> Plan:
    """A plan in which phase Q compares; the output `mask` of its pair has the tolerance given."""
    mask = {"name": "mask", "tensorflow": "mask", "pytorch": "mask", **output}
    pair = {
        "title": "t",
        "dataset": "d",
        "tensorflow": {"target": "a:b"},
        "pytorch": {"target": "a:b"},
        "weights": {"bundle": "P:left/wts.zip"},
        "outputs": [mask, {**mask, "name": "never", "atol": 1.0, "reason": "unused"}],
    }
    return msgspec.convert(
        {
            "format": 1,
            "initiative": {"id": "I", "title": "t", "hub": "parity"},
            "baseline": {"left": SIDE, "right": SIDE},
            "dataset": {"d": {"files": {"inputs": "i.npz"}}},
            "pair": {"net": pair},
            "phase": [
                {"id": "P", "title": "t", "folder": "p", "runs": [{"baseline": "left"}]},
                {"id": "Q", "title": "t", "folder": "q", "requires": ["P"], "checks": CHECKS},
            ],
        },
        Plan,
    )


def load(plan: Plan) -> LoadedPlan:
    return LoadedPlan(plan, Path("plan.toml"), "0", "")


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path / "reports", "parity", "I", read_noon)


def make_inquiry(root: Path, check: str | None = None, **changes: Any) -> Inquiry:
    fields: Mapping[str, Any] = {
        "phase": "Q",
        "check": check,
        "reports": root / "reports",
        "hub": None,
        "root": root,
        "inherited": {},
        "clock": read_noon,
        "tell": lambda _: None,
        "tick": lambda *_: None,
    }
    return Inquiry(**fields | changes)


def make_bench(hub: Hub, plan: Plan | None = None) -> Bench:
    plan = plan or make_plan()
    setting = Setting(
        plan=plan,
        phase=plan.phases[1],
        hub=hub,
        number=1,
        root=hub.root,
        inherited={},
        python="python",
        tell=lambda _: None,
        tick=lambda *_: None,
    )
    evidence = Evidence(
        phase="Q", root=hub.root, runs={}, missing={"P:left": "P has not run left in this hub"}
    )
    return Bench(setting=setting, history=read_history(hub), evidence=evidence)


def make_comparison(max_abs: float = 1e-6, **changes: Any) -> ComparisonRecord:
    """A comparison of one output, whose rounding explains about 5e-7."""
    output = OutputRecord(
        name="mask",
        verdict="FAIL",
        reason="beyond",
        shape=(4, 5),
        dtype="float32",
        scale=1.0,
        max_abs=max_abs,
        rms=max_abs / 4,
        referee_difference=1e-16,
        sigma_max=5e-8,
        sigma_rms=5e-8,
        error_tensorflow=1e-8,
        error_pytorch=1e-8,
        left="mask",
        right="mask",
    )
    fields: dict[str, Any] = {
        "pair": "net",
        "dtype": "float32",
        "verdict": "FAIL",
        "reason": "mask: beyond",
        "outputs": (output,),
        "referee": "float64 on both sides",
    }
    return ComparisonRecord(**fields | changes)


def keep(hub: Hub, number: int, record: ComparisonRecord, check: str = "pair") -> str:
    path = layout.comparison_path("q", "Q", check, number)
    hub.keep_record(path, record, made_by="a test", shows="a comparison")
    return path


def fail_examination(hub: Hub, number: int) -> None:
    """Leave what an examination leaves that never came to a comparison."""
    path = layout.pair_log_path("q", "Q", "pair", number, "tensorflow")
    hub.keep_bytes(path, b"no module named keras", made_by="a test", shows="a log")


@pytest.mark.parametrize(
    ("named", "kinds", "ids"),
    [
        (None, COMPARISONS, ["pair", "outputs", "trained"]),
        (None, (SameWeightsCheck,), ["pair"]),
        ("outputs", COMPARISONS, ["outputs"]),
        ("trained", COMPARISONS, ["trained"]),
        ("pair", (SameWeightsCheck, OutputsCheck), ["pair"]),
    ],
)
def test_the_comparisons_of_a_phase_are_meant_or_the_one_that_is_named(
    named: str | None, kinds: Any, ids: list[str]
):
    assert [check.id for check in choose_checks(make_plan().phases[1], named, kinds)] == ids


@pytest.mark.parametrize(
    ("place", "named", "kinds", "message", "hint"),
    [
        (1, "pare", COMPARISONS, "Q has no such check", "name one of pair, outputs, trained"),
        (1, "alive", COMPARISONS, "Q has no such check", "name one of pair, outputs, trained"),
        (1, "trained", (SameWeightsCheck,), "Q has no such check", "name one of pair"),
        (
            0,
            None,
            COMPARISONS,
            "P has no check of kind same-weights, outputs, trained",
            "name a phase that compares, or add a check",
        ),
        (
            0,
            "pair",
            (TrainedCheck,),
            "P has no check of kind trained",
            "name a phase that compares, or add a check",
        ),
    ],
)
def test_what_is_no_comparison_is_refused(
    place: int, named: str | None, kinds: Any, message: str, hint: str
):
    with pytest.raises(UsageError) as caught:
        choose_checks(make_plan().phases[place], named, kinds)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_the_newest_comparison_is_the_one_of_the_highest_number(hub: Hub):
    for number in range(1, 12):
        keep(hub, number, make_comparison(reason=str(number)))
    path, record = find_newest(make_bench(hub), "pair")
    assert (path, record.reason) == ("q/analysis/compare_Q_pair_11.json", "11")


def test_an_examination_that_came_to_nothing_hides_no_comparison(hub: Hub):
    fail_examination(hub, 1)
    keep(hub, 2, make_comparison(reason="second"))
    fail_examination(hub, 3)
    newest = keep(hub, 4, make_comparison(reason="fourth"))
    assert find_newest(make_bench(hub), "pair")[0] == newest


def test_a_check_whose_name_begins_alike_is_another(hub: Hub):
    mine = keep(hub, 1, make_comparison())
    keep(hub, 7, make_comparison(), "pair_1")
    keep(hub, 8, make_comparison(), "pair2")
    assert find_newest(make_bench(hub), "pair")[0] == mine


def test_without_a_comparison_there_is_nothing_to_judge_again(hub: Hub):
    keep(hub, 1, make_comparison(), "other")
    fail_examination(hub, 1)
    with pytest.raises(RequiredPhaseError) as caught:
        find_newest(make_bench(hub), "pair")
    assert caught.value.message == "Q has no comparison of pair in this hub"
    assert caught.value.hint == "parityhub compare Q"


def rejudge(root: Path, plan: Plan, told: list[str] | None = None) -> Any:
    tell = (told if told is not None else []).append
    bench, [record] = rejudge_phase(load(plan), make_inquiry(root, "pair", tell=tell))
    return bench.history.comparisons[record.comparison], record


def test_a_stored_comparison_is_judged_under_the_plans_tolerance(hub: Hub, tmp_path: Path):
    stored = keep(hub, 1, make_comparison())
    hub.save_manifest()
    told: list[str] = []
    plan = make_plan(atol=1e-3, reason="two digits count")
    judged, record = rejudge(tmp_path, plan, told)
    assert (record.verdict, judged.verdict) == ("PASS", "PASS")
    assert record.comparison == "q/analysis/compare_Q_pair_2.json"
    assert "two digits count" in record.tolerance
    assert judged.rejudges == stored
    assert told == ["Q check pair: judged again"]
    kept = read_history(Hub.open(hub.root, read_noon)).comparisons
    assert kept[record.comparison] == judged
    assert kept[stored] == make_comparison()


def test_a_tolerance_that_was_taken_back_judges_no_more(hub: Hub, tmp_path: Path):
    keep(hub, 1, make_comparison())
    hub.save_manifest()
    rejudge(tmp_path, make_plan(atol=1e-3, reason="two digits count"))
    judged, record = rejudge(tmp_path, make_plan())
    assert record.verdict == "FAIL"
    assert judged.outputs[0].tolerance_kind == "derived"
    assert judged.rejudges == "q/analysis/compare_Q_pair_2.json"


def test_what_is_judged_again_is_the_newest_afterwards(hub: Hub, tmp_path: Path):
    """Also where an earlier examination came to nothing, and left its number free."""
    fail_examination(hub, 1)
    stored = keep(hub, 2, make_comparison())
    hub.save_manifest()
    judged, record = rejudge(tmp_path, make_plan(atol=1e-3, reason="two digits count"))
    assert judged.rejudges == stored
    assert record.comparison == "q/analysis/compare_Q_pair_3.json"
    bench = make_bench(Hub.open(hub.root, read_noon))
    assert find_newest(bench, "pair") == (record.comparison, judged)


def test_a_number_whose_examination_came_to_nothing_is_not_given_again(hub: Hub):
    """Its log would pass for that of another comparison."""
    keep(hub, 1, make_comparison())
    fail_examination(hub, 2)
    bench = make_bench(hub)
    path = keep_comparison(bench.setting, bench.history, "pair", make_comparison())
    assert path == "q/analysis/compare_Q_pair_3.json"
    assert bench.history.comparisons[path] == make_comparison()


def test_what_was_never_measured_is_not_passed_by_a_tolerance(hub: Hub, tmp_path: Path):
    [output] = make_comparison().outputs
    lost = structs.replace(
        output, max_abs=None, verdict="INCONCLUSIVE", reason="unmatched: PyTorch has none"
    )
    keep(hub, 1, make_comparison(outputs=(lost,), verdict="INCONCLUSIVE"))
    hub.save_manifest()
    _, record = rejudge(tmp_path, make_plan(atol=1e9, reason="whatever"))
    assert record.verdict == "INCONCLUSIVE"


def test_a_pair_whose_bundle_is_missing_is_not_asked(hub: Hub):
    bench = make_bench(hub)
    record = put_comparison(bench, bench.setting.phase.checks[1])
    assert record.verdict == "INCONCLUSIVE"
    assert record.deferred
    assert record.reason == "P:left: P has not run left in this hub"
    assert (record.comparison, record.localization) == (None, None)
    assert hub.manifest.artifacts == ()


@pytest.mark.parametrize("place", [2, 3])
def test_sides_that_have_not_run_are_not_compared(hub: Hub, place: int):
    bench = make_bench(hub)
    told: list[str] = []
    setting = bench.setting
    bench = Bench(
        setting=type(setting)(**{**vars(setting), "tell": told.append}),
        history=bench.history,
        evidence=bench.evidence,
    )
    check = setting.phase.checks[place]
    record = put_comparison(bench, check)
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)
    assert "P has not run left in this hub" in record.reason
    assert told == [f"Q check {check.id}: t"]


def test_all_comparisons_of_a_phase_are_put(hub: Hub, tmp_path: Path):
    hub.save_manifest()
    bench, records = compare_phase(load(make_plan()), make_inquiry(tmp_path))
    assert [record.id for record in records] == ["pair", "outputs", "trained"]
    assert {record.verdict for record in records} == {"INCONCLUSIVE"}
    assert (bench.setting.hub.root, bench.setting.number) == (hub.root, 1)


def test_a_hub_is_held_meanwhile(hub: Hub, tmp_path: Path):
    hub.save_manifest()
    inquiry = make_inquiry(tmp_path)
    with (
        hold_hub(hub.root, command="parityhub run-phase Q", since="noon"),
        pytest.raises(HubError, match="another process writes to this hub"),
    ):
        compare_phase(load(make_plan()), inquiry)
    with (
        hold_bench(load(make_plan()), inquiry, "compare"),
        pytest.raises(HubError, match=r"runs `parityhub compare Q` since 2026-11-24T12:00:00Z"),
    ):
        compare_phase(load(make_plan()), inquiry)
    assert compare_phase(load(make_plan()), inquiry)[1]


def test_what_was_found_until_an_error_is_listed(hub: Hub, tmp_path: Path):
    hub.save_manifest()

    def break_off() -> None:
        with hold_bench(load(make_plan()), make_inquiry(tmp_path), "compare") as bench:
            keep_comparison(bench.setting, bench.history, "pair", make_comparison())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    history: History = read_history(Hub.open(hub.root, read_noon))
    assert list(history.comparisons) == ["q/analysis/compare_Q_pair_1.json"]


def test_without_a_hub_nothing_can_be_compared(tmp_path: Path):
    with pytest.raises(HubError, match="no hub of I yet"):
        compare_phase(load(make_plan()), make_inquiry(tmp_path))


def test_a_phase_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="no phase R in the plan"):
        compare_phase(load(make_plan()), make_inquiry(tmp_path, phase="R"))
