"""A forward pass as a tape: every aten operation that ran, in the order in which it ran."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.weak import TensorWeakRef, WeakTensorKeyDictionary

from parityhub.frameworks.pytorch.memory import Region, find_memory, find_region, may_overlap
from parityhub.frameworks.pytorch.models import Inputs, Model, list_weights
from parityhub.frameworks.pytorch.tensors import flatten_outputs


@dataclass(frozen=True)
class Ref:
    """Stands in an operation's arguments for a value of the tape."""

    value: int


@dataclass
class Value:
    """What an operation gave, an input, or a tensor that the model holds."""

    id: int
    step: int
    """place of the operation on the tape; -1: of none"""
    shape: tuple[int, ...] = ()
    dtype: torch.dtype = torch.float32
    place: int = 0
    """among the operation's outputs"""
    depends: bool = False
    """on the model's inputs"""
    weights: frozenset[str] = frozenset()
    """that it was made of, where it does not depend on the inputs"""
    kept: Tensor | None = None
    """the tensor itself, where the model holds it"""
    input: str | None = None
    output: bool = False
    """of the model"""
    written: bool = False
    """in place, by an operation that gave it or through a view of its memory"""
    used: int = -1
    """place of the last operation that takes it"""
    path: str | None = None
    """of the module that gave it, the innermost where there are several"""


@dataclass
class Step:
    """One aten operation."""

    func: Any
    args: Any
    kwargs: Any
    takes: list[int]
    """values that it takes, those written through another view of their memory included"""
    gives: list[int]
    layer: str
    in_place: bool


@dataclass
class Tape:
    """Operations, their values, and which of these are a model's inputs and outputs."""

    steps: list[Step] = field(default_factory=list)
    values: dict[int, Value] = field(default_factory=dict)
    inputs: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    results: dict[str, Tensor] = field(default_factory=dict)
    """the outputs as they came out, until a replay has been held against them"""


class Recorder(TorchDispatchMode):
    """Writes a tape of what runs under it.

    Operations in place stay what they are, so a replay has the same memory shared in the same
    way; what is read later through another view depends on them.
    """

    def __init__(self, weights: Mapping[str, Tensor], inputs: Inputs) -> None:
        super().__init__()
        self.tape = Tape()
        self.layers: list[tuple[str, int]] = [("", 0)]
        """modules that are being called: path, and place on the tape where the call began"""
        self._ids: Any = WeakTensorKeyDictionary()
        self._writers: dict[int, list[tuple[int, Region]]] = {}
        self._holders: dict[int, list[tuple[int, TensorWeakRef]]] = {}
        for name, tensor in inputs.items():
            value = self._add(tensor, -1)
            value.depends, value.input = True, name
            self.tape.inputs[name] = value.id
        for name, tensor in weights.items():
            value = self._add(tensor, -1)
            value.kept, value.weights = tensor, frozenset([name])

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        taken = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
        sources = [self.find(tensor) for tensor in taken]
        marked = tree_map(self._mark, (args, kwargs))
        takes = list(dict.fromkeys(s for t in taken for s in self._list_sources(t)))
        result = func(*args, **kwargs)
        layer = self.layers[-1][0]
        step = Step(func, marked[0], marked[1], takes, [], layer, func._schema.is_mutable)
        place = len(self.tape.steps)
        for number, tensor in enumerate(tree_leaves(result)):
            if isinstance(tensor, Tensor):
                value = self._add(tensor, place)
                value.place = number
                step.gives.append(value.id)
                self._inherit(value, takes)
                if step.in_place:
                    writers = self._writers.setdefault(find_memory(tensor), [])
                    writers.append((value.id, find_region(tensor)))
                    for holder, reference in self._holders[find_memory(tensor)]:
                        # The memory of what is gone may be another's by now.
                        if reference() is not None:
                            self.tape.values[holder].written = True
        for source in (*takes, *(value.id for value in sources)):
            self.tape.values[source].used = place
        self.tape.steps.append(step)
        return result

    def find(self, tensor: Tensor) -> Value:
        """Return the value that a tensor holds; one that nothing gave is kept as it is."""
        known = self._ids.get(tensor)
        if known is not None:
            return self.tape.values[known]
        value = self._add(tensor, -1)
        value.kept = tensor
        return value

    def _add(self, tensor: Tensor, step: int) -> Value:
        value = Value(len(self.tape.values), step, tuple(tensor.shape), tensor.dtype)
        self.tape.values[value.id] = value
        self._ids[tensor] = value.id
        self._holders.setdefault(find_memory(tensor), []).append((value.id, TensorWeakRef(tensor)))
        return value

    def _mark(self, leaf: Any) -> Any:
        return Ref(self.find(leaf).id) if isinstance(leaf, Tensor) else leaf

    def _list_sources(self, tensor: Tensor) -> list[int]:
        value = self.find(tensor)
        written = self._writers.get(find_memory(tensor), ())
        later = [(writer, region) for writer, region in written if writer > value.id]
        mine = find_region(tensor) if later else None
        return [value.id, *(w for w, region in later if mine and may_overlap(region, mine))]

    def _inherit(self, value: Value, takes: list[int]) -> None:
        sources = [self.tape.values[taken] for taken in takes]
        value.depends = any(source.depends for source in sources)
        if not value.depends:
            value.weights = frozenset().union(*(source.weights for source in sources))


def record_tape(model: Model, inputs: Inputs, differentiable: bool) -> Tape:
    """Run a forward pass and return its tape.

    Args:
        model: whose pass it is.
        inputs: to it.
        differentiable: record what runs where a backward pass follows; inference may run others.
    """
    copies = {name: tensor.clone() for name, tensor in inputs.items()}
    buffers = {**dict(model.module.named_buffers()), **list_weights(model.module)}
    recorder = Recorder(buffers, copies)
    handles = []
    for path, module in model.module.named_modules(remove_duplicate=True):
        handles += _watch(recorder, path, module)
    try:
        with torch.set_grad_enabled(differentiable), recorder:
            result = model.call(copies)
            outputs = list(flatten_outputs(result))
    finally:
        for handle in handles:
            handle.remove()
    tape = recorder.tape
    for name, _, tensor in outputs:
        value = recorder.find(tensor)
        value.output = True
        tape.outputs[name] = value.id
        tape.results[name] = tensor.detach().clone()
    return tape


def _watch(recorder: Recorder, path: str, module: nn.Module) -> list[Any]:
    def enter(module: nn.Module, args: Any) -> None:
        recorder.layers.append((path, len(recorder.tape.steps)))

    def leave(module: nn.Module, args: Any, output: Any) -> None:
        while len(recorder.layers) > 1 and recorder.layers[-1][0] != path:
            recorder.layers.pop()
        _, start = recorder.layers.pop()
        tensors = [leaf for leaf in tree_leaves(output) if isinstance(leaf, Tensor)]
        for number, tensor in enumerate(tensors):
            value = recorder.find(tensor)
            # What came in and goes out as it is (dropout in inference) is not this module's.
            if path and value.step >= start and value.path is None:
                value.path = f"{path}:{number}" if number else path

    return [module.register_forward_pre_hook(enter), module.register_forward_hook(leave)]
