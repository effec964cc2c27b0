"""Names for a tape's values, the same in float32 and in float64, and their nodes."""

from typing import Any

from torch.utils._pytree import tree_leaves

from parityhub.capture.protocol import Node
from parityhub.frameworks.pytorch.tape import Ref, Step, Tape, Value
from parityhub.frameworks.pytorch.tensors import name_dtype

MOVES = frozenset(
    (
        "view", "_unsafe_view", "reshape", "permute", "transpose", "t", "squeeze", "unsqueeze",
        "clone", "alias", "detach", "lift_fresh", "contiguous", "_reshape_alias", "as_strided",
        "movedim", "flatten", "unflatten", "_conj", "resolve_conj", "view_as_real",
    )
) - {"as_strided", "_conj"}  # fmt: skip
"""operations that keep every element, at another place at most"""


def get_op(step: Step) -> str:
    """Return an operation's plain name: `convolution`, `silu`; in place or not."""
    name: str = step.func._schema.name.partition("::")[2]
    return name.removesuffix("_") if step.in_place else name


def list_shown(tape: Tape) -> list[Value]:
    """Return the values that are nodes: given by an operation on the inputs, and used."""
    return [
        value
        for value in tape.values.values()
        if value.step >= 0 and value.depends and (value.used >= 0 or value.output)
    ]


def name_values(tape: Tape) -> dict[int, str]:
    """Name each node: by the path of the module that gave it, else by layer and operation."""
    shown = list_shown(tape)
    names: dict[int, str] = {}
    taken: set[str] = set()
    for by_module in (True, False):
        counts: dict[str, int] = {}
        for value in shown:
            if (value.path is not None) != by_module:
                continue
            stem = value.path if value.path is not None else _name_by_operation(tape, value)
            counts[stem] = counts.get(stem, 0) + 1
            name = stem if counts[stem] == 1 else f"{stem}#{counts[stem]}"
            while name in taken:
                counts[stem] += 1
                name = f"{stem}#{counts[stem]}"
            taken.add(name)
            names[value.id] = name
    return dict(sorted(names.items()))


def make_nodes(tape: Tape, names: dict[int, str]) -> list[Node]:
    """Describe each node. Inputs of the model have negative ids, from -1."""
    ids = {value: -1 - place for place, value in enumerate(tape.inputs.values())}
    nodes = []
    for value_id, name in names.items():
        value = tape.values[value_id]
        step = tape.steps[value.step]
        sources = [tape.values[taken] for taken in step.takes]
        inputs = [source for source in sources if source.depends]
        nodes.append(
            Node(
                id=value_id,
                op=str(step.func),
                name=name,
                layer=step.layer,
                inputs=[ids.get(source.id, source.id) for source in inputs],
                weights=sorted(set().union(*(s.weights for s in sources if not s.depends))),
                moves=_moves(step, value, inputs),
                shape=list(value.shape),
                dtype=name_dtype(value.dtype),
                attributes=read_attributes(step),
            )
        )
    return nodes


def read_attributes(step: Step) -> dict[str, str]:
    """Return what an operation was called with besides tensors, defaults included, as text."""
    given = dict(zip((a.name for a in step.func._schema.arguments), step.args, strict=False))
    given |= step.kwargs
    attributes = {}
    for argument in step.func._schema.arguments:
        value = given.get(argument.name, _find_default(argument))
        if value is None or any(isinstance(leaf, Ref) for leaf in tree_leaves(value)):
            continue
        attributes[argument.name] = str(value)
    return attributes


def _find_default(argument: Any) -> Any:
    return argument.default_value if argument.has_default_value() else None


def _name_by_operation(tape: Tape, value: Value) -> str:
    step = tape.steps[value.step]
    op = get_op(step)
    stem = f"{step.layer}.{op}" if step.layer else op
    return f"{stem}:{value.place}" if value.place else stem


def _moves(step: Step, value: Value, inputs: list[Value]) -> bool:
    op = get_op(step)
    same = any(source.dtype == value.dtype for source in inputs)
    return op in MOVES or (op == "_to_copy" and same)
