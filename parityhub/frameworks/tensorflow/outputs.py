"""What a model returns, flattened: each tensor with a name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parityhub.errors import UsageError


@dataclass(frozen=True)
class Flat:
    """One of the values that a model returned."""

    name: str
    """keys and places that lead to it, joined by `/`; `output` where it is all there is"""
    named: bool
    """the model itself names it: by keys alone, or by returning nothing else"""
    value: Any


def flatten_outputs(returned: Any) -> list[Flat]:
    """Flatten mappings, named tuples, lists and tuples; None is left out.

    Raises:
        UsageError: nothing is returned, or two values come to one name.
    """
    flat = list(_walk(returned, (), named=True))
    if not flat:
        raise UsageError("the model returns nothing", hint="it must return a tensor, or several")
    names = [item.name for item in flat]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"the model returns two values named {twice[0]!r}", hint="rename one")
    return flat


def _walk(value: Any, path: tuple[str, ...], *, named: bool) -> Iterator[Flat]:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)), named=named)
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for key, item in zip(value._fields, value, strict=True):
            yield from _walk(item, (*path, key), named=named)
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _walk(item, (*path, str(place)), named=False)
    else:
        yield Flat("/".join(path) or "output", named, value)
