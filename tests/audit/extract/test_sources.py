import pytest

from tests.audit.extract.builders import find_claims


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ('cli/a.log:9 says "Loaded: 9.8"', "Loaded: 9.8"),
        ("log shows `Loaded: 9.8` (cli/a.log:9)", "Loaded: 9.8"),
        ("**Scale loaded**: `9.88` (see cli/a.log:9)", "9.88"),
        ("`a/b.py:182` → `warp_jit`", "warp_jit"),
        ("**Location:** `a/b.py:182` (`stack` op)", "stack"),
        ("the exit code is 0 (cli/a.log:9)", "the exit code is 0"),
        ("see cli/a.log:9", ""),
    ],
)
def test_citations_keep_what_they_are_said_to_show(text, shows):
    (claim,) = find_claims(text, "citation")
    assert claim.shows == shows


@pytest.mark.parametrize(
    ("text", "path", "line", "pointer"),
    [
        ("scale 9.8 (cli/a.log:9)", "cli/a.log", 9, None),
        ("scale 9.8 [a.log:9](x/a.log#L9)", "x/a.log", 9, None),
        ("scale 9.8 [h.json#/scale](x/h.json)", "x/h.json", None, "/scale"),
        ("4.5 MB [h.json#/size](x/h.json)", "x/h.json", None, "/size"),
        ("h.json#/scale shows 9.8", "h.json", None, "/scale"),
        ("[1](x/attempt.json) as is", "x/attempt.json", None, None),
    ],
)
def test_numbers_keep_the_source_beside_them(text, path, line, pointer):
    (claim,) = find_claims(text, "number")
    assert (claim.path, claim.first_line, claim.pointer) == (path, line, pointer)


def test_a_source_further_off_is_not_the_numbers_own():
    (claim,) = find_claims("scale 9.8, as told at length in cli/a.log:9", "number")
    assert claim.path == ""
    assert claim.subject.artifact == "cli/a.log"
