"""What the process that trains sees: its variables, versions, threads, seeds and options."""

import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from parityhub.capture.files import write_json
from parityhub.capture.process import find_rank
from parityhub.capture.redaction import hide_path, hide_secret

PREFIXES = (
    "TF_",
    "XLA_",
    "CUDA",
    "OMP_",
    "MKL_",
    "OPENBLAS_",
    "KMP_",
    "NVIDIA_",
    "ROCM",
    "HIP_",
    "KERAS_",
    "TORCH",
    "PYTORCH_",
    "PARITYHUB_",
    "USE_XLA",
)
MODULES = ("numpy", "tensorflow", "keras", "torch", "h5py", "onnxruntime")


def record_environment(
    options: Mapping[str, Any] | None = None,
    seed: int | None = None,
    directory: str | Path | None = None,
) -> dict[str, Any]:
    """Record what this process sees. Call it once the framework is imported and configured.

    Reads `PARITYHUB_ASKED` (comma-separated names of the variables that somebody asked for),
    `PARITYHUB_ROOT` (paths below it are written relative to it, others by their last part) and
    `PARITYHUB_CAPTURE`. No framework is imported for it; values of secrets are redacted.

    Args:
        options: the program's own options.
        seed: the seed it used.
        directory: where `env_<pid>.json`, of a rank `env_rank<n>_<pid>.json`, goes; default:
            `PARITYHUB_CAPTURE`. Nothing is written where neither is set.

    Returns:
        What was recorded.
    """
    root = os.environ.get("PARITYHUB_ROOT")
    rank = find_rank(os.environ)
    asked = _read_asked()
    record = {
        "pid": os.getpid(),
        "ppid": os.getppid(),
        "rank": rank,
        "time_utc": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "argv": [hide_path(word, root) for word in sys.argv],
        "executable": hide_path(sys.executable, root),
        "python": platform.python_version(),
        "cwd": hide_path(str(Path.cwd()), root),
        "asked": asked,
        "variables": _read_variables(root) | {k: v for k, v in asked.items() if v is not None},
        "versions": _read_versions(),
        "threads": _read_threads(),
        "blas": _read_blas(),
        "host": hashlib.sha256(platform.node().encode()).hexdigest()[:16],
        "options": {name: _show_option(value, root) for name, value in (options or {}).items()},
        "seed": seed,
    }
    where = directory or os.environ.get("PARITYHUB_CAPTURE")
    if where:
        # Ranks on several machines may have the same pid.
        name = f"env_{os.getpid()}.json" if rank is None else f"env_rank{rank}_{os.getpid()}.json"
        write_json(Path(where) / name, record)
    return record


def _read_asked() -> dict[str, str | None]:
    """Read the variables that somebody asked for, as they are: they are held against the asking."""
    names = os.environ.get("PARITYHUB_ASKED", "").split(",")
    values = {name: os.environ.get(name) for name in map(str.strip, names) if name}
    return {k: None if v is None else hide_secret(k, v) for k, v in values.items()}


def _read_variables(root: str | None) -> dict[str, str]:
    """Read the variables that may matter, fit to publish."""
    return {
        name: " ".join(hide_path(word, root) for word in hide_secret(name, value).split(" "))
        for name, value in sorted(os.environ.items())
        if name.startswith(PREFIXES)
    }


def _show_option(value: Any, root: str | None) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return hide_path(str(value), root)


def _read_versions() -> dict[str, str]:
    return {
        name: str(getattr(sys.modules[name], "__version__", "unknown"))
        for name in MODULES
        if name in sys.modules
    }


def _read_threads() -> dict[str, int | None]:
    threads: dict[str, int | None] = {"cpu_count": os.cpu_count()}
    if hasattr(os, "sched_getaffinity"):
        threads["affinity"] = len(os.sched_getaffinity(0))
    if torch := sys.modules.get("torch"):
        threads["torch_intra_op"] = torch.get_num_threads()
        threads["torch_inter_op"] = torch.get_num_interop_threads()
    if tensorflow := sys.modules.get("tensorflow"):
        threading = tensorflow.config.threading
        threads["tensorflow_intra_op"] = threading.get_intra_op_parallelism_threads()
        threads["tensorflow_inter_op"] = threading.get_inter_op_parallelism_threads()
    return threads


def _read_blas() -> list[dict[str, Any]]:
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return []
    kept = ("user_api", "internal_api", "version", "num_threads", "architecture")
    return [{name: pool.get(name) for name in kept} for pool in threadpool_info()]
