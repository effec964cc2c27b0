from types import SimpleNamespace

import pytest

from parityhub.audit.claims import Claim, Spot, Subject
from parityhub.audit.facts.numbers import resolve_pointer
from parityhub.audit.findings import Standing
from parityhub.audit.rules.record_pointed import count_ways, judge_pairing, judge_pointed

RECORD = {
    "verdict": "FAIL",
    "outputs": [{"verdict": "PASS", "max_abs": 0.5, "ssim": None}],
    "mapping": [{"found": "by name"}, {"found": "by name"}, {"found": "by shape"}],
}
PAIRED = "Weights paired: 3 (by name: 2, by shape: 1). Record: a.json."


def make_claim(value, name="", column=1, **more):
    spot = Spot(file="r.md", line=1, column=column, end_column=column + 1)
    more = {"kind": "status", **more}
    return Claim(spot=spot, text=value, value=value, name=name, subject=Subject(), **more)


def make_facts(pointer, line=""):
    link = make_claim("a.json", column=50, kind="citation", path="a.json", pointer=pointer)
    return SimpleNamespace(
        lines=SimpleNamespace(
            beside=lambda claim: [link],
            pointer=lambda other: other.pointer or "",
            clean=lambda claim: line,
        ),
        resolve=lambda path, claim: SimpleNamespace(file=path),
        table=SimpleNamespace(files={"a.json": None}),
        contents=SimpleNamespace(pointer=lambda file, at: resolve_pointer(RECORD, at)),
    )


def judge(word, pointer):
    said = list(judge_pointed(make_claim(word), make_facts(pointer)))
    return [one.state if isinstance(one, Standing) else "found" for one in said]


@pytest.mark.parametrize(
    ("word", "pointer", "wanted"),
    [
        ("PASS", "/outputs/0/max_abs", ["confirmed"]),
        ("FAIL", "/outputs/0/max_abs", ["found"]),
        ("FAIL", None, ["confirmed"]),
        ("PASS", None, ["found"]),
        ("missing", "/outputs/0/ssim", ["confirmed"]),
        ("missing", "/outputs/0/max_abs", ["found"]),
        ("PASS", "/mapping/0/found", []),
        ("green", None, []),
    ],
)
def test_a_verdict_is_that_of_the_record_linked_behind_it(word, pointer, wanted):
    assert judge(word, pointer) == wanted


@pytest.mark.parametrize(
    ("value", "name", "wanted"),
    [
        ("3", "Weights paired", ["confirmed"]),
        ("4", "Weights paired", ["found"]),
        ("2", "by name", ["confirmed"]),
        ("1", "by name", ["found"]),
        ("1", "by colour", []),
    ],
)
def test_paired_weights_are_counted_in_the_mapping(value, name, wanted):
    claim = make_claim(value, name, kind="number")
    said = list(judge_pairing(claim, make_facts(None, PAIRED)))
    assert [one.state if isinstance(one, Standing) else "found" for one in said] == wanted


def test_ways_are_counted():
    assert count_ways([*RECORD["mapping"], "x"]) == {"by name": 2, "by shape": 1}
