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
        layout.comparison_path(folder, phase, step, number): "comparison",
        layout.localization_path(folder, phase, step, number): "localization",
        layout.touched_path(folder, phase, number): "touched",
        layout.triage_path(layout.blocker_path(folder, NOW, f"{phase}_x"), number): "triage",
        layout.figures_path(folder, phase, number): "figures",
    }
    assert len(records) == 12
    for path, kind in records.items():
        assert layout.split_record_path(path) == kind
        if kind not in ("blocker", "triage"):
            assert layout.split_folder(path).startswith(folder)


@given(FOLDER, PLAIN, PLAIN, PLAIN, NUMBER)
def test_nothing_else_is_taken_for_a_record(
    folder: str, phase: str, baseline: str, step: str, number: int
) -> None:
    key = (folder, phase, baseline, number)
    others = [
        layout.MANIFEST,
        layout.SUMMARY,
        layout.SUMMARY_PAGE,
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
        layout.pair_output_path(folder, phase, step, number, "pytorch", "compare_P_c_1.json"),
        layout.pair_log_path(folder, phase, step, number, "tensorflow"),
        layout.pair_env_path(folder, phase, step, number, "tensorflow"),
        layout.curves_path(folder, phase, number),
        layout.metrics_path(folder, phase, f"{phase}:{baseline}"),
        layout.sidecar_path(layout.attempt_path(*key)),
    ]
    assert [layout.split_record_path(path) for path in others] == [None] * len(others)


@given(FOLDER, PLAIN, PLAIN, PLAIN, NUMBER)
def test_what_was_imported_is_no_record_whatever_its_name(
    folder: str, phase: str, baseline: str, step: str, number: int
) -> None:
    for path in (
        layout.phase_path(folder, phase, number),
        layout.attempt_path(folder, phase, baseline, number),
        layout.comparison_path(folder, phase, step, number),
        layout.IMPORT_RECORD,
    ):
        assert layout.split_record_path(path) is not None
        assert layout.split_record_path(layout.imported_path(path)) is None


@pytest.mark.parametrize(
    "name",
    [
        "stats.json",
        "analysis/phase_C1_1.json",
        "analysis/gate_C1_1.json",
        "analysis/started_C1_1.json",
        "analysis/run/attempt.json",
        "red/blocked_2026_x.json",
        "analysis/compare_C1_check_1.json",
        "analysis/localize_C1_check_1.json",
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


def test_the_paths_of_an_examination_are_told_apart_by_its_number_and_side() -> None:
    key = ("c2", "C2", "pair", 3)
    assert layout.comparison_path(*key) == "c2/analysis/compare_C2_pair_3.json"
    assert layout.localization_path(*key) == "c2/analysis/localize_C2_pair_3.json"
    assert layout.pair_log_path(*key, "pytorch") == "c2/cli/pair_C2_pair_3_pytorch.log"
    env = layout.pair_env_path(*key, "pytorch")
    assert env == "c2/cli/env_capture_pair_C2_pair_3_pytorch.json"
    output = layout.pair_output_path(*key, "pytorch", "output.npy")
    assert output == "c2/analysis/pair_C2_pair_3/pytorch/output.npy"
    assert layout.split_folder(layout.comparison_path(*key)) == "c2"


@pytest.mark.parametrize(
    "path",
    [
        "compare_C2_pair_1.json",
        "c2/compare_C2_pair_1.json",
        "c2/analysis/compare.json",
        "c2/analysis/compared_C2_pair_1.json",
        "c2/analysis/compare_C2_pair_1.json.sha1",
        "c2/analysis/compare_C2/pair_1.json",
        "c2/analysis/recompare_C2_pair_1.json",
        "c2/cli/localize_C2_pair_1.json",
    ],
)
def test_what_is_only_called_alike_is_no_comparison(path: str) -> None:
    assert layout.split_record_path(path) is None


def test_an_attempt_of_a_phase_called_compare_is_an_attempt() -> None:
    path = layout.attempt_path("c", "compare", "torch", 1)
    assert path == "c/analysis/compare_torch_1/attempt.json"
    assert layout.split_record_path(path) == "attempt"


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


@given(NUMBER)
def test_prose_is_told_from_its_record(number: int) -> None:
    assert layout.split_record_path(layout.turn_path(number)) == "turn"
    assert layout.split_record_path(layout.turn_text_path(number)) is None
    assert layout.is_prose_path(layout.turn_text_path(number))
    assert not layout.is_prose_path(layout.turn_path(number))
    assert not layout.is_prose_path(f"phase/{layout.turn_text_path(number)}")


@given(PLAIN, NUMBER)
def test_a_decision_is_told_from_its_prose(name: str, number: int) -> None:
    assert layout.split_record_path(layout.decision_path(name, number)) == "decision"
    assert layout.split_record_path(layout.decision_text_path(name, number)) is None
    assert layout.is_prose_path(layout.decision_text_path(name, number))


def test_the_arrays_of_a_comparison_are_found_by_its_record() -> None:
    key = ("a/b", "C2", "compare_x", 3)
    folder = layout.pair_folder(layout.comparison_path(*key))
    assert layout.pair_output_path(*key, "pytorch", "p.npy") == f"{folder}/pytorch/p.npy"
