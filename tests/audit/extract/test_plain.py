import pytest

from parityhub.audit.extract.plain import read_plain


def read(text):
    return list(read_plain(text.split("\n")))


def texts(passages):
    return [passage.text.strip() for passage in passages]


@pytest.mark.parametrize(
    "text", ["# A\n\n## B\nx", "== A ==\n\n-- B --\nx", "A\n===\n\nB\n---\nx", "# A\n\n[B]\nx"]
)
def test_headings_have_many_forms(text):
    last = read(text)[-1]
    assert (last.text, texts(last.headings)) == ("x", ["A", "B"])


def test_lines_of_a_title_stand_together():
    last = read("# A\n# Generated: x\n\n## B\ny")[-1]
    assert texts(last.headings)[0] == "A"


def test_indented_lines_stand_under_those_before():
    last = read("mean:\n  Baseline: 1\n    from a.json\n")[-1]
    assert texts(last.parents) == ["mean:", "Baseline: 1"]


def test_items_stand_under_the_line_that_leads_to_them():
    passages = read("Statistics (batch 0):\n- mean: 1\n- std: 2\n\nOther\n")
    assert [texts(passage.parents) for passage in passages[1:]] == [
        ["Statistics (batch 0):"]
    ] * 2 + [[]]


def test_wrapped_prose_is_one_and_lists_of_digests_are_not():
    prose = "This line is longer than fifty characters and so goes\non in the next one here."
    assert len(read(prose)) == 1
    line = "d70bced43e96f661639dcc0825d9e2c74500cc33  a/b.txt"
    assert len(read(f"{line}\n{line}\n")) == 2


def test_fences_and_rows_are_known():
    roles = [passage.role for passage in read("```\na=1\n```\n| a | b |\n")]
    assert roles == ["code", "cell", "cell"]
