"""A folder as it is: what is no plain file is named, and nothing leads out of it."""

import os
import sys

import pytest

import parityhub.adopt.list_folder as list_folder_module
from parityhub.adopt.list_folder import list_folder

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")


def tell(root):
    listing = list_folder(root.resolve())
    return [file.path for file in listing.files], {x.path: x.reason for x in listing.left_out}


def test_plain_files_are_listed_with_their_sizes(tmp_path):
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / "b" / "deep" / "x.log").write_bytes(b"12345")
    (tmp_path / "a.txt").write_text("===== test session starts =====\n")
    listing = list_folder(tmp_path)
    assert [(file.path, file.size) for file in listing.files] == [
        ("a.txt", 32),
        ("b/deep/x.log", 5),
    ]
    assert [bool(file.head) for file in listing.files] == [True, False]
    assert listing.size == 37


@needs_posix
def test_what_is_no_plain_file_is_named_and_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "kept.log").write_text("x")
    (root / "file_link").symlink_to(outside / "secret.txt")
    (root / "folder_link").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "broken").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    kept, left = tell(root)
    assert kept == ["kept.log"]
    assert left == {
        "file_link": "a link, which is not followed",
        "folder_link": "a link, which is not followed",
        "loop": "a link, which is not followed",
        "broken": "a link, which is not followed",
        "pipe": "no plain file",
    }


@needs_posix
def test_names_that_no_terminal_should_show_are_named_as_ascii(tmp_path):
    (tmp_path / "a\nb\x1b[31m").write_text("x")
    (tmp_path / os.fsdecode(b"caf\xe9")).write_text("x")
    (tmp_path / "größe.json").write_text("{}")
    kept, left = tell(tmp_path)
    assert kept == ["größe.json"]
    assert set(left.values()) == {"its name is not printable"}
    assert all(path.isascii() and path.isprintable() for path in left)


def test_what_the_folder_itself_is_called_says_nothing_of_its_files(tmp_path):
    (tmp_path / "a\tb").mkdir()
    (tmp_path / "a\tb" / "x.log").write_text("x")
    assert tell(tmp_path / "a\tb") == (["x.log"], {})


def test_what_is_gone_as_it_is_looked_at_is_named(tmp_path, monkeypatch):
    (tmp_path / "x.log").write_text("x")
    (tmp_path / "y.log").write_text("y")
    real = list_folder_module.find_hindrance

    def lose(entry, path, mode):
        if path == "x.log":
            raise FileNotFoundError(2, "No such file or directory")
        return real(entry, path, mode)

    monkeypatch.setattr(list_folder_module, "find_hindrance", lose)
    assert tell(tmp_path) == (["y.log"], {"x.log": "cannot be read: No such file or directory"})


def test_what_tools_keep_for_themselves_and_what_was_never_whole_stays_out(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    (tmp_path / ".parityhub-tmp-abc").write_text("half")
    (tmp_path / ".hidden").write_text("x")
    kept, left = tell(tmp_path)
    assert kept == [".hidden"]
    assert set(left) == {".git", ".parityhub-tmp-abc"}
