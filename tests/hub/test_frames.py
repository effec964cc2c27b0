"""A hub's records as tidy data frames."""

from collections.abc import Callable

import pytest

import parityhub
from parityhub.errors import HubError
from tests.conftest import Repository


def test_a_hub_loads_as_tidy_frames(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P").code == 0
    frames = parityhub.load(repository.hub())
    attempt = frames.attempts.iloc[0]
    assert (attempt["phase"], attempt["baseline"], attempt["status"]) == ("P", "side", "passed")
    stats = frames.stats.set_index(["section", "metric"])["value"]
    assert stats["patch_amplitude", "mean"] == 63.0
    assert set(frames.stats["status"]) == {"finite"}
    assert frames.values.empty
    assert "summary.md" in set(frames.artifacts["path"])


def test_what_is_no_hub_is_refused(tmp_path):
    with pytest.raises(HubError, match="no hub here"):
        parityhub.load(tmp_path)
