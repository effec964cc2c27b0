"""What a program calls to leave evidence of what it did. Needs numpy alone; never a framework."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parityhub.capture.debug_dump import DebugDump
    from parityhub.capture.environment import record_environment
    from parityhub.capture.parts import merge_parts
    from parityhub.capture.patch_stats import PatchStats
    from parityhub.capture.stats import compute_stats

__all__ = ["DebugDump", "PatchStats", "compute_stats", "merge_parts", "record_environment"]

_HOMES = {
    "DebugDump": "debug_dump",
    "PatchStats": "patch_stats",
    "compute_stats": "stats",
    "merge_parts": "parts",
    "record_environment": "environment",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
