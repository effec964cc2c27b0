"""parityhub: parity evidence between TensorFlow and PyTorch, recorded and audited."""

from typing import Any

__all__ = ["load", "pair"]


def __getattr__(name: str) -> Any:
    """Import `load` and `pair` only when they are asked for: the command line starts without."""
    if name == "load":
        from parityhub.workflow.frames import load

        return load
    if name == "pair":
        from parityhub.workflow.call_pair import call_pair

        return call_pair
    raise AttributeError(name)
