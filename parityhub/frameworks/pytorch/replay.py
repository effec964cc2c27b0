"""A tape run again: the same operations, with values watched or replaced on the way."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map

from parityhub.errors import EvidenceError
from parityhub.frameworks.pytorch.models import Inputs, Model, default_dtype, seed_generators
from parityhub.frameworks.pytorch.tape import Ref, Step, Tape, Value

Visit = Callable[[Value, Tensor], Tensor | None]
"""given a value and its tensor; what it returns takes the tensor's place"""


class Player:
    """Runs a tape again, an operation at a time, in memory of its own.

    Args:
        model: whose weights as they are now are taken.
        tape: of the model.
        inputs: of the shapes that the tape was written with.
        held: tensors to take instead of those that the model holds, by value.
    """

    def __init__(
        self, model: Model, tape: Tape, inputs: Inputs, held: Mapping[int, Tensor] | None = None
    ) -> None:
        self.tape = tape
        self._seed = model.seed
        self._live: dict[int, Tensor] = {
            value.id: value.kept for value in tape.values.values() if value.kept is not None
        }
        self._live |= {value: inputs[name].clone() for name, value in tape.inputs.items()}
        self._live |= held or {}

    def run(self, place: int) -> list[tuple[Value, Tensor]]:
        """Run the operation at a place of the tape; return its values. `put` or `free` follow."""
        step = self.tape.steps[place]
        if place == 0:
            seed_generators(self._seed)
        results = self._pick(step, execute(step, self._live))
        self._live |= dict(results)
        return [(self.tape.values[value], tensor) for value, tensor in results]

    def resolve(self, place: int) -> tuple[Any, Any]:
        """Return the arguments of the operation at a place, positional and named."""
        return resolve(self.tape.steps[place], self._live)

    def get_given(self) -> dict[int, Tensor]:
        """Return what the tape starts from: inputs, weights, constants."""
        values = self.tape.values
        return {value: t for value, t in self._live.items() if values[value].step < 0}

    def try_out(self, place: int) -> list[tuple[int, Tensor]]:
        """Run the operation at a place without a trace; return its values' ids and tensors."""
        step = self.tape.steps[place]
        copies = {taken: self._live[taken] for taken in step.takes if taken in self._live}
        if step.in_place:
            copies = {taken: tensor.clone() for taken, tensor in copies.items()}
        return self._pick(step, execute(step, {**self._live, **copies}))

    def put(self, value: Value, tensor: Tensor) -> None:
        """Let a tensor take a value's place.

        Where the value's memory is written in place, now or later, the numbers are copied into
        it: other views of it must go on seeing the same.
        """
        mine = self._live[value.id]
        if value.written and 0 not in mine.stride():
            with torch.no_grad():
                mine.copy_(tensor)
        else:
            self._live[value.id] = tensor

    def free(self, place: int) -> None:
        """Forget the values that nothing after this place takes."""
        step = self.tape.steps[place]
        for value_id in (*step.takes, *step.gives):
            value = self.tape.values[value_id]
            if value.used <= place and not value.output:
                self._live.pop(value_id, None)

    def _pick(self, step: Step, results: list[Any]) -> list[tuple[int, Tensor]]:
        return [(value, results[self.tape.values[value].place]) for value in step.gives]

    def finish(self) -> dict[str, Tensor]:
        """Return the outputs by name."""
        return {name: self._live[value] for name, value in self.tape.outputs.items()}


def play(model: Model, tape: Tape, inputs: Inputs, visit: Visit | None = None) -> dict[str, Tensor]:
    """Run a tape again and return its outputs by name. Values are freed after their last use.

    Args:
        model: whose weights as they are now are taken.
        tape: of the model.
        inputs: of the shapes that the tape was written with.
        visit: called with each value that depends on the inputs, as soon as it is there.
    """
    player = Player(model, tape, inputs)
    with default_dtype(model.dtype):
        for place in range(len(tape.steps)):
            for value, tensor in player.run(place):
                other = visit(value, tensor) if visit is not None and value.depends else None
                if other is not None:
                    player.put(value, other)
            player.free(place)
    return player.finish()


def resolve(step: Step, live: Mapping[int, Tensor]) -> tuple[Any, Any]:
    """Return an operation's arguments, live values in the place of their references."""

    def look_up(leaf: Any) -> Any:
        return live[leaf.value] if isinstance(leaf, Ref) else leaf

    args, kwargs = tree_map(look_up, (step.args, step.kwargs), is_leaf=_is_ref)
    return args, kwargs


def execute(step: Step, live: Mapping[int, Tensor]) -> list[Any]:
    """Run one operation on live values; return what it gave, in order."""
    args, kwargs = resolve(step, live)
    results: list[Any] = tree_leaves(step.func(*args, **kwargs))
    return results


def check_replay(tape: Tape, outputs: Mapping[str, Tensor]) -> None:
    """Hold a plain replay against what the model gave, bit for bit, once.

    Raises:
        EvidenceError: they differ, so the tape does not stand for the model.
    """
    for name, tensor in tape.results.items():
        same = torch.equal(_bits(tensor), _bits(outputs[name]))
        if not same:
            raise EvidenceError(
                f"the tape of the PyTorch model, run again, gives another output {name!r}",
                hint="does it draw random numbers, or write into its own weights or buffers?",
            )
    tape.results.clear()


def _is_ref(leaf: Any) -> bool:
    return isinstance(leaf, Ref)


def _bits(tensor: Tensor) -> Tensor:
    plain = tensor.detach().resolve_conj().resolve_neg()
    real = torch.view_as_real(plain) if plain.is_complex() else plain
    # NaN is not equal to itself: its bits are.
    widths = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
    return real.contiguous().view(widths[real.element_size()])
