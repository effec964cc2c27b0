"""The pages of the documentation that say what to type, followed word by word."""

import subprocess
from pathlib import Path

import pytest

from tests.documents import follow_page


@pytest.mark.slow
def test_the_tutorial_holds(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    assert follow_page("tutorial.md", tmp_path) == 12
