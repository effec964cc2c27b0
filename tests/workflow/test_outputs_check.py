"""Arrays of two plain programs: a tolerance needs a reason, and nothing else passes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec import structs

from parityhub.errors import EvidenceError
from parityhub.hub.history import History
from parityhub.hub.records import AttemptRecord, Digest
from parityhub.hub.store import Hub
from parityhub.plan.model import OutputsCheck, Plan
from parityhub.plan.pair import RunOutput
from parityhub.run.setting import Setting
from parityhub.workflow.outputs_check import (
    answer_outputs,
    gather_side,
    is_repeat,
    locate_arrays,
)
from tests.compare.builders import keep_array, keep_bytes, make_attempt, make_evidence, make_step
from tests.conftest import Repository, copy_plan
from tests.hub.conftest import read_noon


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("arrays", tmp_path_factory.mktemp("arrays") / "repo")
    told = repository.call("run-phase", "P", "--json")
    assert told.code == 1, told.err
    return repository


def change_plan(repository: Repository, old: str, new: str) -> None:
    plan = repository.root / "plans" / "arrays" / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    assert text.count(old) == 1
    plan.write_text(text.replace(old, new), encoding="utf-8")


def test_without_a_referee_nothing_is_proven(ran: Repository):
    told = ran.call("compare", "P", "--json")
    document = told.document()
    assert told.code == 1
    assert document["verdict"] == "INCONCLUSIVE"
    [output] = document["outputs"]
    assert output["name"] == "image"
    assert output["tolerance_kind"] == "underived"
    assert "underived" in output["tolerance_reason"] or "assumed" in output["tolerance_reason"]
    assert 0 < output["max_abs"] < output["tolerance"]
    assert output["shape"] == [2, 3, 16, 12]


def test_a_tolerance_with_a_reason_passes_and_is_shown(ran: Repository):
    told = ran.call("run-phase", "Q", "--json")
    assert told.code == 0, told.out
    summary = (ran.hub() / "summary.md").read_text(encoding="utf-8")
    assert "scores are shown with two digits" in summary
    assert "override" in summary


def test_a_stored_comparison_is_judged_again_without_running_anything(ran: Repository):
    kept = sorted(ran.hub().glob("q/analysis/compare_Q_scores_*.json"))
    assert len(kept) == 1
    change_plan(ran, "atol = 2e-3", "atol = 2e-4")
    for array in ran.hub().rglob("scores.npy"):
        array.write_bytes(b"what is judged again is the record: the arrays may be gone")
    told = ran.call("compare", "Q", "--rejudge", "--json")
    document = told.document()
    assert told.code == 1
    assert document["verdict"] == "FAIL"
    assert document["outputs"][0]["tolerance"] == pytest.approx(2e-4, rel=0.01)
    assert len(sorted(ran.hub().glob("q/analysis/compare_Q_scores_*.json"))) == 2
    change_plan(ran, "atol = 2e-4", "atol = 2e-3")


def test_what_was_never_compared_cannot_be_judged_again(
    make_repository: Callable[[str], Repository],
):
    repository = make_repository("arrays")
    repository.call("run-phase", "P")
    told = repository.call("compare", "Q", "--rejudge")
    assert told.code == 2
    assert "Q has no comparison of scores in this hub" in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda path: np.save(path, np.zeros((2, 3), np.float32)), "shape"),
        (lambda path: np.save(path, np.zeros((4, 5), np.float64)), "dtype"),
    ],
)
def test_what_is_no_output_is_named(
    make_repository: Callable[[str], Repository], write: Callable[[Path], None], told: str
):
    repository = make_repository("arrays")
    script = repository.root / "side.py"
    with script.open("a", encoding="utf-8") as stream:
        stream.write("if word == 'right':\n    (out / 'scores.npy').unlink()\n")
        stream.write("    import shutil\n    shutil.copy('other.npy', out / 'scores.npy')\n")
    write(repository.root / "other.npy")
    repository.call("run-phase", "P")
    answer = repository.call("run-phase", "Q", "--json").document()
    assert answer["verdict"] in ("FAIL", "INCONCLUSIVE")
    assert told in answer["reason"]


def test_a_phase_that_compares_nothing_says_so(make_repository: Callable[[str], Repository]):
    repository = make_repository("tiny")
    told = repository.call("localize", "FIT")
    assert told.code == 2
    assert "FIT has no check of kind same-weights" in told.err


OUTPUT = RunOutput(name="out", left="out.npy", right="out.npy", atol=0.5, reason="as agreed")
PLAN = msgspec.convert(
    {
        "format": 1,
        "initiative": {"id": "I", "title": "t", "hub": "parity"},
        "phase": [{"id": "C1", "title": "t", "folder": "c1"}],
    },
    Plan,
)


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path / "reports", "parity", "I", read_noon)


def make_check(*outputs: RunOutput) -> OutputsCheck:
    return OutputsCheck(
        id="outputs", title="t", left="torch", right="tensorflow", outputs=outputs or (OUTPUT,)
    )


def leave_array(hub: Hub, baseline: str, array: Any, number: int = 1) -> AttemptRecord:
    """Make an attempt that left `out.npy`."""
    path = f"c1/analysis/C1_{baseline}_{number}/out.npy"
    artifact = keep_array(hub.root, path, np.asarray(array, np.float32), name="out.npy")
    attempt = make_attempt(baseline, steps=[make_step("run", [artifact], ("run",))])
    return structs.replace(attempt, number=number)


def answer(hub: Hub, *attempts: AttemptRecord, others: Any = (), check: Any = None) -> Any:
    """Put the check to attempts that count, and to others; return its answer and the history."""
    history = History(attempts={f"{a.baseline}_{a.number}": a for a in (*attempts, *others)})
    setting = Setting(
        plan=PLAN, phase=PLAN.phases[0], hub=hub, number=1, root=hub.root, inherited={},
        python="python", tell=lambda _: None, tick=lambda *_: None,
    )  # fmt: skip
    evidence = make_evidence(*attempts, root=hub.root)
    return answer_outputs(setting, history, evidence, check or make_check()), history


def test_arrays_within_a_reasoned_tolerance_pass_and_the_comparison_is_kept(hub: Hub):
    left = leave_array(hub, "torch", [0.0, 1.0, 2.0])
    right = leave_array(hub, "tensorflow", [0.0, 1.25, 2.0])
    record, history = answer(hub, left, right)
    assert record.verdict == "PASS"
    assert record.comparison == "c1/analysis/compare_C1_outputs_1.json"
    assert record.localization is None
    comparison = history.comparisons[record.comparison]
    assert comparison.pair == "torch and tensorflow"
    assert (comparison.dtype, comparison.repeats) == ("float32", 1)
    assert comparison.referee.startswith("no referee")
    [output] = comparison.outputs
    assert (output.max_abs, output.tolerance_kind) == (0.25, "override")
    assert output.left == "c1/analysis/C1_torch_1/out.npy"
    assert hub.has(record.comparison)


def test_put_again_a_comparison_is_kept_beside_the_first(hub: Hub):
    sides = leave_array(hub, "torch", [0.0, 1.0]), leave_array(hub, "tensorflow", [0.0, 1.0])
    paths = [answer(hub, *sides)[0].comparison for _ in range(2)]
    assert [path[-7:] for path in paths] == ["_1.json", "_2.json"]


def test_a_side_that_is_put_to_itself_shows_nothing(hub: Hub):
    side = leave_array(hub, "torch", [0.0, 1.0])
    check = structs.replace(make_check(), right="C1:torch")
    record, history = answer(hub, side, check=check)
    assert record.verdict == "INCONCLUSIVE"
    assert record.reason == "C1:torch is put to itself"
    assert history.comparisons == {}


def test_a_side_that_has_not_run_defers_the_check(hub: Hub):
    record, history = answer(hub, leave_array(hub, "torch", [0.0, 1.0]))
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)
    assert record.reason == "C1:tensorflow: it has not run"
    assert history.comparisons == {}


def test_both_sides_are_named_where_both_are_missing(hub: Hub):
    record, _ = answer(hub)
    assert record.reason == "C1:torch: it has not run; C1:tensorflow: it has not run"


def test_an_array_that_a_side_did_not_leave_is_unmatched(hub: Hub):
    right = make_attempt("tensorflow", steps=[make_step("run", [], ("run",))])
    record, _ = answer(hub, leave_array(hub, "torch", [0.0, 1.0]), right)
    assert record.verdict == "INCONCLUSIVE"
    assert record.reason == "out: unmatched: tensorflow left no out.npy"


def test_a_damaged_array_is_no_comparison(hub: Hub):
    right = leave_array(hub, "tensorflow", [0.0, 1.0])
    (hub.root / "c1/analysis/C1_tensorflow_1/out.npy").write_bytes(b"\x93NUMPY")
    record, history = answer(hub, leave_array(hub, "torch", [0.0, 1.0]), right)
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", False)
    assert "out.npy" in record.reason
    assert (record.comparison, history.comparisons) == (None, {})


def test_attempts_that_repeat_a_side_show_how_far_it_repeats_itself(hub: Hub):
    left = leave_array(hub, "torch", [0.0, 1.0])
    again = leave_array(hub, "torch", [0.0, 1.125], 2)
    other = structs.replace(leave_array(hub, "torch", [9.0, 9.0], 3), options={"seed": 2})
    right = leave_array(hub, "tensorflow", [0.0, 1.0])
    record, history = answer(hub, left, right, others=(again, other))
    [output] = history.comparisons[record.comparison].outputs
    assert (output.spread_tensorflow, output.spread_pytorch) == (0.125, None)
    assert history.comparisons[record.comparison].repeats == 1


def test_a_side_has_the_attempt_that_counts_first(hub: Hub):
    attempts = [leave_array(hub, "torch", [number], number) for number in (1, 2, 3)]
    history = History(attempts={str(a.number): a for a in attempts})
    evidence = make_evidence(attempts[1], root=hub.root)
    side = gather_side(evidence, history, make_check(), "torch")
    sources = [files["out.npy"].source for files in side.attempts]
    assert sources == [f"c1/analysis/C1_torch_{number}/out.npy" for number in (2, 1, 3)]
    assert side.name == "torch"


@pytest.mark.parametrize(
    "change",
    [
        {"status": "failed"},
        {"status": "partial"},
        {"status": "interrupted"},
        {"options": {"seed": 2}},
        {"asked_env": {"FLAG": "1"}},
        {"asked_env": {"FLAG": None}},
        {"dataset": "other"},
        {"dataset_digests": (Digest(path="d", size=1, sha1="0", sha256="0"),)},
        {"revision": "fix"},
    ],
)
def test_a_run_with_anything_else_is_no_repeat(change: dict[str, Any]):
    counting = make_attempt("torch")
    assert is_repeat(structs.replace(counting, number=2, rung="again"), counting)
    assert not is_repeat(structs.replace(counting, **change), counting)


def test_of_what_an_attempt_left_the_arrays_that_are_asked_for_are_located(hub: Hub):
    kept = keep_array(hub.root, "c1/analysis/x/out.npy", np.ones(2), name="out.npy")
    later = keep_array(hub.root, "c1/analysis/y/out.npy", np.ones(2), name="out.npy")
    other = keep_array(hub.root, "c1/analysis/x/other.npy", np.ones(2), name="other.npy")
    big = keep_bytes(hub.root, "outputs/big.npy", b"x", name="big.npy", kept=False)
    gone = structs.replace(other, name="gone.npy", digest=None)
    attempt = make_attempt(
        "torch",
        steps=[
            make_step("train", [kept, other, big, gone], ("run",)),
            make_step("infer", [later], ("run",)),
        ],
    )
    evidence = make_evidence(attempt, root=hub.root)
    found = locate_arrays(evidence, attempt, {"out.npy", "big.npy", "gone.npy"})
    assert {name: file.source for name, file in found.items()} == {
        "out.npy": "c1/analysis/y/out.npy"
    }
    assert found["out.npy"].path == hub.root.resolve() / "c1/analysis/y/out.npy"


def test_an_array_outside_of_the_hub_is_refused(hub: Hub):
    artifact = keep_array(hub.root, "../secret.npy", np.ones(2), name="out.npy")
    attempt = make_attempt("torch", steps=[make_step("run", [artifact], ("run",))])
    evidence = make_evidence(attempt, root=hub.root)
    with pytest.raises(EvidenceError, match="a path that leaves the hub"):
        locate_arrays(evidence, attempt, {"out.npy"})
    record, _ = answer(hub, attempt, leave_array(hub, "tensorflow", [1.0, 1.0]))
    assert record.verdict == "INCONCLUSIVE"
    assert "leaves the hub" in record.reason
