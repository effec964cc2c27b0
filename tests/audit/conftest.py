"""A hub that parityhub made, for the tests here to change copies of."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import copy_plan


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = copy_plan("tiny", tmp_path_factory.mktemp("made") / "repo")
    told = repository.call("run-phase", "FIT")
    assert told.code == 0, told.err
    return repository.hub()


@pytest.fixture
def hub(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "hub")
