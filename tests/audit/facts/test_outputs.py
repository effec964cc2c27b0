import pytest

from parityhub.audit.facts.files import list_files
from parityhub.audit.facts.outputs import classify_head, read_head


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("2028-09-14 06:00:12+00:00 INFO engine\n2028-09-14 06:00:13 INFO threads\n", "log"),
        ("[fold] 2026-04-20T22:01:00Z a\n[fold] 2026-04-20T22:01:02Z b\nc\n", "log"),
        ("INFO start\nWARNING slow\nplain\n", "log"),
        ("===== test session starts =====\nplatform linux\n", "log"),
        ("test_bonds (qa.Geometry) ... ok\n", "log"),
        ("OMP_NUM_THREADS=6\nexport TF_XLA_FLAGS=--x\n", "environment"),
        ("Phase D1 inventory\n2025-11-14 is the day\nFit log: a.log\n", None),
        ("2025-11-14 07:00 the only line with a time\n", None),
        ("", None),
    ],
)
def test_a_text_is_told_by_its_first_lines(head, kind):
    assert classify_head(head) == kind


def test_a_log_called_txt_is_no_report(tmp_path):
    (tmp_path / "console.txt").write_text("2028-09-14 06:00:12 a\n2028-09-14 06:00:13 b\n")
    (tmp_path / "notes.txt").write_text("The mean is 1.5.\n")
    table = list_files(tmp_path)
    assert table.outputs == {"console.txt": "log"}
    assert table.list_reports() == ["notes.txt"]


def test_a_link_is_not_read(tmp_path):
    (tmp_path / "a.txt").write_text("INFO a\nINFO b\n")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert read_head(tmp_path / "a.txt")
    assert read_head(tmp_path / "b.txt") == ""
    assert read_head(tmp_path / "none.txt") == ""
