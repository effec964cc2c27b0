from datetime import UTC, datetime
from pathlib import Path

import pytest

from parityhub.hub.store import Hub

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def read_noon() -> datetime:
    """A clock that stands: whatever happens, happens in one second."""
    return NOON


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path / "reports", "parity", "INITIATIVE", read_noon)
