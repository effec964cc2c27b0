"""What each operation adds to the variance of each output.

To first order an output's error is the sum over operations l of J_l e_l, J_l the derivative of the
output by the operation's value and e_l its own rounding. With r of independent signs, the mean of
|J_l^T r|^2 std_l^2, summed over elements, is the variance that l adds to the sum over the output's
elements: so one backward pass for each draw of r gives all shares at once.
"""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from parityhub.capture.protocol import Share
from parityhub.frameworks.pytorch.backward import run_differentiable
from parityhub.frameworks.pytorch.noisy_mode import make_mode
from parityhub.frameworks.pytorch.replay import Player
from parityhub.frameworks.pytorch.rounding import (
    Call,
    Rounding,
    find_deviations,
    find_length,
    get_name,
    is_known,
    prepare_squares,
)
from parityhub.frameworks.pytorch.tape import Value
from parityhub.frameworks.pytorch.watch import Watched

SAMPLES = 4
"""draws that give the deviation of a composite operation"""


@dataclass
class Source:
    """An operation's own rounding, and the variance that it adds to each output."""

    value: Value
    length: int
    growth: float
    variance: dict[str, float] = field(default_factory=dict)


def find_shares(watched: Watched, rounding: Rounding, seed: int, draws: int) -> list[Share]:
    """Return the shares of each output, the largest first, without what adds nothing.

    Args:
        watched: a float64 model on its inputs. As much memory is needed as to train it.
        rounding: the dtype that is modelled.
        seed: of the signs.
        draws: backward passes for each output.
    """
    deviations = _measure_deviations(watched, rounding, seed)
    current: list[str] = [""]
    sources: list[Source] = []

    def tap(value: Value, tensor: Tensor) -> None:
        if value.id not in deviations:
            return
        deviation, length = deviations.pop(value.id)
        size = float(tensor.detach().abs().square().mean().sqrt())
        own = float(deviation.square().mean().sqrt())
        growth = own / size / rounding.unit if size else 0.0
        source = Source(value, length, growth)
        sources.append(source)

        def add(gradient: Tensor) -> None:
            added = float((gradient.detach().abs() * deviation).square().sum())
            source.variance[current[0]] = source.variance.get(current[0], 0.0) + added

        tensor.register_hook(add)

    outputs = run_differentiable(watched, tap=tap)
    generator = torch.Generator()
    generator.manual_seed(seed)
    weights = [tensor for tensor in watched.model.module.parameters() if tensor.requires_grad]
    for name, output in outputs.items():
        current[0] = name
        for _ in range(draws if output.requires_grad else 0):
            signs = torch.randint(0, 2, output.shape, generator=generator).to(output.dtype) * 2 - 1
            torch.autograd.backward([output], [signs], retain_graph=True)
    for weight in weights:
        weight.grad = None
    return [share for name in outputs for share in _divide(watched, sources, name)]


def _divide(watched: Watched, sources: list[Source], output: str) -> list[Share]:
    total = sum(source.variance.get(output, 0.0) for source in sources)
    if not total or not math.isfinite(total):
        return []
    shares = [
        Share(
            name=watched.names[source.value.id],
            op=str(watched.tape.steps[source.value.step].func),
            output=output,
            length=source.length,
            growth=source.growth,
            share=source.variance[output] / total,
        )
        for source in sources
        if source.variance.get(output)
    ]
    return sorted(shares, key=lambda share: -share["share"])


def _measure_deviations(
    watched: Watched, rounding: Rounding, seed: int
) -> dict[int, tuple[Tensor, int]]:
    """Return each node's own standard deviation (in float32, to save memory), and its length."""
    player = Player(watched.model, watched.tape, watched.inputs)
    found: dict[int, tuple[Tensor, int]] = {}
    with torch.no_grad():
        for place, step in enumerate(watched.tape.steps):
            args, kwargs = player.resolve(place)
            name = get_name(step.func)
            call = Call(name, args, kwargs)
            known = is_known(name)
            squares = prepare_squares(step.func, call) if known else []
            sampled = {} if known else _sample(player, place, rounding, seed)
            values = player.run(place)
            tensors = [tensor for _, tensor in values]
            deviations = find_deviations(call, tensors, squares, rounding) if known else []
            for number, (value, _) in enumerate(values):
                deviation = deviations[number] if known else sampled.get(value.id)
                if deviation is not None and value.id in watched.names:
                    length = find_length(call, list(tensors), number)
                    found[value.id] = (deviation.to(torch.float32), length)
            player.free(place)
    return found


def _sample(player: Player, place: int, rounding: Rounding, seed: int) -> dict[int, Tensor]:
    """Return the deviation of what a composite operation gives, by drawing its noise."""
    exact = dict(player.try_out(place))
    squares = {value: torch.zeros(t.shape, dtype=torch.float64) for value, t in exact.items()}
    for draw in range(SAMPLES):
        with make_mode(rounding, seed, draw):
            noisy = dict(player.try_out(place))
        for value, total in squares.items():
            total += (exact[value] - noisy[value]).abs().nan_to_num().square()
    return {value: (squares[value].div_(SAMPLES)).sqrt_() for value in squares}
