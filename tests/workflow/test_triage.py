"""triage as its users call it: an unknown blocker gets a name, a later attempt closes it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Repository, Told, copy_plan

FAILS = "NotFoundError: no kernel for Translate on device 0"
NEW = ("--issue", "KERNEL-1", "--pattern", r"no kernel for \w+")
WORDS = ("--summary", "there is no kernel", "--mitigation", "run it elsewhere")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("journal", tmp_path_factory.mktemp("triaged") / "repo")
    (repository.root / "broken_a").write_text(FAILS)
    assert repository.call("run-phase", "P1", "-q").code == 1
    return repository


@pytest.fixture(scope="module")
def mended(made: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The same, and its side ran well since."""
    root = shutil.copytree(made.root, tmp_path_factory.mktemp("mended") / "repo")
    (root / "broken_a").unlink()
    repository = Repository(root)
    assert repository.call("run-phase", "P1", "-q").code == 0
    return repository


@pytest.fixture
def repository(made: Repository, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(made.root, tmp_path / "repo"))


@pytest.fixture
def passed(mended: Repository, tmp_path: Path) -> Repository:
    return Repository(shutil.copytree(mended.root, tmp_path / "passed"))


def find_blocker(repository: Repository) -> str:
    (blocker,) = repository.hub().rglob("blocked_*.md")
    return blocker.stem


def read_plan(repository: Repository) -> str:
    return (repository.root / "plans/journal/plan.toml").read_text(encoding="utf-8")


def triage(repository: Repository, *words: str) -> Told:
    return repository.call("triage", find_blocker(repository), *words)


def list_waiting(repository: Repository) -> list[dict[str, object]]:
    told = repository.call("triage", "--json")
    assert told.code == 0
    return list(told.document()["blockers"])


def audit(repository: Repository) -> Told:
    return repository.call("audit", "--json", env={"XDG_CACHE_HOME": str(repository.root / "c")})


def test_what_is_open_is_listed_with_its_commands(repository: Repository) -> None:
    (waiting,) = list_waiting(repository)
    assert (waiting["state"], waiting["known_issue"]) == ("open", "unknown")
    assert waiting["logs"] == ["p1/a/cli/run_P1_a_1.log"]
    told = repository.call("triage")
    assert told.out.startswith(f"open  {find_blocker(repository)}\n")
    assert "NotFoundError: no kernel for Translate" in told.out
    assert f"next  parityhub triage {find_blocker(repository)} --issue" in told.out


def test_a_new_name_goes_into_the_plan_and_the_hub_goes_on(repository: Repository) -> None:
    before = read_plan(repository)
    told = triage(repository, *NEW, *WORDS, "--json")
    assert told.code == 0, told.err
    after = read_plan(repository)
    for comment in ("# Two sides that", "# Known since the first", "# as the allocator prints it"):
        assert comment in after
    assert set(before.splitlines()) <= set(after.splitlines())
    record = told.document()["triage"]
    assert record["place"] == {"file": "p1/a/cli/run_P1_a_1.log", "pointer": None, "line": 3}
    assert record["line"] == FAILS
    assert (repository.hub() / record["plan"]).read_text() == after
    manifest = json.loads((repository.hub() / "manifest.json").read_text())
    assert manifest["plans"][-1] == record["plan_sha256"]
    summary = (repository.hub() / "summary.md").read_text()
    assert "known issue `KERNEL-1`" in summary
    assert "named `KERNEL-1`" in summary
    assert "## Triage" in next(repository.hub().rglob("blocked_*.md")).read_text()
    assert audit(repository).code == 0
    # Without --accept-plan-change: the next failure is known by its name.
    assert repository.call("run-phase", "P1", "-q").code == 1
    newest = sorted(repository.hub().rglob("blocked_*_2_*.json"))
    assert [json.loads(path.read_text())["known_issue"] for path in newest] == ["KERNEL-1"]


