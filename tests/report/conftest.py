"""The sample hub and the golden files."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.report.sample import Sample, make_sample

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def sample() -> Sample:
    return make_sample()


@pytest.fixture
def check_golden() -> Callable[[str, str], None]:
    """Compare with a golden file; UPDATE_GOLDEN=1 writes it first, for a person to read."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN") == "1":
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
