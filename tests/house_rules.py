"""The rules of the house, read from the sources: who may import, run and print what.

Each rule is a function from modules to findings; its docstring is the rule.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "parityhub"

ORDER = (
    ("errors",),
    ("plan", "hub", "capture"),
    ("run",),
    ("compare",),
    ("audit",),
    ("report",),
    ("adopt", "testing"),
    ("workflow",),
    ("guards",),
    ("cli", "__init__"),
)
"""the rooms; each may import itself and those of the lines before its own"""
PLACES = {room: number for number, rooms in enumerate(ORDER) for room in rooms}
CHILD_ROOMS = ("frameworks", "baselines")
"""they run in children: they import these two, and nobody imports them"""
CHILD_IMPORTS = frozenset(("errors", "capture"))
ROOM_OF = {"terminal": "cli", "commands": "cli", "__main__": "cli"}
"""modules that belong to another room than their name says"""

FRAMEWORKS = {"tensorflow": "tensorflow", "keras": "tensorflow", "torch": "torch"}
PROCESSES = frozenset(("subprocess", "multiprocessing", "pty", "asyncio.subprocess"))
UNPICKLERS = frozenset(("pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"))
RUNS_DATA = frozenset(("eval", "exec", "__import__"))
STARTS = ("os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn", "os.fork")
PRINTS = frozenset(("print", "click.echo", "click.secho", "sys.stdout", "sys.stderr"))
PRINTING = ("cli", "commands", "terminal", "baselines", "frameworks", "capture", "run.supervise")
"""cli.py with its commands and terminal, and what runs inside a child"""
EAGER: Mapping[str, frozenset[str]] = {"cli": frozenset(("click",)), "__init__": frozenset()}
"""the doors of the package, and what may come in at once with them from other packages"""
FILE_LINES, FUNCTION_LINES = 350, 60


@dataclass(frozen=True)
class Import:
    """A module that is imported: as soon as its importer is (eager), or later, or for types."""

    target: str
    line: int
    eager: bool


@dataclass(frozen=True)
class Module:
    """A module of the package by its source."""

    name: str
    """without `parityhub.`; a package's is its folder's"""
    file: str
    text: str
    tree: ast.Module
    imports: tuple[Import, ...]

    @property
    def room(self) -> str:
        first = self.name.partition(".")[0]
        return ROOM_OF.get(first, first)


Modules = Mapping[str, Module]
Rule = Callable[[Modules], Iterator[str]]


def list_imports(tree: ast.Module) -> Iterator[Import]:
    """Yield each import: statements, and `import_module` of a name that is written out."""

    def visit(node: ast.AST, eager: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, eager)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            for alias in node.names:
                yield Import(f"{node.module}.{alias.name}", node.lineno, eager)
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("import_module")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield Import(str(node.args[0].value), node.lineno, eager)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            eager = False
        for field, value in ast.iter_fields(node):
            for_types = (
                isinstance(node, ast.If)
                and field == "body"
                and ast.unparse(node.test).endswith("TYPE_CHECKING")
            )
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from visit(child, eager and not for_types)

    return visit(tree, True)


def read_module(name: str, file: str, text: str) -> Module:
    tree = ast.parse(text, file)
    return Module(name, file, text, tree, tuple(list_imports(tree)))


@cache
def read_package() -> Modules:
    modules = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        name = name.removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        modules[name] = read_module(name, path.relative_to(ROOT).as_posix(), text)
    return modules


def find_module(target: str, modules: Modules) -> str | None:
    """Return the module of the package that an import names: itself, or the one it takes from."""
    if target.partition(".")[0] != "parityhub":
        return None
    name = target.removeprefix("parityhub").lstrip(".")
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or "__init__"


def find_room(target: str) -> str | None:
    """Return the room that an import goes to; None: it leaves the package."""
    top, _, rest = target.partition(".")
    if top != "parityhub":
        return None
    room = ROOM_OF.get(rest.partition(".")[0], rest.partition(".")[0])
    return room if room in PLACES or room in CHILD_ROOMS else "__init__"


def list_external(module: Module) -> Iterator[tuple[str, Import]]:
    """Yield each import from outside the package with its top module."""
    for item in module.imports:
        top = item.target.partition(".")[0]
        if top != "parityhub":
            yield top, item


def list_calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def find_wrong_ways(modules: Modules) -> Iterator[str]:
    """The rooms import in one order, children apart."""
    for module in modules.values():
        if module.room not in PLACES and module.room not in CHILD_ROOMS:
            yield f"{module.file}: {module.room} is no room of the house"
            continue
        for item in module.imports:
            room = find_room(item.target)
            if room is None or room == module.room:
                continue
            if module.room in CHILD_ROOMS:
                allowed = room in CHILD_IMPORTS
            else:
                allowed = room in PLACES and PLACES[room] < PLACES[module.room]
            if not allowed:
                yield f"{module.file}:{item.line}: {module.room} imports {room}"


def find_stray_frameworks(modules: Modules) -> Iterator[str]:
    """TensorFlow and PyTorch stay in the rooms that run in children, one a file."""
    for module in modules.values():
        found = {FRAMEWORKS[top]: item for top, item in list_external(module) if top in FRAMEWORKS}
        if found and module.room not in CHILD_ROOMS:
            lines = ", ".join(f"{name} in line {item.line}" for name, item in found.items())
            yield f"{module.file}: imports {lines}"
        if len(found) > 1:
            yield f"{module.file}: two frameworks in one file: {', '.join(sorted(found))}"


def find_stray_processes(modules: Modules) -> Iterator[str]:
    """Processes are started in run/ alone."""
    for module in modules.values():
        if module.room == "run":
            continue
        for top, item in list_external(module):
            if top in PROCESSES or item.target in PROCESSES:
                yield f"{module.file}:{item.line}: imports {item.target}"
        for called, node in list_calls(module):
            if called.startswith(STARTS):
                yield f"{module.file}:{node.lineno}: calls {called}"


def find_stray_templates(modules: Modules) -> Iterator[str]:
    """Templates are rendered in report/ alone."""
    for module in modules.values():
        for top, item in list_external(module):
            if top in ("jinja2", "markupsafe") and module.room != "report":
                yield f"{module.file}:{item.line}: imports {top}"


def find_stray_prints(modules: Modules) -> Iterator[str]:
    """Only the command line and what runs in a child prints."""
    for module in modules.values():
        if module.name.startswith(PRINTING):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in PRINTS:
                yield f"{module.file}:{node.lineno}: {ast.unparse(node)}"


def find_run_data(modules: Modules) -> Iterator[str]:
    """Nothing in data is executed: no eval, no unpickling, no shell."""
    for module in modules.values():
        for top, item in list_external(module):
            if top in UNPICKLERS:
                yield f"{module.file}:{item.line}: imports {top}"
        for called, node in list_calls(module):
            if called in RUNS_DATA or called.startswith(("os.system", "os.popen")):
                yield f"{module.file}:{node.lineno}: calls {called}"
            for keyword in node.keywords:
                off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                if keyword.arg in ("shell", "allow_pickle") and not off:
                    yield f"{module.file}:{node.lineno}: {ast.unparse(keyword)}"


def find_cycles(modules: Modules) -> Iterator[str]:
    """No module is imported, as it is imported, by what it imports."""
    edges = {
        module.name: sorted(
            {
                name
                for item in module.imports
                if item.eager and (name := find_module(item.target, modules)) is not None
            }
            - {module.name}
        )
        for module in modules.values()
    }
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> Iterator[str]:
        if name in way:
            yield " -> ".join((*way[way.index(name) :], name))
        elif name not in done:
            for target in edges.get(name, []):
                yield from visit(target, (*way, name))
            done.add(name)

    for name in edges:
        yield from visit(name, ())


def find_length(modules: Modules) -> Iterator[str]:
    """A file or a function that grows too long holds two meanings."""
    for module in modules.values():
        lines = len(module.text.splitlines())
        if lines > FILE_LINES:
            yield f"{module.file}: {lines} lines, at most {FILE_LINES}"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > FUNCTION_LINES:
                    yield f"{module.file}:{node.lineno}: {node.name}: {size} lines"


def find_eager_imports(modules: Modules) -> Iterator[str]:
    """`parityhub --help` and `import parityhub` import no more than they need."""
    for door, allowed in EAGER.items():
        waiting, seen = [door], {door}
        while waiting:
            module = modules.get(waiting.pop())
            for item in module.imports if module else ():
                if module is None or not item.eager:
                    continue
                top = item.target.partition(".")[0]
                name = find_module(item.target, modules)
                if name is not None and name not in seen:
                    seen.add(name)
                    waiting.append(name)
                elif name is None and top not in allowed | sys.stdlib_module_names:
                    yield f"{module.file}:{item.line}: {door} imports {top} at once"


def read_requirements(*, extras: bool = True) -> set[str]:
    """Return the names of the distributions that pyproject.toml asks for, in lower case."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    if extras:
        wanted += [line for extra in project["optional-dependencies"].values() for line in extra]
    return {re.split(r"[^\w-]", line, maxsplit=1)[0].lower() for line in wanted}


map_distributions = cache(packages_distributions)


def list_distributions(top: str) -> list[str]:
    """Return the distributions that bring a module, in lower case."""
    return [name.lower() for name in map_distributions().get(top, [top])]


def find_undeclared(modules: Modules) -> Iterator[str]:
    """What is imported is declared: nothing comes in behind another package's back."""
    declared = read_requirements()
    for module in modules.values():
        for top, item in list_external(module):
            if top in sys.stdlib_module_names or top in FRAMEWORKS:
                continue
            if declared.isdisjoint(list_distributions(top)):
                yield f"{module.file}:{item.line}: {top} is no dependency in pyproject.toml"


RULES: tuple[Rule, ...] = (
    find_wrong_ways,
    find_stray_frameworks,
    find_stray_processes,
    find_stray_templates,
    find_stray_prints,
    find_run_data,
    find_cycles,
    find_length,
    find_eager_imports,
    find_undeclared,
)
