import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.capture.redaction import SECRET_WORDS, hide_path, hide_secret

WORDS = st.lists(st.sampled_from(["TF", "XLA", "KERAS", "BACKEND", "HF", "X1"]), max_size=3)


@given(WORDS, st.sampled_from(sorted(SECRET_WORDS)), st.sampled_from(["", "S"]), WORDS)
def test_a_secret_word_as_a_part_hides_the_value(before, word, plural, after):
    name = "_".join([*before, word + plural, *after])
    assert hide_secret(name, "hunter2") == "[redacted]"
    assert hide_secret(name.lower(), "hunter2") == "[redacted]"


@pytest.mark.parametrize(
    "name",
    [
        "KERAS_BACKEND",
        "TOKENIZERS_PARALLELISM",
        "TF_KEYBOARD",
        "MONKEY",
        "AUTHOR",
        "OMP_NUM_THREADS",
    ],
)
def test_a_word_that_only_looks_like_one_hides_nothing(name):
    assert hide_secret(name, "2") == "2"


def test_sees_words_in_camel_case():
    assert hide_secret("myApiKey", "hunter2") == "[redacted]"


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("/repo/plans/plan.toml", "plans/plan.toml"),
        ("/repo", "."),
        ("/home/someone/data.npz", "<outside>/data.npz"),
        ("/repository/data.npz", "<outside>/data.npz"),
        ("--out=/repo/outputs/x", "--out=outputs/x"),
        ("--out=/home/someone/x/", "--out=<outside>/x"),
        ("relative/path", "relative/path"),
        ("--epochs", "--epochs"),
        ("a=/home/someone", "a=/home/someone"),
    ],
)
def test_paths(word, shown):
    assert hide_path(word, "/repo") == shown


def test_without_a_root_all_paths_are_outside():
    assert hide_path("/repo/plans/plan.toml", None) == "<outside>/plan.toml"


def test_a_link_out_of_the_root_stays_where_it_is_written(tmp_path):
    outside, root = tmp_path / "python", tmp_path / "root"
    outside.write_text("")
    root.mkdir()
    (root / "python").symlink_to(outside)
    assert hide_path(str(root / "python"), str(root)) == "python"
