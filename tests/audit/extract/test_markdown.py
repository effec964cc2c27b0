import pytest

from parityhub.audit.extract.markdown import read_markdown


def read(text):
    return list(read_markdown(text.split("\n")))


def texts(passages):
    return [passage.text.strip() for passage in passages]


def test_headings_stand_over_what_follows_until_one_of_their_level():
    last = read("# A\n## B\nx\n\n## C\ny\n")[-1]
    assert texts(last.headings) == ["A", "C"]


def test_items_stand_under_items_and_the_line_that_leads_to_them():
    last = read("It says:\n\n- one\n  - two\n")[-1]
    assert texts(last.parents) == ["It says:", "one"]


def test_a_list_that_nothing_leads_to_stands_alone():
    assert read("A sentence.\n\n- one\n")[-1].parents == ()


def test_ticks_are_read():
    assert [passage.ticked for passage in read("- [x] a\n- [ ] b\n- c\n")] == [True, False, None]


def test_cells_know_row_column_and_corner():
    cells = read("| m | torch |\n|---|---|\n| mean | 1 \\| 2 |\n")
    last = cells[-1]
    assert (last.text.strip(), last.row, last.column, last.corner) == (
        "1 | 2",
        "mean",
        "torch",
        "m",
    )
    assert last.place(1) == (3, 10)


def test_code_is_read_line_by_line():
    passages = read("```sh\nA=1 \\\n  b\n```\n\n    c\n")
    assert [(p.text, p.role, p.place(0)) for p in passages] == [
        ("A=1 \\", "code", (2, 1)),
        ("  b", "code", (3, 1)),
        ("    c", "code", (6, 1)),
    ]


def test_wrapped_lines_are_one_and_labels_begin_their_own():
    (passage,) = read("a b\nc d.\nDate: x  \nlast")
    assert passage.text == "a b c d.\nDate: x  \nlast"
    assert passage.place(passage.text.index("last")) == (4, 1)


@pytest.mark.parametrize(
    "text",
    ["> - a *b*", "1. > x", "* a\n\n  b", "<details><summary>x</summary>\n\ny\n\n</details>"],
)
def test_characters_lie_where_they_are_said_to(text):
    lines = text.split("\n")
    for passage in read(text):
        for index, sign in enumerate(passage.text):
            line, column = passage.place(index)
            assert sign.isspace() or lines[line - 1][column - 1] == sign


def test_a_line_too_long_is_cut():
    passages = read("word " * 40_000)
    assert len(passages) == 4
    assert max(len(passage.text) for passage in passages) <= 64 * 1024
    assert passages[1].place(0)[1] == len(passages[0].text) + 1


@pytest.mark.parametrize("sign", [">", "- ", "1. ", "[", "*", "`"])
def test_deep_nesting_is_bounded(sign):
    passages = read(sign * 30_000 + "a")
    assert passages
    assert max(len(passage.parents) for passage in passages) < 100
