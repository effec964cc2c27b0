"""What names say of a folder: which phase, and what each file is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.adopt.import_hub import WHOLE, guess_hub, guess_kind, guess_phase, order_id
from parityhub.adopt.list_folder import FoundFile

SEGMENT = st.from_regex(r"[A-Za-z0-9_.-]{1,12}", fullmatch=True)
PATH = st.lists(SEGMENT, min_size=1, max_size=4).map("/".join)


def find(*paths):
    return [FoundFile(path, 1, "") for path in paths]


@pytest.mark.parametrize(
    ("path", "phase", "folder"),
    [
        ("scaling/phase_b3/cli/train.log", "B3", "scaling/phase_b3"),
        ("phase_c1_gs1/stats.json", "C1_GS1", "phase_c1_gs1"),
        ("PHASE-2/x", "2", "PHASE-2"),
        ("stage 4b/x", "4B", "stage 4b"),
        ("phase2/x", "2", "phase2"),
        ("phase_a/x", "A", "phase_a"),
        ("phase_c/phase_c1/x", "C1", "phase_c/phase_c1"),
        ("phase_b3/train_phase_c1.log", "B3", "phase_b3"),
        ("analysis/phase_c2_metrics.txt", "C2", ""),
        ("cli/train_tf_phase_c1.log", "C1", ""),
    ],
)
def test_names_that_speak_of_a_phase(path, phase, folder):
    assert guess_phase(path) == (phase, folder)


@pytest.mark.parametrize(
    "path",
    [
        "phases/x",
        "phase_error/x",
        "stage_lighting/x",
        "analysis/phase.npy",
        "amplitude_and_phase_1024px.png",
        "phase_",
        "multiphase_b3/x",
        "cli/train.log",
    ],
)
def test_names_that_speak_of_none(path):
    assert guess_phase(path) is None


@pytest.mark.parametrize(
    ("path", "head", "kind"),
    [
        ("cli/train.log", "", "log"),
        ("green/checks.txt", "===== test session starts =====\n", "log"),
        ("green/env_capture.txt", "", "environment"),
        ("vars.txt", "TF_XLA_FLAGS=--x\nSEED=1\n", "environment"),
        ("red/blocked_x.md", "", "report"),
        ("analysis/inventory.txt", "what lies here\n", "report"),
        ("analysis/stats.json", "", "data"),
        ("dump.NPY", "", "arrays"),
        ("wts.h5.zip", "", "weights"),
        ("grid.png", "", "picture"),
        ("x.sha1", "", "digest"),
        ("Makefile", "", "other"),
    ],
)
def test_what_a_file_is_taken_for(path, head, kind):
    assert guess_kind(FoundFile(path, 1, head)) == kind


def test_a_folder_and_names_of_files_make_one_phase():
    guess = guess_hub(find("a/phase_c1/x", "b/phase_c1/y", "z_phase_c1.log", "summary.md"))
    assert [(p.id, p.folders, p.files) for p in guess.phases] == [
        ("C1", ("a/phase_c1", "b/phase_c1"), 3)
    ]
    assert [file.phase for file in guess.files] == ["C1", "C1", "C1", None]
    assert guess.files[0].path == "imported/a/phase_c1/x"


def test_where_no_name_speaks_of_a_phase_there_is_one():
    guess = guess_hub(find("runs/v1/a.json", "notes.md"))
    assert [(p.id, p.folders, p.files) for p in guess.phases] == [(WHOLE, (), 2)]


@given(st.lists(PATH, min_size=1, max_size=8, unique=True))
def test_each_file_is_counted_once(paths):
    guess = guess_hub(find(*paths))
    loose = sum(file.phase is None for file in guess.files)
    assert sum(phase.files for phase in guess.phases) + loose == len(paths)
    assert {file.phase for file in guess.files} - {None} == {phase.id for phase in guess.phases}
    assert [file.source for file in guess.files] == paths


def test_numbers_in_ids_count_by_their_value():
    assert sorted(["B10", "B2", "C1", "A"], key=order_id) == ["A", "B2", "B10", "C1"]
