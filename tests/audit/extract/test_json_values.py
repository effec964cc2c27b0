import pytest

from parityhub.audit.extract.json_values import read_json
from tests.audit.extract.builders import find_claims

TEXT = """\
{"verdict": "PASS", "ended": "2026-11-25T00:16:36Z",
 "files": [{"sha1": "bc586b84aa8a3b7793802969c34fd0be470e8359", "path": "a/b.json", "size": 39}],
 "stats": {"patch_amplitude": {"mean": 1.5e-3}}, "env": {"USE_XLA": "0"}, "ok": true}
"""


def test_values_are_claims_named_by_their_keys():
    claims = find_claims(TEXT, file="summary.json")
    assert [(claim.kind, claim.name, claim.value) for claim in claims] == [
        ("status", "verdict", "PASS"),
        ("time", "", "2026-11-25T00:16:36Z"),
        ("digest", "sha1", "bc586b84aa8a3b7793802969c34fd0be470e8359"),
        ("path", "", "a/b.json"),
        ("number", "size", "39"),
        ("number", "mean", "1.5e-3"),
        ("environment", "USE_XLA", "0"),
        ("status", "ok", "true"),
    ]


def test_digest_and_size_are_those_of_the_path_in_the_same_object():
    claims = find_claims(TEXT, file="summary.json")
    assert [claim.path for claim in claims if claim.kind == "digest" or claim.name == "size"] == [
        "a/b.json"
    ] * 2


def test_values_have_places_and_the_keys_above():
    (claim,) = [claim for claim in find_claims(TEXT, file="s.json") if claim.name == "mean"]
    assert (claim.spot.line, claim.spot.column, claim.spot.end_column) == (3, 40, 46)
    assert (claim.row, claim.subject.section) == ("stats.patch_amplitude", "patch_amplitude")


@pytest.mark.parametrize(
    "text", ["", "x", "[1, 2", "{'a': 1}", "[" * 300 + "]" * 300, "[1]]", "[\x00]"]
)
def test_what_is_no_json_is_left_to_the_reader_of_text(text):
    assert read_json(text) is None


def test_broken_json_is_read_as_text():
    (claim,) = find_claims('{"mean": 1.5', "number", file="s.json")
    assert claim.value == "1.5"
