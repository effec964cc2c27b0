"""Each known mistake is found: the target is made by a network with it, the model is without."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from parityhub.frameworks.pytorch.explain import explain_node
from parityhub.frameworks.pytorch.models import Model, list_weights
from parityhub.frameworks.pytorch.replay import play
from parityhub.frameworks.pytorch.watch import Watched, watch_model


class Apply(nn.Module):
    """A function as a model, with layers that it may use."""

    def __init__(self, function: Callable[..., Tensor], *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self._function = function

    def forward(self, x: Tensor) -> Tensor:
        return self._function(x, *self.layers)


def watch(module: nn.Module, x: Tensor) -> Watched:
    return watch_model(Model(module.eval().double(), torch.float64, 0), {"x": x.double()})


def explain(
    module: nn.Module, other: nn.Module, x: Tensor, folder: Path, same_weights: bool = True
) -> Mapping[str, Any]:
    """Explain the output of `module` where the other side is `other`."""
    if same_weights:
        other.load_state_dict(module.state_dict())
    watched = watch(module, x)
    outputs: dict[str, Tensor] = {}
    peer = watch(other, x)
    with torch.no_grad():
        outputs = play(peer.model, peer.tape, peer.inputs)
    np.save(folder / "target.npy", outputs["output"].numpy())
    weights = {n: t.detach().numpy() for n, t in list_weights(other.double()).items()}
    np.savez(folder / "weights.npz", **weights)
    node = watched.names[watched.tape.outputs["output"]]
    return explain_node(
        watched,
        {
            "node": node,
            "feeds": {},
            "target": {"file": str(folder / "target.npy"), "axes": None},
            "peer": {"op": "", "attributes": {}},
            "peer_weights": str(folder / "weights.npz") if weights else None,
        },
    )


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(3)


def make_images(*shape: int) -> Tensor:
    return torch.randn(shape or (2, 4, 8, 8))


def make_batch_norm(**options: Any) -> nn.BatchNorm2d:
    norm = nn.BatchNorm2d(4, **options)
    norm.running_mean = torch.linspace(-1, 1, 4)
    norm.running_var = torch.linspace(0.5, 2, 4)
    return norm


def pad_right(x: Tensor, conv: nn.Module) -> Tensor:
    return conv(functional.pad(x, (0, 1, 0, 1)))


def test_same_padding_at_stride_two_is_found(tmp_path: Path) -> None:
    mine = Apply(lambda x, conv: conv(x), nn.Conv2d(4, 5, 3, 2, padding=1))
    other = Apply(pad_right, nn.Conv2d(4, 5, 3, 2))
    found = explain(mine, other, make_images(), tmp_path)
    assert found["cause"] == "padding side"
    assert found["detail"].startswith(
        "with padding [0, 0] before and [1, 1] after instead of [1, 1] on both sides it agrees to"
    )
    assert found["after"] < 1e-12 < found["before"]


def test_explicit_padding_on_the_other_side_is_found(tmp_path: Path) -> None:
    mine = Apply(lambda x, conv: functional.relu(pad_right(x, conv)), nn.Conv2d(4, 5, 3, 2))
    other = Apply(
        lambda x, conv: functional.relu(conv(functional.pad(x, (1, 0, 1, 0)))),
        nn.Conv2d(4, 5, 3, 2),
    )
    found = explain(mine, other, make_images(), tmp_path)
    assert found["cause"] == "padding side"
    assert found["detail"].startswith("padded [1, 0, 1, 0] instead of [0, 1, 0, 1]")


def test_images_read_in_the_other_order_are_found(tmp_path: Path) -> None:
    mine = Apply(lambda x: torch.tanh(x.permute(0, 2, 3, 1).reshape(x.shape)))
    found = explain(mine, Apply(torch.tanh), make_images(), tmp_path)
    assert found["cause"] == "channel order"


def test_square_matrix_transposed_is_found(tmp_path: Path) -> None:
    mine, other = nn.Linear(8, 8), nn.Linear(8, 8)
    with torch.no_grad():
        other.weight.copy_(mine.weight.T)
        other.bias.copy_(mine.bias)
    found = explain(mine, other, make_images(), tmp_path, same_weights=False)
    assert found["cause"] == "wrong axis"


@pytest.mark.parametrize("pool", [functional.max_pool2d, functional.avg_pool2d])
def test_padding_of_pools_is_found(pool: Any, tmp_path: Path) -> None:
    value = -torch.inf if pool is functional.max_pool2d else 0.0
    mine = Apply(lambda x: pool(x, 3, 2, 1))
    other = Apply(lambda x: pool(functional.pad(x, (0, 1, 0, 1), value=value), 3, 2))
    assert explain(mine, other, make_images(), tmp_path)["cause"] == "padding side"


@pytest.mark.parametrize("turn", [lambda w: w.flip(2, 3), lambda w: w.transpose(2, 3)])
@pytest.mark.parametrize("by_weights", [True, False])
def test_turned_kernel_is_found(turn: Any, by_weights: bool, tmp_path: Path) -> None:
    mine = nn.Conv2d(4, 5, 3, padding=1)
    other = copy.deepcopy(mine)
    if by_weights:
        with torch.no_grad():
            other.weight.copy_(turn(mine.weight))
        found = explain(mine, other, make_images(), tmp_path, same_weights=False)
    else:
        plain = Apply(lambda x, conv: conv(x), mine)
        turned = Apply(
            lambda x, conv: functional.conv2d(x, turn(conv.weight), conv.bias, padding=1), other
        )
        found = explain(plain, turned, make_images(), tmp_path)
    assert found["cause"] == "kernel flip"


@pytest.mark.parametrize(
    "other",
    [
        lambda x: x.flip(1),
        lambda x: x[:, [1, 0, 3, 2]],
        lambda x: x.movedim(1, -1).reshape(x.shape),
    ],
)
def test_channel_order_is_found(other: Any, tmp_path: Path) -> None:
    mine = Apply(lambda x: torch.tanh(x))
    found = explain(mine, Apply(lambda x: other(torch.tanh(x))), make_images(), tmp_path)
    assert found["cause"] == "channel order"


def test_input_channels_reversed_are_found(tmp_path: Path) -> None:
    mine = Apply(lambda x, conv: conv(x), nn.Conv2d(4, 5, 3))
    other = Apply(lambda x, conv: conv(x.flip(1)), nn.Conv2d(4, 5, 3))
    assert explain(mine, other, make_images(), tmp_path)["cause"] == "channel order"


def test_concatenation_the_other_way_round_is_found(tmp_path: Path) -> None:
    def join(x: Tensor, order: int) -> Tensor:
        return torch.cat([torch.tanh(x), torch.exp(x)][::order], 1).abs().sum((2, 3))

    mine, other = Apply(lambda x: join(x, 1)), Apply(lambda x: join(x, -1))
    assert explain(mine, other, make_images(), tmp_path)["cause"] == "channel order"


def test_flattening_channels_last_is_found(tmp_path: Path) -> None:
    mine = Apply(lambda x, dense: dense(x.flatten(1)), nn.Linear(256, 3))
    other = Apply(lambda x, dense: dense(x.movedim(1, -1).flatten(1)), nn.Linear(256, 3))
    assert explain(mine, other, make_images(), tmp_path)["cause"] == "channel order"


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ({"mode": "bilinear", "align_corners": True}, {"mode": "bilinear"}),
        ({"mode": "bilinear"}, {"mode": "bilinear", "align_corners": True}),
        ({"mode": "nearest"}, {"mode": "bilinear"}),
        ({"mode": "bilinear"}, {"mode": "bicubic"}),
        ({"mode": "nearest"}, {"mode": "nearest-exact"}),
    ],
)
def test_interpolation_convention_is_found(mine: Any, other: Any, tmp_path: Path) -> None:
    one = Apply(lambda x: functional.interpolate(x, (13, 11), **mine))
    two = Apply(lambda x: functional.interpolate(x, (13, 11), **other))
    assert explain(one, two, make_images(), tmp_path)["cause"] == "interpolation convention"


def test_resize_from_the_corner_is_found(tmp_path: Path) -> None:
    def from_corner(x: Tensor) -> Tensor:
        last = torch.cat([x, x[..., -1:]], -1)
        return torch.stack([x, (last[..., :-1] + last[..., 1:]) / 2], -1).flatten(-2)

    mine = Apply(lambda x: functional.interpolate(x, scale_factor=2, mode="linear"))
    found = explain(mine, Apply(from_corner), make_images(2, 3, 9), tmp_path)
    assert found["cause"] == "interpolation convention"
    assert "from the corner" in found["detail"]


def test_resize_spelt_out_is_found(tmp_path: Path) -> None:
    def from_corner(x: Tensor) -> Tensor:
        last = torch.cat([x, x[..., -1:]], -1)
        return torch.stack([x, (last[..., :-1] + last[..., 1:]) / 2], -1).flatten(-2)

    other = Apply(lambda x: functional.interpolate(x, scale_factor=2, mode="linear"))
    found = explain(Apply(from_corner), other, make_images(2, 3, 9), tmp_path)
    assert found["cause"] == "interpolation convention"
    assert "linear on a grid with half-pixel centres" in found["detail"]


def test_activation_spelt_out_is_found(tmp_path: Path) -> None:
    mine = Apply(lambda x: x * torch.sigmoid(1.702 * x))
    found = explain(mine, nn.GELU(), make_images(), tmp_path)
    assert (found["cause"], "gelu (erf)" in found["detail"]) == ("activation variant", True)


@pytest.mark.parametrize("epsilon", [1e-3, 1.001e-5, 0.0123])
def test_batch_norm_epsilon_is_solved(epsilon: float, tmp_path: Path) -> None:
    found = explain(make_batch_norm(), make_batch_norm(eps=epsilon), make_images(), tmp_path)
    assert found["cause"] == "BatchNorm epsilon or momentum"
    assert f"with epsilon {epsilon:.6g} instead of 1e-05" in found["detail"]


def test_epsilon_under_an_activation_is_found(tmp_path: Path) -> None:
    mine = Apply(lambda x, norm: functional.relu(norm(x)), make_batch_norm())
    other = Apply(lambda x, norm: functional.relu(norm(x)), make_batch_norm(eps=1e-3))
    found = explain(mine, other, make_images(), tmp_path)
    assert (found["cause"], "0.001" in found["detail"]) == ("BatchNorm epsilon or momentum", True)


def test_batch_statistics_are_found(tmp_path: Path) -> None:
    def use_batch(x: Tensor, norm: nn.BatchNorm2d) -> Tensor:
        return functional.batch_norm(x, None, None, norm.weight, norm.bias, True)

    mine = Apply(lambda x, norm: norm(x), make_batch_norm())
    found = explain(mine, Apply(use_batch, make_batch_norm()), make_images(), tmp_path)
    assert found["cause"] == "BatchNorm epsilon or momentum"
    assert "the batch's own statistics" in found["detail"]


def test_other_moving_statistics_are_found(tmp_path: Path) -> None:
    mine, other = make_batch_norm(), make_batch_norm()
    other.running_var = other.running_var * 1.1
    found = explain(mine, other, make_images(), tmp_path, same_weights=False)
    assert found["cause"] == "BatchNorm epsilon or momentum"


@pytest.mark.parametrize("slope", [0.2, 0.3, 0.123])
def test_leaky_slope_is_solved(slope: float, tmp_path: Path) -> None:
    found = explain(nn.LeakyReLU(0.01), nn.LeakyReLU(slope), make_images(), tmp_path)
    assert found["cause"] == "activation variant"
    assert f"with negative_slope {slope} instead of 0.01" in found["detail"]


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        (nn.ReLU(), nn.ReLU6()),
        (nn.GELU(), nn.GELU("tanh")),
        (nn.SiLU(), nn.GELU()),
        (nn.ELU(), nn.ELU(0.7)),
        (nn.Softplus(), nn.Identity()),
        (nn.Hardswish(), nn.SiLU()),
    ],
)
def test_activation_variant_is_found(mine: nn.Module, other: nn.Module, tmp_path: Path) -> None:
    found = explain(mine, other, make_images() * 4, tmp_path)
    assert found["cause"] == "activation variant"


def test_missing_activation_is_found(tmp_path: Path) -> None:
    mine = Apply(lambda x, conv: conv(x), nn.Conv2d(4, 5, 3))
    other = Apply(lambda x, conv: functional.relu(conv(x)), nn.Conv2d(4, 5, 3))
    found = explain(mine, other, make_images(), tmp_path)
    assert (found["cause"], "relu after it" in found["detail"]) == ("activation variant", True)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_layer_in_a_shorter_dtype_is_found(dtype: torch.dtype, tmp_path: Path) -> None:
    def short(x: Tensor, conv: nn.Conv2d) -> Tensor:
        weight, bias = conv.weight.to(dtype), conv.bias.to(dtype)
        return functional.conv2d(x.to(dtype), weight, bias).to(x.dtype)

    mine = Apply(short, nn.Conv2d(4, 5, 3))
    other = Apply(lambda x, conv: conv(x), nn.Conv2d(4, 5, 3))
    found = explain(mine, other, make_images(), tmp_path)
    assert found["cause"] == "dtype"
    assert found["after"] < 1e-12 < found["before"]


def test_operands_cut_to_ten_bits_are_found(tmp_path: Path) -> None:
    def cut(x: Tensor) -> Tensor:
        mantissa, exponent = torch.frexp(x)
        return torch.ldexp(torch.trunc(mantissa * 2048) / 2048, exponent)

    mine = Apply(
        lambda x, conv: functional.conv2d(cut(x), cut(conv.weight), conv.bias), nn.Conv2d(4, 5, 3)
    )
    other = Apply(lambda x, conv: conv(x), nn.Conv2d(4, 5, 3))
    assert explain(mine, other, make_images(), tmp_path)["cause"] == "dtype"


def test_values_of_the_other_side_in_bfloat16_are_found(tmp_path: Path) -> None:
    mine = Apply(lambda x, conv: conv(x), nn.Conv2d(4, 5, 3))
    other = Apply(lambda x, conv: conv(x).bfloat16().double(), nn.Conv2d(4, 5, 3))
    found = explain(mine, other, make_images(), tmp_path)
    assert (found["cause"], "bfloat16" in found["detail"]) == ("dtype", True)


def test_stale_weight_is_found(tmp_path: Path) -> None:
    found = explain(
        nn.Conv2d(4, 5, 3), nn.Conv2d(4, 5, 3), make_images(), tmp_path, same_weights=False
    )
    assert found["cause"] == "stale weight"
    assert "weight" in found["detail"]


@pytest.mark.parametrize("layer", [nn.Conv2d(4, 5, 3), nn.Linear(8, 5)])
def test_bias_of_zero_is_found(layer: nn.Module, tmp_path: Path) -> None:
    mine, other = copy.deepcopy(layer), copy.deepcopy(layer)
    with torch.no_grad():
        mine.bias.zero_()
    found = explain(mine, other, make_images(), tmp_path, same_weights=False)
    assert found["cause"] == "missing bias"


@pytest.mark.parametrize("mine_has_it", [True, False])
def test_bias_that_one_side_lacks_is_found(mine_has_it: bool, tmp_path: Path) -> None:
    with_bias = nn.Conv2d(4, 5, 3)
    without = nn.Conv2d(4, 5, 3, bias=False)
    with torch.no_grad():
        without.weight.copy_(with_bias.weight)
    pair = (with_bias, without) if mine_has_it else (without, with_bias)
    found = explain(*pair, make_images(), tmp_path, same_weights=False)
    assert found["cause"] == "missing bias"


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        (lambda x: functional.softmax(x, 1), lambda x: functional.softmax(x, -1)),
        (lambda x: x.cumsum(2), lambda x: x.cumsum(3)),
        (lambda x: x.mean((1, 2)), lambda x: x.mean((1, 3))),
        (lambda x: torch.exp(x), lambda x: torch.exp(x).transpose(-1, -2)),
        (lambda x: x @ x.transpose(-1, -2), lambda x: x @ x),
    ],
)
def test_wrong_axis_is_found(mine: Any, other: Any, tmp_path: Path) -> None:
    assert explain(Apply(mine), Apply(other), make_images(), tmp_path)["cause"] == "wrong axis"


def test_what_no_change_explains_is_unknown(tmp_path: Path) -> None:
    mine = Apply(lambda x, conv: conv(x), nn.Conv2d(4, 5, 3))
    other = Apply(lambda x, conv: conv(x) * 1.01 + 0.1 * torch.sin(x[:, :1, 2:, 2:]),
                  nn.Conv2d(4, 5, 3))  # fmt: skip
    found = explain(mine, other, make_images(), tmp_path)
    assert found["cause"] == "unknown"
    assert found["before"] == found["after"] > 1e-3


def test_node_that_agrees_when_fed_is_said_to_inherit(tmp_path: Path) -> None:
    found = explain(nn.Tanh(), nn.Tanh(), make_images(), tmp_path)
    assert (found["cause"], "came before" in found["detail"]) == ("unknown", True)
