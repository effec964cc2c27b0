"""Nothing recorded shows a secret, or where on this machine things lie."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.run.hiding import Hider, make_hider

ROOT = Path("/srv/repo")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/repo/a/b.py", "a/b.py"),
        ("cwd=/srv/repo", "cwd=."),
        ("'/srv/repo': no such file", "'.': no such file"),
        ("--out=/srv/repo/out -I/srv/repo/include", "--out=out -Iinclude"),
        ("/srv/repo/a:/srv/repo/b", "a:b"),
        ("file:///srv/repo/a", "file://a"),
        ("/srv/repository/a", "/srv/repository/a"),
        ("/srv/repo-2/a /srv/repo.old", "/srv/repo-2/a /srv/repo.old"),
        ("/mnt/srv/repo/a", "/mnt/srv/repo/a"),
        ("/home/ann/.cache/x", "~/.cache/x"),
        ("HOME=/home/ann", "HOME=~"),
        ("/home/anna/x", "/home/anna/x"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_folders_are_shown_relative(text: str, shown: str) -> None:
    assert make_hider({"HOME": "/home/ann"}, ROOT).hide_text(text) == shown


def test_a_repository_below_the_home_folder_is_shown_as_such() -> None:
    hider = make_hider({"HOME": "/srv"}, ROOT)
    assert hider.hide_text("/srv/repo/a /srv/other/b") == "a ~/other/b"


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
    asked = {"API_KEY": "xyz", "NO_KEY": None, "DATA": "/srv/repo/data", "FLAG": "1"}
    assert make_hider(asked, ROOT).hide_env(asked) == {
        "API_KEY": "[redacted]",
        "NO_KEY": None,
        "DATA": "data",
        "FLAG": "1",
    }


def test_a_tree_is_hidden_leaf_by_leaf() -> None:
    tree = {"argv": ["/srv/repo/a", 3, None], "n": {"x": 1.5, "on": True}, "t": ("/srv/repo",)}
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
