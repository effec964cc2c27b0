import numpy as np
import pytest

from parityhub.compare.referee.plain import ArrayFile, PlainSide, compare_plain
from parityhub.errors import EvidenceError, UsageError
from parityhub.plan.pair import RunOutput
from tests.compare.referee.fakes import make_values


def lay(folder, name, *attempts):
    """Lay the arrays of a side's attempts, each a mapping of path to array, into a folder."""
    laid = []
    for number, arrays in enumerate(attempts):
        files = {}
        for path, array in arrays.items():
            file = folder / f"{name}_{number}_{path}"
            np.save(file, array)
            files[path] = ArrayFile(file, f"{name}/{number}/{path}")
        laid.append(files)
    return PlainSide(name, laid)


def compare(folder, left, right, **more):
    output = RunOutput(**{"name": "x", "left": "a.npy", "right": "b.npy", **more})
    sides = lay(folder, "tf", {"a.npy": left}), lay(folder, "torch", {"b.npy": right})
    return compare_plain([output], *sides)[0]


@pytest.fixture
def near():
    return make_values().astype(np.float32)


def test_within_the_assumed_bound_is_inconclusive(tmp_path, near):
    record = compare(tmp_path, near, near)
    assert (record.verdict, record.tolerance_kind) == ("INCONCLUSIVE", "underived")
    assert "plain commands" in record.tolerance_reason
    assert (record.left, record.right) == ("tf/0/a.npy", "torch/0/b.npy")


def test_beyond_the_assumed_bound_fails(tmp_path, near):
    assert compare(tmp_path, near, near * np.float32(1.001)).verdict == "FAIL"


def test_a_tolerance_with_a_reason_can_pass(tmp_path, near):
    record = compare(tmp_path, near, near * np.float32(1.001), rtol=0.01, reason="as agreed")
    assert (record.verdict, record.tolerance_kind) == ("PASS", "override")
    with pytest.raises(UsageError, match="without a reason"):
        compare(tmp_path, near, near, rtol=0.01)


def test_a_spread_of_repeats_enters_the_bound(tmp_path, near):
    repeat = near.copy()
    repeat[0, 0] += np.float32(0.25)
    left = lay(tmp_path, "tf", {"a.npy": near}, {"a.npy": repeat}, {})
    right = lay(tmp_path, "torch", {"b.npy": near})
    record = compare_plain([RunOutput(name="x", left="a.npy", right="b.npy")], left, right)[0]
    assert record.spread_tensorflow == pytest.approx(0.25, rel=1e-6)
    assert record.spread_pytorch is None
    assert record.tolerance > 0.25


@pytest.mark.parametrize("repeat", [np.full((4, 5), np.nan, "f4"), np.zeros((5, 4), "f4")])
def test_a_repeat_that_cannot_be_compared_is_inconclusive(tmp_path, near, repeat):
    left = lay(tmp_path, "tf", {"a.npy": near}, {"a.npy": repeat})
    right = lay(tmp_path, "torch", {"b.npy": near})
    output = RunOutput(name="x", left="a.npy", right="b.npy", atol=1.0, reason="wide")
    record = compare_plain([output], left, right)[0]
    assert record.verdict == "INCONCLUSIVE"
    assert "repeats are further apart" in record.reason


def test_axes_bring_the_right_side_into_order(tmp_path, near):
    override = {"atol": 0.0, "reason": "must be exact"}
    assert compare(tmp_path, near, near.T.copy(), axes=(1, 0), **override).verdict == "PASS"
    assert compare(tmp_path, near, near.T.copy(), **override).verdict == "FAIL"
    with pytest.raises(EvidenceError, match="no order of 2 axes"):
        compare(tmp_path, near, near, axes=(0, 2))


def test_an_array_that_one_side_did_not_leave_is_inconclusive(tmp_path, near):
    left, right = lay(tmp_path, "tf", {"a.npy": near}), PlainSide("torch", [])
    record = compare_plain([RunOutput(name="x", left="a.npy", right="b.npy")], left, right)[0]
    assert (record.verdict, record.reason) == ("INCONCLUSIVE", "unmatched: torch left no b.npy")


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (np.zeros((0, 2)), np.zeros((0, 2)), "INCONCLUSIVE"),
        (np.float64(2.5), np.float64(2.5), "INCONCLUSIVE"),
        (np.float64(2.5), np.float64(2.6), "FAIL"),
        (np.array([1, 2]), np.array([1, 3]), "FAIL"),
        (np.array([True, False]), np.array([False, True]), "FAIL"),
        (np.array([1j, 2]), np.array([-1j, 2]), "FAIL"),
        (np.array([1, 2], "f2"), np.array([1, 2.5], "f2"), "FAIL"),
        (np.array([1, 2], "f2"), np.array([1, 2], "f4"), "FAIL"),
        (np.array([1e300, 1]), np.array([-1e300, 1]), "FAIL"),
        (np.array([1.7e308, 1]), np.array([-1.7e308, 1]), "FAIL"),
        (np.array([5e-324, 0]), np.array([0, 5e-324]), "FAIL"),
        (np.array([np.nan, 1]), np.array([np.nan, 1]), "INCONCLUSIVE"),
        (np.array([np.nan, 1]), np.array([1, 1]), "FAIL"),
        (np.zeros((2, 3)), np.zeros((1, 3)), "FAIL"),
    ],
)
def test_awkward_arrays_have_a_defined_verdict(tmp_path, left, right, verdict):
    assert compare(tmp_path, left, right).verdict == verdict


def test_damaged_files_are_errors_of_one_line(tmp_path, near):
    output = RunOutput(name="x", left="a.npy", right="b.npy")
    left, right = lay(tmp_path, "tf", {"a.npy": near}), lay(tmp_path, "torch", {"b.npy": near})
    file = right.attempts[0]["b.npy"].path
    whole = file.read_bytes()
    for length in range(0, len(whole), 17):
        file.write_bytes(whole[:length])
        with pytest.raises(EvidenceError, match=r"b\.npy") as caught:
            compare_plain([output], left, right)
        assert "\n" not in caught.value.message
    file.unlink()
    with pytest.raises(EvidenceError, match=r"b\.npy"):
        compare_plain([output], left, right)
