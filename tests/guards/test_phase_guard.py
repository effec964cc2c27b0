"""Guards of a phase's runs, on a small pair that needs no framework: written, held, and updated."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Repository


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str


def run_guards(repository: Repository, *words: str) -> Outcome:
    """Run a repository's guards as its people do."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/parity", *words],
        cwd=repository.root,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout + done.stderr)


def change(repository: Repository, file: str, old: str, new: str) -> None:
    path = repository.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def guarded(make_repository: Callable[[str], Repository]) -> Repository:
    repository = make_repository("tiny")
    assert repository.call("run-phase", "FIT", "-q").code == 0
    told = repository.call("guard", "FIT", "--json")
    assert told.code == 0, told.err
    assert told.document()["guarded"] == ["same-start", "same-samples", "alive", "close"]
    return repository


def test_a_guard_holds_and_says_what_it_found(guarded: Repository, tmp_path: Path):
    report = tmp_path / "report.json"
    tested = run_guards(guarded, "--parity-report", str(report))
    assert tested.code == 0, tested.out
    document = json.loads(report.read_text(encoding="utf-8"))
    assert document["verdict"] == "PASS"
    assert [guard["verdict"] for guard in document["guards"]] == ["PASS"] * 4
    # The hub of the accepted run is as it was: a guard works in one of its own.
    assert len(list(guarded.root.glob("reports/*/*/manifest.json"))) == 1


def test_a_regression_fails_under_xdist_and_is_run_once(guarded: Repository, tmp_path: Path):
    change(guarded, "side_b.py", "[0.25, 0.5, 0.25]", "[0.25, 0.9, 0.25]")
    report = tmp_path / "report.json"
    tested = run_guards(guarded, "-n", "2", "--parity-report", str(report))
    assert tested.code == 1
    assert "b output.var_zero_mean: accepted 0.0326496, now 0.080002" in tested.out
    assert "tolerance: |left - right| <= 2e-05 |right|: a float32 sum of 256 terms" in tested.out
    document = json.loads(report.read_text(encoding="utf-8"))
    assert document["verdict"] == "FAIL"
    assert len(document["guards"]) == 4
    assert len(list((guarded.root / "outputs" / "guards" / "FIT").iterdir())) == 1


def test_what_is_no_pass_is_not_accepted(guarded: Repository):
    change(guarded, "side_b.py", "[0.25, 0.5, 0.25]", "[0.25, 0.9, 0.25]")
    file = guarded.root / "tests/parity/reference/FIT/runs/reference.json"
    before = file.read_bytes()
    tested = run_guards(guarded, "--parity-update", "--parity-reason", "I like it")
    assert tested.code == 1
    assert "updated: nothing: not every check passes" in tested.out
    assert file.read_bytes() == before


def test_a_side_that_breaks_is_no_pass(guarded: Repository):
    change(guarded, "side_b.py", "import", "raise SystemExit(3)\nimport")
    tested = run_guards(guarded)
    assert tested.code == 1
    assert "4 failed" in tested.out
    assert "Traceback" not in tested.out


def test_a_reference_that_was_changed_is_refused(guarded: Repository):
    change(guarded, "tests/parity/reference/FIT/runs/reference.json", "0.03", "0.09")
    tested = run_guards(guarded)
    assert tested.code == 1
    assert "not what its sha1 sidecar says" in tested.out
    assert "hint: restore it from git" in tested.out


def test_a_bound_that_was_widened_is_not_taken_for_accepted(guarded: Repository):
    plan = guarded.root / "plans/tiny/plan.toml"
    assert "rel = 2e-5" in plan.read_text(encoding="utf-8")
    change(guarded, "plans/tiny/plan.toml", "rel = 2e-5", "rel = 20.0")
    tested = run_guards(guarded)
    assert tested.code == 1
    assert "the plan's bound is not what was accepted, which was |left - right| <= 2e-05" in (
        tested.out
    )
    assert run_guards(guarded, "--parity-update", "--parity-reason", "coarser").code == 0
    assert run_guards(guarded).code == 0


def test_a_plan_without_the_check_is_said(guarded: Repository):
    change(guarded, "plans/tiny/plan.toml", 'id = "close"', 'id = "near"')
    assert "FIT has no check 'close' any more" in run_guards(guarded).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--parity-update",), "--parity-update needs a reason"),
        (("--parity-reason", "why"), "--parity-reason goes with --parity-update"),
    ],
)
def test_an_update_has_a_reason(guarded: Repository, words: tuple[str, ...], said: str):
    tested = run_guards(guarded, *words)
    assert tested.code == 4
    assert said in tested.out


def test_what_git_ignores_of_a_guard_is_said(guarded: Repository):
    subprocess.run(["git", "init", "--quiet", guarded.root], check=True)
    (guarded.root / ".gitignore").write_text("reference/\n", encoding="utf-8")
    told = guarded.call("guard", "FIT", "--replace")
    assert "ignored tests/parity/reference/FIT/runs/reference.json and 1 more: " in told.out
    (guarded.root / ".gitignore").unlink()
    assert "ignored" not in guarded.call("guard", "FIT", "--replace").out


def test_a_guard_is_not_written_over(guarded: Repository):
    told = guarded.call("guard", "FIT")
    assert told.code == 2
    assert "there is a guard of FIT already" in told.err
    assert guarded.call("guard", "FIT", "--replace").code == 0


def test_no_guard_at_all_is_no_pass(guarded: Repository, tmp_path: Path):
    report = tmp_path / "report.json"
    tested = run_guards(guarded, "--deselect", "tests/parity", "--parity-report", str(report))
    assert tested.code == 5
    document = json.loads(report.read_text(encoding="utf-8"))
    assert (document["verdict"], document["reason"]) == ("INCONCLUSIVE", "no guard ran")


def test_what_did_not_pass_is_not_guarded(make_repository: Callable[[str], Repository]):
    repository = make_repository("tiny")
    told = repository.call("guard", "FIT")
    assert told.code == 2
    assert "no hub" in told.err
    change(repository, "side_b.py", "[0.25, 0.5, 0.25]", "[0.25, 0.9, 0.25]")
    assert repository.call("run-phase", "FIT", "-q").code == 1
    told = repository.call("guard", "FIT")
    assert told.code == 0
    assert "leaves  close: is FAIL" in told.out
    assert "guards  same-start, same-samples, alive" in told.out
