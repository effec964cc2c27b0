"""The reference says what the code says. UPDATE_GOLDEN=1 writes it, for a person to read."""

import os
import runpy
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
PAGES = runpy.run_path(str(FOLDER / "write_reference.py"))["PAGES"]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_what_the_code_says(name: str) -> None:
    page, text = FOLDER / name, PAGES[name]()
    if os.environ.get("UPDATE_GOLDEN") == "1":
        page.write_text(text, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == text


def test_no_key_of_a_plan_is_left_unexplained() -> None:
    plain = {"`id`", "`kind`", "`name`", "`tensorflow`", "`pytorch`"}
    rows = [row for row in PAGES["plan.md"]().splitlines() if row.startswith("| `")]
    silent = [row for row in rows if row.endswith("|  |") and row.split(" | ")[0][2:] not in plain]
    assert silent == []
