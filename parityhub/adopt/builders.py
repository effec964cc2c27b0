"""What builds a model: functions and classes of a repository."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

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
    needs: Sequence[str]
    """arguments that must be given"""


def find_builders(sources: Sequence[Source]) -> list[Builder]:
    """Find what builds a model, the likeliest first; also what needs arguments for that."""
    classes = find_model_classes(sources)
    parts = set(list_parts(sources, classes))
    found = []
    for source in sources:
        for node in source.tree.body:
            if not isinstance(node, Definition) or node.name.startswith("_"):
                continue
            side = tell_side(source, node, classes)
            if side and (source.path, node.name) not in parts:
                target, rank = f"{source.path}:{node.name}", rank_builder(source, node)
                found.append(Builder(target, side, rank, source, node, list_needs(node)))
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
    key = locate_class(source, full, classes)
    return classes[key] if key else ""


def locate_class(source: Source, full: str, classes: Classes) -> tuple[str, str] | None:
    """Return path and name of a model's class by its dotted name; None: it is none, or several."""
    module, _, name = full.rpartition(".")
    if not module and not full.startswith("."):
        key = (source.path, name)
        return key if key in classes else None
    plain = module.lstrip(".")
    file = f"{plain.replace('.', '/')}.py"
    level = len(module) - len(plain)
    if level:
        # A relative import is of one file; any other may start at the root, at `src`, or nearer.
        folder = PurePosixPath(source.path).parents[level - 1 : level]
        key = (str(folder[0] / file), name) if folder else ("", name)
        return key if key in classes else None
    found = [key for key in classes if key[1] == name and f"/{key[0]}".endswith(f"/{file}")]
    return found[0] if len(found) == 1 else None


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


def list_parts(sources: Sequence[Source], classes: Classes) -> Iterator[tuple[str, str]]:
    """Yield each class that another model, or a function that builds one, calls: layers, mostly.

    A program that calls a class makes no part of it.
    """
    for source in sources:
        for node in source.tree.body:
            if not isinstance(node, Definition) or not tell_side(source, node, classes):
                continue
            for call in ast.walk(node):
                if isinstance(call, ast.Call):
                    key = locate_class(source, source.resolve(call.func), classes)
                    if key and key != (source.path, node.name):
                        yield key


def list_needs(node: Definition) -> list[str]:
    """Return the arguments that must be given to it; `dtype` is given by parityhub."""
    skipped = 0
    function: ast.FunctionDef | None = None
    if isinstance(node, ast.FunctionDef):
        function = node
    else:
        inits = (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
        function, skipped = next(inits, None), 1
    if function is None:
        return []
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args]
    required = named[skipped : len(named) - len(arguments.defaults)]
    required += [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return [argument.arg for argument in required if argument.arg != "dtype"]


def rank_builder(source: Source, node: Definition) -> int:
    """Return how likely it is what somebody means: 0 is the likeliest."""
    rank = 0 if isinstance(node, ast.FunctionDef) else 2
    rank += 0 if node.name in KNOWN_NAMES else 1
    is_test = any(part.startswith("test") for part in source.path.split("/"))
    return rank + 4 * is_test
