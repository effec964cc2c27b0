"""Plans in which one thing is wrong, and what parityhub says of them."""

from pathlib import Path
from typing import NamedTuple

import pytest

from parityhub.errors import PlanError
from parityhub.plan.read import read_plan

BASE = (Path(__file__).parent / "base.toml").read_text()


class Refusal(NamedTuple):
    """A change to base.toml (each `old` stands there once), and the error it brings."""

    changes: tuple[tuple[str, str], ...]
    message: str
    """file, line, key, what is wrong"""
    hint: str


def refuse(old: str, new: str, message: str, hint: str) -> Refusal:
    return Refusal(((old, new),), message, hint)


def change_base(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times in base.toml: {old!r}"
        text = text.replace(old, new)
    return text


def read_error(text: str | bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> PlanError:
    """Return the error of a plan, read by its bare name."""
    (folder / "plan.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.chdir(folder)
    with pytest.raises(PlanError) as caught:
        read_plan(Path("plan.toml"))
    return caught.value


def assert_refused(refusal: Refusal, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = read_error(change_base(*refusal.changes), folder, monkeypatch)
    assert (error.message, error.hint) == (refusal.message, refusal.hint)
    assert "\n" not in error.message + error.hint
