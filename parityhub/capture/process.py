"""Which of several processes this one is: a rank of a distributed program, or a worker of one."""

import os
import sys
from collections.abc import Mapping

RANKS = (
    ("RANK", "WORLD_SIZE"),
    ("SLURM_PROCID", "SLURM_NTASKS"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("LOCAL_RANK", "WORLD_SIZE"),
)
"""variables with a process's rank and with how many there are: torchrun, Slurm, MPI, Lightning"""


def find_rank(environment: Mapping[str, str]) -> str | None:
    """Return a process's rank, `3`; of one that knows its place on a node alone, `1-3`.

    None: it is the only process, or nothing says that there are others.
    """
    for rank, size in RANKS:
        value = environment.get(rank, "")
        if value.isdigit():
            if environment.get(size) == "1":
                return None
            node = environment.get("NODE_RANK", "") if rank == "LOCAL_RANK" else ""
            return f"{node}-{value}" if node.isdigit() and node != "0" else value
    return None


def label_process(owner: int) -> str:
    """Return what a process puts into the names of its files; empty: it is the only one.

    Args:
        owner: the process that made what writes them. A worker that was given it is another.
    """
    rank = find_rank(os.environ)
    labels = [] if rank is None else [f"rank{rank}"]
    if os.getpid() != owner or _is_worker():
        labels.append(f"pid{os.getpid()}")
    return ".".join(labels)


def _is_worker() -> bool:
    """Say whether multiprocessing started this process; a program that has none did not load it."""
    module = sys.modules.get("multiprocessing.process")
    return module is not None and module.parent_process() is not None
