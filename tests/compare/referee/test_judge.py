import numpy as np
import pytest
from msgspec import json

from parityhub.compare.referee.decide import Setting, decide_output
from parityhub.compare.referee.judge import judge_output
from parityhub.compare.referee.tolerance import Override
from parityhub.hub.parity_records import OutputRecord
from tests.compare.referee.fakes import make_referee, make_values, take

SETTING = Setting("float32", "both in float64")


def judge(left, right, referee=None, setting=SETTING, spreads=(0.0, 0.0)):
    record = judge_output(
        "output",
        take(left, "TensorFlow", spreads[0]),
        take(right, "PyTorch", spreads[1]),
        referee,
        setting,
    )
    assert json.decode(json.encode(record), type=OutputRecord) == record
    return record


@pytest.fixture
def exact():
    return make_values()


def shift(array, amount, place=(1, 2)):
    moved = array.copy()
    moved[place] += amount
    return moved


def test_rounding_alone_passes_and_says_so(exact):
    near = exact.astype(np.float32)
    record = judge(near, shift(near, np.float32(3e-8)), make_referee(exact, 3e-8))
    assert record.verdict == "PASS"
    assert record.reason.startswith("PASS by rounding alone: ")
    assert record.tolerance_kind == "derived"
    assert record.margin == record.tolerance / record.max_abs
    assert record.error_ratio == record.error_tensorflow / record.error_pytorch
    assert record.referee_difference == 0
    assert record.metrics["caught_by"] == ""
    assert record.scale == np.abs(exact).max()


def test_equal_bit_for_bit_passes_without_a_margin(exact):
    near = exact.astype(np.float32)
    record = judge(near, near, make_referee(exact, 3e-8))
    assert (record.verdict, record.margin, record.max_abs) == ("PASS", None, 0.0)


def test_beyond_the_tolerance_fails(exact):
    near = exact.astype(np.float32)
    record = judge(near, shift(near, 1e-5), make_referee(exact, 3e-8))
    assert record.verdict == "FAIL"
    assert record.metrics["caught_by"] == "max_abs, rms"
    assert record.margin < 1


def test_a_small_shift_of_all_elements_is_caught_by_rms(exact):
    near = exact.astype(np.float32)
    referee = make_referee(exact, 3e-8)
    referee.response["sigma_rms"] = 1e-9
    record = judge(near, near + np.float32(1.2e-7), referee)
    assert record.verdict == "FAIL"
    assert record.metrics["caught_by"] == "rms"
    assert record.max_abs < record.tolerance


def test_code_that_differs_fails_although_float32_is_the_same(exact):
    near = exact.astype(np.float32)
    record = judge(near, near, make_referee(exact, 3e-8, shift(exact, 1e-9)))
    assert record.verdict == "FAIL"
    assert record.reason.startswith("the code differs, whatever float32 says")
    assert record.metrics["caught_by"] == "referee"
    assert record.max_abs == 0
    assert record.referee_difference == pytest.approx(1e-9)
    assert (record.error_tensorflow, record.error_ratio) == (None, None)


def test_last_bits_of_float64_are_no_other_code(exact):
    near = exact.astype(np.float32)
    record = judge(near, near, make_referee(exact, 3e-8, exact * (1 + 2.0**-52)))
    assert record.verdict == "PASS"
    assert 0 < record.referee_difference < record.referee_tolerance


def test_a_side_far_from_the_referee_is_no_pass_by_rounding(exact):
    coarse = np.round(exact, 3).astype(np.float32)
    record = judge(coarse, coarse, make_referee(exact, 3e-8))
    assert record.verdict == "INCONCLUSIVE"
    assert "TensorFlow is" in record.reason
    assert "from the referee" in record.reason


def test_a_side_that_does_not_repeat_itself_by_more_than_rounding_says_so(exact):
    near = exact.astype(np.float32)
    record = judge(near, near, make_referee(exact, 3e-8), spreads=(0.0, 1e-3))
    assert record.verdict == "INCONCLUSIVE"
    assert record.reason.startswith("PyTorch does not repeat itself: by 0.001")


