"""What git says of the code that ran, and worktrees of other revisions."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from parityhub.errors import PlanError

COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True)
class GitState:
    """The commit checked out, and whether files differ from it. None: not a repository."""

    commit: str | None
    dirty: bool | None


def ask_git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints, or None where it fails or is not there."""
    try:
        # A name of a file need not be UTF-8.
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def read_git_state(folder: Path) -> GitState:
    """Read the state of the repository that a folder is in."""
    commit = ask_git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return GitState(None, None)
    changed = ask_git(folder, "status", "--porcelain", "--untracked-files=no")
    return GitState(commit, bool(changed))


def list_touched(folder: Path, since: str, left_out: Path) -> list[str] | None:
    """List the files below a folder that differ from a commit, committed or not.

    Files that git does not track are not listed: their names are nobody's business.

    Args:
        folder: in the repository; names are relative to it.
        since: the commit.
        left_out: a folder whose files are not listed.

    Returns:
        The names, sorted; None where git does not know the commit, or there is no repository.
    """
    if not COMMIT.fullmatch(since):
        return None
    asked = [
        "diff",
        "--no-ext-diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--relative",
        since,
        "--",
        ".",
    ]
    if left_out.resolve().is_relative_to(folder.resolve()):
        inside = left_out.resolve().relative_to(folder.resolve()).as_posix()
        asked.append(f":(exclude,literal){inside}")
    told = ask_git(folder, *asked)
    return None if told is None else sorted(filter(None, told.split("\0")))


def list_ignored(folder: Path, paths: Iterable[Path]) -> list[str]:
    """List the files at or below some paths that git will not commit, as it ignores them.

    Args:
        folder: in the repository; names are relative to it.
        paths: files and folders; git says nothing of those outside of its repository.
    """
    asked = ["ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--"]
    found: list[str] = []
    for path in paths:
        told = ask_git(folder, "--literal-pathspecs", *asked, str(path.resolve()))
        found += filter(None, (told or "").split("\0"))
    return sorted(found)


@contextmanager
def open_worktree(root: Path, revision: str | None, folder: Path) -> Iterator[Path]:
    """Give the folder to run in: the repository itself, or a worktree of a revision.

    Raises:
        PlanError: git does not know the revision, or the folder is no repository.
    """
    if revision is None:
        yield root
        return
    commit = ask_git(root, "rev-parse", "--verify", f"{revision}^{{commit}}")
    if commit is None:
        raise PlanError(
            f"revision {revision!r} of a rung: git does not know it in {root}",
            hint="fetch it, or name a commit, branch or tag that is there",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A run that was killed may have left one here, half made.
    ask_git(root, "worktree", "remove", "--force", str(folder))
    shutil.rmtree(folder, ignore_errors=True)
    ask_git(root, "worktree", "prune")
    if ask_git(root, "worktree", "add", "--detach", str(folder), commit) is None:
        raise PlanError(
            f"revision {revision!r} of a rung: git could not make a worktree at {folder}",
            hint=f"try `git worktree add --detach {folder} {commit}`",
        )
    try:
        yield folder
    finally:
        ask_git(root, "worktree", "remove", "--force", str(folder))
