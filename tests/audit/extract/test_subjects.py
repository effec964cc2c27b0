import pytest

from tests.audit.extract.builders import find_claims


def subject_of(text, value, **more):
    (claim,) = [claim for claim in find_claims(text, **more) if claim.value == value]
    return claim.subject


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("## Phase B3\n\nmean 1.5", "B3"),
        ("## C3: PASS\n\nmean 1.5", "C3"),
        ("## Phase B3\n\nPhase C1 has mean 1.5", "C1"),
        ("## Phase B3\n\nPhase B2's loading works. It gave mean 1.5", "B3"),
        ("Phase A is ready for Phase B: mean 1.5", "A"),
        ("- Phase GS1:\n  - mean 1.5", "GS1"),
        ("Nothing says it: mean 1.5", ""),
    ],
)
def test_the_nearest_word_says_the_phase(text, phase):
    assert subject_of(text, "1.5").phase == phase


def test_the_files_folder_says_the_phase_and_side_where_nothing_else_does():
    subject = subject_of("mean 1.5", "1.5", file="tf_baseline/phase_c1/red/a.md")
    assert (subject.phase, subject.side) == ("C1", "tensorflow")


def test_names_of_the_plan_count_as_they_are():
    text = "## A / left\n\nsmoke of right: mean 1.5"
    subject = subject_of(text, "1.5", phases=("A", "smoke"), baselines=("left", "right"))
    assert (subject.phase, subject.side) == ("smoke", "right")


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("PyTorch gives 2.0 and TensorFlow mean 1.5", "tensorflow"),
        ("## TensorFlow baseline\n\nmean 1.5", "tensorflow"),
        ("## PyTorch against TensorFlow\n\nmean 1.5", ""),
        ("**PyTorch** (`torch`): passed.\n\n| x | mean |\n|-|-|\n| 1 | 1.5 |", "torch"),
        ("`tests/torch/a.py` has mean 1.5", ""),
    ],
)
def test_the_nearest_word_says_the_side(text, side):
    assert subject_of(text, "1.5").side == side


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Training gave 2.0, but inference mean 1.5", "inference"),
        ("pytest was green, 1.5 s; training began", "gate"),
        ("### Training Run\n\n- mean 1.5", "train"),
        ("# Training and inference\n\n## Numbers\n\nmean 1.5", ""),
    ],
)
def test_the_nearest_word_says_the_stage(text, stage):
    assert subject_of(text, "1.5").stage == stage


@pytest.mark.parametrize(
    ("text", "artifact"),
    [
        ("mean 1.5 in `a.json`", "a.json"),
        ("`a.json` says much, mean 1.5 (`b.json`)", "b.json"),
        ("- Log: cli/a.log\n- mean 1.5", "cli/a.log"),
        ("- mean 1.5\n- Artifacts: `a.json`, `b.png`", "a.json"),
        ("### Gate (tests/a.py)\n\nmean 1.5", "tests/a.py"),
        ("1. **Log** (`a.log`)\n   - mean 1.5", "a.log"),
        ("| file | mean |\n|-|-|\n| a.json | 1.5 |\n| b.json | 2.5 |", "a.json"),
        ("mean 1.5", ""),
    ],
)
def test_paths_govern_what_stands_beside_or_under_them(text, artifact):
    assert subject_of(text, "1.5").artifact == artifact


def test_a_list_of_another_heading_does_not_govern():
    text = "### One\n- Log: a.log\n\n### Two\n- mean 1.5\n"
    assert subject_of(text, "1.5").artifacts == ()
    assert subject_of(text, "1.5", file="a.txt").artifacts == ()


def test_a_heading_says_when():
    subject = subject_of("### Turn (2025-11-14T0529Z)\nmean 1.5", "1.5")
    assert (subject.when, subject.headings) == ("2025-11-14T0529Z", ("Turn (2025-11-14T0529Z)",))
