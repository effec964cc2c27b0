import numpy as np
import pytest

from parityhub.compare.checks import judge_check
from parityhub.plan.model import TrainedCheck
from tests.compare.builders import (
    keep_array,
    make_attempt,
    make_evidence,
    make_image,
    make_step,
)


def make_check(**changes):
    plain = {
        "id": "t",
        "title": "trained",
        "left": "torch",
        "right": "tensorflow",
        "array": "canvas.npy",
        "object": "object.npy",
        "coverage": "coverage.npy",
        "ssim_at_least": 0.9,
        "reason": "seed to seed",
    }
    return TrainedCheck(**(plain | changes))


def keep_side(root, baseline, image, known=None, coverage=None):
    arrays = {
        "canvas.npy": image,
        "object.npy": make_image() if known is None else known,
        "coverage.npy": np.ones(image.shape) if coverage is None else coverage,
    }
    kept = [
        keep_array(root, f"{baseline}/{name}", array, name=name) for name, array in arrays.items()
    ]
    return make_attempt(baseline, steps=[make_step("infer", kept, ("infer",))])


def judge(root, left, right, check=None, **sides):
    evidence = make_evidence(
        keep_side(root, "torch", left, **sides.get("torch", {})),
        keep_side(root, "tensorflow", right, **sides.get("tensorflow", {})),
        root=root,
    )
    return judge_check(check or make_check(), evidence)


def test_alike_images_pass_by_amplitude_and_phase(tmp_path):
    image = make_image()
    near = (image * (1 + 1e-3 * make_image(5).real)).astype(np.complex64)
    record = judge(tmp_path, image, near).record
    assert record.verdict == "PASS"
    assert record.reason.startswith("tensorflow against torch: SSIM of amplitude 0.99")
    assert record.tolerance == "SSIM of amplitude and of phase >= 0.9: seed to seed"


def test_images_that_differ_in_phase_alone_fail(tmp_path):
    image = make_image()
    other = np.abs(image) * np.exp(1j * np.angle(make_image(3)))
    record = judge(tmp_path, image, other.astype(np.complex64)).record
    assert record.verdict == "FAIL"
    assert "under 0.9" in record.reason


@pytest.mark.parametrize("changes", [{"ssim_at_least": None}, {"reason": " "}])
def test_without_a_bound_that_has_a_reason_it_is_underived(tmp_path, changes):
    record = judge(tmp_path, make_image(), make_image(), make_check(**changes)).record
    assert record.verdict == "INCONCLUSIVE"
    assert "underived" in record.reason
    assert "underived" in record.tolerance
    assert not record.deferred


def test_each_image_is_measured_against_the_other_and_the_object(tmp_path):
    record = judge(tmp_path, make_image() * np.complex64(2), make_image()).record
    numbers = {number.name: number for number in record.numbers}
    for pair in ("tensorflow against torch", "torch against the object"):
        for part in ("amplitude", "phase"):
            assert numbers[f"{part} mae, {pair}"].value is not None
            assert numbers[f"{part} ssim, {pair}"].value <= 1 + 1e-12
    assert numbers["amplitude ratio fitted, tensorflow against torch"].value == pytest.approx(0.5)
    assert numbers["amplitude ratio removed, torch against the object"].value == pytest.approx(2)
    assert numbers["amplitude mae, torch against the object"].value < 1e-6
    source = numbers["sha256 of canvas.npy, torch"].source
    assert source.file == "torch/canvas.npy"


def test_the_arrays_are_those_of_the_picture(tmp_path):
    image = make_image()
    coverage = np.zeros(image.shape)
    coverage[2:20, 3:30] = 1
    arrays = judge(tmp_path, image, image * 2, torch={"coverage": coverage}).arrays
    assert set(arrays) == {
        f"{side}_{part}"
        for side in ("left", "right", "difference")
        for part in ("amplitude", "phase")
    }
    assert {array.shape for array in arrays.values()} == {(18, 27)}
    assert {array.dtype.name for array in arrays.values()} == {"float32"}
    difference = arrays["right_amplitude"] - arrays["left_amplitude"]
    assert np.allclose(arrays["difference_amplitude"], difference, atol=1e-6)


