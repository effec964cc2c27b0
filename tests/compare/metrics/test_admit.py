from dataclasses import replace

import numpy as np
import pytest

from parityhub.compare.metrics.admit import (
    Content,
    admit_arrays,
    find_content,
    judge_nonfinite,
    open_array,
)
from parityhub.compare.metrics.screen import screen_arrays
from parityhub.errors import EvidenceError

VARIED = np.arange(12, dtype=np.float32).reshape(3, 4)
NAN, INF = np.nan, np.inf


def test_arrays_that_vary_are_admitted():
    assert admit_arrays(VARIED, VARIED + 1) is None
    assert admit_arrays(np.float32(3).reshape(()), np.float32(3).reshape(())) is None
    assert admit_arrays(np.ones((1, 1)), np.ones((1, 1))) is None


@pytest.mark.parametrize(
    ("left", "right", "verdict", "reason"),
    [
        (VARIED, VARIED.T, "FAIL", "the same axes in another order"),
        (VARIED, VARIED[:2], "FAIL", "(3, 4) (left) and (2, 4) (right), in the first axis alone"),
        (VARIED, VARIED[:1, :3], "FAIL", "shapes differ"),
        (VARIED, VARIED[0], "FAIL", "they would broadcast"),
        (VARIED, np.float32(1).reshape(()), "FAIL", "they would broadcast"),
        (VARIED, VARIED[:0], "FAIL", "shapes differ"),
        (VARIED, VARIED.astype("f8"), "FAIL", "float32 (left) and float64 (right)"),
        (
            VARIED.astype("f2"),
            VARIED.astype("f2").view("V2"),
            "FAIL",
            "float16 (left) and bfloat16",
        ),
        (VARIED[:0], VARIED[:0], "INCONCLUSIVE", "both are empty"),
        (0 * VARIED, 0 * VARIED, "INCONCLUSIVE", "left is constant: all zero, right is"),
        (0 * VARIED, VARIED, "FAIL", "left is constant: all zero; the other is not"),
        (VARIED, 0 * VARIED + 7, "FAIL", "right is constant: 7.0; the other is not"),
        (0 * VARIED + 7, 0 * VARIED + 7, "INCONCLUSIVE", "right is constant: 7.0"),
        (NAN * VARIED, NAN * VARIED, "INCONCLUSIVE", "neither has a finite element"),
        (NAN * VARIED, VARIED, "FAIL", "left has no finite element"),
        (VARIED, 0 * VARIED + INF, "FAIL", "right has no finite element"),
        (np.ones(4) > 0, np.ones(4) > 0, "INCONCLUSIVE", "constant: True"),
    ],
)
def test_what_is_no_evidence_of_equality_has_its_verdict(left, right, verdict, reason):
    with np.errstate(invalid="ignore"):
        found = admit_arrays(left, right)
    assert found.verdict == verdict
    assert reason in found.reason
    assert "\n" not in found.reason


def test_the_order_of_bytes_is_no_difference_of_dtype():
    assert admit_arrays(VARIED, VARIED.astype(">f4")) is None


@pytest.mark.parametrize("array", [np.array([None, 1]), np.array(["a", "b"])])
def test_what_holds_no_numbers_is_refused(array):
    with pytest.raises(EvidenceError, match=r"right: dtype .*, not numbers"):
        admit_arrays(VARIED, array)


@pytest.mark.parametrize(
    ("values", "content"),
    [
        ([], Content(False, None)),
        ([NAN, INF], Content(False, None)),
        ([2.0], Content(True, None)),
        ([2.0, NAN], Content(True, None)),
        ([2.0, NAN, 2.0], Content(True, 2.0)),
        ([0.0, -0.0], Content(True, 0.0)),
        ([1.0] * 50_000 + [2.0], Content(True, None)),
        ([1.0] * 50_000, Content(True, 1.0)),
        ([1j, 1j], Content(True, 1j)),
        ([3, 3], Content(True, 3)),
    ],
)
def test_content_is_that_of_the_finite_elements(values, content):
    assert find_content(np.array(values)) == content


@pytest.mark.parametrize(
    ("left", "right", "verdict", "reason"),
    [
        ([1, NAN], [1, 2], "FAIL", "disagrees at 1 places, first at (1,): 1 and 0 NaN"),
        ([1, INF], [1, -INF], "FAIL", "disagrees at 1 places"),
        ([1, NAN], [1, NAN], "INCONCLUSIVE", "alike, at 1 places, first at (1,)"),
        ([NAN, NAN], [NAN, NAN], "INCONCLUSIVE", "0 elements compared"),
        ([], [], "INCONCLUSIVE", "nothing compared"),
        ([1.7e308, 1], [-1.7e308, 1], "FAIL", "beyond float64 at 1 places"),
    ],
)
def test_what_is_not_finite_never_passes(left, right, verdict, reason):
    found = judge_nonfinite(screen_arrays(np.array(left, dtype="f8"), np.array(right, dtype="f8")))
    assert found.verdict == verdict
    assert reason in found.reason


def test_finite_numbers_are_left_to_the_tolerance():
    screening = screen_arrays(VARIED, VARIED + 1)
    assert judge_nonfinite(screening) is None
    assert judge_nonfinite(replace(screening, compared=0)).verdict == "INCONCLUSIVE"


@pytest.mark.parametrize("shape", [(), (0, 3), (3, 4)])
def test_a_whole_file_is_opened_mapped_and_read_only(tmp_path, shape):
    np.save(tmp_path / "a.npy", np.ones(shape, dtype=np.float16))
    array = open_array(tmp_path / "a.npy")
    assert (array.shape, array.dtype) == (shape, np.float16)
    assert isinstance(array, np.memmap)
    assert not array.flags.writeable


def break_file(path, how):
    np.save(path, VARIED, allow_pickle=False)
    whole = path.read_bytes()
    match how:
        case "missing":
            path.unlink()
        case "folder":
            path.unlink()
            path.mkdir()
        case "empty":
            path.write_bytes(b"")
        case "no header":
            path.write_bytes(whole[:9])
        case "cut short":
            path.write_bytes(whole[:-1])
        case "no npy":
            path.write_bytes(b"PK\x03\x04" + whole)
        case "huge":
            path.write_bytes(whole.replace(b"(3, 4), }", b"(3, 4" + b"0" * 3 + b"), }"))
        case "negative":
            path.write_bytes(whole.replace(b"(3, 4)", b"(-3,4)"))
        case "object":
            np.save(path, np.array([None]), allow_pickle=True)
        case "text":
            np.save(path, np.array(["a"]))
        case "fields":
            np.save(path, np.zeros(2, dtype=[("x", "f4")]))


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("missing", "no such file"),
        ("folder", "not a whole array"),
        ("empty", "not a whole array"),
        ("no header", "not a whole array"),
        ("cut short", "not a whole array"),
        ("no npy", "not a whole array"),
        ("huge", "not a whole array"),
        ("negative", "not a whole array"),
        ("object", "would have to be unpickled"),
        ("text", "not numbers"),
        ("fields", "not numbers"),
    ],
)
def test_a_broken_file_is_one_line_and_a_hint(tmp_path, how, told):
    path = tmp_path / "a.npy"
    break_file(path, how)
    with pytest.raises(EvidenceError, match=told) as caught:
        open_array(path)
    assert caught.value.message.startswith("a.npy: ")
    assert "\n" not in caught.value.message
    assert caught.value.hint
