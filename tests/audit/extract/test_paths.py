import pytest

from tests.audit.extract.builders import find_claims, read_at


def paths(text, **more):
    return [claim.path for claim in find_claims(text, "path", **more)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see cli/a.log.", ["cli/a.log"]),
        ("(`stats.json`)", ["stats.json"]),
        ("a/{b,c}.txt", ["a/b.txt", "a/c.txt"]),
        ("h/{green/a.log, cli/b.log, dumps/}", ["h/green/a.log", "h/cli/b.log", "h/dumps/"]),
        ("a/{b/{c,d}.npy,e.log}", ["a/b/c.npy", "a/b/d.npy", "a/e.log"]),
        ("red/blocked_*_{one,two}.md", ["red/blocked_*_one.md", "red/blocked_*_two.md"]),
        ("`$HUB/analysis/x`", ["$HUB/analysis/x"]),
        ('tee "$HUB"/cli/a.log', ["$HUB/cli/a.log"]),
        ('tee \\"$HUB\\"/cli/a.log', ["$HUB/cli/a.log"]),
        ("[hub]/analysis/dump", ["[hub]/analysis/dump"]),
        ("blocked_<timestamp>_x.md", ["blocked_<timestamp>_x.md"]),
        ("stats*.json, grid*.png", ["stats*.json", "grid*.png"]),
        ("`a.json`/`b.png`", ["a.json", "b.png"]),
        ("a.json/b.png", ["a.json", "b.png"]),
        ("dump_v2/ and scaling/phase_b3/cli/", ["dump_v2/", "scaling/phase_b3/cli/"]),
        ("--output_dir outputs/base_line", ["outputs/base_line"]),
        ("OUT=outputs/base_line", ["outputs/base_line"]),
        ("../../etc/passwd", ["../../etc/passwd"]),
        ("w.zip!params.json", ["w.zip!params.json"]),
        ("**bold.txt** and *it.json*", ["bold.txt", "it.json"]),
        ("a\\_b/c\\_d.txt", ["a_b/c_d.txt"]),
        ("![drawn](a/p.png)", ["a/p.png"]),
        ("[x](<a b/c.txt>)", ["a b/c.txt"]),
    ],
)
def test_paths_are_found_in_all_their_forms(text, expected):
    assert paths(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A0/A1/A2/A3", "POLICY-001/CONFIG-001", "JSON/PNG", "train/infer", "and/or", "1/1", "N/A",
        "params.cfg['x']", "logger.stats.py()", "torch.nn", "e.g. this", "v2.8.0+cu128",
        "https://a.b/c.txt", "log_patch_stats/patch_stats_limit", "canvas/offsets/patch grids",
        "[C1](#phase-C1)", "w/ it", "either/or", "{a, b}",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_path_is_none(text):
    assert paths(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cli/a.log:29", [("cli/a.log", 29, 29)]),
        ("cli/a.log:3-35", [("cli/a.log", 3, 35)]),
        ("`a.py:121,145,182`", [("a.py", 121, 121), ("a.py", 145, 145), ("a.py", 182, 182)]),
        ("a.log:3,5-7.", [("a.log", 3, 3), ("a.log", 5, 7)]),
        ("a.log#L12-L14", [("a.log", 12, 14)]),
        ("[the log](cli/a.log#L26)", [("cli/a.log", 26, 26)]),
        ("line 31 of cli/y.log", [("cli/y.log", 31, 31)]),
        ("`cli/a.log`, lines 12-14", [("cli/a.log", 12, 14)]),
        ("`cli/a.log` (lines 12 to 14)", [("cli/a.log", 12, 14)]),
        ("- Log: cli/a.log\n- scale 9.8 (line 29)", [("cli/a.log", 29, 29)]),
    ],
)
def test_citations_name_a_file_and_lines(text, expected):
    found = find_claims(text, "citation")
    assert [(claim.path, claim.first_line, claim.last_line) for claim in found] == expected


def test_a_citation_may_hold_a_pointer():
    (claim,) = find_claims("see stats.json#/patch_amplitude/mean", "citation")
    assert (claim.path, claim.pointer) == ("stats.json", "/patch_amplitude/mean")


def test_a_log_may_be_named_without_a_path():
    (claim,) = find_claims('by inference log line 29: "Loaded scale: 9.8"', "citation")
    assert (claim.path, claim.first_line, claim.shows) == ("", 29, "Loaded scale: 9.8")
    assert claim.name.endswith("inference log")


def test_the_text_of_a_link_is_held_against_its_target():
    label, target = find_claims("[infer.log:1](a/infer.log#L7)", "citation")
    assert (label.path, label.first_line, label.target) == ("infer.log", 1, "a/infer.log#L7")
    assert (target.path, target.first_line, target.target) == ("a/infer.log", 7, "")


def test_tests_are_named_with_their_file():
    (claim,) = find_claims("pytest tests/x/test_a.py::TestB::test_c -vv", "path")
    assert (claim.path, claim.name) == ("tests/x/test_a.py", "TestB::test_c")


def test_places_are_exact():
    text = "* see `a/{b,c}.txt`, [l](d/e.log#L2)\n  and **f.json**:3"
    found = [read_at(text, claim) for claim in find_claims(text)]
    assert found == ["b", "c", "d/e.log#L2", "f.json**:3"]
