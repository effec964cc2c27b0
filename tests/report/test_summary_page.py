"""summary.html: each number is the record's, nothing of a record is active, blocks can be taken."""

import base64
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from parityhub.errors import PlanError
from parityhub.report.journal_view import Journal
from parityhub.report.render import render_template
from parityhub.report.summary_page import digest_script, list_images, render_summary_page
from tests.report.page_sample import PageSample, make_page_sample
from tests.report.test_audit_html import Reader
from tests.report.test_journal_view import TURN
from tests.report.test_summary_view import SCALES, SOURCED, list_facts

HOSTILE = (
    "<script>document.title='run'</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) "
    "{{ 7 * 7 }} {% raw %} \x1b[31mred\x07 \u202eright to left\u2066 \"' onload='x' &amp; --> ]]>"
)
NUMBER = re.compile(r"^(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)(?: (s|[kMGT]B|bytes))?$")


class Numbers(HTMLParser):
    """Reads the links that are numbers: where each leads, the place it names, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.at: dict[str, str] | None = None
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        plain = {name: value or "" for name, value in attrs}
        if tag == "a" and plain.get("class") == "n":
            self.at, self.text = plain, ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.at is not None:
            self.found.append((self.at["href"], self.at["title"], self.text))
            self.at = None


@pytest.fixture(scope="module")
def made() -> PageSample:
    return make_page_sample()


@pytest.fixture(scope="module")
def page(made: PageSample) -> str:
    return render(made)


def render(made: PageSample, own: Path | None = None, **changes: Any) -> str:
    return render_summary_page(made.view(**changes), made.arrays, own)


def list_all_facts(made: PageSample) -> dict[str, object]:
    """List what each place holds, of the records that the page shows beside those of the text."""
    facts = list_facts(made.sample)

    def walk(place: str, node: Any) -> None:
        children = node.items() if isinstance(node, dict) else enumerate(node)
        for key, child in children:
            if isinstance(child, dict | list | tuple):
                walk(f"{place}/{key}", child)
            else:
                facts[f"{place}/{key}"] = child

    sample = made.sample
    for group in (sample.figures, sample.environments, sample.comparisons, sample.localizations):
        for path, record in group.items():
            walk(f"{path}#", msgspec.to_builtins(record))
    return facts


def find_fact(facts: dict[str, object], href: str, title: str) -> object:
    path = unquote(href.partition("#")[0])
    return facts[path + title.removeprefix(path.rsplit("/", 1)[-1])]


def test_each_number_is_what_its_record_holds(made: PageSample, page: str) -> None:
    facts = list_all_facts(made)
    seen = 0
    for href, title, text in Numbers(page).found:
        fact = find_fact(facts, href, title)
        shown = NUMBER.match(text)
        if isinstance(fact, str) or fact is None:
            assert text in (fact, f"{str(fact)[:12]}…", "none")
            continue
        if isinstance(fact, bool):
            assert text == str(fact).lower()
            continue
        assert shown, text
        assert isinstance(fact, int | float)
        number, unit = shown[1], shown[2] or ""
        digits = len(re.sub(r"e.*|\D", "", number).lstrip("0")) or 1
        assert abs(float(number) * SCALES[unit] - fact) <= abs(fact) * 10.0 ** (1 - digits)
        seen += 1
    assert seen > 250


def test_the_place_that_a_number_names_is_where_its_link_leads(page: str) -> None:
    for href, title, _ in Numbers(page).found:
        target, _, fragment = href.partition("#")
        name, _, pointer = title.partition("#")
        assert unquote(target).endswith(name.partition(":")[0])
        assert unquote(fragment) == (pointer or f"L{title.rpartition(':')[2]}")


def test_text_page_and_json_show_the_same_numbers(made: PageSample, page: str) -> None:
    view = made.view()
    text = render_template("summary.md.j2", view)
    on_page = {(unquote(href).partition("#")[0], title): shown
               for href, title, shown in Numbers(page).found}  # fmt: skip
    in_text = [
        (unquote(target).partition("#")[0], title, f"{number} {unit}".strip())
        for number, unit, title, target in SOURCED.findall(text)
    ]
    assert len(in_text) > 90
    for target, title, number in in_text:
        assert on_page[target, title.replace("\\", "")] == number
    document = msgspec.json.decode(msgspec.json.encode(view))
    places = {
        (value["source"]["target"], value["source"]["text"]): value["value"]
        for value in walk_values(document)
    }
    facts = list_all_facts(made)
    assert set(on_page) <= set(places)
    for (target, title), value in places.items():
        fact = facts.get(target + title.removeprefix(target.rsplit("/", 1)[-1]))
        # An environment tells `none` apart from what is missing.
        assert value == fact or (fact is None and value in ("none", None))


def walk_values(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if {"value", "status", "source"} <= set(node):
            yield node
        for child in node.values():
            yield from walk_values(child)
    elif isinstance(node, list):
        for child in node:
            yield from walk_values(child)


def test_the_page_is_whole_and_asks_for_nothing(page: str) -> None:
    reader = Reader(page)
    assert (reader.open, reader.wrong) == ([], [])
    ids = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert [name for name, number in Counter(ids).items() if number > 1] == []
    inner = {link["href"][1:] for link in reader.find("a") if link["href"].startswith("#")}
    assert inner <= set(ids)
    assert {link["href"].partition(":")[0] for link in reader.find("a")}.isdisjoint(
        {"http", "https", "javascript", "data", "file"}
    )
    assert all(image["src"].startswith("data:image/png;base64,") for image in reader.find("img"))
    assert "url(" not in page
    assert "@import" not in page


def test_every_picture_has_words_and_data(made: PageSample, page: str) -> None:
    reader = Reader(page)
    assert len(reader.find("img")) == len(list_images(made.view()))
    assert all(image["alt"] for image in reader.find("img"))
    assert all(svg["aria-label"] for svg in reader.find("svg") if svg.get("role") == "img")
    for figure in re.findall(r"<figure.*?</figure>", page, re.DOTALL):
        assert " download " in figure
        assert "<table>" in figure or 'class="extremes"' in figure


def test_the_answer_stands_first_and_leaves_out_nothing(page: str) -> None:
    top = page[page.index("<header") : page.index("</header>")]
    for words in ("FAIL", "torch-scale", "2026-11-24T21:40:00Z", "e7a1ea5b6f2f", "default", "C9"):
        assert words in top


def test_what_has_not_run_is_no_pass(made: PageSample) -> None:
    page = render(made, phases=())
    assert '<span class="badge INCONCLUSIVE">' in page[: page.index("</header>")]
    assert "no phase has run" in page


def test_failing_lines_are_there_with_their_numbers(page: str) -> None:
    assert "118: 2026-11-24 21:31:07 E op_kernel.cc: OP_REQUIRES failed" in page
    assert page.count('<li class="failed"') == 4


def test_only_what_differs_of_the_environments_is_shown(page: str) -> None:
    table = page[page.index("Environments of the sides of C1") :]
    table = table[table.index("<tbody>") : table.index("</tbody>")]
    names = re.findall(r'<th scope="row">(\S*)', table)
    assert names == [
        "versions.tensorflow", "variables.OMP_WAIT_POLICY", "options.stitch", "versions.torch",
    ]  # fmt: skip
    assert "train, infer" in table
    assert "OMP_WAIT_POLICY: asked PASSIVE, saw ACTIVE" in page


def test_a_side_that_wrote_nothing_down_differs_in_nothing(made: PageSample) -> None:
    path, record = next(iter(made.sample.environments.items()))
    silent = {**made.sample.environments, path: replace(record, processes=())}
    page = render(made, environments=silent)
    assert "Not compared with each other: TensorFlow wrote nothing down." in page
    assert "Environments of the sides of C1" not in page


def test_a_run_without_figures_says_so(made: PageSample) -> None:
    page = render(made, figures={}, localizations={})
    assert "No record holds what pictures of this run would show" in page
    assert "No record holds what pictures of this check would show" in page
    assert '<svg class="chart"' not in page


def test_an_image_that_the_hub_lost_is_named(made: PageSample) -> None:
    page = render_summary_page(made.view(), {}, None)
    assert page.count("cannot be read from the hub") == len(list_images(made.view()))


def test_the_same_records_give_the_same_bytes(made: PageSample, page: str) -> None:
    assert render(make_page_sample()) == page


def test_the_script_that_runs_is_ours_alone(page: str) -> None:
    script = page[page.index("<script>") + 8 : page.index("</script>")]
    digest = digest_script(script.removeprefix("\n"))
    assert f"script-src '{digest}'" in page
    assert page.count("<script") == 1
    assert len(base64.b64decode(digest.removeprefix("sha256-"))) == 32
    assert "default-src 'none'" in page


def make_hostile(made: PageSample, words: str) -> dict[str, Any]:
    sample = made.sample
    return {
        "phases": [
            replace(
                phase,
                reason=words,
                title=words,
                checks=tuple(
                    replace(check, title=words, reason=words, tolerance=words)
                    for check in phase.checks
                ),
            )
            for phase in sample.phases
        ],
        "blockers": {
            path: replace(
                blocker,
                issue_summary=words,
                causes=tuple(
                    replace(cause, text=words, lines=(words, words)) for cause in blocker.causes
                ),
            )
            for path, blocker in sample.blockers.items()
        },
        "attempts": {
            path: replace(attempt, rung_title=words, dataset=words)
            for path, attempt in sample.attempts.items()
        },
        "environments": {
            path: replace(
                record,
                differences=(words,),
                processes=({"step": words, words: f"{words}{record.attempt}"},),
            )
            for path, record in sample.environments.items()
        },
        "figures": {
            path: replace(
                record,
                grids=tuple(replace(grid, shows=words, name=words) for grid in record.grids),
                checks=tuple(
                    replace(
                        item,
                        histograms=tuple(replace(h, name=words) for h in item.histograms),
                    )
                    for item in record.checks
                ),
            )
            for path, record in sample.figures.items()
        },
        "localizations": {
            path: replace(
                record,
                reason=words,
                layers=tuple(replace(layer, pytorch=words) for layer in record.layers),
            )
            for path, record in sample.localizations.items()
        },
        "next_steps": [words],
    }


def test_hostile_words_are_shown_and_not_run(made: PageSample, page: str) -> None:
    hostile = render(made, **make_hostile(made, HOSTILE))
    reader, like = Reader(hostile), Reader(page)
    assert (reader.open, reader.wrong) == ([], [])
    assert {name for name, _ in reader.elements} == {name for name, _ in like.elements}
    assert hostile.count("<script") == 1
    assert not [
        name for _, attributes in reader.elements for name in attributes if name[:2] == "on"
    ]
    assert r"\x1b[31mred\x07 \u202eright to left\u2066" in reader.text
    assert "[a](javascript:alert(1)) {{ 7 * 7 }} {% raw %}" in reader.text
    assert "<script>document.title='run'</script>" in reader.text
    assert not set(hostile) & set("\x1b\x07\u202e\u2066")
    assert {link["href"].partition(":")[0] for link in reader.find("a")}.isdisjoint(
        {"http", "https", "javascript", "data"}
    )


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=30))
def test_any_words_leave_the_page_as_it_is_built(words: str) -> None:
    made = make_page_sample()
    page = Reader(render(made, **make_hostile(made, words)))
    like = Reader(render(made, **make_hostile(made, "x")))
    assert (page.open, page.wrong) == ([], [])
    assert {name for name, _ in page.elements} == {name for name, _ in like.elements}
    assert all(char.isprintable() or char in "\n\t" for char in page.text)


def test_a_user_overrides_one_block(made: PageSample, page: str, tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text(
        '{% extends "parityhub/page.html.j2" %}'
        "{% block footer %}<p>Ours: {{ view.initiative }}</p>{% endblock %}"
    )
    own = render(made, tmp_path)
    assert own.replace("<p>Ours: FORWARD-PARITY</p>", "") == page


def test_a_block_of_each_phase_sees_its_phase(made: PageSample, tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text(
        '{% extends "parityhub/page.html.j2" %}'
        "{% block phase_files %}<p>No files of {{ phase.id }}</p>{% endblock %}"
    )
    assert re.findall("No files of (\\w+)", render(made, tmp_path)) == ["C2", "GS1", "C1", "B2"]


def test_a_users_style_counts_and_its_words_are_escaped(made: PageSample, tmp_path: Path) -> None:
    (tmp_path / "style.css.j2").write_text(
        '{% include "parityhub/style.css.j2" %}\nbody { max-width: 50rem; }'
    )
    (tmp_path / "page.html.j2").write_text(
        '{% extends "parityhub/page.html.j2" %}'
        "{% block footer %}{{ view.next_steps[0] | join }}{% endblock %}"
    )
    own = render(made, tmp_path, next_steps=["<b>"])
    assert "max-width: 50rem" in own
    assert own.count("&lt;b&gt;") == 2


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ view.nothing }}", "nothing"),
        ("{% include '../secret.txt' %}", "secret"),
        ("{% if %}", "page.html.j2:1"),
        ("{% include 'link.txt' %}", "link"),
        ("{{ 1 / 0 }}", "zero"),
    ],
)
def test_a_template_that_reaches_out_or_fails_is_told(
    made: PageSample, tmp_path: Path, block: str, told: str
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("a secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "page.html.j2").write_text(
        '{% extends "parityhub/page.html.j2" %}{% block footer %}' + block + "{% endblock %}"
    )
    with pytest.raises(PlanError, match=told) as caught:
        render(made, folder)
    assert "a secret" not in caught.value.message
    assert "\n" not in caught.value.message


def test_what_people_added_is_shown_as_they_wrote_it(made: PageSample) -> None:
    page = render(made)
    assert "<blockquote>### Turn\n\n- the pair *agrees*</blockquote>" in page
    assert "<blockquote>TensorFlow has no kernel.</blockquote>" in page
    assert "<b>Lapsed</b>: its last day is over" in page
    assert page.count("Files touched since") == 2
    assert "Turns</h2>" not in render(made, journal=Journal())


def test_prose_is_shown_and_not_run(made: PageSample) -> None:
    page = render(made, journal=Journal(turns=((TURN, HOSTILE),)))
    assert "<script>document.title" not in page
    assert "&lt;script&gt;document.title" in page
