import pytest

from parityhub.capture.files import open_atomically, write_json


def test_a_failed_write_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, {"a": 1})
    before = path.read_bytes()
    with pytest.raises(TypeError), open_atomically(path) as stream:
        stream.writelines([b"half", None])
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_makes_the_folder(tmp_path):
    write_json(tmp_path / "new" / "a.json", [1.5, float("inf")])
    assert (tmp_path / "new" / "a.json").read_text() == "[\n  1.5,\n  Infinity\n]\n"
