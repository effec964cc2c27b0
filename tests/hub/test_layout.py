"""Paths in a hub: each record is found again by its path, and nothing else is taken for one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.hub import layout

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PLAIN = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
FOLDER = st.lists(PLAIN, min_size=1, max_size=3).map("/".join)
NUMBER = st.integers(1, 999)


@given(FOLDER, PLAIN, PLAIN, PLAIN, NUMBER)
def test_each_record_is_known_by_its_path(
    folder: str, phase: str, baseline: str, step: str, number: int
) -> None:
    key = (folder, phase, baseline, number)
    records = {
        layout.run_start_path(folder, phase, number): "run-start",
        layout.phase_path(folder, phase, number): "phase",
        layout.gate_path(folder, phase, number): "gate",
        layout.attempt_start_path(*key): "started",
        layout.attempt_path(*key): "attempt",
        layout.step_path(*key, step): "step",
        layout.blocker_record_path(layout.blocker_path(folder, NOW, f"{phase}_x")): "blocker",
    }
    assert len(records) == 7
    for path, kind in records.items():
        assert layout.split_record_path(path) == kind
        if kind != "blocker":
            assert layout.split_folder(path).startswith(folder)


@given(FOLDER, PLAIN, PLAIN, PLAIN, NUMBER)
def test_nothing_else_is_taken_for_a_record(
    folder: str, phase: str, baseline: str, step: str, number: int
) -> None:
    key = (folder, phase, baseline, number)
    others = [
        layout.MANIFEST,
        layout.SUMMARY,
        layout.INVENTORY,
        layout.plan_path("0" * 64),
        layout.brief_path(folder, phase, number),
        layout.gate_log_path(folder, phase, number, "green"),
        layout.gate_env_path(folder, phase, number, 2),
        layout.dataset_log_path(folder, phase, number, step, 3),
        layout.log_path(*key, step),
        layout.env_capture_path(*key),
        layout.blocker_path(folder, NOW, phase),
        layout.check_array_path(folder, phase, number, step, "map"),
        layout.check_picture_path(folder, phase, number, step),
        layout.curves_path(folder, phase, number),
        layout.metrics_path(folder, phase, f"{phase}:{baseline}"),
        layout.sidecar_path(layout.attempt_path(*key)),
    ]
    assert [layout.split_record_path(path) for path in others] == [None] * len(others)


@pytest.mark.parametrize(
    "name",
    [
        "stats.json",
        "analysis/phase_C1_1.json",
        "analysis/gate_C1_1.json",
        "analysis/started_C1_1.json",
        "analysis/run/attempt.json",
        "red/blocked_2026_x.json",
        "dump/attempt.json",
        "dump/analysis/a_b_1/started.json",
        "attempt.json.png",
        "attempted.json",
        "steps.json",
    ],
)
def test_what_a_program_leaves_is_no_record_whatever_its_name(name: str) -> None:
    path = layout.artifact_path("scaling/phase_b3", "B3", "torch", 12, name)
    assert layout.split_record_path(path) is None


def test_a_try_after_the_first_has_another_name() -> None:
    logs = [layout.gate_log_path("f", "C1", 1, "red", tried) for tried in (1, 2, 3)]
    assert logs[0] == "f/red/pytest_gate_C1_1.log"
    assert len(set(logs)) == 3
    assert layout.dataset_log_path("f", "C1", 1, "default") == "f/cli/make_data_C1_1_default.log"


@pytest.mark.parametrize(
    ("artifact", "picture"),
    [
        ("a/patches.npy", "a/patches.png"),
        ("a/history.json", "a/history.png"),
        ("a.npy/other.npy", "a.npy/other.png"),
    ],
)
def test_a_picture_lies_beside_its_array(artifact: str, picture: str) -> None:
    assert layout.picture_path(artifact) == picture


def test_blockers_of_one_second_are_told_apart_by_what_failed() -> None:
    first = layout.blocker_path("f", NOW, "C1_tensorflow_1_XLA-DYN-DOT-001")
    second = layout.blocker_path("f", NOW, "C1_tensorflow_2_XLA-DYN-DOT-001")
    assert first == "f/red/blocked_2026-11-24T120000Z_c1_tensorflow_1_xla_dyn_dot_001.md"
    assert first != second


@given(st.text(max_size=20))
def test_a_slug_is_part_of_a_file_name(text: str) -> None:
    slug = layout.make_slug(text)
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert layout.make_slug(slug) == slug