def test_a_spread_within_rounding_widens_the_tolerance_and_passes(exact):
    near = exact.astype(np.float32)
    plain = judge(near, near, make_referee(exact, 3e-8))
    record = judge(near, near, make_referee(exact, 3e-8), spreads=(1e-7, 0.0))
    assert record.verdict == "PASS"
    assert record.tolerance == pytest.approx(plain.tolerance + 1e-7)
    assert record.spread_tensorflow == 1e-7


@pytest.mark.parametrize("spread", [np.inf, np.nan])
def test_a_spread_beyond_any_number_is_inconclusive(exact, spread):
    near = exact.astype(np.float32)
    record = judge(near, near, make_referee(exact), spreads=(spread, 0.0))
    assert record.verdict == "INCONCLUSIVE"
    assert record.spread_tensorflow is None
    assert "TensorFlow: repeats" in record.reason


@pytest.mark.parametrize("sides", ["left", "right", "both"])
def test_a_constant_never_passes(exact, sides):
    near, flat = exact.astype(np.float32), np.ones((4, 5), np.float32)
    left, right = (flat, near) if sides == "left" else (near, flat)
    record = judge(*((flat, flat) if sides == "both" else (left, right)), make_referee(exact))
    assert record.verdict == ("INCONCLUSIVE" if sides == "both" else "FAIL")
    assert "constant in" in record.reason
    if sides != "both":
        assert "constant" in record.metrics["caught_by"]


def test_zeros_on_both_sides_are_inconclusive():
    zeros = np.zeros(7, np.float32)
    record = judge(zeros, zeros, make_referee(zeros))
    assert record.verdict == "INCONCLUSIVE"
    assert "constant in TensorFlow and PyTorch" in record.reason


def test_a_single_element_may_be_constant():
    record = judge(np.float32(3), np.float32(3), make_referee(3.0))
    assert record.verdict == "PASS"
    assert judge(np.float32(0), np.float32(0), make_referee(0.0)).verdict == "INCONCLUSIVE"


def test_a_tolerance_as_wide_as_the_output_shows_nothing(exact):
    near = exact.astype(np.float32)
    record = judge(near, near, make_referee(exact, 10.0))
    assert record.verdict == "INCONCLUSIVE"
    assert "nothing is shown" in record.reason


def test_without_a_response_it_is_inconclusive_at_best(exact):
    near = exact.astype(np.float32)
    assert judge(near, near, None).verdict == "INCONCLUSIVE"
    record = judge(near, near, make_referee(exact, None))
    assert (record.verdict, record.tolerance_kind) == ("INCONCLUSIVE", "underived")
    assert record.error_tensorflow is not None
    assert judge(near, shift(near, 1e-3), None).verdict == "FAIL"
    assert judge(near, near, make_referee(exact, None, shift(exact, 1e-6))).verdict == "FAIL"


@pytest.mark.parametrize("other", [np.ones(3), np.full((4, 5), np.nan)])
def test_float64_runs_that_are_no_referee_leave_it_inconclusive(exact, other):
    near = exact.astype(np.float32)
    record = judge(near, near, make_referee(exact, 3e-8, other))
    assert record.verdict == "INCONCLUSIVE"
    assert record.referee_difference is None
    assert "PASS" not in record.reason


def test_an_override_is_used_instead_and_never_called_rounding(exact):
    near = exact.astype(np.float32)
    setting = Setting("float32", "", Override("known to round down", atol=1e-3))
    record = judge(near, shift(near, 1e-5), make_referee(exact, 3e-8), setting)
    assert (record.verdict, record.tolerance_kind) == ("PASS", "override")
    assert "rounding alone" not in record.reason
    assert "known to round down" in record.tolerance_reason
    assert judge(near, shift(near, 1e-2), None, setting).verdict == "FAIL"
    assert judge(near, near, None, setting).verdict == "PASS"


