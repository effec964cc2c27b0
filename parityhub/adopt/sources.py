"""The Python sources of a repository, parsed; nothing in them is run."""

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SKIPPED = frozenset(
    ("__pycache__", "node_modules", "site-packages", "build", "dist", "outputs", "reports", "plans")
)
"""folders in which nobody keeps a model's source"""
LARGEST = 1 << 20
"""bytes of a source; a larger one is data in Python's clothes"""
MOST = 5000
"""sources that are read"""
FRAMEWORKS = {
    "tensorflow": "tensorflow",
    "keras": "tensorflow",
    "tf_keras": "tensorflow",
    "torch": "pytorch",
    "lightning": "pytorch",
    "pytorch_lightning": "pytorch",
}
"""packages by the side that imports them"""


@dataclass(frozen=True)
class Source:
    """A module of the repository."""

    path: str
    """relative to the repository, with forward slashes"""
    tree: ast.Module
    names: Mapping[str, str]
    """what each imported name stands for: `nn` is `torch.nn`"""

    @property
    def sides(self) -> frozenset[str]:
        """The sides whose frameworks it imports."""
        tops = {full.partition(".")[0] for full in self.names.values()}
        return frozenset(FRAMEWORKS[top] for top in tops if top in FRAMEWORKS)

    @property
    def is_program(self) -> bool:
        """Whether it is written to be started."""
        return any(
            isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
            for node in self.tree.body
        )

    def resolve(self, node: ast.expr) -> str:
        """Return the full dotted name of an expression, as far as the imports tell; else ''."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.names.get(node.id, node.id), *reversed(parts)])


def read_sources(root: Path) -> list[Source]:
    """Read each Python source below a folder, sorted by path; what is no Python is left out."""
    sources: list[Source] = []
    for path in list_files(root, ".py"):
        if len(sources) == MOST:
            break
        file = root / path
        try:
            if file.stat().st_size > LARGEST:
                continue
            tree = ast.parse(file.read_bytes(), path)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        sources.append(Source(path, tree, dict(list_imports(tree))))
    return sources


def list_files(root: Path, *endings: str) -> list[str]:
    """Return the files below a folder whose names end so, relative to it, sorted.

    Hidden folders, virtual environments and what parityhub itself leaves are not looked into, and
    no link is followed.
    """
    found = []
    for folder, folders, names in os.walk(root):
        if "pyvenv.cfg" in names and Path(folder) != root:
            folders.clear()
            continue
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED and not name.startswith(".")
        )
        found += [
            (Path(folder) / name).relative_to(root).as_posix()
            for name in names
            if name.endswith(endings) and not (Path(folder) / name).is_symlink()
        ]
    return sorted(found)


def list_imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each name that a module imports at its top, and what it stands for."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                # `import a.b` binds `a`; `import a.b as c` binds all of it.
                top = alias.name.partition(".")[0]
                yield alias.asname or top, alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            place = "." * node.level + (node.module or "")
            for alias in node.names:
                yield alias.asname or alias.name, f"{place}.{alias.name}"
