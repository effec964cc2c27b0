"""Quotes of prose in a summary: faithful ones are left out, others are kept and told."""

from parityhub.audit.facts.logs import Texts
from parityhub.audit.facts.quotes import leave_out, list_quotes
from parityhub.audit.roots import Roots

PATH = "turns/turn_0001.md"
SUMMARY = (
    "# S",
    "",
    f"then ([turn_0001.md]({PATH})):",
    "",
    "> ### Turn",
    ">",
    "> x is 1",
    "",
    "end",
)


def read_quotes(tmp_path, lines, listed=frozenset({PATH})):
    file = tmp_path / PATH
    file.parent.mkdir(exist_ok=True)
    file.write_text("### Turn\n\nx is 1\n", encoding="utf-8")
    return list(list_quotes(lines, Texts(Roots(tmp_path)), listed))


def test_a_faithful_quote_is_left_out(tmp_path):
    (quote,) = read_quotes(tmp_path, SUMMARY)
    assert quote.faithful
    assert leave_out(SUMMARY, [quote]) == (*SUMMARY[:4], "", "", "", *SUMMARY[7:])


def test_another_wording_stays(tmp_path):
    for changed in ("> x is 2", "> x is 1 and more", ">"):
        lines = (*SUMMARY[:6], changed, *SUMMARY[7:])
        (quote,) = read_quotes(tmp_path, lines)
        assert not quote.faithful
        assert leave_out(lines, [quote]) == lines


def test_a_line_more_or_less_is_no_quote(tmp_path):
    for lines in ((*SUMMARY[:6], *SUMMARY[7:]), (*SUMMARY[:7], "> y is 3", *SUMMARY[7:])):
        (quote,) = read_quotes(tmp_path, lines)
        assert not quote.faithful


def test_a_file_that_the_manifest_does_not_list_is_not_quoted(tmp_path):
    assert read_quotes(tmp_path, SUMMARY, frozenset()) == []
