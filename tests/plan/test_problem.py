import pytest

from parityhub.plan.problem import KeyPath, format_key, keep_to_line, suggest


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("phase", 2, "runs", 0, "ladder"), "phase[2].runs[0].ladder"),
        (("options", "n-groups"), "options.n-groups"),
        (("dataset", "a.b", "files"), 'dataset."a.b".files'),
        (("options", "two\nlines"), 'options."two\\nlines"'),
        (("options", ""), 'options.""'),
        ((), "plan"),
    ],
)
def test_writes_a_key_as_a_person_does(path: KeyPath, text: str) -> None:
    assert format_key(path) == text


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("tensorflwo", ["torch", "tensorflow"], "did you mean 'tensorflow'?"),
        ("x", ["torch", "tensorflow"], "known: tensorflow, torch"),
        ("x", [], "the plan has none"),
    ],
)
def test_suggests_the_nearest_name_or_all(name: str, known: list[str], hint: str) -> None:
    assert suggest(name, known) == hint


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\nb", "a\\nb"), ("\x1b[31m", "\\x1b[31m"), ("\u202e", "\\u202e"), ("é  ü", "é  ü")],
)
def test_keeps_a_text_to_a_line(text: str, line: str) -> None:
    assert keep_to_line(text) == line
