"""Nothing recorded shows a secret, or where on this machine things lie."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.run.hiding import Hider, make_hider

ROOT = Path("/work/repo")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/work/repo/a/b.py", "a/b.py"),
        ("cwd=/work/repo", "cwd=."),
        ("'/work/repo': no such file", "'.': no such file"),
        ("--out=/work/repo/out -I/work/repo/include", "--out=out -Iinclude"),
        ("/work/repo/a:/work/repo/b", "a:b"),
        ("file:///work/repo/a", "file://a"),
        ("/work/repository/a", "/work/repository/a"),
        ("/work/repo-2/a /work/repo.old", "/work/repo-2/a /work/repo.old"),
        ("/mnt/work/repo/a", "/mnt/work/repo/a"),
        ("/home/ann/.cache/x", "~/.cache/x"),
        ("HOME=/home/ann", "HOME=~"),
        ("/home/anna/x", "/home/anna/x"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_folders_are_shown_relative(text: str, shown: str) -> None:
    assert make_hider({"HOME": "/home/ann"}, ROOT).hide_text(text) == shown


def test_a_repository_below_the_home_folder_is_shown_as_such() -> None:
    hider = make_hider({"HOME": "/work"}, ROOT)
    assert hider.hide_text("/work/repo/a /work/other/b") == "a ~/other/b"


@pytest.mark.parametrize("folder", ["/", ""])
def test_the_root_of_all_files_hides_nothing(folder: str) -> None:
    assert make_hider({"HOME": folder}, Path("/")).hide_text("/usr/bin/x") == "/usr/bin/x"


def test_the_folder_behind_a_link_is_hidden_too(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    hider = make_hider({}, tmp_path / "link")
    assert hider.hide_text(f"{tmp_path}/link/a {tmp_path}/real/b") == "a b"


def test_secrets_are_known_by_the_name_of_their_variable() -> None:
    hider = make_hider(
        {
            "HF_TOKEN": "abcdef",
            "LONGER_TOKEN": "abcdef-and-more",
            "SHORT_KEY": "abc",
            "KERAS_BACKEND": "tensorflow",
            "UNSET_SECRET": None,
        },
        ROOT,
    )
    text = "abcdef-and-more abcdef abc tensorflow"
    assert hider.hide_text(text) == "[redacted LONGER_TOKEN] [redacted HF_TOKEN] abc tensorflow"


def test_each_line_of_a_secret_is_hidden() -> None:
    hider = make_hider({"PRIVATE_KEY": "-----BEGIN\r\nMIIEvQIBADAN\n-----END\n"}, ROOT)
    assert hider.hide_text("x MIIEvQIBADAN y") == "x [redacted PRIVATE_KEY] y"


def test_a_secret_that_looks_like_a_pattern_is_taken_as_it_is() -> None:
    hider = make_hider({"MY_SECRET": r"a.*b\1(?"}, ROOT)
    assert hider.hide_text(r"aXXb a.*b\1(? \1") == r"aXXb [redacted MY_SECRET] \1"


def test_variables_are_shown_set_or_unset_but_no_secret() -> None:
    asked = {"API_KEY": "xyz", "NO_KEY": None, "DATA": "/work/repo/data", "FLAG": "1"}
    assert make_hider(asked, ROOT).hide_env(asked) == {
        "API_KEY": "[redacted]",
        "NO_KEY": None,
        "DATA": "data",
        "FLAG": "1",
    }


def test_a_tree_is_hidden_leaf_by_leaf() -> None:
    tree = {"argv": ["/work/repo/a", 3, None], "n": {"x": 1.5, "on": True}, "t": ("/work/repo",)}
    assert make_hider({}, ROOT).hide_tree(tree) == {
        "argv": ["a", 3, None],
        "n": {"x": 1.5, "on": True},
        "t": ["."],
    }


@given(st.text(max_size=40))
def test_without_anything_to_hide_a_text_stays(text: str) -> None:
    assert Hider().hide_text(text) == text


@given(st.text(alphabet="abc/. \n", max_size=30), st.text(alphabet="abc/. \n", max_size=30))
def test_no_secret_is_left_in_any_text(before: str, after: str) -> None:
    secret = "b/c.a b"
    shown = make_hider({"A_TOKEN": secret}, ROOT).hide_text(before + secret + after)
    assert secret not in shown
