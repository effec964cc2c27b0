"""What the documents point at exists, and what they show is what the tests run."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from parityhub.plan.model import AnyCheck, Plan
from parityhub.plan.read import LoadedPlan, read_plan

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TINY = ROOT / "tests" / "plans" / "tiny"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "reports" / "README.md"])
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
ADR_LINES = 25


def list_blocks(document: Path, language: str) -> list[str]:
    text = document.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def list_requirements() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    for line in [*project["dependencies"], *(line for extra in extras for line in extra)]:
        yield re.split(r"[^A-Za-z0-9_-]", line, maxsplit=1)[0]


def read_documented_plan(folder: Path) -> LoadedPlan:
    written = folder / "plan.toml"
    written.write_text("\n".join(list_blocks(DOCS / "plan.md", "toml")), encoding="utf-8")
    return read_plan(written)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    assert [name for name in targets if not (document.parent / name).exists()] == []


def list_named_targets(document: Path) -> set[str]:
    commands = "\n".join(list_blocks(document, "sh"))
    inline = re.findall(r"`make ([a-z-]+)`", document.read_text(encoding="utf-8"))
    return {*inline, *re.findall(r"^make ([a-z-]+)", commands, re.MULTILINE)}


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set().union(*map(list_named_targets, DOCUMENTS))
    assert {"demo", "test"} <= named
    assert named <= targets


def test_the_site_builds_with_every_link(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "reference" / "rules" / "index.html").is_file()


def test_each_dependency_has_its_reason() -> None:
    text = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!dependency|---)([\w-]+) \|", text, re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert sorted(rows) == sorted(set(list_requirements()))


def test_the_documented_plan_is_a_plan(tmp_path: Path) -> None:
    plan = read_documented_plan(tmp_path).plan
    kinds = {type(check) for phase in plan.phases for check in phase.checks}
    assert kinds == set(AnyCheck.__args__)


def test_each_table_of_a_plan_is_documented(tmp_path: Path) -> None:
    plan = read_documented_plan(tmp_path).plan
    assert [name for name in Plan.__struct_fields__ if not getattr(plan, name)] == []


@pytest.mark.parametrize("language", ["toml", "python"])
def test_the_example_pair_is_shown_as_it_runs(language: str) -> None:
    sources = [
        path.read_text(encoding="utf-8") for path in sorted(TINY.iterdir()) if path.is_file()
    ]
    blocks = list_blocks(DOCS / "your-own-pair.md", language)
    assert blocks
    assert [block for block in blocks if not any(block in text for text in sources)] == []


def test_the_example_pair_asks_in_each_way_that_is_told() -> None:
    plan = read_plan(TINY / "plan.toml").plan
    kinds = {check.__struct_config__.tag for phase in plan.phases for check in phase.checks}
    assert kinds == {"same-artifact", "equal", "alive", "close"}


def test_decisions_are_numbered_and_short() -> None:
    files = sorted((DOCS / "adr").glob("[0-9]*.md"))
    index = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    for number, file in enumerate(files, 1):
        text = file.read_text(encoding="utf-8")
        assert file.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert re.findall(r"^## (.*)", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]
        assert len(text.splitlines()) <= ADR_LINES
        assert file.name in index
