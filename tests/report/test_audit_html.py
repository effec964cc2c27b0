"""The pages of an audit: valid, self-contained, readable without colour, and never active."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parityhub.audit.findings import AuditResult
from parityhub.report.html import render_audit_pages, render_page
from parityhub.report.render import TEMPLATE_FOLDERS
from tests.report.audit_sample import (
    FILE,
    TEXT,
    make_claim,
    make_finding,
    make_result,
    make_spot,
)

VOID = {"meta", "input", "br", "hr", "img", "link"}


class Reader(HTMLParser):
    """Reads a page: its elements in order, its text, and whether each is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def find(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def render(result: AuditResult | None = None, text: str = TEXT) -> dict[str, Reader]:
    pages = render_audit_pages(result or make_result(), {FILE: text}, "../hub")
    return {name: Reader(page) for name, page in pages}


@pytest.fixture
def page() -> Reader:
    return render()[f"reports/{FILE}.html"]


def test_there_is_an_index_and_a_page_for_each_report() -> None:
    pages = render()
    assert list(pages) == ["index.html", f"reports/{FILE}.html"]
    for page in pages.values():
        assert (page.open, page.wrong) == ([], [])
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert [name for name, number in Counter(ids).items() if number > 1] == []


def test_links_within_a_page_lead_somewhere(page: Reader) -> None:
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    inner = {link["href"][1:] for link in page.find("a") if link["href"].startswith("#")}
    assert {"F1", "F2", "F3", "L3", "report"} <= inner
    assert inner <= ids


def test_each_claim_has_its_word_its_class_its_sign_and_a_title(page: Reader) -> None:
    tags = [
        attributes
        for _, attributes in page.elements
        if "title" in attributes and attributes.get("class", "").startswith("tag ")
    ]
    assert [tag["class"].split()[1] for tag in tags] == [
        "confirmed", "refuted", "confirmed", "unverifiable", "refuted", "unverifiable",
    ]  # fmt: skip
    for tag in tags:
        assert tag["class"].split()[1] in tag["title"]
        assert "href" in tag or tag["tabindex"] == "0"
    for word in ("✓ confirmed", "✗ refuted PH301", "? unverifiable"):
        assert word in page.text


def test_the_states_differ_without_colour() -> None:
    styles = render_page("_audit_style.css.j2", {})
    drawn = dict(re.findall(r"^\.claim\.(\w+) \{[^}]*border-bottom: \d+px (\w+)", styles, re.M))
    assert drawn == {"confirmed": "solid", "refuted": "double", "unverifiable": "dotted"}
    assert "prefers-color-scheme: dark" in styles
    assert "focus-visible" in styles


def test_text_stands_out_from_its_ground_in_light_and_dark() -> None:
    def light(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted((light(one), light(other)))
        return (high + 0.05) / (low + 0.05)

    styles = render_page("_audit_style.css.j2", {})
    schemes = [
        dict(re.findall(r"--([\w-]+): (#\w{6})", part)) for part in styles.split("@media")[:2]
    ]
    assert len(schemes) == 2
    for colors in schemes:
        for state in ("confirmed", "refuted", "unverifiable"):
            assert contrast(colors[state], colors[f"{state}-soft"]) >= 4.5
            assert contrast(colors["ink"], colors[f"{state}-soft"]) >= 4.5
        for name in ("ink", "dim", "link", "warning", "refuted", "confirmed"):
            assert contrast(colors[name], colors["page"]) >= 4.5
            assert contrast(colors[name], colors["soft"]) >= 4.5


def test_a_page_loads_nothing_and_may_not(page: Reader) -> None:
    names = {name for name, _ in page.elements}
    assert names.isdisjoint({"script", "img", "link", "iframe", "object", "form"})
    policy = [meta for meta in page.find("meta") if "http-equiv" in meta]
    assert policy[0]["content"].startswith("default-src 'none'")
    assert "url(" not in render_page("_audit_style.css.j2", {})
    assert [meta["content"] for meta in page.find("meta") if meta.get("name") == "viewport"]


def test_hostile_words_are_shown_and_not_run(page: Reader) -> None:
    assert "<script>alert(1)</script> & \"quoted\" 'single'" in page.text
    assert r"\x1b[31m\x07\x00\u202e\ufffe" in page.text
    titles = [attributes["title"] for _, attributes in page.elements if "title" in attributes]
    assert any("<script>alert(1)</script>" in title for title in titles)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_leaves_the_page_as_it_is_built(words: str) -> None:
    claim = make_claim("status", "refuted", words, make_spot(1, 1, len(words) + 1), reason=words)
    finding = make_finding(
        "PH602", "status-contradicted", "error", make_spot(1), claim=words, found=words,
        silenced=words,
    )  # fmt: skip
    result = replace(
        make_result(), claims=(claim,), findings=(finding,), silenced=(finding,), reason=words
    )
    plain = replace(
        result, claims=(replace(claim, reason="x"),), findings=(replace(finding, found="x"),)
    )
    page = render(result, f"a{words}".splitlines()[0])[f"reports/{FILE}.html"]
    like = render(plain, "aa")[f"reports/{FILE}.html"]
    assert (page.open, page.wrong) == ([], [])
    assert {name for name, _ in page.elements} == {name for name, _ in like.elements}
    assert page.text.isprintable() or set(filter(lambda c: not c.isprintable(), page.text)) <= {
        "\n",
        "\t",
    }


def test_a_report_without_a_confirmed_claim_is_not_called_clean() -> None:
    bare = replace(make_result(), claims=(), findings=(), silenced=())
    page = render(bare)[f"reports/{FILE}.html"]
    assert "None, and no claim of this report is confirmed by evidence." in page.text


def test_an_audit_without_reports_says_so() -> None:
    index = dict(render_audit_pages(replace(make_result(), reports=()), {}, ""))["index.html"]
    assert "None was found: nothing was checked." in index


def test_spaces_of_a_report_stay() -> None:
    text = "  indented\twith  gaps  \n\n"
    page = dict(
        render_audit_pages(replace(make_result(), claims=(), findings=()), {FILE: text}, "")
    )
    assert "<span>  indented\twith  gaps  </span>" in page[f"reports/{FILE}.html"]


def test_the_templates_are_where_a_wheel_ships_them_from() -> None:
    names = ["audit.html.j2", "audit_index.html.j2", "_audit_parts.html.j2", "_audit_style.css.j2"]
    assert [name for name in names if not (TEMPLATE_FOLDERS[1] / name).is_file()] == []
