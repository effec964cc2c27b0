"""What builds a model: functions and classes of a repository that need no argument."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parityhub.adopt.sources import Source

KNOWN_NAMES = ("build", "build_model", "make_model", "create_model", "get_model", "model")
"""what people call such a function"""
KERAS_TOPS = ("keras.", "tensorflow.", "tf_keras.")
TORCH_TOPS = ("torch.nn.", "lightning.", "pytorch_lightning.", "torchvision.models.")

Definition = ast.FunctionDef | ast.ClassDef
Classes = Mapping[tuple[str, str], str]
"""the side of each class that is a model, by path and name"""


@dataclass(frozen=True)
class Builder:
    """What a pair's target may name."""

    target: str
    """`path/to/file.py:function`"""
    side: str
    rank: int
    """the likeliest has the least"""
    source: Source
    node: Definition


def find_builders(sources: Sequence[Source]) -> list[Builder]:
    """Find what builds a model with no argument given, the likeliest first."""
    classes = find_model_classes(sources)
    found = []
    for source in sources:
        inner = list_inner_classes(source)
        for node in source.tree.body:
            if not isinstance(node, Definition) or node.name.startswith("_"):
                continue
            side = tell_side(source, node, classes)
            part = isinstance(node, ast.ClassDef) and node.name in inner
            if side and not part and not needs_arguments(node):
                target = f"{source.path}:{node.name}"
                found.append(Builder(target, side, rank_builder(source, node), source, node))
    return sorted(found, key=lambda builder: (builder.rank, builder.target))


def find_model_classes(sources: Sequence[Source]) -> Classes:
    """Return the side of each class that is a model, also of those derived from another."""
    classes: dict[tuple[str, str], str] = {}
    grew = True
    while grew:
        grew = False
        for source in sources:
            for node in source.tree.body:
                if not isinstance(node, ast.ClassDef) or (source.path, node.name) in classes:
                    continue
                sides = {tell_constructor(source, base, classes) for base in node.bases} - {""}
                if sides:
                    classes[source.path, node.name] = sides.pop()
                    grew = True
    return classes


def tell_constructor(source: Source, node: ast.expr, classes: Classes) -> str:
    """Return the side of what is constructed or derived from, if that is a model; else ''."""
    full = source.resolve(node)
    last = full.rpartition(".")[2]
    if full.startswith(KERAS_TOPS):
        is_model = last in ("Model", "Sequential", "Functional") or ".applications." in full
        return "tensorflow" if is_model else ""
    if full.startswith(TORCH_TOPS):
        return "pytorch"
    return find_class(source, full, classes)


def find_class(source: Source, full: str, classes: Classes) -> str:
    """Return the side of a class by its dotted name: of the module, or of one that it imports."""
    module, _, name = full.rpartition(".")
    if not module:
        return classes.get((source.path, name), "")
    file = f"{module.lstrip('.').replace('.', '/')}.py"
    sides = {side for (path, own), side in classes.items() if own == name and path.endswith(file)}
    return sides.pop() if len(sides) == 1 else ""


def tell_side(source: Source, node: Definition, classes: Classes) -> str:
    """Return the side whose model a function returns or a class is; else ''."""
    if isinstance(node, ast.ClassDef):
        return classes.get((source.path, node.name), "")
    assigned = {
        target.id: statement.value
        for statement in ast.walk(node)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for statement in ast.walk(node):
        if isinstance(statement, ast.Return) and statement.value is not None:
            value = statement.value
            if isinstance(value, ast.Name):
                value = assigned.get(value.id, value)
            for call in unwrap_calls(value):
                if side := tell_constructor(source, call.func, classes):
                    return side
    return ""


def unwrap_calls(node: ast.expr) -> Iterator[ast.Call]:
    """Yield a call, and what it is called on: `Net().to(device).eval()` builds a `Net`."""
    while isinstance(node, ast.Call):
        yield node
        if not isinstance(node.func, ast.Attribute):
            return
        node = node.func.value


def list_inner_classes(source: Source) -> set[str]:
    """Return the names that a function or another class of the module calls: layers, mostly."""
    return {
        call.func.id
        for node in source.tree.body
        if isinstance(node, Definition)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if not (isinstance(node, ast.ClassDef) and node.name == call.func.id)
    }


def needs_arguments(node: Definition) -> bool:
    """Say whether something must be given to it; `dtype` is given by parityhub."""
    skipped = 0
    function: ast.FunctionDef | None = None
    if isinstance(node, ast.FunctionDef):
        function = node
    else:
        inits = (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
        function, skipped = next(inits, None), 1
    if function is None:
        return False
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args]
    required = named[skipped : len(named) - len(arguments.defaults)]
    required += [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return any(argument.arg != "dtype" for argument in required)


def rank_builder(source: Source, node: Definition) -> int:
    """Return how likely it is what somebody means: 0 is the likeliest."""
    rank = 0 if isinstance(node, ast.FunctionDef) else 2
    rank += 0 if node.name in KNOWN_NAMES else 1
    is_test = any(part.startswith("test") for part in source.path.split("/"))
    return rank + 4 * is_test
