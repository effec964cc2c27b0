"""Which mutants stay true is read from the evidence itself."""

from parityhub.audit.campaign.oracle import prove_true
from parityhub.audit.campaign.scan import Place
from parityhub.audit.campaign.sources import read_pointer, rounds_to

REPORT = (
    "mean 0.493 [stats.json#/mean](a/stats.json), from [train.log:2](a/train.log#L2) "
    "and [start.npy](a/start.npy)\n"
)


def make_hub(folder):
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "a/stats.json").write_text('{"mean": 0.4931, "median": 0.4931, "max": 0.9}')
    (folder / "a/train.log").write_text("one\nloss 1\nloss 1\n")
    (folder / "a/start.npy").write_bytes(b"same")
    (folder / "b/start.npy").write_bytes(b"same")
    (folder / "summary.md").write_text(REPORT)
    return folder


def ask(hub, form, old, new, *, nth=0):
    data = REPORT.encode()
    start = -1
    for _ in range(nth + 1):
        start = data.index(old.encode(), start + 1)
    place = Place("summary.md", start, start + len(old), form, old.encode(), 1)
    return prove_true(hub, place, form, new.encode())


def test_what_the_source_rounds_to_stays_true(tmp_path):
    hub = make_hub(tmp_path)
    assert ask(hub, "number", "0.493", "0.49") == "the source rounds to it as well"
    assert ask(hub, "number", "0.493", "0.4930") == "it is the same number"
    assert ask(hub, "number", "0.493", "0.494") == ""


def test_another_source_of_the_same_value_stays_true(tmp_path):
    hub = make_hub(tmp_path)
    assert ask(hub, "pointer", "/mean", "/median") == "the other source holds the same"
    assert ask(hub, "pointer", "/mean", "/max") == ""
    assert ask(hub, "pointer", "/mean", "/meen") == ""


def test_another_line_that_says_the_same_stays_true_only_if_label_and_link_agree(tmp_path):
    hub = make_hub(tmp_path)
    assert ask(hub, "line", "2", "3") == "the other line says the same"
    assert ask(hub, "line", "2", "1") == ""


def test_another_file_with_the_same_bytes_stays_true(tmp_path):
    hub = make_hub(tmp_path)
    same = ask(hub, "path-other", "a/start.npy", "b/start.npy")
    assert same == "the other file is the same, byte for byte"
    (hub / "b/start.npy").write_bytes(b"other")
    assert ask(hub, "path-other", "a/start.npy", "b/start.npy") == ""


def test_values_are_read_exactly(tmp_path):
    file = tmp_path / "x.json"
    file.write_text('{"a/b": [0.1, {"c~d": 1e400}]}')
    assert str(read_pointer(file, "/a~1b/0")) == "0.1"
    assert str(read_pointer(file, "/a~1b/1/c~0d")) == "1E+400"
    assert read_pointer(file, "/a~1b/7") is None
    assert rounds_to(read_pointer(file, "/a~1b/0"), "10", "%")
    assert not rounds_to(read_pointer(file, "/a~1b/0"), "11", "%")
