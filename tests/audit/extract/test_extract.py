import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parityhub.audit.extract import extract
from parityhub.errors import EvidenceError
from tests.audit.extract.builders import SEED_HUB, find_claims, read_at, seed_claims

PIECES = st.sampled_from(
    [
        "a/b.txt", "a/{b,c}.json", "{", "}", "[", "](", ")", "`", "**", "*", "_", "|", "\n", "\n\n",
        "- ", "# ", "> ", "```\n", "    ", "\t", "\0", "\ufffd", "\r", "\r\n", "mean=", "1.5e-3",
        "8,970,000", "2/2 PASSED", "line 29", ":29", "#/a/b", "sha1 ", "01c1a83acee88d3b", "…",
        "Phase B3 ", "torch ", "TF_X=1 ", "2025-11-14T06:49:50Z", "4x higher", "ratio 0.5",
        "Status: ",
        "ok", "<!--", "-->", "<b>", "&lt;", "\\", '"', "$HUB/", "../", "blocked_*_x.md",
        "no divergence",
        "é", "𝟘", "−", "×10^5", "|-|-|\n", "[a](b.txt#L3)", "x" * 50, ".", ", ", " of 4 ",
        "{,}", "!",
    ]
)  # fmt: skip
documents = st.lists(PIECES, max_size=60).map("".join)
names = st.sampled_from(["a.md", "a.txt", "a.json"])


@given(documents, names)
@example("[" * 100 + "](" * 100, "a.md")
@example("a/{b,c}" * 12, "a.txt")
@settings(max_examples=150, deadline=None)
def test_any_text_gives_claims_within_their_lines(text, file):
    lines = re.split(r"\r\n?|\n", text)
    claims = find_claims(text, file=file)
    for claim in claims:
        assert 1 <= claim.spot.line <= len(lines)
        assert 1 <= claim.spot.column <= claim.spot.end_column
        assert claim.spot.column <= len(lines[claim.spot.line - 1]) + 1
    places = [(claim.spot.line, claim.spot.column) for claim in claims]
    assert places == sorted(places)


@given(st.text(max_size=300), names)
@settings(max_examples=150, deadline=None)
def test_reading_twice_gives_the_same(text, file):
    assert find_claims(text, file=file) == find_claims(text, file=file)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=0, max_value=10**9),
    names,
)
@settings(max_examples=100, deadline=None)
def test_a_named_number_is_found_where_it_stands(number, file):
    text = f"- the run: mean={number}, std 2"
    claim = next(claim for claim in find_claims(text, "number", file=file) if claim.name == "mean")
    assert claim.value == str(number)
    assert read_at(text, claim) == str(number)


@given(st.text("0123456789abcdef", min_size=40, max_size=40), st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_a_digest_is_read_as_it_is_written(digits, cut):
    text = f"- `a/b.zip`: sha1 {digits[: max(cut, 4)]}"
    (claim,) = find_claims(text, "digest")
    assert (claim.value, claim.path) == (digits[: max(cut, 4)], "a/b.zip")


@pytest.mark.parametrize(
    "text",
    [
        "the mean is 1.5 (`a.json`)", "mean 1.5 of a.json", "a.json: mean=1.5",
        "**mean**: 1.5, a.json",
        "| file | mean |\n|---|---|\n| a.json | 1.5 |", "- a.json\n  - mean: 1.5",
        "a.json   has mean  1.5",
    ],
)  # fmt: skip
def test_rewordings_say_the_same(text):
    (claim,) = find_claims(text, "number")
    assert (claim.name.strip("*"), claim.value, claim.subject.artifact) == ("mean", "1.5", "a.json")


HOSTILE = [
    ">" * 20_000, "- " * 10_000, "[" * 20_000, "[a](" * 5_000, "*" * 20_000, "*a " * 7_000,
    "".join("`" * run + " " for run in range(150)), "{a," * 7_000, "1" * 20_000, "a1" * 10_000,
    " /" * 10_000, "\0" * 20_000, "|" * 20_000, "A_" * 10_000, "](x" * 7_000, "<a " * 7_000,
    '{"a":' * 4_000, "\n".join("  " * depth + "- a" for depth in range(200)), "\\" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_is_read_to_its_end(number):
    for file in ("a.md", "a.txt", "a.json"):
        claims = find_claims(HOSTILE[number] + "\n\nmean=1.5\n", "number", file=file)
        fenced = HOSTILE[number].startswith("`") and file == "a.md"
        assert fenced or claims[-1].value == "1.5"


def test_text_too_deep_for_the_parser_is_read_all_the_same():
    (claim,) = find_claims(">" * 200 + " mean=1.5", "number")
    assert (claim.spot.column, claim.value) == (207, "1.5")


def test_a_long_line_is_read_to_its_end():
    text = "word " * 60_000 + "mean=1.5"
    for file in ("a.md", "a.txt"):
        (claim,) = find_claims(text, "number", file=file)
        assert (claim.spot.column, claim.value) == (300_006, "1.5")


def test_a_report_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(extract, "MOST_CLAIMS", 10)
    with pytest.raises(EvidenceError, match="more than 10 claims"):
        find_claims("mean=1.5\n\n" * 20)
    monkeypatch.setattr(extract, "MOST_PASSAGES", 10)
    with pytest.raises(EvidenceError, match="more than 10 lines"):
        find_claims("word\n\n" * 20)


needs_seed_hub = pytest.mark.skipif(
    not SEED_HUB.is_dir(), reason="the seed hub is not beside the repository"
)
B3 = "scaling_alignment/phase_b3/analysis"
RED = "tf_baseline/phase_c1/red"


@needs_seed_hub
@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("summary.md", 5),
        (f"{B3}/artifact_inventory.txt", 10),
        (f"{B3}/artifact_inventory.txt", 32),
        (f"{B3}/bundle_digest.txt", 9),
    ],
)
def test_each_citation_of_the_loaded_scale_is_read(path, line):
    claim = seed_claims(path, line, "citation")[0]
    assert (claim.first_line, claim.last_line) == (29, 29)
    assert "9.882118" in claim.shows
    named = claim.path.endswith("cli/inference_patch_stats_scaling.log")
    assert named or claim.name.endswith("inference log")


