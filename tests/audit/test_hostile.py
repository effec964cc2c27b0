import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
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


@given(st.lists(WORDS, max_size=25))
def test_any_report_is_audited_to_its_end(tmp_path_factory, words):
    hub = tmp_path_factory.mktemp("hostile")
    write_hub(hub, {**FILES, "summary.md": " ".join(words)})
    result = audit_hub(hub, Roots(hub))
    checked = result.checked
    assert checked.claims == checked.confirmed + checked.refuted + checked.unverifiable
