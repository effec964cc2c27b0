"""Where the guard of a phase lies in a repository."""

from pathlib import Path

from parityhub.hub.layout import make_slug

FOLDER = Path("tests/parity")
"""relative to the repository, unless another is named"""


def guard_module(phase: str) -> str:
    """Return the name of a guard's pytest module."""
    return f"test_{make_slug(phase)}_guard.py"
