"""How a float64 network answers to the rounding of another dtype."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from parityhub.capture.protocol import Floor, Noisy, Response
from parityhub.frameworks.pytorch.backward import differentiate, read_loss
from parityhub.frameworks.pytorch.models import default_dtype
from parityhub.frameworks.pytorch.noisy_mode import NoisyMode, make_mode
from parityhub.frameworks.pytorch.replay import Player
from parityhub.frameworks.pytorch.rounding import Rounding
from parityhub.frameworks.pytorch.shares import find_shares
from parityhub.frameworks.pytorch.watch import Watched


@dataclass
class Spread:
    """Squares of deviations from an exact value, element by element, summed over draws."""

    exact: Tensor
    squares: Tensor = field(init=False)
    draws: int = 0

    def __post_init__(self) -> None:
        self.exact = self.exact.detach()
        self.squares = torch.zeros(self.exact.shape, dtype=torch.float64)

    def add(self, noisy: Tensor) -> None:
        """Take in a draw. The same infinity in both is no deviation."""
        apart = (noisy.detach() - self.exact).abs().to(torch.float64)
        alike = noisy.detach() == self.exact
        self.squares += torch.where(alike, torch.zeros_like(apart), apart).square()
        self.draws += 1

    def finish(self) -> Floor:
        """Return the standard deviations."""
        variance = self.squares / max(self.draws, 1)
        size = self.exact.abs()
        return Floor(
            sigma_max=math.sqrt(float(variance.max())) if variance.numel() else 0.0,
            sigma_rms=math.sqrt(float(variance.mean())) if variance.numel() else 0.0,
            scale=float(size.max()) if size.numel() else 0.0,
            size=int(size.numel()),
        )


def measure_noise(watched: Watched, request: Mapping[str, Any]) -> Noisy:
    """Draw the noise of rounding some times.

    Weights, inputs and constants are disturbed only where the modelled dtype cannot hold them:
    what all sides took from the same float32 file is the same number everywhere.

    Args:
        watched: a float64 model on its inputs.
        request: `unit`, `draws`, `seed`, `ulps`; `shares`, `nodes`, `gradient` as wanted.

    Raises:
        UsageError: a node is unknown, or the loss does not fit the outputs.
        EvidenceError: the loss cannot be read.
    """
    rounding = Rounding(float(request["unit"]), read_ulps(request.get("ulps") or {}))
    draws, seed = int(request.get("draws") or 8), int(request.get("seed") or 0)
    nodes = [watched.find(name) for name in request.get("nodes") or ()]
    gradient = request.get("gradient")
    modes = [make_mode(rounding, seed, draw) for draw in range(draws)]
    return Noisy(
        draws=draws,
        responses=respond(watched, modes),
        shares=find_shares(watched, rounding, seed, draws) if request.get("shares") else [],
        floors=find_floors(watched, modes, nodes) if nodes else {},
        gradients=find_gradient_floors(watched, modes, gradient) if gradient else {},
    )


def read_ulps(ulps: Mapping[str, Any]) -> dict[str, float]:
    """Return the largest error of each function, given as a number or as `Ulp`."""
    return {
        name: float(ulp["max"] if isinstance(ulp, Mapping) else ulp) for name, ulp in ulps.items()
    }


def respond(watched: Watched, modes: list[NoisyMode]) -> list[Response]:
    """Return the standard deviation of each output under noise everywhere."""
    with torch.no_grad(), default_dtype(watched.model.dtype):
        exact = _finish(make_player(watched))
        spreads = {name: Spread(tensor) for name, tensor in exact.items() if _floats(tensor)}
        for mode in modes:
            player = make_noisy_player(watched, mode)
            with mode:
                outputs = _finish(player)
            for name, spread in spreads.items():
                spread.add(outputs[name])
    return [_name(name, spread.finish()) for name, spread in spreads.items()]


def find_floors(watched: Watched, modes: list[NoisyMode], nodes: list[int]) -> dict[str, Floor]:
    """Return the noise of the operations between named nodes: each starts from exact values.

    All draws go forward together with the exact pass, so that no value has to be kept longer
    than its last use.
    """
    tape, wanted = watched.tape, set(nodes)
    floors: dict[str, Floor] = {}
    with torch.no_grad(), default_dtype(watched.model.dtype):
        exact = make_player(watched)
        noisy = [make_noisy_player(watched, mode) for mode in modes]
        for place in range(len(tape.steps)):
            values = exact.run(place)
            spreads = {v.id: Spread(t) for v, t in values if v.id in wanted and _floats(t)}
            kept = {v.id: t.clone() if v.written else t for v, t in values if v.id in wanted}
            for mode, player in zip(modes, noisy, strict=True):
                with mode:
                    results = player.run(place)
                for value, tensor in results:
                    if value.id in spreads:
                        spreads[value.id].add(tensor)
                    if value.id in kept:
                        player.put(value, kept[value.id])
                player.free(place)
            exact.free(place)
            floors |= {watched.names[id]: spread.finish() for id, spread in spreads.items()}
    return floors


def find_gradient_floors(
    watched: Watched, modes: list[NoisyMode], loss_file: str
) -> dict[str, Floor]:
    """Return the noise of each weight's gradient, forward and backward pass being noisy."""
    loss = read_loss(loss_file, watched)
    exact = differentiate(watched, make_player(watched), loss)
    spreads = {name: Spread(tensor) for name, tensor in exact.items()}
    for mode in modes:
        player = make_noisy_player(watched, mode)
        with mode:
            gradients = differentiate(watched, player, loss)
        for name, spread in spreads.items():
            spread.add(gradients[name])
    return {name: spread.finish() for name, spread in spreads.items()}


def make_player(watched: Watched) -> Player:
    """Return a player of the exact network."""
    return Player(watched.model, watched.tape, watched.inputs)


def make_noisy_player(watched: Watched, mode: NoisyMode) -> Player:
    """Return a player whose inputs and constants are as the modelled dtype holds them."""
    held = {
        value.id: mode.round_stored(value.kept)
        for value in watched.tape.values.values()
        if value.kept is not None and not value.weights
    }
    inputs = {name: mode.round_stored(tensor) for name, tensor in watched.inputs.items()}
    return Player(watched.model, watched.tape, inputs, held)


def _finish(player: Player) -> dict[str, Tensor]:
    for place in range(len(player.tape.steps)):
        player.run(place)
        player.free(place)
    return player.finish()


def _floats(tensor: Tensor) -> bool:
    return tensor.is_floating_point() or tensor.is_complex()


def _name(name: str, floor: Floor) -> Response:
    return Response(
        name=name,
        size=floor["size"],
        sigma_max=floor["sigma_max"],
        sigma_rms=floor["sigma_rms"],
        scale=floor["scale"],
    )
