"""The sample hub under reports/: whole, small, audited, and shown as it would be now."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Repository

ROOT = Path(__file__).resolve().parents[1]
[SAMPLE] = (ROOT / "reports").glob("*/sample")
SMALL = 12 << 20
"""bytes"""


def test_the_readme_leads_to_it() -> None:
    links = re.findall(r"\((reports/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert f"reports/{SAMPLE.parent.name}/sample/summary.md" in links
    assert all((ROOT / link).exists() for link in links)


def test_it_is_small() -> None:
    assert sum(file.stat().st_size for file in SAMPLE.rglob("*") if file.is_file()) < SMALL


def test_no_report_of_it_says_what_its_evidence_does_not_show() -> None:
    told = Repository(ROOT).call("audit", str(SAMPLE), "--json")
    assert told.code == 0, told.out
    document = told.document()
    assert document["verdict"] == "PASS"
    assert document["checked"]["refuted"] == 0
    assert document["checked"]["confirmed"] > 1000


@pytest.mark.parametrize("name", ["summary.md", "summary.html"])
def test_it_is_shown_as_a_hub_would_be_now(name: str, tmp_path: Path) -> None:
    copy = tmp_path / "reports" / SAMPLE.parent.name / "sample"
    shutil.copytree(SAMPLE, copy)
    [plan] = copy.glob("plan/plan_*.toml")
    told = Repository(tmp_path).call("report", "--hub", str(copy), "--plan", str(plan))
    assert told.code == 0, told.err
    assert (copy / name).read_text(encoding="utf-8") == (SAMPLE / name).read_text(encoding="utf-8")
