import pytest

from parityhub.audit.extract.inline import clean_line


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("**bold** and *it* and _so_", "bold and it and so"),
        ("a `code *x*` b", "a code *x* b"),
        ("``a ` b``", "a ` b"),
        ("blocked_*_xla.md and stats*.json", "blocked_*_xla.md and stats*.json"),
        ("__init__ and a_b_c and 2**3 and **/*.json", "__init__ and a_b_c and 2**3 and **/*.json"),
        ("a \\| b \\_c", "a | b _c"),
        ("[text](target.md) ![p](p.png)", "text p"),
        ("[not a link] (x) [y]", "[not a link] (x) [y]"),
        ("<b>x</b> <timestamp> <!-- gone --> y", "x <timestamp>  y"),
        ("a &lt; b &times; c &unknown;", "a < b × c &unknown;"),
        ("~~old~~ ~5", "old ~5"),
        ("[a `b` c](d)", "a b c"),
    ],
)
def test_markup_is_taken_away(raw, text):
    assert clean_line(raw, 1, 1).text == text


def test_links_keep_target_and_place():
    passage = clean_line('see [a](b/c.md "t") and ![d](<e f.png>)', 3, 5)
    assert [(link.target, link.line, link.column) for link in passage.links] == [
        ("b/c.md", 3, 13),
        ("e f.png", 3, 35),
    ]
    assert [passage.text[link.start : link.end] for link in passage.links] == ["a", "d"]


def test_code_is_marked():
    passage = clean_line("**a** `b c` d", 1, 1)
    assert [passage.text[start:end] for start, end in passage.codes] == ["b c"]


@pytest.mark.parametrize("raw", ["**a** `b` [c](d) \\_e", "`a` ``b`` *c* x", "[[a](b)](c)"])
def test_places_are_those_of_the_raw_line(raw):
    passage = clean_line(raw, 1, 1)
    for index, sign in enumerate(passage.text):
        assert raw[passage.place(index)[1] - 1] == sign
