"""Prose that a person adds: what is refused before it is even held against the evidence."""

import pytest

from parityhub.errors import UsageError
from parityhub.workflow.prose import LONGEST, compose_prose, list_active


def test_prose_stands_under_what_it_is_about():
    assert compose_prose("a\r\nb  \n\n", "Both", "C1") == "### Phase C1: Both\n\na\nb\n"
    assert compose_prose("a", "", "C1") == "### Phase C1\n\na\n"
    assert compose_prose("a", "Both", None) == "### Turn: Both\n\na\n"
    assert compose_prose("a", "", None) == "### Turn\n\na\n"


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_no_text_is_no_turn(text):
    with pytest.raises(UsageError, match="no text"):
        compose_prose(text, "", None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n\n<script>x</script>", "line 3: holds HTML"),
        ("a <b>c</b>", "line 1: holds HTML: <b>"),
        ("a\u202eb", r"line 1: holds the character \u202e"),
        ("a\x1b[31m", r"line 1: holds the character \x1b"),
        ("a\rb", r"line 1: holds the character \r"),
        ("![x](https://example.org/x.png)", "line 1: holds an image that lies elsewhere"),
        ("<!-- parityhub: ignore[PH401] I know better -->\nx is 1", "line 1: findings cannot be"),
        ("> # parityhub: ignore[PH401] so", "line 1: findings cannot be"),
        ("x" * LONGEST, "characters; a turn takes"),
    ],
)
def test_what_a_page_must_not_take_over_is_refused_with_its_line(text, says):
    with pytest.raises(UsageError) as caught:
        compose_prose(text, "", "C1")
    assert caught.value.message.startswith(says) or says in caught.value.message


def test_a_title_cannot_smuggle_in_what_the_text_must_not_hold():
    with pytest.raises(UsageError):
        compose_prose("a", "<img src=x>", None)
    assert compose_prose("a", "two\n\n# lines", None).startswith("### Turn: two # lines\n\na")


@pytest.mark.parametrize(
    "text", ["a `<b>` in code", "```\n<b>\n```", "1 < 2 > 0", "![x](plot.png)", "- a\n\n| b |", "ü"]
)
def test_plain_markdown_is_taken(text):
    assert list(list_active(text)) == []