def test_a_pattern_that_does_not_match_is_refused_with_the_nearest_line(
    repository: Repository,
) -> None:
    before = read_plan(repository)
    told = triage(repository, "--issue", "K-2", "--pattern", r"no kernels? for Scale\(\)", *WORDS)
    assert told.code == 2
    assert "matches no line of p1/a/cli/run_P1_a_1.log" in told.err
    assert f"hint: the nearest is line 3: {FAILS}" in told.err
    assert read_plan(repository) == before
    assert not list(repository.hub().rglob("triaged_*"))


def test_an_issue_that_the_plan_has_names_it_where_its_pattern_matches(
    repository: Repository,
) -> None:
    told = triage(repository, "--issue", "OOM-001")
    assert told.code == 2
    assert "'out of memory' matches no line" in told.err
    told = triage(repository, "--issue", "OOM-001", "--pattern", "no kernel")
    assert "the plan has OOM-001" in told.err
    plan = repository.root / "plans/journal/plan.toml"
    plan.write_text(plan.read_text().replace("'out of memory'", "'no kernel'"))
    assert "was run with another version" in triage(repository, "--issue", "OOM-001").err
    assert repository.call("run-phase", "P1", "-q", "--accept-plan-change").code == 1
    first = sorted(path.stem for path in repository.hub().rglob("blocked_*.md"))[0]
    text = read_plan(repository)
    assert repository.call("triage", first, "--issue", "OOM-001").code == 0
    assert read_plan(repository) == text


def test_a_later_attempt_that_passed_closes_it(passed: Repository) -> None:
    (waiting,) = list_waiting(passed)
    assert (waiting["state"], waiting["passed_by"]) == ("passed", "attempt 2")
    assert triage(passed, "--closed-by", "2").code == 0
    assert list_waiting(passed) == []
    summary = (passed.hub() / "summary.md").read_text()
    assert "| `unknown` | closed by [attempt 2](p1/a/analysis/P1_a_2/attempt.json) |" in summary
    assert audit(passed).code == 0
    again = triage(passed, "--closed-by", "2")
    assert again.code == 2
    assert "closed by attempt 2 already" in again.err


def test_a_named_blocker_that_passed_waits_no_more(passed: Repository) -> None:
    assert triage(passed, *NEW, *WORDS).code == 0
    assert list_waiting(passed) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--closed-by", "1"), "attempt 1 of a in P1 has status failed"),
        (("--closed-by", "7"), "a in P1 has no attempt 7"),
        (("--closed-by", "2", "--issue", "K-1"), "name it or close it"),
        (("--pattern", "a"), "name it or close it"),
        (("--issue", "K-1"), "the plan has no K-1 yet"),
        (("--issue", "K-1", "--pattern", "(", *WORDS), "is no regular expression"),
        (("--issue", "K-1", "--pattern", ".*", *WORDS), "matches anything"),
        (("--issue", "K-1", "--pattern", "no kernel", "--summary", " "), "the plan has no K-1"),
        (("--issue", "no id", "--pattern", "no kernel", *WORDS), "plan.toml:"),
    ],
)
def test_what_does_not_fit_is_a_line_and_a_hint(
    passed: Repository, words: tuple[str, ...], says: str
) -> None:
    before = read_plan(passed)
    told = triage(passed, *words)
    assert told.code == 2, told.out
    first, second = told.err.splitlines()
    assert says in first
    assert second.startswith("hint: ")
    assert read_plan(passed) == before
    assert not list(passed.hub().rglob("triaged_*"))


def test_an_attempt_that_came_before_closes_nothing(passed: Repository) -> None:
    (passed.root / "broken_a").write_text(FAILS)
    assert passed.call("run-phase", "P1", "-q").code == 1
    (later,) = passed.hub().rglob("blocked_*_a_3_*.md")
    told = passed.call("triage", later.stem, "--closed-by", "2")
    assert told.code == 2
    assert "attempt 2 of a in P1 came before attempt 3" in told.err


def test_a_blocker_that_is_not_there_is_named_with_those_that_are(repository: Repository) -> None:
    told = repository.call("triage", "blocked_none")
    assert told.code == 2
    assert find_blocker(repository) in told.err.splitlines()[1]
    assert "which blocker?" in repository.call("triage", "--closed-by", "1").err