@needs_seed_hub
def test_the_relative_path_of_the_inventory_is_kept_as_it_is_written():
    (claim,) = seed_claims(f"{B3}/artifact_inventory.txt", 11, "citation")
    assert (claim.path, claim.first_line) == ("../cli/inference_patch_stats_rerun_v3.log", 26)


@needs_seed_hub
@pytest.mark.parametrize(("path", "line"), [("summary.md", 3), (f"{B3}/artifact_inventory.txt", 5)])
def test_the_scale_said_to_be_learned_is_read(path, line):
    claims = seed_claims(path, line)
    assert ("status", "scale", "learned") in [(c.kind, c.name, c.value) for c in claims]
    assert ("number", "scale", "9.882118", "B3", "train") in [
        (c.kind, c.name, c.value, c.subject.phase, c.subject.stage) for c in claims
    ]


@needs_seed_hub
def test_the_count_of_logged_batches_is_attached_to_its_artifact():
    (claim,) = [
        c for c in seed_claims("analysis/artifact_inventory_v2.txt", 31) if c.name == "logged"
    ]
    assert (claim.value, claim.subject.stage) == ("2", "inference")


@needs_seed_hub
def test_every_ratio_of_the_collapse_is_derived_of_its_two_values():
    path = "analysis/phase_c2_pytorch_only_metrics.txt"
    for line in (18, 23, 28, 36, 41):
        (ratio,) = seed_claims(path, line, "derived")
        assert (ratio.unit, ratio.value, len(ratio.operands)) == ("ratio", "0.000000", 2)
    (status,) = seed_claims(path, 6, "status")
    assert (status.name, status.value) == ("Overall Status", "ok")


@needs_seed_hub
@pytest.mark.parametrize(
    ("path", "line", "seconds"),
    [
        ("tf_baseline/phase_c1/analysis/artifact_inventory.txt", 9, "34.80"),
        (f"{RED}/blocked_20251114T070500Z_tf_xla_still_active.md", 32, "34.75"),
        (f"{RED}/blocked_20251114T071940Z_tf_xla_code_level.md", 88, "34.86"),
    ],
)
def test_each_time_of_the_gate_is_attached_to_its_log(path, line, seconds):
    claims = seed_claims(path, line)
    status = next(claim for claim in claims if claim.kind == "status")
    number = next(claim for claim in claims if claim.name == "duration")
    assert (status.value, number.value) == ("PASSED", seconds)
    assert number.subject.artifact.endswith("green/pytest_tf_integration.log")


@needs_seed_hub
@pytest.mark.parametrize(
    ("path", "line", "name"),
    [
        (f"{RED}/blocked_20251114T064950Z_tf_xla_error.md", 65, "fly001_64_train_converted.npz"),
        (
            f"{RED}/blocked_20251114T071940Z_tf_xla_code_level.md",
            74,
            "fly001_64_train_converted_identity.npz",
        ),
        (
            "tf_baseline/phase_c1/analysis/artifact_inventory.txt",
            36,
            "fly001_64_train_converted_identity.npz",
        ),
    ],
)
def test_each_dataset_said_to_be_that_of_b3_is_read(path, line, name):
    claim = seed_claims(path, line, "path")[-1]
    assert (claim.path.rsplit("/")[-1], claim.subject.phase, claim.mood) == (name, "B3", "said")


@needs_seed_hub
def test_the_dataset_said_not_to_exist_is_denied():
    claims = seed_claims(f"{RED}/blocked_20251114T071940Z_tf_xla_code_level.md", 74, "path")
    assert [claim.mood for claim in claims] == ["denied", "said", "said"]


@needs_seed_hub
def test_values_lie_where_they_are_said_to_in_the_whole_seed_hub():
    wrong = []
    for path in sorted(SEED_HUB.rglob("*")):
        if path.suffix not in (".md", ".txt"):
            continue
        text = path.read_text()
        for claim in find_claims(text, file=path.name):
            shown = read_at(text, claim).replace("`", "").replace("*", "")
            if claim.kind in ("number", "digest", "time") and not shown.startswith(claim.value):
                wrong.append((path.name, claim.spot.line, claim.value, shown))
    assert wrong == []
