"""Gradients of a loss that is linear in the outputs, through a tape."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from parityhub.capture.files import write_arrays
from parityhub.capture.protocol import Gradients
from parityhub.errors import UsageError
from parityhub.frameworks.pytorch.models import default_dtype, list_weights
from parityhub.frameworks.pytorch.replay import Player
from parityhub.frameworks.pytorch.tape import Value
from parityhub.frameworks.pytorch.tensors import read_arrays, to_array, write_value
from parityhub.frameworks.pytorch.watch import Watched

Loss = Mapping[str, Tensor]
"""name of an output to its cotangent: the loss is the sum of Re(sum(conj(cotangent) * output))"""
Tap = Callable[[Value, Tensor], None]
"""given each value that depends on the inputs and can be differentiated, as it comes up"""


def read_loss(path: str, watched: Watched) -> Loss:
    """Read the cotangents of outputs.

    Raises:
        EvidenceError: the file cannot be read.
        UsageError: it names another output, or has another shape.
    """
    loss = {}
    ids = watched.tape.outputs
    for name, array in read_arrays(path).items():
        value = watched.tape.values[ids[name]] if name in ids else None
        if value is None or value.shape != array.shape:
            found = value.shape if value is not None else "no such output"
            raise UsageError(
                f"the loss has {name!r} of shape {array.shape}, the PyTorch model {found}",
                hint=f"its outputs are {', '.join(ids)}",
            )
        loss[name] = torch.from_numpy(array).to(value.dtype)
    if not loss:
        raise UsageError(f"{path} holds no loss", hint="give an array for at least one output")
    return loss


def run_differentiable(
    watched: Watched, player: Player | None = None, tap: Tap | None = None
) -> dict[str, Tensor]:
    """Run a tape on autograd's record and return the outputs, which can be differentiated.

    Args:
        watched: the model.
        player: that runs the tape; a plain one, whose inputs can be differentiated, by default.
        tap: called with each value; it may register hooks.
    """
    with torch.enable_grad(), default_dtype(watched.model.dtype):
        if player is None:
            inputs = {
                name: tensor.detach().requires_grad_() if _floats(tensor) else tensor
                for name, tensor in watched.inputs.items()
            }
            player = Player(watched.model, watched.tape, inputs)
        for place in range(len(player.tape.steps)):
            for value, tensor in player.run(place):
                if tap is None or value.id not in watched.names or not _floats(tensor):
                    continue
                if not tensor.requires_grad and not value.written:
                    # Nothing before it can be differentiated: a table that is not trained.
                    tensor = tensor.detach().requires_grad_()
                    player.put(value, tensor.clone())
                if tensor.requires_grad:
                    tap(value, tensor)
            player.free(place)
        return player.finish()


def differentiate(watched: Watched, player: Player, loss: Loss) -> dict[str, Tensor]:
    """Return the gradient of the loss with respect to each trainable weight; zero where unused.

    Raises:
        UsageError: no output depends on a weight.
    """
    weights = list_trainable(watched)
    outputs = run_differentiable(watched, player)
    names = [name for name in loss if outputs[name].requires_grad]
    if not names:
        raise UsageError(
            "the loss depends on no trainable weight of the PyTorch model",
            hint="give a loss on an output that does",
        )
    gradients = torch.autograd.grad(
        [outputs[name] for name in names],
        list(weights.values()),
        [loss[name] for name in names],
        allow_unused=True,
    )
    return {
        name: torch.zeros_like(weight) if gradient is None else gradient
        for (name, weight), gradient in zip(weights.items(), gradients, strict=True)
    }


def find_gradients(watched: Watched, loss_file: str, nodes: list[str], folder: str) -> Gradients:
    """Run one backward pass and write what it gives; zeros where the loss does not depend.

    A complex value's gradient is d loss / d Re + i d loss / d Im.

    Raises:
        EvidenceError: the loss cannot be read.
        UsageError: it does not fit the outputs, a node is unknown, or nothing can be
            differentiated.
    """
    loss = read_loss(loss_file, watched)
    ids = {watched.find(name): name for name in nodes}
    found: dict[int, Tensor] = {}

    def tap(value: Value, tensor: Tensor) -> None:
        if value.id in ids:
            # A hook sees the value as it was here, whatever is written into it later.
            tensor.register_hook(lambda gradient: found.__setitem__(value.id, gradient))

    outputs = run_differentiable(watched, tap=tap)
    weights = list_trainable(watched)
    _backpropagate(outputs, loss)
    total = sum(float((loss[n].conj() * outputs[n].detach()).real.sum()) for n in loss)
    gradients = {
        name: to_array(torch.zeros_like(weight) if weight.grad is None else weight.grad).copy()
        for name, weight in weights.items()
    }
    for weight in weights.values():
        weight.grad = None
    path = Path(folder) / "weight_gradients.npz"
    write_arrays(path, gradients)
    files = {}
    for value_id, name in ids.items():
        value = watched.tape.values[value_id]
        gradient = found.get(value_id, torch.zeros(value.shape, dtype=value.dtype))
        files[name] = write_value(folder, f"gradient_{name}", gradient)
    return Gradients(loss=total, weights=str(path), nodes=files)


def list_trainable(watched: Watched) -> dict[str, Tensor]:
    """Return the weights that training would change."""
    weights = list_weights(watched.model.module)
    return {name: tensor for name, tensor in weights.items() if tensor.requires_grad}


def _backpropagate(outputs: Mapping[str, Tensor], loss: Loss) -> None:
    names = [name for name in loss if outputs[name].requires_grad]
    try:
        torch.autograd.backward([outputs[n] for n in names], [loss[n] for n in names])
    except RuntimeError as error:
        raise UsageError(
            f"the PyTorch model cannot be differentiated: {str(error).splitlines()[0]}",
            hint="does it write in place into what its backward pass needs?",
        ) from error


def _floats(tensor: Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()
