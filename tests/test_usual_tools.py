"""The README's table of what usual tools say, asked of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from parityhub.compare.referee.match import match_outputs
from tests.compare.referee.test_match import give

ROOT = Path(__file__).resolve().parents[1]


def read_table() -> dict[str, dict[str, str]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = text.partition("## Beside the usual tools")[2].split("\n\n")[2].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[2:]}


@pytest.mark.slow
def test_the_table_says_what_they_say() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", ROOT / "tests" / "usual_tools.py"],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stderr.splitlines()[-1])
    shown = read_table()
    assert shown.keys() == told.keys()
    names = shown.pop("outputs under other names")
    assert names.pop("Polygraphy 0.53.6") == told.pop("outputs under other names").popitem()[1]
    assert names == {tool: "–" for tool in names if tool != "parityhub"} | {"parityhub": "refused"}
    assert shown == told
    matching = match_outputs([], give("y"), give("z"))
    assert matching.pairs == ()
    assert {record.verdict for record in matching.unmatched} == {"INCONCLUSIVE"}
