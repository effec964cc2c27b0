"""parityhub: parity evidence between TensorFlow and PyTorch, recorded and audited."""

from typing import Any

__all__ = ["load"]


def __getattr__(name: str) -> Any:
    """Import `load` only when it is asked for: the command line starts without it."""
    if name == "load":
        from parityhub.hub.frames import load

        return load
    raise AttributeError(name)
