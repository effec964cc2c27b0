import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from parityhub.errors import EvidenceError
from tests.audit.make_hub import FILES, audit_text, write_hub

SECRET = "root:x:0:0"


def test_a_citation_of_a_file_outside_reads_nothing(tmp_path):
    (tmp_path / "secret.log").write_text(SECRET)
    text = "# X\n\n- `root:x` (../secret.log:1)\n- /etc/passwd:1\n- [a](../../secret.log#L1) 12.5\n"
    result = audit_text(tmp_path, text)
    told = [f.found for f in result.findings] + [judged.reason for judged in result.claims]
    assert not [words for words in told if SECRET in words]
    assert not [j for j in result.claims if j.claim.kind == "citation" and j.state == "confirmed"]


def test_links_and_loops_in_a_hub_are_not_followed(tmp_path):
    hub = write_hub(tmp_path / "hub", {**FILES, "summary.md": "`secrets/secret.log:1` `loop/a`\n"})
    outside = write_hub(tmp_path / "outside", {"secret.log": SECRET})
    (hub / "secrets").symlink_to(outside)
    (hub / "loop").symlink_to(hub)
    result = audit_hub(hub, Roots(hub))
    assert result.notes == ("2 links were not followed",)
    assert not [f for f in result.findings if SECRET in f.found]


def test_members_that_climb_out_of_a_zip_are_refused(tmp_path):
    hub = write_hub(tmp_path / "hub", {**FILES, "summary.md": "- `bad.zip!../x` (12 bytes)\n"})
    with zipfile.ZipFile(hub / "bad.zip", "w") as archive:
        archive.writestr("../x", "y" * 12)
    result = audit_hub(hub, Roots(hub))
    assert not [j for j in result.claims if j.claim.kind == "number" and j.state == "confirmed"]
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "line",
    [
        "(" * 20_000,
        "`" * 20_000,
        "> " * 5_000 + "mean=1",
        "mean=" + "1" * 100_000,
        "1.0e" + "9" * 1000,
        "a/" * 20_000 + "b.log:1",
        "= " * 20_000,
        "sha1 " + "a" * 100_000,
    ],
)
def test_lines_that_look_endless_end(tmp_path, line):
    result = audit_text(tmp_path, f"# Phase B3\n\n{line}\n")
    assert result.checked.claims >= 0


WORDS = st.sampled_from(
    [
        "mean=0.125", "`cli/train_b3.log:2`", "PASS", "GREEN (2/2 PASSED, 3.67s)", "sha1 01c1a83a",
        "../../etc/passwd:1", "$HUB/*", "**", "|", "\n", "\n\n# ", "\n- ", "[a](b#/c/d)", "1e999",
        "nan", "TF_XLA_FLAGS=1", "2025-11-14T07:40Z", "4x increase", "`", "<x>", "\x00", "\ufffd",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(WORDS, max_size=25))
def test_any_report_is_audited_to_its_end(tmp_path_factory, words):
    hub = tmp_path_factory.mktemp("hostile")
    write_hub(hub, {**FILES, "summary.md": " ".join(words)})
    result = audit_hub(hub, Roots(hub))
    checked = result.checked
    assert checked.claims == checked.confirmed + checked.refuted + checked.unverifiable


STRETCHES = (
    "> ", "- ", "1. ", "[", "[](", "![a", "|", "| a ", "`", "`a ", "*", "*a ", "_a_ ", "*a_b", "(",
    "{", "a/{b,", "<", "<a ", "<!--", "&amp;", "~~~\n", "```\n", "a\n=\n", "# a 1\n", "\\", '"',
    "1.", "a/", "A=", "deadbeef01", "mean=1.5 ", "mean=1.5\n", "cli/a.log:29 ", "1+1=", "5 % ",
    "Phase B3 train torch patch amplitude mean=1.5 PASS ", "torch tf baseline: candidate: 1 ",
    "2x faster than 3 and 4, ", "|1|2|\n", "1 s + ", "flags ", "\x00", "\u2028", "\r", " ", "\t",
)  # fmt: skip


def audit_stretch(tmp_path, stretch: str, size: int, name: str) -> int:
    text = "# X\n\n" + (stretch * (size // len(stretch) + 1))[:size]
    with suppress(EvidenceError):
        return audit_text(tmp_path, text, name).checked.claims
    return 0


@pytest.mark.parametrize("name", ["summary.md", "summary.txt"])
@pytest.mark.parametrize("stretch", STRETCHES)
def test_a_stretch_repeated_without_end_is_bounded(tmp_path, stretch, name):
    assert audit_stretch(tmp_path, stretch, 30_000, name) <= 100_000


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["summary.md", "summary.txt", "summary.json"])
@pytest.mark.parametrize("stretch", STRETCHES)
def test_ten_megabytes_of_a_stretch_are_bounded(tmp_path, stretch, name):
    assert audit_stretch(tmp_path, stretch, 10_000_000, name) <= 100_000


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(STRETCHES), min_size=1, max_size=6), st.integers(1, 3000))
def test_stretches_mixed_are_audited_to_their_end(tmp_path_factory, parts, times):
    hub = tmp_path_factory.mktemp("stretches")
    write_hub(hub, {**FILES, "summary.md": ("".join(parts) * times)[:40_000]})
    result = audit_hub(hub, Roots(hub))
    assert result.checked.claims >= 0


def test_bytes_that_are_no_text_are_replaced_and_told(tmp_path):
    write_hub(tmp_path / "hub", {"summary.md": b"mean=1.5 \xff\xfe\x00 PASS\n"})
    result = audit_hub(tmp_path / "hub", Roots(tmp_path / "hub"))
    assert [f.code for f in result.findings].count("PH001") == 2


def test_citations_that_climb_out_are_never_confirmed(tmp_path):
    text = "- `../../etc/passwd:1` root\n- `../../../../etc/hostname`\n- `cli/../../x:1`\n"
    result = audit_text(tmp_path, text)
    assert len(result.claims) >= 3
    assert not [judged for judged in result.claims if judged.state == "confirmed"]
