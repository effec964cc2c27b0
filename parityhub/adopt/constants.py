"""Numbers and texts of a source that are written out, or by a name that stands for one."""

import ast

from parityhub.adopt.builders import Builder

FREE = 32
"""what stands for a size that a model leaves open"""


def read_shape(builder: Builder, node: ast.expr) -> tuple[int, ...] | None:
    """Read a shape; None: it is not written out. A size that is left open is FREE."""
    if not isinstance(node, ast.Tuple | ast.List):
        return None
    sizes = []
    for item in node.elts:
        if isinstance(item, ast.Constant) and item.value is None:
            sizes.append(FREE)
        elif (size := read_number(builder, item)) is not None and size > 0:
            sizes.append(size)
        else:
            return None
    return tuple(sizes)


def read_number(builder: Builder, node: ast.expr | None) -> int | None:
    """Read an integer, a constant of the module or a parameter's default; None: it is neither."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if not isinstance(node, ast.Name):
        return None
    known = read_module_constants(builder.source.tree) | read_defaults(builder.node)
    value = known.get(node.id)
    return value.value if isinstance(value, ast.Constant) and type(value.value) is int else None


def read_module_constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return what the names stand for that a module assigns at its top."""
    known: dict[str, ast.expr] = {}
    for statement in tree.body:
        if not isinstance(statement, ast.Assign):
            continue
        for target in statement.targets:
            if isinstance(target, ast.Name):
                known[target.id] = statement.value
            elif isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
                for name, value in zip(target.elts, statement.value.elts, strict=False):
                    if isinstance(name, ast.Name):
                        known[name.id] = value
    return known


def read_defaults(node: ast.AST) -> dict[str, ast.expr]:
    """Return the defaults of the parameters of a function, or of a class's methods."""
    known: dict[str, ast.expr] = {}
    for function in ast.walk(node):
        if isinstance(function, ast.FunctionDef):
            arguments, defaults = function.args.args, function.args.defaults
            with_default = arguments[len(arguments) - len(defaults) :]
            known |= {a.arg: value for a, value in zip(with_default, defaults, strict=True)}
    return known


def read_text(node: ast.expr | None) -> str:
    """Read a text that is written out; else ''."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
