"""The operations between the other side's values and a node: run again, as they are or changed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from parityhub.frameworks.pytorch.models import default_dtype
from parityhub.frameworks.pytorch.names import get_op
from parityhub.frameworks.pytorch.replay import Player, resolve
from parityhub.frameworks.pytorch.tape import Step
from parityhub.frameworks.pytorch.tensors import read_feed
from parityhub.frameworks.pytorch.watch import Watched

Call = dict[str, Any]
"""arguments of an operation by their names in its schema, defaults included"""
Change = Callable[[Any, Call], Any]
"""given an operation and its arguments; returns what it is to give instead"""


@dataclass(frozen=True)
class Trial:
    """A change that was made, and what the node gave with it."""

    cause: str
    detail: str
    """goes on with `it agrees to …`"""
    result: Tensor


class Stretch:
    """What leads from values of the other side to a node.

    Args:
        watched: a float64 model on its inputs.
        node: the value to be explained.
        feeds: name of a node before it to the other side's value.
        target: the other side's value of the node.
        peer_weights: the other side's weights by this side's names and in its layout.
    """

    def __init__(
        self,
        watched: Watched,
        node: int,
        feeds: Mapping[str, Mapping[str, Any]],
        target: Tensor,
        peer_weights: Mapping[str, Tensor],
    ) -> None:
        self.watched = watched
        self.node = node
        self.target = target
        self.peer_weights = peer_weights
        fed = {watched.find(name): name for name in feeds}
        fed.pop(node, None)
        self.places, self.starts = self._find_places(set(fed))
        self._borders = self._read_borders({v: fed[v] for v in self.starts if v in fed}, feeds)
        self.plain = self.run({})

    def run(
        self,
        changes: Mapping[int, Change],
        held: Mapping[int, Tensor] | None = None,
        values: Mapping[int, Tensor] | None = None,
    ) -> Tensor:
        """Return the node's value.

        Args:
            changes: place on the tape to what happens there instead.
            held: tensors in the place of weights and constants, by value.
            values: tensors in the place of what operations give, by value.
        """
        return self.run_all(changes, held, values)[self.node]

    def run_all(
        self,
        changes: Mapping[int, Change],
        held: Mapping[int, Tensor] | None = None,
        values: Mapping[int, Tensor] | None = None,
    ) -> dict[int, Tensor]:
        """Return every value of the stretch."""
        live = {value: tensor.clone() for value, tensor in self._borders.items()}
        live |= held or {}
        with torch.no_grad(), default_dtype(self.watched.model.dtype):
            for place in self.places:
                step = self.watched.tape.steps[place]
                change = changes.get(place)
                func, call = step.func, read_call(step, live)
                result = change(func, call) if change else func(**call)
                leaves = tree_leaves(result)
                for value in step.gives:
                    number = self.watched.tape.values[value].place
                    if number < len(leaves) and isinstance(leaves[number], Tensor):
                        live[value] = (values or {}).get(value, leaves[number])
        return live

    def find(self, *ops: str) -> Iterator[tuple[int, Step, Call]]:
        """Yield place, operation and plain arguments of each operation with one of these names."""
        live = self.run_all({})
        for place in self.places:
            step = self.watched.tape.steps[place]
            if get_op(step) in ops:
                yield place, step, read_call(step, live)

    def get_only_start(self) -> Tensor | None:
        """Return the value that the stretch starts from, where there is one alone."""
        values = self.watched.tape.values
        depending = [start for start in self.starts if values[start].depends]
        return self._borders[depending[0]] if len(depending) == 1 else None

    def is_last(self, place: int) -> bool:
        """Tell whether the operation at a place gives the node itself."""
        return self.node in self.watched.tape.steps[place].gives

    def try_change(self, place: int, change: Change) -> Tensor | None:
        """Return the node's value with a change; None where the change is impossible."""
        try:
            return self.run({place: change})
        except (RuntimeError, ValueError, IndexError, TypeError):
            return None

    def _find_places(self, fed: set[int]) -> tuple[list[int], set[int]]:
        tape = self.watched.tape
        places: set[int] = set()
        starts: set[int] = set()
        pending = [self.node]
        while pending:
            value = tape.values[pending.pop()]
            if value.step < 0 or value.id in fed:
                starts.add(value.id)
            elif value.step not in places:
                places.add(value.step)
                pending += tape.steps[value.step].takes
        return sorted(places), starts

    def _read_borders(
        self, fed: Mapping[int, str], feeds: Mapping[str, Mapping[str, Any]]
    ) -> dict[int, Tensor]:
        player = Player(self.watched.model, self.watched.tape, self.watched.inputs)
        borders = {v: t.detach().clone() for v, t in player.get_given().items() if v in self.starts}
        for value, name in fed.items():
            shape = self.watched.tape.values[value]
            like = torch.empty(shape.shape, dtype=shape.dtype)
            borders[value] = read_feed(feeds[name], like, name)
        return borders


def read_call(step: Step, live: Mapping[int, Tensor]) -> Call:
    """Return an operation's arguments by name."""
    args, kwargs = resolve(step, live)
    arguments = step.func._schema.arguments
    call = {a.name: a.default_value for a in arguments if a.has_default_value()}
    call |= dict(zip((a.name for a in arguments), args, strict=False))
    return call | dict(kwargs)


def show_number(number: float) -> str:
    """Return a number in six digits at most."""
    return f"{number:.6g}"
