"""One hub of real TensorFlow failures that the slow tests here share."""

from pathlib import Path

import pytest

from tests.conftest import Repository, Told, copy_plan


@pytest.fixture(scope="session")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return copy_plan("ladder", tmp_path_factory.mktemp("ladder") / "repo")


@pytest.fixture(scope="session")
def every(ladder: Repository) -> Told:
    """Phase EVERY, run once."""
    return ladder.call("run-phase", "EVERY", "--json")


@pytest.fixture(scope="session")
def rerun(ladder: Repository, every: Told) -> Told:
    """Phase EVERY after the rerun that it owed."""
    assert every.code == 1
    return ladder.call("run-phase", "EVERY", "--rerun-owed", "--json")


@pytest.fixture(scope="session")
def one_sided(ladder: Repository, rerun: Told) -> Told:
    """Phase ONE, run first for a phase that requires it."""
    assert rerun.code == 0
    return ladder.call("run-phase", "NEEDS", "--with-required", "--json")


def read_text(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")
