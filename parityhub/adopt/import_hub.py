"""What a folder that was kept by hand holds: guessed from names, for a person to confirm."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from parityhub.adopt.list_folder import FoundFile
from parityhub.audit.facts.environment import is_capture
from parityhub.audit.facts.files import is_report
from parityhub.audit.facts.outputs import classify_head
from parityhub.hub import layout
from parityhub.hub.import_records import FileKind, ImportedFile, ImportedPhase

WHOLE = "IMPORTED"
"""the one phase of a folder whose names speak of none"""

# A number, or one letter behind a divider: `phases`, `phase_error` and `stage_lighting` are none.
IN_FOLDER = re.compile(
    r"(?:phase|stage)[_ -]?(?P<id>[a-z]?\d+[a-z]?(?:[_.-][a-z0-9]+)*|(?<=[_ -])[a-z])",
    re.IGNORECASE,
)
IN_NAME = re.compile(
    r"(?:^|[_. -])(?:phase|stage)[_ -]?(?P<id>[a-z]?\d+[a-z]?)(?=[_. -]|$)", re.IGNORECASE
)

ENDINGS: dict[FileKind, tuple[str, ...]] = {
    "log": (".log", ".out", ".err"),
    "data": (".json", ".jsonl", ".csv", ".tsv", ".toml", ".yaml", ".yml", ".xml"),
    "arrays": (".npy", ".npz"),
    "weights": (".h5", ".hdf5", ".keras", ".pt", ".pth", ".ckpt", ".safetensors", ".onnx", ".zip"),
    "picture": (".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".webp"),
    "digest": (".sha1", ".sha256", ".md5"),
}


@dataclass(frozen=True)
class Guess:
    """What the files of a folder were taken for."""

    files: tuple[ImportedFile, ...]
    phases: tuple[ImportedPhase, ...]
    """in the order of their ids, numbers by their value; at least one"""


def guess_hub(found: Sequence[FoundFile]) -> Guess:
    """Guess what each file is and which phase it belongs to.

    A phase is named by a folder (`phase_b3`, `stage-2`), the innermost one, else by the file
    (`phase_c2_metrics.txt`). Files that nothing is said of belong to the hub as a whole. Where no
    name speaks of a phase, all files are of one, `IMPORTED`.

    Args:
        found: the files, by their path in the folder; at least one.
    """
    named = {file.path: guess_phase(file.path) for file in found}
    if not any(named.values()):
        named = dict.fromkeys(named, (WHOLE, ""))
    counts: Counter[str] = Counter()
    folders: dict[str, dict[str, None]] = {}
    files = []
    for file in found:
        phase, folder = named[file.path] or (None, "")
        if phase is not None:
            counts[phase] += 1
            folders.setdefault(phase, {}).update({folder: None} if folder else {})
        files.append(
            ImportedFile(
                path=layout.imported_path(file.path),
                source=file.path,
                kind=guess_kind(file),
                phase=phase,
            )
        )
    phases = [
        ImportedPhase(id=name, folders=tuple(folders[name]), files=counts[name])
        for name in sorted(folders, key=order_id)
    ]
    return Guess(tuple(files), tuple(phases))


def guess_phase(path: str) -> tuple[str, str] | None:
    """Return the phase that a path speaks of, and the folder that says so, empty for a file's name.

    None: it speaks of none.
    """
    parts = path.split("/")
    for depth in range(len(parts) - 1, 0, -1):
        if match := IN_FOLDER.fullmatch(parts[depth - 1]):
            return match["id"].upper(), "/".join(parts[:depth])
    if match := IN_NAME.search(parts[-1]):
        return match["id"].upper(), ""
    return None


def guess_kind(file: FoundFile) -> FileKind:
    """Tell what a file is: by its ending, a text also by its first lines."""
    name = file.path.lower()
    if is_capture(name):
        return "environment"
    if written := classify_head(file.head):
        return written
    if is_report(name):
        return "report"
    return next((kind for kind, endings in ENDINGS.items() if name.endswith(endings)), "other")


def order_id(name: str) -> list[tuple[int, str]]:
    """Return by what ids are sorted: B2 before B10."""
    pieces = re.findall(r"\d+|\D+", name)
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]
