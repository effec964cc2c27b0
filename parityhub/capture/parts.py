"""What each process of a program recorded, put together under the name that the plan knows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parityhub.capture.files import open_atomically, write_json
from parityhub.errors import EvidenceError

PART = re.compile(
    r"(?P<stem>patch_(?:stats|grid)_(?:train|inference))"
    r"\.(?P<process>rank[0-9-]+(?:\.pid[0-9]+)?|pid[0-9]+)\.(?P<kind>json|npy)"
)
"""a file of one process of several"""


def merge_parts(directory: Path) -> list[Path]:
    """Put together the patch statistics of several processes, wherever they lie in a folder.

    `patch_stats_train.rank0.json` and those of the other processes become `patch_stats_train.json`,
    sorted by batch, then process; each entry says whose it is. Of the grids that of the first
    process counts. The parts stay; what was put together before is not taken twice.

    Returns:
        The files that were written.

    Raises:
        EvidenceError: a part is damaged.
    """
    groups: dict[Path, list[tuple[str, Path]]] = {}
    for path in sorted(directory.rglob("patch_*")):
        match = PART.fullmatch(path.name)
        if match and path.is_file() and not path.is_symlink():
            whole = path.with_name(f"{match['stem']}.{match['kind']}")
            groups.setdefault(whole, []).append((match["process"], path))
    for whole, parts in groups.items():
        parts.sort(key=lambda part: order_process(part[0]))
        if whole.suffix == ".json":
            _merge_entries(whole, parts)
        elif not whole.exists():
            with open_atomically(whole) as stream:
                stream.write(parts[0][1].read_bytes())
    return list(groups)


def order_process(process: str) -> tuple[int, ...]:
    """Return what processes are sorted by: the numbers in their labels."""
    return tuple(int(number) for number in re.findall(r"[0-9]+", process))


def _merge_entries(whole: Path, parts: list[tuple[str, Path]]) -> None:
    own = [entry for entry in _read_entries(whole) if "process" not in entry]
    told = [
        {**entry, "process": process} for process, path in parts for entry in _read_entries(path)
    ]
    # Sorting is stable: within a batch the order is that of the processes, the program's own first.
    write_json(whole, sorted([*own, *told], key=lambda entry: entry["batch_index"]))


def _read_entries(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    try:
        entries = json.loads(path.read_bytes())
        for entry in entries:
            if not isinstance(entry["batch_index"], int):
                raise TypeError("a batch_index is no number")
            yield entry
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise EvidenceError(
            f"{path.name}: no statistics of patches: {error}",
            hint="let parityhub.capture.PatchStats write it",
        ) from error
