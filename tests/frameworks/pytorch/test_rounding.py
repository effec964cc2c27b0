"""The standard deviation of a result, against sums that are really rounded one after another."""

import math
from typing import Any

import numpy as np
import pytest
import torch

from parityhub.frameworks.pytorch.noisy_mode import make_mode
from parityhub.frameworks.pytorch.parts import PARTS
from parityhub.frameworks.pytorch.rounding import (
    Call,
    Rounding,
    find_deviations,
    get_name,
    is_inexact,
    is_known,
    prepare_squares,
)

UNIT = 2.0**-24
ROUNDING = Rounding(UNIT, {"tanh": 3.0})
aten = torch.ops.aten


def deviate(func: Any, *args: Any) -> torch.Tensor:
    name = get_name(func)
    call = Call(name, args, {})
    squares = prepare_squares(func, call)
    result = func(*args)
    (deviation,) = find_deviations(call, [result], squares, ROUNDING)
    assert deviation is not None
    return deviation


@pytest.mark.parametrize("shift", [0.0, 1.0])
@pytest.mark.parametrize("length", [16, 256, 2048])
def test_sequential_products_have_the_stated_deviation(length: int, shift: float) -> None:
    generator = np.random.default_rng(length)
    rows = (generator.normal(size=(400, length)) + shift).astype(np.float32)
    column = (generator.normal(size=length) + shift).astype(np.float32)
    total = np.zeros(400, np.float32)
    for place in range(length):
        total = total + rows[:, place] * column[place]
    exact = rows.astype(np.float64) @ column.astype(np.float64)
    left, right = torch.from_numpy(rows).double(), torch.from_numpy(column).double()[:, None]
    stated = deviate(aten.mm.default, left, right)[:, 0].numpy()
    measured = math.sqrt(np.mean(((total - exact) / stated) ** 2))
    assert 0.4 < measured < 1.3


def test_elementwise_rules() -> None:
    x = torch.tensor([1.0, -2.0, 0.0], dtype=torch.float64)
    expected = UNIT / math.sqrt(3) * x.abs()
    assert torch.allclose(deviate(aten.add.Tensor, x, torch.zeros_like(x)), expected)
    assert torch.allclose(deviate(aten.tanh.default, x), 6 * expected.div(x.abs()).nan_to_num()
                          * torch.tanh(x).abs())  # fmt: skip
    # 0.1 is no float32: the factor itself is rounded, and the product.
    inexact = deviate(aten.mul.Tensor, x, 0.1)
    assert torch.allclose(inexact, expected * 0.1 * math.sqrt(2))
    assert torch.allclose(deviate(aten.mul.Tensor, x, 0.5), expected * 0.5)


def test_moves_and_comparisons_are_exact() -> None:
    x = torch.randn(3, 4, dtype=torch.float64)
    for func, args in ((aten.t.default, ()), (aten.relu.default, ()), (aten.gt.Scalar, (0,))):
        call = Call(get_name(func), (x, *args), {})
        assert find_deviations(call, [func(x, *args)], [], ROUNDING) == [None]


@pytest.mark.parametrize(
    ("value", "unit", "inexact"),
    [(0.5, UNIT, False), (0.1, UNIT, True), (0.1, 2.0**-53, False), (1 + 2**-9, 2.0**-8, True)],
)
def test_numbers_that_a_dtype_cannot_hold(value: float, unit: float, inexact: bool) -> None:
    assert is_inexact(torch.tensor([value], dtype=torch.float64), unit) is inexact
    assert is_inexact(torch.tensor([value + 0j], dtype=torch.complex128), unit) is inexact
    assert is_inexact(torch.tensor([3]), unit) is False


