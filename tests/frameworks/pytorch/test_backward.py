from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from parityhub.errors import UsageError
from parityhub.frameworks.pytorch.backward import find_gradients
from parityhub.frameworks.pytorch.models import Model
from parityhub.frameworks.pytorch.tensors import flatten_outputs
from parityhub.frameworks.pytorch.watch import Watched, watch_model


def write_loss(watched: Watched, folder: Path) -> tuple[str, dict[str, Tensor]]:
    generator = torch.Generator().manual_seed(2)
    loss = {}
    for name, value in watched.tape.outputs.items():
        like = watched.tape.values[value]
        loss[name] = torch.randn(like.shape, generator=generator, dtype=like.dtype)
    np.savez(folder / "loss.npz", **{name: tensor.numpy() for name, tensor in loss.items()})
    return str(folder / "loss.npz"), loss


@pytest.mark.parametrize("name", ["branched", "recurrent", "attention"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_are_those_of_autograd(
    name: str, dtype: torch.dtype, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = watch(name, dtype, differentiable=True)
    path, loss = write_loss(watched, tmp_path)
    found = find_gradients(watched, path, [], str(tmp_path))
    module = watched.model.module
    outputs = {n: t for n, _, t in flatten_outputs(watched.model.call(watched.inputs))}
    total = sum((loss[n].conj() * outputs[n]).real.sum() for n in loss)
    assert isinstance(total, Tensor)
    assert found["loss"] == pytest.approx(float(total.detach()), rel=1e-5)
    assert all(weight.grad is None for weight in module.parameters())
    total.backward()
    gradients = np.load(found["weights"])
    assert set(gradients.files) == {name for name, _ in module.named_parameters()}
    for weight, parameter in module.named_parameters():
        assert parameter.grad is not None
        np.testing.assert_allclose(gradients[weight], parameter.grad, rtol=1e-4, atol=1e-6)


def test_gradient_of_a_value_is_the_change_of_the_loss(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = watch("branched", differentiable=True)
    path, _ = write_loss(watched, tmp_path)
    found = find_gradients(watched, path, ["second", "silu", "add", "_fft_c2c"], str(tmp_path))
    bias = np.load(found["weights"])["second.bias"]
    by_value = np.load(found["nodes"]["second"])
    np.testing.assert_allclose(by_value.sum((0, 2, 3)), bias, rtol=1e-10)
    # Written in place afterwards: twice as much where the value was doubled.
    later, earlier = np.load(found["nodes"]["add"]), np.load(found["nodes"]["silu"])
    np.testing.assert_allclose(earlier[:, :2], 2 * later[:, :2])
    np.testing.assert_allclose(earlier[:, 2:], later[:, 2:])
    loss = np.load(tmp_path / "loss.npz")["far"]
    np.testing.assert_allclose(np.load(found["nodes"]["_fft_c2c"]), loss)


def test_weight_that_no_loss_depends_on_has_no_gradient(
    watch: Callable[..., Watched], tmp_path: Path
) -> None:
    watched = watch("branched", differentiable=True)
    np.savez(tmp_path / "loss.npz", shares=np.ones((2, 8, 8, 8)))
    found = find_gradients(watched, str(tmp_path / "loss.npz"), ["dense"], str(tmp_path))
    assert not np.load(found["weights"])["dense.weight"].any()
    assert not np.load(found["nodes"]["dense"]).any()


def test_values_before_any_trained_weight_have_gradients(tmp_path: Path) -> None:
    class Frozen(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding.from_pretrained(torch.eye(4))
            self.dense = nn.Linear(4, 2)

        def forward(self, x: Tensor) -> Tensor:
            result: Tensor = self.dense(self.table(x))
            return result

    model = Model(Frozen().eval(), torch.float32, 0)
    watched = watch_model(model, {"x": torch.tensor([0, 3])}, differentiable=True)
    np.savez(tmp_path / "loss.npz", output=np.ones((2, 2)))
    found = find_gradients(watched, str(tmp_path / "loss.npz"), ["table"], str(tmp_path))
    expected = model.module.dense.weight.detach().sum(0).expand(2, 4)
    np.testing.assert_allclose(np.load(found["nodes"]["table"]), expected, rtol=1e-6)


def test_model_that_cannot_be_differentiated_says_so(tmp_path: Path) -> None:
    class Spoiling(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.dense = nn.Linear(2, 2)

        def forward(self, x: Tensor) -> Tensor:
            y = torch.exp(self.dense(x))
            return y.mul_(2)

    model = Model(Spoiling().eval(), torch.float32, 0)
    watched = watch_model(model, {"x": torch.ones(1, 2)}, differentiable=True)
    np.savez(tmp_path / "loss.npz", output=np.ones((1, 2)))
    with pytest.raises(UsageError, match="cannot be differentiated") as caught:
        find_gradients(watched, str(tmp_path / "loss.npz"), [], str(tmp_path))
    assert "\n" not in caught.value.message
