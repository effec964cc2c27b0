"""Two real children, for the tests that need both frameworks."""

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from parityhub.run.dialogue import Dialogue, Partner, open_dialogue

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Children:
    tensorflow: Dialogue
    pytorch: Dialogue


@pytest.fixture(scope="session")
def children(tmp_path_factory):
    folder = tmp_path_factory.mktemp("children")
    with ExitStack() as stack:
        yield Children(
            *(
                stack.enter_context(open_dialogue(make_partner(side, folder), ignore))
                for side in ("tensorflow", "pytorch")
            )
        )


def make_partner(side: str, folder: Path) -> Partner:
    capture = folder / side
    capture.mkdir()
    return Partner(
        name=side,
        argv=(sys.executable, "-m", f"parityhub.frameworks.{side}"),
        cwd=ROOT,
        env={
            **os.environ,
            "OMP_WAIT_POLICY": "PASSIVE",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PARITYHUB_CAPTURE": str(capture),
        },
        log=folder / f"{side}.log",
        timeout=300.0,
    )


def ignore(seconds: float, line: str) -> None:
    """Show no progress."""
