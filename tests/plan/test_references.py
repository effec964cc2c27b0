import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.plan.references import (
    BundleReference,
    EvidenceReference,
    MetricReference,
    RunReference,
    ValueReference,
    parse_bundle,
    parse_criterion,
    parse_evidence,
    parse_metric,
    parse_run,
    parse_value,
)

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]*", fullmatch=True)
baselines = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]*", fullmatch=True)


@given(ids, baselines, ids)
def test_reads_what_it_is_written_from(phase: str, baseline: str, value: str) -> None:
    run = RunReference(phase, baseline)
    assert parse_run(f"{phase}:{baseline}", "here") == run
    assert parse_run(baseline, phase) == run
    assert parse_value(f"{phase}:{baseline}.{value}", "here") == ValueReference(run, value)
    assert parse_value(f"{baseline}.{value}", phase) == ValueReference(run, value)


@given(ids, baselines, st.lists(ids, min_size=1, max_size=3).map("/".join))
def test_reads_a_bundle_in_a_folder_too(phase: str, baseline: str, artifact: str) -> None:
    expected = BundleReference(RunReference(phase, baseline), artifact)
    assert parse_bundle(f"{phase}:{baseline}/{artifact}") == expected


def test_a_section_may_hold_dots() -> None:
    assert parse_metric("a.b.mean") == MetricReference("a.b", "mean")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("gate", EvidenceReference("gate")),
        ("run:torch", EvidenceReference("run", "torch")),
        ("check:alive", EvidenceReference("check", "alive")),
        ("artifact:torch/a/b.npy", EvidenceReference("artifact", "torch", "a/b.npy")),
    ],
)
def test_reads_evidence_of_each_kind(text: str, reference: EvidenceReference) -> None:
    assert parse_evidence(text) == reference
    assert parse_criterion(f"C1/{text}") == ("C1", reference)


@pytest.mark.parametrize("text", ["", ":torch", "C1:", "C1:a:b", "C1/torch", "torch.x"])
def test_refuses_what_names_no_run(text: str) -> None:
    assert parse_run(text, "C1") is None


@pytest.mark.parametrize(
    "text",
    ["", "torch", "C1:torch", "C1:torch/", "torch/w.zip", ":torch/w.zip", "C1:/w.zip", "/w.zip",
     "C1:a:b/w.zip", "C1:a.b/w.zip", "C1/torch/w.zip", "C1/x:torch/w.zip"],
)  # fmt: skip
def test_refuses_what_names_no_bundle(text: str) -> None:
    assert parse_bundle(text) is None


@pytest.mark.parametrize("text", ["", "torch", "torch.", ".scale", "C1:.scale"])
def test_refuses_what_names_no_value(text: str) -> None:
    assert parse_value(text, "C1") is None


@pytest.mark.parametrize("text", ["", "mean", ".mean", "section."])
def test_refuses_what_names_no_statistic(text: str) -> None:
    assert parse_metric(text) is None


@pytest.mark.parametrize(
    "text", ["", "gate:x", "run:", "run:a/b", "artifact:a", "artifact:/a", "x"]
)
def test_refuses_what_is_no_evidence(text: str) -> None:
    assert parse_evidence(text) is None
    assert parse_criterion(f"C1/{text}") is None


@pytest.mark.parametrize("text", ["gate", "/gate", "C1:gate"])
def test_refuses_a_criterion_without_its_phase(text: str) -> None:
    assert parse_criterion(text) is None
