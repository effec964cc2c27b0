"""What a pair of models takes, as far as their sources say."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from parityhub.adopt.builders import KERAS_TOPS, Builder
from parityhub.adopt.constants import read_number, read_shape, read_text
from parityhub.capture.draw_inputs import Drawn

BATCH = 4
CHANNELS_FIRST = {
    5: ("Conv3d", (0, 4, 1, 2, 3)),
    4: ("Conv2d", (0, 3, 1, 2)),
    3: ("Conv1d", (0, 2, 1)),
}
"""by number of axes: PyTorch's layer that wants channels first, and Keras's axes in its order"""


@dataclass(frozen=True)
class Given:
    """One input of both models."""

    drawn: Drawn
    axes: tuple[int, ...] = ()
    """as `input_axes` of a plan; empty: both take the same order"""


def find_inputs(tensorflow: Builder, pytorch: Builder) -> list[Given]:
    """Return what both models take; empty where the sources do not say."""
    found = list(list_keras_inputs(tensorflow)) or list(list_torch_inputs(pytorch))
    parameters = list_forward_parameters(pytorch)
    named = []
    for place, drawn in enumerate(found):
        fallback = parameters[place] if place < len(parameters) else f"x{place or ''}"
        named.append(replace(drawn, name=drawn.name or fallback))
    if len({drawn.name for drawn in named}) < len(named):
        return []
    return [Given(drawn, choose_axes(drawn, pytorch)) for drawn in named]


def list_keras_inputs(builder: Builder) -> Iterator[Drawn]:
    """Yield each input that a Keras model declares, with a batch before its shape."""
    calls = list_calls(builder)
    embeddings = (call.args[0] for call, full in calls if full.endswith(".Embedding") and call.args)
    bounds = [size for node in embeddings if (size := read_number(builder, node))]
    for call, full in calls:
        declares = full.rpartition(".")[2] in ("Input", "InputLayer")
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        shape = keywords.get("shape" if declares else "input_shape")
        if declares and shape is None and call.args:
            shape = call.args[0]
        read = None if shape is None else read_shape(builder, shape)
        if read is None:
            continue
        name = read_text(keywords.get("name")) if declares else ""
        dtype = read_text(keywords.get("dtype")) if declares else ""
        if dtype.startswith(("int", "uint")):
            yield Drawn(name, (BATCH, *read), dtype, 0, bounds[0] if bounds else 2)
        else:
            yield Drawn(name, (BATCH, *read), dtype or "float32")
        if not declares:
            # It is that of the one input; layers behind may repeat it.
            return


def list_torch_inputs(builder: Builder) -> Iterator[Drawn]:
    """Yield the input of a PyTorch model whose first layer says its size."""
    for call, full in list_calls(builder):
        if full == "torch.nn.Linear" and call.args:
            size = read_number(builder, call.args[0])
            if size is not None:
                yield Drawn("", (BATCH, size), "float32")
        if full.startswith("torch.nn.") and full != "torch.nn.Sequential":
            return


def list_calls(builder: Builder) -> list[tuple[ast.Call, str]]:
    """Return what a builder calls, in the order of its source.

    Where it calls nothing of a framework itself, the calls of its module.
    """
    own = resolve_calls(builder, builder.node)
    if any(full.startswith((*KERAS_TOPS, "torch.")) for _, full in own):
        return own
    return resolve_calls(builder, builder.source.tree)


def resolve_calls(builder: Builder, node: ast.AST) -> list[tuple[ast.Call, str]]:
    """Return each call below a node, in order, with its full dotted name."""
    calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [(call, builder.source.resolve(call.func)) for call in calls]


def list_forward_parameters(builder: Builder) -> list[str]:
    """Return the names that the last `forward` of a module takes: that of the model, mostly.

    It stands behind the layers that it is made of.
    """
    found = [
        [argument.arg for argument in method.args.args[1:]]
        for node in builder.source.tree.body
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name == "forward"
    ]
    return found[-1] if found else []


def choose_axes(drawn: Drawn, pytorch: Builder) -> tuple[int, ...]:
    """Return how an input's axes go to PyTorch: channels first where its layers want that."""
    layer, axes = CHANNELS_FIRST.get(len(drawn.shape), ("", ()))
    text = ast.unparse(pytorch.source.tree)
    turns_itself = f"permute({', '.join(map(str, axes))})" in text
    return axes if layer and f"{layer}(" in text and not turns_itself else ()
