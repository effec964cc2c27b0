import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts into the background so, and children of tests would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("campaign", max_examples=2000, deadline=None)

collect_ignore = ["plans"]
"""Plans bring tests of their own: the gates that phases run."""

PLANS = Path(__file__).parent / "plans"


@dataclass(frozen=True)
class Told:
    """What a command printed and how it exited."""

    code: int
    out: str
    err: str

    def document(self):
        return msgspec.json.decode(self.out)


@dataclass(frozen=True)
class Repository:
    """A folder with a plan in it, and parityhub run in it as its users do."""

    root: Path

    def call(self, *words: str, env: dict[str, str] | None = None) -> Told:
        done = subprocess.run(
            [sys.executable, "-m", "parityhub", *words],
            cwd=self.root,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        return Told(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "parityhub", *words],
            cwd=self.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def hub(self) -> Path:
        return sorted(self.root.glob("reports/*/*/manifest.json"))[-1].parent


def copy_plan(name: str, root: Path) -> Repository:
    """Lay a plan of tests/plans/ into a folder, with the files that lie beside it."""
    source = PLANS / name
    shutil.copytree(source, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("plan.toml"))
    (root / "plans" / name).mkdir(parents=True)
    shutil.copy(source / "plan.toml", root / "plans" / name / "plan.toml")
    return Repository(root)


@pytest.fixture
def make_repository(tmp_path: Path) -> Callable[[str], Repository]:
    return lambda name: copy_plan(name, tmp_path / "repo")


@pytest.fixture(scope="session")
def ran_hubs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """A repository whose tiny plan was run in three commits, and the hubs, moved out of it."""
    from tests.site_hubs import move_out, run_hubs

    folder = tmp_path_factory.mktemp("hubs")
    repository, hubs = run_hubs(folder / "repo")
    return repository.root, move_out(hubs, folder / "sources")


@pytest.fixture(scope="session")
def fifty(tmp_path_factory: pytest.TempPathFactory, ran_hubs: tuple[Path, list[Path]]) -> Path:
    """A repository with fifty hubs, and their site in outputs/site. Not to be changed."""
    from tests.site_hubs import copy_hubs

    root = tmp_path_factory.mktemp("fifty") / "repo"
    shutil.copytree(ran_hubs[0], root)
    copy_hubs(ran_hubs[1], root / "reports", 50)
    told = Repository(root).call("report", "--site", "outputs/site")
    assert told.code == 0, told.err
    return root
