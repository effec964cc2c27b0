"""What git says of the code, and worktrees of other revisions, with a real repository."""

import subprocess
from pathlib import Path

import pytest

from parityhub.errors import PlanError
from parityhub.plan.situation import resolve_situations
from parityhub.run.git import GitState, list_ignored, list_touched, open_worktree, read_git_state
from tests.run.bench import Bench, first_run, make_plan, make_side, make_step


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(bench: Bench) -> Bench:
    git(bench.root, "init", "-q", "-b", "main")
    bench.write(".gitignore", "outputs/\nreports/\n")
    bench.write("code.py", "VALUE = 'old'\n")
    bench.write("train.py", "from pathlib import Path\nprint(Path('code.py').read_text())\n")
    git(bench.root, "add", ".")
    git(bench.root, "commit", "-q", "-m", "old")
    git(bench.root, "tag", "before")
    bench.write("code.py", "VALUE = 'new'\n")
    git(bench.root, "commit", "-q", "-a", "-m", "new")
    return bench


def test_a_folder_that_is_no_repository_has_no_state(tmp_path: Path) -> None:
    assert read_git_state(tmp_path) == GitState(None, None)


def test_a_repository_without_a_commit_has_no_state(bench: Bench) -> None:
    git(bench.root, "init", "-q")
    assert read_git_state(bench.root) == GitState(None, None)


def test_the_commit_and_whether_files_differ_from_it(repository: Bench) -> None:
    commit = git(repository.root, "rev-parse", "HEAD")
    assert read_git_state(repository.root) == GitState(commit, False)
    repository.write("untracked.txt", "x")
    assert read_git_state(repository.root).dirty is False
    repository.write("code.py", "VALUE = 'changed'\n")
    assert read_git_state(repository.root) == GitState(commit, True)


def test_without_a_revision_the_repository_itself_is_run_in(repository: Bench) -> None:
    with open_worktree(repository.root, None, repository.root / "outputs/w") as folder:
        assert folder == repository.root
    assert not (repository.root / "outputs/w").exists()


def test_a_worktree_holds_the_old_code_and_is_gone_afterwards(repository: Bench) -> None:
    target = repository.root / "outputs/work trees/ü"
    with open_worktree(repository.root, "before", target) as folder:
        assert (folder / "code.py").read_text(encoding="utf-8") == "VALUE = 'old'\n"
        assert read_git_state(folder).commit == git(repository.root, "rev-parse", "before")
    assert not target.exists()
    assert git(repository.root, "worktree", "list").count("\n") == 0
    assert (repository.root / "code.py").read_text(encoding="utf-8") == "VALUE = 'new'\n"


@pytest.mark.parametrize("left", ["worktree", "folder", "record"])
def test_what_a_killed_run_left_in_the_way_is_cleared(repository: Bench, left: str) -> None:
    target = repository.root / "outputs/w"
    if left == "folder":
        target.mkdir(parents=True)
        (target / "half.py").write_text("half", encoding="utf-8")
    else:
        git(repository.root, "worktree", "add", "--detach", str(target), "main")
        if left == "record":
            (target / ".git").unlink()
    with open_worktree(repository.root, "before", target) as folder:
        assert (folder / "code.py").read_text(encoding="utf-8") == "VALUE = 'old'\n"
        assert not (folder / "half.py").exists()
    assert not target.exists()


@pytest.mark.parametrize("revision", ["nowhere", "main:code.py", "0" * 40])
def test_a_revision_that_git_does_not_know_is_named(repository: Bench, revision: str) -> None:
    with (
        pytest.raises(PlanError, match="git does not know it") as caught,
        open_worktree(repository.root, revision, repository.root / "outputs/w"),
    ):
        pytest.fail("it was opened")
    assert revision in caught.value.message


def test_a_rung_with_a_revision_runs_the_old_code(repository: Bench) -> None:
    plan = make_plan(
        baseline=make_side(make_step()),
        ladder={
            "up": {
                "rungs": [
                    {"id": "now", "title": "as it is"},
                    {"id": "then", "title": "as it was", "revision": "before"},
                ]
            }
        },
        phase=[
            {
                "id": "P",
                "title": "t",
                "folder": "p",
                "runs": [{"baseline": "side", "ladder": "up"}],
            }
        ],
    )
    setting = repository.make_setting(plan)
    phase, run = first_run(plan)
    logs = []
    for number, situation in enumerate(resolve_situations(plan, phase, run), 1):
        record = repository.attempt(setting, number, situation)
        assert record.status == "passed"
        assert record.steps[0].log is not None
        logs.append(setting.hub.path(record.steps[0].log).read_text(encoding="utf-8"))
        assert record.revision == situation.revision
        assert record.steps[0].argv[1].endswith("train.py")
        assert not record.steps[0].argv[1].startswith("/")
    assert logs == ["VALUE = 'new'\n\n", "VALUE = 'old'\n\n"]


def test_touched_files_are_named_committed_or_not(repository: Bench) -> None:
    before = git(repository.root, "rev-parse", "before")
    head = git(repository.root, "rev-parse", "HEAD")
    reports = repository.root / "reports"
    assert list_touched(repository.root, head, reports) == []
    assert list_touched(repository.root, before, reports) == ["code.py"]
    repository.write("train.py", "pass\n")
    repository.write("secret of nobody.txt", "x")
    assert list_touched(repository.root, before, reports) == ["code.py", "train.py"]


def test_files_of_the_hubs_and_of_other_folders_are_not_named(repository: Bench) -> None:
    repository.write("part/ü.py", "1\n")
    repository.write("part/reports/kept.md", "1\n")
    git(repository.root, "add", "-f", ".")
    git(repository.root, "commit", "-q", "-m", "part")
    before = git(repository.root, "rev-parse", "before")
    part = repository.root / "part"
    assert list_touched(part, before, part / "reports") == ["ü.py"]


@pytest.mark.parametrize("since", ["0" * 40, "before", "--output=gone", ""])
def test_what_is_no_commit_tells_nothing(repository: Bench, since: str) -> None:
    assert list_touched(repository.root, since, repository.root / "reports") is None
    assert not (repository.root / "gone").exists()


def test_without_a_repository_nothing_is_touched(tmp_path: Path) -> None:
    assert list_touched(tmp_path, "0" * 40, tmp_path / "reports") is None


def test_files_that_git_ignores_are_listed_but_for_those_it_has(repository: Bench) -> None:
    root = repository.root
    repository.write(".gitignore", "*.npz\nreports/\n")
    for name in ("guard [a]/in.npz", "guard [a]/had.npz", "guard [a]/x.json", "reports/h/x.json"):
        repository.write(name, "x")
    git(root, "add", "--force", "guard [a]/had.npz")
    folders = [root / "guard [a]", root / "reports/h", root / "none", root.parent]
    assert list_ignored(root, folders[:3]) == ["guard [a]/in.npz", "reports/h/x.json"]
    assert list_ignored(root, folders[3:]) == []
    assert list_ignored(root.parent, [root.parent]) == []
