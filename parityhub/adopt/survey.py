"""What a repository has that a plan may speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from parityhub.adopt.builders import Builder, find_builders
from parityhub.adopt.sources import list_files, read_sources

DATA = (".npz", ".npy", ".h5", ".hdf5")
CHECKPOINTS = (".keras", ".weights.h5", ".pt", ".pth", ".ckpt", ".safetensors", ".onnx")
NAMES = {"tensorflow": "TensorFlow", "pytorch": "PyTorch"}


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What was found. Paths are relative to the repository."""

    builders: Sequence[Builder]
    """what builds a model, the likeliest first; also what needs arguments"""
    programs: Sequence[tuple[str, str]]
    """scripts that import a framework, each with its side's name"""
    data: Sequence[str]
    checkpoints: Sequence[str]
    notebooks: Sequence[str]
    tests: Sequence[str]
    """files that pytest runs"""
    plans: Sequence[str]
    """plans that are there already"""

    def list_builders(self, side: str) -> list[Builder]:
        """Return those of a side that need no argument, the likeliest first."""
        return [one for one in self.builders if one.side == side and not one.needs]

    def choose_builder(self, side: str) -> Builder | None:
        """Return the likeliest of a side; None: there is none, or several are as likely."""
        found = self.list_builders(side)
        if not found or (len(found) > 1 and found[1].rank == found[0].rank):
            return None
        return found[0]


def survey_repository(root: Path) -> Survey:
    """Look through a repository; nothing in it is run or imported."""
    sources = read_sources(root)
    checkpoints = list_files(root, *CHECKPOINTS)
    return Survey(
        builders=find_builders(sources),
        programs=[
            (source.path, " and ".join(NAMES[side] for side in sorted(source.sides)))
            for source in sources
            if source.is_program and source.sides
        ],
        data=[path for path in list_files(root, *DATA) if path not in checkpoints],
        checkpoints=checkpoints,
        notebooks=list_files(root, ".ipynb"),
        tests=[
            source.path
            for source in sources
            if (name := source.path.rpartition("/")[2]).startswith("test_")
            or name.endswith("_test.py")
        ],
        plans=sorted(path.relative_to(root).as_posix() for path in root.glob("plans/*/plan.toml")),
    )
