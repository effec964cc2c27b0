import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.roots import Roots, load_report, read_report, read_within
from parityhub.errors import EvidenceError


def test_a_report_in_the_hub_is_read_as_it_is(tmp_path):
    (tmp_path / "a.md").write_text("# Größe\n")
    assert read_report(tmp_path / "a.md", Roots(tmp_path)) == "# Größe\n"


def test_bytes_that_are_no_text_are_replaced_and_told(tmp_path):
    (tmp_path / "a.md").write_bytes(b"\xff\xfe mean 1\0\n")
    report = load_report(tmp_path / "a.md", Roots(tmp_path))
    assert report.text == "\ufffd\ufffd mean 1\ufffd\n"
    assert len(report.faults) == 2


@given(st.binary(max_size=200))
def test_any_bytes_make_a_report(tmp_path_factory, data):
    root = tmp_path_factory.mktemp("roots")
    (root / "a.md").write_bytes(data)
    assert "\0" not in read_report(root / "a.md", Roots(root))


def test_nothing_outside_the_roots_is_read(tmp_path):
    hub, outside = tmp_path / "hub", tmp_path / "secret.md"
    hub.mkdir()
    outside.write_text("secret")
    (hub / "link.md").symlink_to(outside)
    for path in (outside, hub / "link.md", hub / "../secret.md"):
        with pytest.raises(EvidenceError, match="outside the declared roots"):
            read_report(path, Roots(hub))
    assert read_report(outside, Roots(hub, reports=(outside,))) == "secret"


def test_a_loop_of_links_a_folder_and_a_pipe_are_refused(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    for name in ("a", ".", "pipe", "gone"):
        with pytest.raises(EvidenceError):
            read_report(tmp_path / name, Roots(tmp_path))


def test_no_more_than_the_limit_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 1000)
    assert read_within(tmp_path / "a", Roots(tmp_path), 10) == (b"x" * 10, 1000)
