"""Plans in which one thing is wrong, and what parityhub says of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from parityhub.errors import PlanError
from parityhub.plan.read import read_plan

BASE = (Path(__file__).parent / "base.toml").read_text()


class Refusal(NamedTuple):
    """A change to base.toml, and the error that it brings."""

    message: str
    """file, line, key, and what is wrong"""
    hint: str
    changes: Mapping[str, str]
    """text that stands once in base.toml, and what stands there instead"""


def change_base(changes: Mapping[str, str]) -> str:
    text = BASE
    for old, new in changes.items():
        assert text.count(old) == 1, f"{text.count(old)} times in base.toml: {old!r}"
        text = text.replace(old, new)
    return text


def read_error(data: bytes, folder: Path) -> PlanError:
    """Return the error that a plan brings, with the file's bare name."""
    path = folder / "plan.toml"
    path.write_bytes(data)
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    caught.value.message = caught.value.message.removeprefix(f"{folder}/")
    return caught.value


def assert_refused(refusal: Refusal, folder: Path) -> None:
    error = read_error(change_base(refusal.changes).encode(), folder)
    assert (error.message, error.hint) == (refusal.message, refusal.hint)
    assert "\n" not in error.message + error.hint
