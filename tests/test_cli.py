"""Bad input gets a line and a hint, exits 2 and loses nothing; --json alone stands on stdout."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tests.conftest import Repository


def assert_refused(repository: Repository, *words: str, says: str) -> None:
    told = repository.call(*words)
    assert told.code == 2, told.err
    lines = told.err.strip().splitlines()
    assert len(lines) == 2, told.err
    assert lines[0].startswith("parityhub: ")
    assert says in lines[0]
    assert lines[1].startswith("hint: ")
    assert told.out == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run-phase", "NONE"), "no phase NONE"),
        (("status",), "no hub of SLEEPY yet"),
        (("report",), "no hub of SLEEPY yet"),
        (("brief", "NONE"), "no phase NONE"),
        (("status", "--hub", "nowhere"), "nowhere"),
        (("run-phase", "P", "--resume"), "no run"),
        (("run-phase", "P", "--rerun-owed"), "owes no rerun"),
        (("run-phase", "P", "--new-hub", "--hub", "x"), "exclude each other"),
        (("status", "--plan", "none.toml"), "none.toml"),
    ],
)
def test_what_does_not_fit_is_refused(
    make_repository: Callable[[str], Repository], words: tuple[str, ...], says: str
):
    assert_refused(make_repository("sleepy"), *words, says=says)


def test_a_bad_plan_is_refused_with_file_key_and_line(
    make_repository: Callable[[str], Repository],
):
    repository = make_repository("sleepy")
    plan = repository.root / "plans/sleepy/plan.toml"
    text = plan.read_text(encoding="utf-8")
    line = text.splitlines().index('title = "the phase"') + 1
    plan.write_text(text.replace('title = "the phase"', 'titel = "the phase"'), encoding="utf-8")
    told = repository.call("run-phase", "P")
    assert told.code == 2
    assert f"plan.toml:{line}" in told.err
    assert "titel" in told.err
    assert not (repository.root / "reports").exists()


def test_without_a_plan_the_hint_names_the_option(tmp_path: Path):
    told = Repository(tmp_path).call("status")
    assert told.code == 2
    assert "--plan" in told.err


def test_two_plans_are_listed(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    other = repository.root / "plans/other"
    other.mkdir()
    (other / "plan.toml").write_bytes((repository.root / "plans/sleepy/plan.toml").read_bytes())
    told = repository.call("status")
    assert told.code == 2
    assert "plans/other/plan.toml" in told.err
    assert "plans/sleepy/plan.toml" in told.err


def test_json_is_one_document_and_nothing_else(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    told = repository.call("run-phase", "P", "--json")
    document = msgspec.json.decode(told.out)
    assert set(document) >= {"phase", "hub", "verdict", "reason", "summary", "baselines"}
    assert Path(repository.root / document["summary"]).is_file()
    attempt = document["baselines"][0]["attempts"][0]
    assert set(attempt) >= {"rung", "status", "exit_code", "seconds", "log", "blocker"}
    status = msgspec.json.decode(repository.call("status", "--json").out)
    assert set(status["phases"][0]) >= {"id", "state", "verdict", "reason"}
    assert msgspec.json.decode(repository.call("brief", "P", "--json").out)["phase"] == "P"
    assert msgspec.json.decode(repository.call("doctor", "--json").out)["phases"][0]["ready"]


def test_quiet_shows_nothing_while_it_runs(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    told = repository.call("run-phase", "P", "--quiet")
    assert told.err == ""
    assert "PASS" in told.out


def test_the_report_renders_the_same_bytes_again(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P").code == 0
    hub = repository.hub()
    before = {
        name: (hub / name).read_bytes()
        for name in ("summary.md", "analysis/artifact_inventory.txt")
    }
    assert repository.call("report").code == 0
    after = {name: (hub / name).read_bytes() for name in before}
    assert before == after
