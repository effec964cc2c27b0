"""Two arrays against each other, and patch stats: how much faster than what others use.

All are timed in turns within one run on the same arrays, so only the ratios of medians count. The
memory that comparing takes is measured in a child whose writable memory is limited: it maps two
files, each ten times as large as the limit leaves free.
"""

import argparse
import importlib
import logging
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.timing import describe_seconds, take_turns
from parityhub.capture.stats import compute_stats
from parityhub.compare.metrics.admit import open_array
from parityhub.compare.metrics.full import measure_arrays
from parityhub.compare.metrics.screen import screen_arrays

Array = npt.NDArray[np.float32]

MIB = 1 << 20
ATOL, RTOL = 1e-5, 1e-4
AIMS = (
    ("screening", "numpy assert_allclose", 15.0),
    ("screening", "torch assert_close", 6.0),
    ("full set", "torch assert_close", 1.0),
    ("full set", "polygraphy simple", 20.0),
    ("patch stats", "torch expression", 6.0),
)
"""(ours, theirs, how many times as fast ours is to be)"""
LIMIT = 64 * MIB
"""writable memory that the child may take on top of what it has with its modules loaded"""
FILE = 10 * LIMIT


def make_arrays(mebibytes: int) -> tuple[Array, Array]:
    """Return an array and one that differs from it by rounding."""
    rng = np.random.default_rng(0)
    right = rng.standard_normal(mebibytes * MIB // 4, dtype=np.float32)
    noise = rng.standard_normal(right.size, dtype=np.float32)
    return right * (1 + np.float32(1e-7) * noise), right


def time_call(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def describe_plainly(patches: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Return patch stats as one writes them in torch."""
    x = patches.abs()
    zero_mean = x - x.mean((-1, -2), keepdim=True)
    return x.mean(), x.std(), x.min(), x.max(), (zero_mean**2).mean()


def find_polygraphy(left: Array, right: Array) -> Callable[[], object] | None:
    """Return Polygraphy's comparison of the arrays; None: it is not installed."""
    try:
        comparator = importlib.import_module("polygraphy.comparator")
        logger = importlib.import_module("polygraphy.logger").G_LOGGER
    except ImportError:
        return None
    logger.module_severity = logging.CRITICAL
    with warnings.catch_warnings(action="ignore"):
        compare = comparator.CompareFunc.simple(atol=ATOL, rtol=RTOL)
    one, other = (comparator.IterationResult({"output": x}) for x in (left, right))
    return lambda: compare(one, other)


def list_calls(left: Array, right: Array) -> dict[str, Callable[[], object]]:
    """Return what is timed, by name."""
    one, other = torch.from_numpy(left), torch.from_numpy(right)
    patches = one.reshape(-1, 1, 64, 64)
    calls: dict[str, Callable[[], object]] = {
        "screening": lambda: screen_arrays(left, right),
        "full set": lambda: measure_arrays(left, right, atol=ATOL, rtol=RTOL),
        "numpy assert_allclose": lambda: np.testing.assert_allclose(
            left, right, atol=ATOL, rtol=RTOL
        ),
        "torch assert_close": lambda: torch.testing.assert_close(one, other, atol=ATOL, rtol=RTOL),
        "patch stats": lambda: compute_stats(patches),
        "torch expression": lambda: describe_plainly(patches),
    }
    polygraphy = find_polygraphy(left, right)
    if polygraphy is not None:
        calls["polygraphy simple"] = polygraphy
    return calls


def print_ratios(seconds: Mapping[str, list[float]], size: int) -> None:
    """Print the table of ratios."""
    for name, taken in seconds.items():
        rate = size / median(taken) / (1 << 30)
        print(f"{describe_seconds(name, taken)}  {rate:6.2f} GiB/s")
    print(f"\n{'ours':<14}{'against':<24}{'times as fast':>14}{'aim':>8}")
    for ours, theirs, aim in AIMS:
        if theirs not in seconds:
            print(f"{ours:<14}{theirs:<24}{'not installed':>14}{aim:8g}")
            continue
        ratio = median(seconds[theirs]) / median(seconds[ours])
        print(
            f"{ours:<14}{theirs:<24}{ratio:14.1f}{aim:8g}  {'held' if ratio >= aim else 'MISSED'}"
        )


def read_data_size() -> int:
    """Return the bytes of this process that RLIMIT_DATA counts (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("no VmData in /proc/self/status")


def compare_within_limit(left: Path, right: Path) -> None:
    """Compare two mapped files in this process, with its writable memory limited.

    A thread reserves address space that it does not use, so threads and allocator are warmed first.
    """
    small = np.random.default_rng(0).standard_normal((2, MIB), dtype=np.float32)
    screen_arrays(*small)
    measure_arrays(*small, atol=ATOL, rtol=RTOL)
    before, resident = read_data_size(), read_anonymous()
    resource.setrlimit(resource.RLIMIT_DATA, (before + LIMIT, before + LIMIT))
    one, other = open_array(left), open_array(right)
    screening = screen_arrays(one, other)
    full = measure_arrays(one, other, atol=ATOL, rtol=RTOL)
    if screening.compared != one.size or full.compared != one.size:
        raise SystemExit("not everything was compared")
    grown = (read_data_size() - before) / MIB
    print(f"{grown:.1f} {(read_anonymous() - resident) / MIB:.1f}")


def read_anonymous() -> int:
    """Return the bytes of this process's own resident memory: files that it maps aside (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("no RssAnon in /proc/self/status")


def write_file(path: Path, seed: int) -> None:
    """Write an array of FILE bytes, piece by piece."""
    rng = np.random.default_rng(seed)
    array: Any = np.lib.format.open_memmap(path, "w+", dtype=np.float32, shape=(FILE // 4,))
    for start in range(0, array.size, MIB):
        array[start : start + MIB] = rng.standard_normal(MIB, dtype=np.float32)
    array.flush()


def measure_memory() -> None:
    """Run the comparison of large files in a child, and print what it says."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("left.npy", "right.npy")]
        for seed, path in enumerate(paths):
            write_file(path, seed)
        argv = [sys.executable, "-m", "benchmarks.arrays", "--within-limit", *map(str, paths)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
    files = f"two files of {FILE // MIB} MiB, {LIMIT // MIB} MiB of writable memory left"
    if done.returncode != 0:
        raise SystemExit(f"{files}: MISSED\n{done.stderr}")
    grown, resident = done.stdout.split()
    print(f"{files}: held; data grew by {grown} MiB, resident by {resident} MiB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--mib", type=int, default=256, help="of each array")
    parser.add_argument("--within-limit", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.within_limit:
        compare_within_limit(*given.within_limit)
        return
    left, right = make_arrays(given.mib)
    calls = list_calls(left, right)
    print(f"{given.mib} MiB of float32 each, {torch.get_num_threads()} torch threads")
    for call in calls.values():
        call()
    measures = {name: lambda call=call: time_call(call) for name, call in calls.items()}
    print_ratios(take_turns(measures, given.rounds), left.nbytes)
    measure_memory()


if __name__ == "__main__":
    main()
