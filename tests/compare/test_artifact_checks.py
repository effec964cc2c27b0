import pytest

from parityhub.compare.checks import judge_check
from parityhub.hub.records import KeptArtifact
from parityhub.plan.model import ArchivedCheck, SameArtifactCheck
from tests.compare.builders import keep_bytes, make_attempt, make_evidence, make_step

NAME = "initial_weights.npz"


def make_hub(root, *, argv=("python", "train.py"), kept=True, **contents):
    attempts = []
    for baseline, data in contents.items():
        artifact = keep_bytes(root, f"analysis/{baseline}/{NAME}", data, name=NAME, kept=kept)
        attempts.append(make_attempt(baseline, steps=[make_step("train", [artifact], argv)]))
    return make_evidence(*attempts, root=root)


def judge_same(evidence, *of):
    check = SameArtifactCheck(id="w", title="same weights", path=NAME, of=of)
    return judge_check(check, evidence).record


def judge_archived(evidence, *of, artifacts=(NAME,)):
    check = ArchivedCheck(id="d", title="archived", of=of, artifacts=artifacts)
    return judge_check(check, evidence).record


def test_equal_bytes_pass_with_their_digests(tmp_path):
    record = judge_same(make_hub(tmp_path, a=b"weights", b=b"weights"), "a", "b")
    assert record.verdict == "PASS"
    assert len({number.value for number in record.numbers}) == 1
    assert [number.source.file for number in record.numbers] == [
        f"analysis/a/{NAME}",
        f"analysis/b/{NAME}",
    ]


def test_other_bytes_fail(tmp_path):
    record = judge_same(make_hub(tmp_path, a=b"weights", b=b"weightz"), "a", "b")
    assert record.verdict == "FAIL"
    assert f"{NAME} differs" in record.reason


@pytest.mark.parametrize("of", [(), ("a",), ("a", "a"), ("a", "C1:a")])
def test_fewer_than_two_runs_are_not_compared(tmp_path, of):
    record = judge_same(make_hub(tmp_path, a=b"weights"), *of)
    assert record.verdict == "INCONCLUSIVE"
    assert "two are needed" in record.reason


def test_empty_files_are_not_the_same_evidence(tmp_path):
    record = judge_same(make_hub(tmp_path, a=b"", b=b""), "a", "b")
    assert record.verdict == "INCONCLUSIVE"
    assert "is empty" in record.reason


def test_a_missing_side_defers_unless_the_others_differ(tmp_path):
    evidence = make_hub(tmp_path, a=b"1", b=b"1", c=b"2")
    record = judge_same(evidence, "a", "b", "tensorflow")
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)
    assert "C1:tensorflow" in record.reason
    assert judge_same(evidence, "a", "c", "tensorflow").verdict == "FAIL"


def test_a_file_that_was_not_left_is_inconclusive():
    gone = KeptArtifact(name=NAME, kind="file", shows="x", digest=None, kept=False)
    attempts = [make_attempt(n, steps=[make_step("t", [gone], ("x",))]) for n in ("a", "b")]
    record = judge_same(make_evidence(*attempts), "a", "b")
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", False)


def test_archived_with_its_command(tmp_path):
    record = judge_archived(make_hub(tmp_path, a=b"1", b=b"2"), "a", "b")
    assert record.verdict == "PASS"
    assert record.reason == (
        f"{NAME} of a is kept, with the command of step train; "
        f"{NAME} of b is kept, with the command of step train"
    )


def test_archived_of_nothing_is_inconclusive(tmp_path):
    evidence = make_hub(tmp_path, a=b"1")
    assert judge_archived(evidence).verdict == "INCONCLUSIVE"
    assert judge_archived(evidence, "a", artifacts=()).verdict == "INCONCLUSIVE"
    record = judge_archived(evidence, "tensorflow")
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)


def test_not_archived(tmp_path):
    evidence = make_hub(tmp_path, a=b"1")
    assert "left no other" in judge_archived(evidence, "a", artifacts=("other",)).reason
    no_command = judge_archived(make_hub(tmp_path, argv=(), a=b"1"), "a")
    assert (no_command.verdict, "command" in no_command.reason) == ("FAIL", True)
    not_kept = judge_archived(make_hub(tmp_path, kept=False, a=b"1"), "a")
    assert (not_kept.verdict, "not kept" in not_kept.reason) == ("FAIL", True)


def test_an_altered_or_lost_file_is_not_archived(tmp_path):
    evidence = make_hub(tmp_path, a=b"1")
    file = tmp_path / "analysis/a" / NAME
    file.write_bytes(b"2")
    record = judge_archived(evidence, "a")
    assert (record.verdict, "is not what was recorded" in record.reason) == ("FAIL", True)
    file.unlink()
    record = judge_archived(evidence, "a")
    assert (record.verdict, "cannot be read" in record.reason) == ("FAIL", True)