def test_an_override_that_covers_other_code_says_that_it_is_other_code(exact):
    near = exact.astype(np.float32)
    referee = make_referee(exact, 3e-8, shift(exact, 1e-6))
    wide, narrow = (Setting("float32", "", Override("why", atol=a)) for a in (1e-3, 1e-7))
    record = judge(near, near, referee, wide)
    assert record.verdict == "PASS"
    assert "the code differs" in record.reason
    assert judge(near, near, referee, narrow).verdict == "FAIL"


def test_an_override_wider_than_the_output_is_no_pass(exact):
    near = exact.astype(np.float32)
    setting = Setting("float32", "", Override("until it is green", atol=100.0))
    assert judge(near, -near, make_referee(exact), setting).verdict == "INCONCLUSIVE"


def test_shapes_come_first(exact):
    record = judge(exact.astype("f4"), exact.T.astype("f4"), make_referee(exact))
    assert record.verdict == "FAIL"
    assert record.reason == "shapes differ: (4, 5) against (5, 4)"
    assert (record.tolerance_kind, record.max_abs) == ("none", None)


def test_a_difference_beyond_float64_fails():
    record = judge(np.array([1.7e308, 1]), np.array([-1.7e308, 1]))
    assert record.verdict == "FAIL"
    assert record.max_abs is None


def test_complex_outputs_are_judged(exact):
    turned = (exact + 1j * exact[::-1]).astype(np.complex64)
    referee = make_referee(exact, 3e-8)
    wide = exact + 1j * exact[::-1]
    referee = type(referee)(tensorflow=wide, pytorch=wide, response=referee.response)
    assert judge(turned, turned, referee).verdict == "PASS"
    assert judge(turned, turned.conj(), referee).verdict == "FAIL"


def test_integers_that_differ_fail():
    left = np.arange(6)
    assert judge(left, left[::-1].copy()).verdict == "FAIL"
    assert judge(left, left.copy()).verdict == "INCONCLUSIVE"


def test_images_have_their_own_numbers():
    exact = make_values(0, (2, 3, 16, 16))
    near = exact.astype(np.float32)
    record = judge_output(
        "output", take(near), take(near + np.float32(0.01)), None, SETTING, image=True
    )
    assert record.mae == pytest.approx(0.01, rel=1e-4)
    assert 0.99 < record.ssim < 1
    assert 40 < record.psnr < 60
    assert record.metrics["images"] == 6
    plain = judge_output("output", take(near), take(near), None, SETTING)
    assert (plain.ssim, plain.psnr) == (None, None)


def test_the_global_phase_of_complex_images_is_removed_and_reported():
    image = make_values(0, (16, 16)) + 1j * make_values(1, (16, 16))
    turned = image * np.exp(0.5j)
    record = judge_output("output", take(turned), take(image), None, SETTING, image=True)
    assert record.verdict == "FAIL"
    assert record.metrics["global_phase"] == pytest.approx(0.5)
    assert record.ssim == pytest.approx(1)


@pytest.mark.parametrize("shape", [(3,), (16, 16), (2, 16, 16), (1, 2, 3, 16, 16)])
def test_images_of_any_rank_are_measured_or_said_not_to_be(shape):
    values = make_values(0, shape)
    record = judge_output("output", take(values), take(values), None, SETTING, image=True)
    assert (record.ssim is None) == (len(shape) == 1)
    assert bool(record.metrics.get("image_refused")) == (len(shape) == 1)


def test_share_beyond_the_tolerance_is_counted_and_forgotten_with_it(exact):
    near = exact.astype(np.float32)
    record = judge(near, shift(near, 1e-5), make_referee(exact, 3e-8))
    assert record.metrics["share_beyond"] == pytest.approx(1 / 20)
    assert decide_output(record, SETTING).metrics["share_beyond"] == pytest.approx(1 / 20)
    other = Setting("float32", "", Override("why", atol=1.0))
    assert decide_output(record, other).metrics["share_beyond"] is None