def test_only_what_both_sides_cover_is_compared(tmp_path):
    image = make_image()
    covers = [np.zeros(image.shape), np.zeros(image.shape)]
    covers[0][:, 5:] = 1
    covers[1][:, :-5] = 1
    judgement = judge(
        tmp_path, image, image, torch={"coverage": covers[0]}, tensorflow={"coverage": covers[1]}
    )
    assert judgement.arrays["left_phase"].shape == (32, 30)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (make_image(shape=(20, 20)), "shapes differ: (32, 40) and (20, 20)"),
        (make_image().astype(np.complex128), "dtypes differ"),
        (np.ones((32, 40), np.complex64), "the image is constant"),
        (np.full((32, 40), np.nan, np.complex64), "the image is not finite at 1280"),
    ],
)
def test_images_that_cannot_be_compared_fail_by_name(tmp_path, other, reason):
    record = judge(tmp_path, make_image(), other, make_check(object=None, coverage=None)).record
    assert record.verdict == "FAIL"
    assert reason in record.reason


@pytest.mark.parametrize("side", ["torch", "tensorflow"])
@pytest.mark.parametrize("coverage", [np.ones((3, 3)), np.ones((32, 40), np.complex64)])
def test_coverage_that_does_not_fit_fails(tmp_path, side, coverage):
    image = make_image()
    record = judge(tmp_path, image, image, **{side: {"coverage": coverage}}).record
    assert record.verdict == "FAIL"
    assert f"the coverage is {coverage.dtype} of shape {coverage.shape}" in record.reason


def test_sides_of_different_objects_are_inconclusive(tmp_path):
    image = make_image()
    record = judge(tmp_path, image, image, tensorflow={"known": make_image(4)}).record
    assert record.verdict == "INCONCLUSIVE"
    assert "different objects" in record.reason


def test_an_image_too_small_for_a_window_is_inconclusive(tmp_path):
    image = make_image(shape=(5, 5))
    record = judge(tmp_path, image, image, make_check(object=None, coverage=None)).record
    assert record.verdict == "INCONCLUSIVE"
    assert "no window" in record.reason


def test_a_pure_phase_image_has_no_range_of_amplitude(tmp_path):
    rows, columns = np.indices((32, 40)) / 7
    image = np.where(rows + columns > 5, 1, 1j).astype(np.complex64)
    record = judge(tmp_path, image, image, make_check(object=None, coverage=None)).record
    assert record.verdict == "INCONCLUSIVE"
    assert "SSIM of amplitude None" in record.reason
    assert "the reference has no range" in record.reason


def test_damage_is_inconclusive_and_named(tmp_path):
    left = keep_side(tmp_path, "torch", make_image())
    right = keep_side(tmp_path, "tensorflow", make_image())
    (tmp_path / "torch/canvas.npy").write_bytes(b"not an array")
    record = judge_check(make_check(), make_evidence(left, right, root=tmp_path)).record
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", False)
    assert "torch/canvas.npy: not a whole array" in record.reason


def test_a_missing_side_defers(tmp_path):
    evidence = make_evidence(keep_side(tmp_path, "torch", make_image()), root=tmp_path)
    judgement = judge_check(make_check(), evidence)
    assert (judgement.record.verdict, judgement.record.deferred) == ("INCONCLUSIVE", True)
    assert "C1:tensorflow" in judgement.record.reason
    assert not judgement.arrays


def test_an_image_is_not_compared_with_itself(tmp_path):
    check = make_check(right="C1:torch")
    assert judge(tmp_path, make_image(), make_image(), check).record.verdict == "INCONCLUSIVE"
