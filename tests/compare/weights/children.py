"""The two children, each with a model of its own framework."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parityhub.run.dialogue import Dialogue, Partner, open_dialogue

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def open_child(side: str, folder: Path) -> Iterator[Dialogue]:
    partner = Partner(
        name=side,
        argv=(sys.executable, "-m", f"parityhub.frameworks.{side}"),
        cwd=ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "TF_CPP_MIN_LOG_LEVEL": "2"},
        log=folder / f"{side}.log",
        timeout=300,
    )
    with open_dialogue(partner, lambda seconds, line: None) as dialogue:
        yield dialogue
