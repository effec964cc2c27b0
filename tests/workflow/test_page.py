"""summary.html of a hub that was run: from its records, in its manifest, with the user's blocks."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Repository, copy_plan

FIGURES = "fit/analysis/figures_FIT_1.json"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("tiny", tmp_path_factory.mktemp("page") / "repo")
    assert repository.call("run-phase", "FIT", "--quiet").code == 0
    return repository


@pytest.fixture
def fresh(make_repository: Callable[[str], Repository]) -> Repository:
    repository = make_repository("tiny")
    return repository


def add_to_plan(repository: Repository, text: str) -> None:
    plan = repository.root / "plans" / "tiny" / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8") + text, encoding="utf-8")


def list_items(hub: Path) -> dict[str, dict[str, object]]:
    manifest = json.loads((hub / "manifest.json").read_text(encoding="utf-8"))
    return {item["path"]: item for item in manifest["artifacts"]}


def test_the_page_is_a_view_and_its_figures_are_evidence(run: Repository) -> None:
    items = list_items(run.hub())
    assert items["summary.html"]["role"] == "derived"
    assert items[FIGURES]["role"] == "evidence"


def test_figures_tell_what_the_arrays_hold(run: Repository) -> None:
    record = json.loads((run.hub() / FIGURES).read_text(encoding="utf-8"))
    grid = record["grids"][0]
    array = np.load(run.hub() / grid["file"])
    assert grid["shape"] == list(array.shape)
    assert grid["greatest"] == float(np.abs(array[: grid["shown"]]).max())
    assert grid["least"] == float(np.abs(array[: grid["shown"]]).min())


def test_report_renders_the_same_bytes_and_gives_the_view(run: Repository) -> None:
    page = run.hub() / "summary.html"
    before = page.read_bytes()
    page.unlink()
    told = run.call("report", "--json")
    assert told.code == 0, told.err
    document = told.document()
    assert page.read_bytes() == before
    assert document["page"].endswith("/summary.html")
    assert document["view"]["answer"]["verdict"] == "PASS"
    assert document["view"]["phases"][0]["figures"]["grids"][0]["images"]
    lines = run.call("report").out.splitlines()
    assert [line.split()[0] for line in lines] == ["page", "summary"]


def test_a_picture_that_was_lost_leaves_the_rest(run: Repository) -> None:
    record = json.loads((run.hub() / FIGURES).read_text(encoding="utf-8"))
    file = run.hub() / record["grids"][0]["file"]
    kept = file.read_bytes()
    try:
        file.write_bytes(b"no array")
        assert run.call("report").code == 0
        assert "cannot be read from the hub" in (run.hub() / "summary.html").read_text()
    finally:
        file.write_bytes(kept)


def test_the_hub_can_be_audited_with_its_page(run: Repository) -> None:
    assert run.call("report").code == 0
    told = run.call("audit")
    assert told.code == 0, told.out


def test_blocks_of_the_repository_count(fresh: Repository) -> None:
    add_to_plan(fresh, '\n[report]\ntemplates = "shown"\n')
    (fresh.root / "shown").mkdir()
    (fresh.root / "shown" / "page.html.j2").write_text(
        '{% extends "parityhub/page.html.j2" %}{% block footer %}<p>Ours.</p>{% endblock %}'
    )
    assert fresh.call("run-phase", "FIT").code == 0
    page = (fresh.hub() / "summary.html").read_text(encoding="utf-8")
    assert page.count("<p>Ours.</p>") == 1
    assert re.search(r"<h1>A blur, fitted twice</h1>", page)


def test_a_template_that_fails_leaves_the_run_whole(fresh: Repository) -> None:
    add_to_plan(fresh, '\n[report]\ntemplates = "shown"\n')
    (fresh.root / "shown").mkdir()
    (fresh.root / "shown" / "page.html.j2").write_text("{% if %}")
    told = fresh.call("run-phase", "FIT")
    assert told.code == 2
    assert "page.html.j2:1" in told.err
    assert "Traceback" not in told.err
    assert "summary.md" in list_items(fresh.hub())
    assert "fit/analysis/phase_FIT_1.json" in list_items(fresh.hub())
    (fresh.root / "shown" / "page.html.j2").unlink()
    assert fresh.call("report").code == 0


@pytest.mark.parametrize("name", ["nowhere", "out", "../shown", "/tmp"])
def test_templates_lie_in_the_repository(fresh: Repository, name: str) -> None:
    (fresh.root / "out").symlink_to(fresh.root.parent)
    add_to_plan(fresh, f'\n[report]\ntemplates = "{name}"\n')
    told = fresh.call("run-phase", "FIT", "--quiet")
    assert told.code == 2
    assert "templates" in told.err
    assert "Traceback" not in told.err
    # It is said before anything runs.
    assert not list(fresh.root.glob("reports/*/*/fit/cli/*.log"))
