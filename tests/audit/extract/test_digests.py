import pytest

from tests.audit.extract.builders import find_claims

SHA1 = "01c1a83acee88d3bb1ca1e4f458c59fc8cc45e5d"
SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
MD5 = "d41d8cd98f00b204e9800998ecf8427e"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (f"{SHA1}  a/x.zip", "sha1", SHA1),
        (f"{SHA1} *a/x.zip", "sha1", SHA1),
        (f"a/x.zip: {SHA256}", "sha256", SHA256),
        (f"- `a/x.zip`\n  - md5: {MD5}", "md5", MD5),
        ("`a/x.zip` (8 MB, sha1: 01c1a83a)", "sha1", "01c1a83a"),
        ("a/x.zip, sha256 `01c1a83a…`", "sha256", "01c1a83a…"),
        ("a/x.zip, SHA-256 01C1...5E5D", "sha256", "01C1...5E5D"),
        ("a/x.zip sha1:01c1a83a", "sha1", "01c1a83a"),
        (f"sha1 {SHA1} of `a/x.zip`", "sha1", SHA1),
        (f"| file | sha1 |\n|-|-|\n| a/x.zip | {SHA1[:12]} |", "sha1", SHA1[:12]),
        ("[x.zip](a/x.zip), sha1 01c1a83acee8", "sha1", "01c1a83acee8"),
        # Where it was read is not what it is of.
        (f"`a/x.zip`: {SHA256} [r.json#/sha](b/r.json)", "sha256", SHA256),
    ],
)
def test_digests_stand_next_to_their_file(text, name, value):
    (claim,) = find_claims(text, "digest")
    assert (claim.name, claim.value, claim.path) == (name, value, "a/x.zip")


def test_an_inventory_gives_a_line_of_its_own():
    text = f"a/x.zip\n  12 bytes, sha1 {SHA1}\na/y.zip\n  13 bytes, sha1 {SHA1}\n"
    found = [(claim.path, claim.kind) for claim in find_claims(text, file="inventory.txt")]
    assert found == [
        ("a/x.zip", "path"), ("a/x.zip", "number"), ("a/x.zip", "digest"),
        ("a/y.zip", "path"), ("a/y.zip", "number"), ("a/y.zip", "digest"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "commit 9a09ece2",
        "Commit: `9a09ece2`",
        "the fix (9a09ece2)",
        "post-9a09ece2 runs",
        "HEAD is 9a09ece2.",
    ],
)
def test_commits_are_told_from_digests(text):
    (claim,) = find_claims(text, "commit")
    assert claim.value == "9a09ece2"
    assert find_claims(text, "digest") == []


def test_a_commit_of_forty_digits_is_none_of_a_file():
    (claim,) = find_claims(f"at commit {SHA1}", "commit")
    assert claim.value == SHA1


def test_two_commits_may_have_dots_between():
    assert [c.value for c in find_claims("git log dc5415ba..9a09ece2", "commit")] == [
        "dc5415ba",
        "9a09ece2",
    ]


@pytest.mark.parametrize(
    "text", ["facade of deadbeef", "1234567 items", "mean 3085e10", "v1.2.3a4b5c6"]
)
def test_words_and_numbers_are_no_digests(text):
    assert find_claims(text, "digest") == []
    assert find_claims(text, "commit") == []
