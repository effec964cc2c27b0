"""Text is rendered by a CommonMark parser: what comes out is text, and the text that went in."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from parityhub.report.escape import (
    escape_markdown,
    fence_lines,
    quote_code,
    quote_target,
    show_controls,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "[click](javascript:alert(1)) ![x](http://tracker.example/p.png)",
    "| a | b |",
    "`code` ``` ~~~ ````",
    "**bold** _it_ __init__ ~~gone~~ $x^2$",
    "&lt;b&gt; &#60;",
    "\x1b[31mred\x1b[0m\r\n\x07",
    "user\u202etxt.exe\u2066",
    "# heading",
    "1. one",
    "- item",
    "---",
    "> quote",
    "see http://evil.example or www.evil.example or a@evil.example",
    "\udc80 lone surrogate",
    "C:\\temp\\",
)
texts = st.text(max_size=60) | st.text(alphabet="a_*`[]()<>&;|\\~#-+=.1 \n\t!:/", max_size=30)


class Reader(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read_markdown(markdown: str) -> Reader:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return Reader(parser.render(markdown))


@given(texts)
@example("_a_ __b__ c_d")
@example("http://www.x")
def test_escaped_text_is_shown_and_nothing_else(text: str) -> None:
    page = read_markdown(f"x {escape_markdown(text)} y")
    assert page.tags == ["p"]
    assert page.text.strip("\n") == f"x {show_controls(text)} y"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_not_active(text: str) -> None:
    page = read_markdown(f"- {escape_markdown(text)}\n")
    assert page.tags == ["ul", "li"]
    assert page.text.strip("\n") == show_controls(text)


@given(texts.map(lambda text: text.strip(" ")).filter(bool))
@example("1) a")
@example("--")
@example("===")
def test_escaped_text_starts_no_block(text: str) -> None:
    page = read_markdown(f"- {escape_markdown(text)}\n")
    assert page.tags == ["ul", "li"]
    assert page.text.strip("\n") == show_controls(text)


@given(texts.map(lambda text: text.strip(" ")).filter(bool))
def test_a_table_cell_stays_one_cell(text: str) -> None:
    cells = f"| {escape_markdown(text)} | {quote_code(text)} |"
    page = read_markdown(f"| a | b |\n| --- | --- |\n{cells}\n")
    assert page.tags.count("td") == 2
    assert set(page.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    assert page.text.count(show_controls(text)) >= 2


@given(texts)
def test_a_code_span_holds_its_text(text: str) -> None:
    page = read_markdown(f"x {quote_code(text)} y")
    assert set(page.tags) <= {"p", "code"}
    assert page.text.strip("\n") == f"x {show_controls(text)} y"


@given(st.lists(texts, max_size=4))
@example(["```", "~~~~", "`````"])
def test_no_line_closes_its_fence(lines: list[str]) -> None:
    page = read_markdown(fence_lines(lines) + "\n\nafter\n")
    shown = "".join(f"{show_controls(line, keep=chr(9))}\n" for line in lines)
    assert page.tags == ["pre", "code", "p"]
    assert page.text == f"{shown}\nafter\n"


@pytest.mark.parametrize(
    "text", ["https://evil.example", "FTP://evil.example", "www.evil.example", "a@evil.example"]
)
def test_bare_addresses_are_not_turned_into_links_by_code_hosts(text: str) -> None:
    assert text not in escape_markdown(text)
    assert read_markdown(escape_markdown(text)).text.strip() == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u202e", r"\u202e"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\tb\nc", r"a\tb\nc"),
        ("\U000e0001", r"\U000e0001"),
        ("\udc80", r"\udc80"),
        ("µ é 中", "µ é 中"),
    ],
)
def test_what_does_not_print_is_shown(text: str, shown: str) -> None:
    assert show_controls(text) == shown


def test_names_stay_readable() -> None:
    text = "patch_amplitude.var_zero_mean is 1.5e-3, not -0.2 (tf_baseline/phase_c1)"
    assert escape_markdown(text) == text


@given(texts)
def test_a_link_target_stays_a_relative_path(text: str) -> None:
    page = read_markdown(f"[x]({quote_target(text or 'a', text)})")
    target = quote_target(text)
    assert page.tags in (["p", "a"], ["p"])
    assert not target.startswith("/")
    assert not set(target) & set(":()<>|\\ \n")