def run_both(func: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    with torch.no_grad():
        plain = func(*args, **kwargs)
        with make_mode(Rounding(0.0, {}), 0, 0):
            noisy = func(*args, **kwargs)
    return plain, noisy


X = torch.randn(2, 6, 5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
VECTOR = torch.rand(6, dtype=torch.float64, generator=torch.Generator().manual_seed(1)) + 0.5
SEQUENCE = X.reshape(2, 6, 25)[:, None]

COMPOSITES: dict[str, tuple[Any, tuple[Any, ...], dict[str, Any]]] = {
    "batch norm": (aten.native_batch_norm.default,
                   (X, VECTOR, VECTOR, VECTOR, VECTOR, False, 0.1, 1e-5), {}),
    "batch norm of a batch": (aten.native_batch_norm.default,
                              (X, VECTOR, None, None, None, True, 0.1, 1e-5), {}),
    "layer norm": (aten.native_layer_norm.default, (X, [5, 5], None, None, 1e-5), {}),
    "group norm": (aten.native_group_norm.default, (X, VECTOR, VECTOR, 2, 6, 25, 3, 1e-5), {}),
    "variance": (aten.var.correction, (X, [1, 2]), {"correction": 1}),
    "deviation": (aten.std.correction, (X, None), {"correction": 0}),
    "softmax": (aten._softmax.default, (X, 1, False), {}),
    "log softmax": (aten._log_softmax.default, (X, 1, False), {}),
    "log sum exp": (aten.logsumexp.default, (X, [1, 2]), {}),
    "gelu": (aten.gelu.default, (X,), {}),
    "gelu by tanh": (aten.gelu.default, (X,), {"approximate": "tanh"}),
    "elu": (aten.elu.default, (X, 0.7), {}),
    "mish": (aten.mish.default, (X,), {}),
    "log sigmoid": (aten.log_sigmoid_forward.default, (X,), {}),
    "hard sigmoid": (aten.hardsigmoid.default, (3 * X,), {}),
    "hard swish": (aten.hardswish.default, (3 * X,), {}),
    "product added": (aten.addcmul.default, (X, X, X), {"value": 0.5}),
    "quotient added": (aten.addcdiv.default, (X, X, X.exp()), {"value": 0.5}),
    "norm": (aten.linalg_vector_norm.default, (X, 2, [1]), {}),
    "attention": (aten._scaled_dot_product_flash_attention_for_cpu.default,
                  (SEQUENCE, SEQUENCE * 2, SEQUENCE + 1, 0.0, True), {}),
    "gelu backward": (aten.gelu_backward.default, (X, X), {}),
    "softmax backward": (aten._softmax_backward_data.default,
                         (X, X.softmax(1), 1, torch.float64), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPOSITES)
def test_parts_do_what_the_whole_does(name: str) -> None:
    func, args, kwargs = COMPOSITES[name]
    assert not is_known(get_name(func))
    plain, noisy = run_both(func, *args, **kwargs)
    plain, noisy = ((x,) if isinstance(x, torch.Tensor) else x for x in (plain, noisy))
    for one, other in zip(plain[:1], noisy[:1], strict=True):
        torch.testing.assert_close(other, one, rtol=1e-12, atol=1e-13)
    assert get_name(func) in PARTS or "backward" in name


def test_backward_of_attention_does_what_the_whole_does() -> None:
    func = aten._scaled_dot_product_flash_attention_for_cpu
    out, logs = func(SEQUENCE, SEQUENCE * 2, SEQUENCE + 1, 0.0, True)
    backward = aten._scaled_dot_product_flash_attention_for_cpu_backward.default
    args = (SEQUENCE.cos(), SEQUENCE, SEQUENCE * 2, SEQUENCE + 1, out, logs, 0.0, True)
    plain, noisy = run_both(backward, *args)
    for one, other in zip(plain, noisy, strict=True):
        torch.testing.assert_close(other, one, rtol=1e-10, atol=1e-11)


def test_work_in_place_stays_in_place() -> None:
    x = torch.randn(50, dtype=torch.float64)
    view, before = x[:25], x.clone()
    with make_mode(ROUNDING, 0, 0):
        result = torch.nn.functional.elu_(view)
        result.mul_(3)
    exact = torch.nn.functional.elu(before[:25]) * 3
    assert result.data_ptr() == x.data_ptr()
    assert torch.equal(x[:25], result)
    assert torch.equal(x[25:], before[25:])
    assert 0 < float((x[:25] - exact).abs().max()) < 1e-5


def test_infinities_stay_what_they_are() -> None:
    x = torch.tensor([math.inf, -math.inf, math.nan, 1.0], dtype=torch.float64)
    with make_mode(ROUNDING, 0, 0):
        y = x + 1
    assert y[:2].tolist() == [math.inf, -math.inf]
    assert math.isnan(y[2])
    assert 0 < abs(float(y[3]) - 2) < 1e-6
