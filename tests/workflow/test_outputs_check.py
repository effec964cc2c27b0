"""Arrays of two plain programs: a tolerance needs a reason, and nothing else passes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Repository, copy_plan


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
