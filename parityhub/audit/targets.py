"""What an audit is asked of: a hub, a folder of hubs, or a report."""

from pathlib import Path

from parityhub.audit.facts.paths import PHASE_PARTS
from parityhub.hub.layout import MANIFEST

DEEPEST = 3
"""folders between the target and a hub"""


def list_hubs(target: Path) -> tuple[Path, ...]:
    """Return the hubs that a folder is or holds, sorted by path; links are not followed.

    A hub has a manifest, or, kept by hand, a folder called analysis/, cli/, green/ or red/.
    A folder in which none is found counts as a hub itself.
    """
    found: list[Path] = []
    pending = [(target, 0)]
    while pending:
        folder, depth = pending.pop()
        if is_hub(folder):
            found.append(folder)
        elif depth < DEEPEST:
            inner = (path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
            pending += [(path, depth + 1) for path in inner]
    return tuple(sorted(found)) or (target,)


def is_hub(folder: Path) -> bool:
    """Tell whether a folder is a hub."""
    return (folder / MANIFEST).is_file() or any((folder / part).is_dir() for part in PHASE_PARTS)
