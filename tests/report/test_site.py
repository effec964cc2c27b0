"""The files of a site: named by their content, streamed, and with nothing active in them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from parityhub.errors import PlanError
from parityhub.hub.outline import HubOutline, PhaseOutline, read_outline
from parityhub.plan.model import Plan
from parityhub.plan.read import read_plan
from parityhub.report.site import PAGE_HUBS, SiteFile, SiteWishes, render_site
from tests.conftest import PLANS

WISHES = SiteWishes(base="../reports/")
HOSTILE = "</script><img src=x onerror=alert(1)>\x1b[31m\u202e\u2028"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(PLANS / "tiny" / "plan.toml").plan


@pytest.fixture(scope="module")
def outlines(ran_hubs: tuple[Path, list[Path]]) -> list[HubOutline]:
    return [found for hub in ran_hubs[1] if (found := read_outline(hub, "TINY"))]


def read_data(file: SiteFile) -> dict:
    found = re.fullmatch(r'parityhub\.take\("(\w+)", (.*)\);\n', file.data.decode(), re.DOTALL)
    assert found is not None
    name = file.path.split(".")[-2]
    assert found[1] == ("index" if file.path.startswith("data/index.") else name)
    return json.loads(found[2])


def find_data(files: list[SiteFile], name: str) -> list[dict]:
    return [read_data(file) for file in files if file.path.startswith(f"data/{name}")]


def test_the_page_comes_last_and_names_the_rest(plan: Plan, outlines: list[HubOutline]) -> None:
    files = list(render_site(outlines, plan, WISHES))
    assert files[-1].path == "index.html"
    page = files[-1].data.decode()
    (index,) = find_data(files, "index")
    named = {*re.findall(r'src="([^"]+)"', page), *index["pages"]}
    named |= {group["file"] for group in index["groups"]}
    assert named == {file.path for file in files[:-1]}
    assert index["codes"] == "PFI"
    assert index["newest"]["verdict"] == "INCONCLUSIVE"


def test_the_same_hubs_give_the_same_bytes(plan: Plan, outlines: list[HubOutline]) -> None:
    first, second = (list(render_site(outlines, plan, WISHES)) for _ in range(2))
    assert first == second


def test_a_hub_more_leaves_whole_pages_as_they_are(plan: Plan, outlines: list[HubOutline]) -> None:
    some = [outlines[number % 3] for number in range(PAGE_HUBS)]
    before = {file.path for file in render_site(some, plan, WISHES)}
    after = {file.path for file in render_site([*some, outlines[0]], plan, WISHES)}
    (page,) = [path for path in before if path.startswith("data/hubs-0.")]
    assert page in after
    assert any(path.startswith("data/hubs-1.") for path in after)


def test_a_page_is_out_before_the_next_hub_is_read(plan: Plan, outlines: list[HubOutline]) -> None:
    read = []

    def walk() -> Iterator[HubOutline]:
        for number in range(3 * PAGE_HUBS):
            read.append(number)
            yield outlines[number % 3]

    assert next(render_site(walk(), plan, WISHES)).path.startswith("data/hubs-0.")
    assert len(read) == PAGE_HUBS


def test_series_are_the_records_numbers(plan: Plan, outlines: list[HubOutline]) -> None:
    files = list(render_site(outlines, plan, WISHES))
    groups = find_data(files, "group-")
    (stats,) = [group for group in groups if group["kind"] == "stats"]
    (series,) = [item for item in stats["series"] if item["name"] == "var_zero_mean"]
    lines = {line["side"]: line for line in series["lines"]}
    for side, line in lines.items():
        recorded = []
        for outline in outlines:
            found = outline.phases["FIT"].attempts.get(side)
            recorded.append(found[1].stats["output"]["var_zero_mean"].value if found else None)
        assert line["values"] == recorded
    assert lines["b"]["values"][2] is None
    assert (lines["a"]["changes"], lines["b"]["changes"]) == ([], [1])
    assert stats["verdicts"] == "PFI"
    commits = [stats["commits"]["table"][at][0] for at in stats["commits"]["at"]]
    assert commits == [outline.phases["FIT"].record.git_commit for outline in outlines]
    assert len(set(commits)) == 3


def test_a_phase_that_the_plan_lost_is_shown_still(plan: Plan, outlines: list[HubOutline]) -> None:
    found = outlines[0].phases["FIT"]
    record = replace(found.record, phase="GONE", title="of an earlier plan")
    old = HubOutline(
        root=outlines[0].root,
        created="",
        phases={"GONE": PhaseOutline(record, found.path, found.attempts)},
    )
    broken = HubOutline(root=outlines[1].root, created="", unreadable="damaged")
    (index,) = find_data(list(render_site([broken, old, *outlines], plan, WISHES)), "index")
    assert [phase["id"] for phase in index["phases"]] == ["FIT", "GONE"]
    assert index["codes"] == "!!" + "-P" + "P-" + "F-" + "I-"
    assert index["unreadable"] == [0]


def test_hostile_words_are_shown_and_close_nothing(plan: Plan, outlines: list[HubOutline]) -> None:
    found = outlines[0].phases["FIT"]
    record = replace(found.record, reason=HOSTILE, title=HOSTILE)
    hostile = replace_phase(outlines[0], PhaseOutline(record, found.path, found.attempts))
    files = list(render_site([hostile], plan, WISHES))
    page = files[-1].data.decode()
    assert "onerror=alert" in page
    assert "<img" not in page
    for file in files:
        text = file.data.decode()
        assert not set("\x1b\u202e\u2028") & set(text), file.path
    (hubs,) = find_data(files, "hubs-")
    assert r"\x1b[31m\u202e\u2028" in hubs["hubs"][0]["phases"][0]["reason"]


def replace_phase(outline: HubOutline, phase: PhaseOutline) -> HubOutline:
    return HubOutline(root=outline.root, created=outline.created, phases={"FIT": phase})


def test_without_a_way_to_the_hubs_the_page_says_so(plan: Plan, outlines: list[HubOutline]) -> None:
    files = list(render_site(outlines, plan, SiteWishes(base=None)))
    assert find_data(files, "index")[0]["base"] is None
    assert "named, not linked" in files[-1].data.decode()


def test_a_block_of_the_page_can_be_the_user_s(
    plan: Plan, outlines: list[HubOutline], tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    own = tmp_path / "site" / "page.html.j2"
    own.write_text(
        '{% extends "parityhub/site/page.html.j2" %}{% block footer %}of {{ initiative }}'
        "{% endblock %}",
        encoding="utf-8",
    )
    *_, page = render_site(outlines, plan, SiteWishes(base=None, own=tmp_path))
    assert "<footer>\nof TINY" in page.data.decode()
    own.write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(PlanError, match="does not render: 'nothing' is undefined"):
        list(render_site(outlines, plan, SiteWishes(base=None, own=tmp_path)))


def test_a_pass_is_one_so_far_where_phases_have_not_run(
    plan: Plan, outlines: list[HubOutline]
) -> None:
    later = replace(plan.phases[0], id="LATER", title="to come")
    more = replace(plan, phases=(*plan.phases, later))
    *files, page = render_site(outlines[:1], more, WISHES)
    assert find_data(files, "index")[0]["newest"]["pending"] == ["LATER"]
    assert '<span class="so-far">so far</span>' in page.data.decode()
    assert "what has not run in it: LATER." in page.data.decode()
    *_, whole = render_site(outlines[:1], plan, WISHES)
    assert "so far<" not in whole.data.decode()
