"""From `package.module:function` or `file.py:function` to a model's builder, and to its model."""

import ast
import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from parityhub.errors import Error, UsageError

Builder = Callable[..., Any]


def load_target(target: str) -> Builder:
    """Import what a target names.

    Args:
        target: `package.module:function`, or `path/file.py:function`; a relative path is below
            the working folder. A file's own folder is searched for what it imports; one that
            lies in a package is imported as its module.

    Raises:
        UsageError: the target has another form, its module or file is not there or does not
            import, or it has no such function.
    """
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name.isidentifier():
        raise UsageError(
            f"the target {target!r} does not name a function",
            hint="write package.module:function or path/file.py:function",
        )
    module = _import_file(target, Path(place)) if place.endswith(".py") else _import(target, place)
    function = getattr(module, name, None)
    if not callable(function):
        state = "no function" if function is None else "no function but a value"
        raise UsageError(
            f"the target {target!r}: there is {state} {name!r} in it",
            hint=f"it has {_list_functions(module) or 'no functions'}",
        )
    return function


def call_target(function: Builder, options: Mapping[str, Any], dtype: str) -> Any:
    """Build a model.

    Args:
        function: what `load_target` returned.
        options: its keyword arguments.
        dtype: `float32`, `float64`…; given as the keyword `dtype`, a text, where the function
            names such a parameter.

    Raises:
        UsageError: the function does not take these options, or fails.
    """
    label = getattr(function, "__qualname__", str(function))
    arguments = dict(options)
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        signature = None
    if signature and "dtype" in signature.parameters:
        if "dtype" in arguments:
            raise UsageError(
                f"{label}: the option dtype cannot be set",
                hint="leave it out: each dtype that is needed is asked for in turn",
            )
        arguments["dtype"] = dtype
    if signature:
        try:
            signature.bind(**arguments)
        except TypeError as error:
            raise UsageError(
                f"{label} does not take the options given: {error}",
                hint=f"its parameters are {signature}",
            ) from error
    try:
        return function(**arguments)
    except Error:
        raise
    except (Exception, SystemExit) as error:
        raise UsageError(
            f"{label} fails: {describe_failure(error)}",
            hint="mend the function, or the options that the plan gives it",
        ) from error


def describe_failure(error: BaseException) -> str:
    """Return one line: the exception's type, its message, and file and line where it came up."""
    lines = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{type(error).__name__}: {error.msg} ({Path(error.filename).name}:{error.lineno})"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not _is_machinery(frame.filename)
    ]
    return f"{text} ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else text


def _is_machinery(filename: str) -> bool:
    """Tell what a user did not write: frozen modules, the library's files, and this one."""
    installed = "site-packages" in filename or filename.startswith(sys.base_prefix)
    return filename.startswith("<") or installed or filename == __file__


def _import(target: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise UsageError(
                f"the target {target!r}: there is no module {error.name!r}",
                hint="name a module that can be imported from the working folder, or a .py file",
            ) from error
        raise _refuse(target, error) from error
    except (Exception, SystemExit) as error:
        raise _refuse(target, error) from error


def _import_file(target: str, path: Path) -> ModuleType:
    if not path.is_file():
        raise UsageError(
            f"the target {target!r}: there is no file {path}",
            hint="give the path from the working folder, or the whole path",
        )
    path = path.resolve()
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == str(path):
            return module
    packages = find_packages(path, Path.cwd())
    if packages and _is_free(packages[0], path.parents[len(packages) - 1]):
        # Its own folder comes last: a package's `torch` beside it must not hide the framework.
        _search(path.parents[len(packages)], first=True)
        _search(path.parent, first=False)
        return _import(target, ".".join([*packages, path.stem]))
    name = path.stem if path.stem not in sys.modules else f"parityhub_target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"the target {target!r} is no Python file", hint="name a .py file")
    module = importlib.util.module_from_spec(spec)
    _search(path.parent, first=True)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise _refuse(target, error) from error
    return module


def find_packages(path: Path, root: Path) -> list[str]:
    """Return the packages that a file lies in, the outermost first.

    Each folder above it with an `__init__.py` is one. Where the file's own imports are relative,
    so is each folder between it and the root, or `src`, with or without one.
    """
    relative = path.is_relative_to(root) and _imports_relatively(path)
    packages: list[str] = []
    for folder in path.parents:
        within = relative and folder != root and folder.name != "src"
        if not folder.name.isidentifier() or not (within or (folder / "__init__.py").is_file()):
            break
        packages.insert(0, folder.name)
    return packages if path.stem.isidentifier() else []


def _is_free(package: str, folder: Path) -> bool:
    module = sys.modules.get(package)
    return module is None or str(folder) in getattr(module, "__path__", ())


def _imports_relatively(path: Path) -> bool:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))


def _search(folder: Path, *, first: bool) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0 if first else len(sys.path), str(folder))


def _refuse(target: str, error: BaseException) -> UsageError:
    return UsageError(
        f"the target {target!r} does not import: {describe_failure(error)}",
        hint="mend that line, or install what it needs",
    )


def _list_functions(module: ModuleType) -> str:
    names = [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    ]
    return ", ".join(sorted(names)[:8])
