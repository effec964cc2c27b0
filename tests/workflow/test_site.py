"""report --site: whole or not at all, and nothing of anybody else's touched."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parityhub.errors import UsageError
from parityhub.plan.read import read_plan
from parityhub.workflow.site import find_base, write_site
from tests.conftest import Repository
from tests.site_hubs import copy_hub, copy_hubs, keep_json, read_json, vary_numbers


@pytest.fixture
def repository(tmp_path: Path, ran_hubs: tuple[Path, list[Path]]) -> Repository:
    """A repository with three hubs."""
    shutil.copytree(ran_hubs[0], tmp_path / "repo")
    copy_hubs(ran_hubs[1], tmp_path / "repo" / "reports", 3)
    return Repository(tmp_path / "repo")


@pytest.fixture
def add_hub(repository: Repository, ran_hubs: tuple[Path, list[Path]]) -> Callable[[int], Path]:
    def add(day: int) -> Path:
        moment = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=day)
        change = vary_numbers(1.0 + day)
        return copy_hub(ran_hubs[1][0], repository.root / "reports", moment, f"{day:040}", change)

    return add


def list_site(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_site_of_all_hubs(repository: Repository) -> None:
    told = repository.call("report", "--site", "outputs/site", "--json")
    assert told.code == 0, told.err
    document = told.document()
    assert document == {
        "page": "outputs/site/index.html",
        "hubs": 3,
        "unreadable": [],
        "linked": True,
    }
    site = list_site(repository.root / "outputs/site")
    assert set(read_json(repository.root / "outputs/site/site.json")["files"]) == set(site) - {
        "site.json"
    }
    told = repository.call("report", "--site", "outputs/site")
    assert told.out == "site  outputs/site/index.html (3 hubs)\n"
    assert list_site(repository.root / "outputs/site") == site


def test_hubs_stay_as_they_are(repository: Repository) -> None:
    before = list_site(repository.root / "reports")
    assert repository.call("report", "--site", "site").code == 0
    assert list_site(repository.root / "reports") == before


def test_nothing_of_this_machine_is_in_a_site(repository: Repository) -> None:
    assert repository.call("report", "--site", "site").code == 0
    for path, data in list_site(repository.root / "site").items():
        assert str(repository.root).encode() not in data, path


def test_an_older_page_finds_its_data_for_one_writing_more(
    repository: Repository, add_hub: Callable[[int], Path]
) -> None:
    site = repository.root / "site"
    names = []
    for day in range(3):
        add_hub(day)
        assert repository.call("report", "--site", "site").code == 0
        names.append(set(read_json(site / "site.json")["files"]))
    there = set(list_site(site)) - {"site.json"}
    assert there == names[2] | names[1]
    assert names[0] - there


def test_what_others_put_there_stays(
    repository: Repository, add_hub: Callable[[int], Path]
) -> None:
    site = repository.root / "site"
    assert repository.call("report", "--site", "site").code == 0
    (site / "CNAME").write_text("example.org", encoding="utf-8")
    (site / "data" / "mine.js").write_text("mine", encoding="utf-8")
    (old,) = site.glob("data/hubs-0.*.js")
    old.write_text("changed by hand", encoding="utf-8")
    for day in range(3):
        add_hub(day)
        assert repository.call("report", "--site", "site").code == 0
    there = list_site(site)
    assert there["CNAME"] == b"example.org"
    assert there["data/mine.js"] == b"mine"
    assert there[old.relative_to(site).as_posix()] == b"changed by hand"


def test_a_page_of_somebody_else_is_not_replaced(repository: Repository) -> None:
    (repository.root / "site").mkdir()
    (repository.root / "site" / "index.html").write_text("mine", encoding="utf-8")
    told = repository.call("report", "--site", "site")
    assert told.code == 2
    assert told.err.startswith("parityhub: site/index.html: not written by `report --site`")
    assert list_site(repository.root / "site") == {"index.html": b"mine"}


def test_no_link_leads_the_writing_away(repository: Repository, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (repository.root / "site").mkdir()
    (repository.root / "site" / "data").symlink_to(away)
    told = repository.call("report", "--site", "site")
    assert told.code == 2
    assert "a link leads away" in told.err
    assert list(away.iterdir()) == []


def test_a_listing_that_was_tampered_with_removes_nothing_outside(
    repository: Repository, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("keep", encoding="utf-8")
    assert repository.call("report", "--site", "site").code == 0
    listing = read_json(repository.root / "site/site.json")
    digest = hashlib.sha256(b"keep").hexdigest()
    keep_json(
        repository.root / "site/site.json",
        listing | {"before": {"../../victim": digest, str(victim): digest}},
    )
    copy = repository.root / "reports"
    shutil.rmtree(next(copy.iterdir()))
    assert repository.call("report", "--site", "site").code == 0
    assert victim.read_text(encoding="utf-8") == "keep"
    (repository.root / "site/site.json").write_text("{", encoding="utf-8")
    told = repository.call("report", "--site", "site")
    assert (told.code, "not the listing of a site" in told.err) == (2, True)


def test_a_hub_is_no_place_for_a_site(repository: Repository) -> None:
    hub = repository.hub()
    before = list_site(hub)
    told = repository.call("report", "--site", str(hub / "analysis"))
    assert (told.code, "lies in a hub" in told.err) == (2, True)
    assert list_site(hub) == before


def test_one_hub_that_is_damaged_is_told_and_the_rest_shown(repository: Repository) -> None:
    (repository.hub() / "fit/analysis/phase_FIT_1.json").write_text("{", encoding="utf-8")
    told = repository.call("report", "--site", "site")
    assert told.code == 0
    assert told.out == "site  site/index.html (3 hubs)\n"
    assert "unreadable  2026-03-02T043000Z: fit/analysis/phase_FIT_1.json: not the file" in told.err


def test_it_shows_every_hub_or_says_that_there_is_none(
    repository: Repository, make_repository: Callable[[str], Repository]
) -> None:
    told = repository.call("report", "--site", "site", "--hub", str(repository.hub()))
    assert (told.code, "--site shows every hub" in told.err) == (2, True)
    shutil.rmtree(repository.root / "reports")
    told = repository.call("report", "--site", "site")
    assert (told.code, "no hub of TINY yet" in told.err) == (2, True)
    assert not (repository.root / "site" / "index.html").exists()


def test_a_site_outside_of_the_repository_has_no_links(
    repository: Repository, tmp_path: Path
) -> None:
    told = repository.call("report", "--site", str(tmp_path / "site"))
    assert told.code == 0
    assert "not linked" in told.err
    for path, data in list_site(tmp_path / "site").items():
        assert b"repo/reports" not in data, path


def test_the_way_to_the_hubs(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    assert find_base(reports, reports, tmp_path) == ""
    assert find_base(tmp_path / "a" / "b", reports, tmp_path) == "../../reports/"
    assert find_base(tmp_path, reports, tmp_path) == "reports/"
    assert find_base(tmp_path / "a", reports, tmp_path / "a") is None


def test_a_file_is_no_folder(repository: Repository) -> None:
    (repository.root / "site").write_text("", encoding="utf-8")
    plan = read_plan(repository.root / "plans/tiny/plan.toml").plan
    with pytest.raises(UsageError, match="no folder"):
        write_site(repository.root / "site", plan, repository.root / "reports", repository.root)


def test_beside_the_hubs_a_site_is_complete_and_in_nobodys_way(repository: Repository) -> None:
    audited = repository.call("audit", "reports", "--json").document()
    assert repository.call("report", "--site", "reports").code == 0
    reports = repository.root / "reports"
    (index,) = reports.glob("data/index.*.js")
    assert '"base":"",' in index.read_text(encoding="utf-8")
    assert repository.call("audit", "reports", "--json").document() == audited
    assert repository.call("status", "--json").document()["hub"] == str(
        repository.hub().relative_to(repository.root)
    )


def test_a_writing_that_breaks_off_leaves_the_site_as_it_was(
    repository: Repository, add_hub: Callable[[int], Path]
) -> None:
    assert repository.call("report", "--site", "site").code == 0
    before = list_site(repository.root / "site")
    add_hub(1)
    (repository.root / "looks" / "site").mkdir(parents=True)
    (repository.root / "looks/site/page.html.j2").write_text("{{ nothing }}", encoding="utf-8")
    plan = repository.root / "plans/tiny/plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(f'{text}\n[report]\ntemplates = "looks"\n', encoding="utf-8")
    told = repository.call("report", "--site", "site")
    assert (told.code, "does not render" in told.err) == (2, True)
    after = list_site(repository.root / "site")
    assert {path: after[path] for path in before} == before
    plan.write_text(text, encoding="utf-8")
    assert repository.call("report", "--site", "site").code == 0
