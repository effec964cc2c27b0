"""The number of an examination: behind all that left anything, be it only a log."""

from pathlib import Path
from typing import Any

import pytest

from parityhub.hub import layout
from parityhub.hub.store import Hub
from parityhub.plan.model import Phase
from parityhub.workflow.examinations import number_examination
from tests.hub.conftest import read_noon

PHASE = Phase(id="Q", title="t", folder="q")
LEFT = {
    "comparison": layout.comparison_path,
    "localization": layout.localization_path,
    "log of TensorFlow": lambda *key: layout.pair_log_path(*key, "tensorflow"),
    "log of PyTorch": lambda *key: layout.pair_log_path(*key, "pytorch"),
    "environment of TensorFlow": lambda *key: layout.pair_env_path(*key, "tensorflow"),
    "environment of PyTorch": lambda *key: layout.pair_env_path(*key, "pytorch"),
}


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path / "reports", "parity", "I", read_noon)


def leave(hub: Hub, path: str) -> None:
    hub.keep_bytes(path, b"x", made_by="a test", shows="something")


def test_the_first_has_number_one(hub: Hub):
    assert number_examination(hub, PHASE, "pair") == 1


@pytest.mark.parametrize("path", LEFT.values(), ids=list(LEFT))
def test_whatever_it_left_an_examination_keeps_its_number(hub: Hub, path: Any):
    leave(hub, path("q", "Q", "pair", 1))
    assert number_examination(hub, PHASE, "pair") == 2


def test_numbers_go_on_whatever_each_examination_left(hub: Hub):
    for number, path in enumerate(LEFT.values(), 1):
        leave(hub, path("q", "Q", "pair", number))
    assert number_examination(hub, PHASE, "pair") == len(LEFT) + 1


@pytest.mark.parametrize(
    "key", [("q", "Q", "other", 1), ("q", "R", "pair", 1), ("r", "Q", "pair", 1)]
)
def test_what_others_left_does_not_count(hub: Hub, key: Any):
    for path in LEFT.values():
        leave(hub, path(*key))
    assert number_examination(hub, PHASE, "pair") == 1
