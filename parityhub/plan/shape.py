"""What the plan format wants at a key, and what a document has there."""

import copy
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import inspect

from parityhub.plan.model import Plan
from parityhub.plan.problem import KeyPath


def find_value(document: Any, path: KeyPath) -> Any:
    """Return what stands at a path, or None where nothing does."""
    for part in path:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def find_shape(document: Any, path: KeyPath) -> inspect.Type | None:
    """Return the type that the plan format wants at a path, or None where it knows no such key.

    Args:
        document: the plan as plain values; it says which kind of check stands in a list.
        path: the way there.
    """
    shape = _resolve(inspect.type_info(Plan), document)
    for place, part in enumerate(path, 1):
        found = _step_into(shape, part)
        if found is None:
            return None
        shape = _resolve(found, find_value(document, path[:place]))
    return shape


def list_keys(shape: inspect.Type | None, *, required_only: bool = False) -> list[str]:
    """Return the keys that a table may have, or must."""
    if not isinstance(shape, inspect.StructType):
        return []
    tag = [shape.tag_field] if shape.tag_field else []
    return tag + [
        field.encode_name for field in shape.fields if field.required or not required_only
    ]


def list_choices(shape: inspect.Type | None) -> list[str]:
    """Return the values that a key may have, where they are few."""
    if isinstance(shape, inspect.LiteralType):
        return [str(value) for value in shape.values]
    if isinstance(shape, inspect.UnionType):
        return [choice for part in shape.types for choice in list_choices(part)]
    if isinstance(shape, inspect.StructType) and shape.tag is not None:
        return [str(shape.tag)]
    return []


def name_keys(document: Any, path: Iterable[str | int | None], message: str) -> KeyPath:
    """Return a path with the keys that msgspec leaves open filled in.

    msgspec writes `[...]` for a key of a mapping. Which one is meant shows when the mapping is cut
    down to one key after the other: the right one brings the same message.

    Args:
        document: the plan as plain values.
        path: the path of the message, None for each open key.
        message: what msgspec said of the document.
    """
    named: KeyPath = ()
    for part in path:
        if part is None:
            found = _find_key(document, named, message)
            if found is None:
                return named
            document = _keep_only(document, named, found)
            part = found
        named = (*named, part)
    return named


def _find_key(document: Any, path: KeyPath, message: str) -> str | None:
    table = find_value(document, path)
    for key in table if isinstance(table, dict) else ():
        try:
            msgspec.convert(_keep_only(document, path, key), Plan)
        except msgspec.ValidationError as error:
            if str(error) == message:
                return str(key)
    return None


def _keep_only(document: Any, path: KeyPath, key: str) -> Any:
    reduced = copy.deepcopy(document)
    table = find_value(reduced, path)
    for other in [name for name in table if name != key]:
        del table[other]
    return reduced


def _step_into(shape: inspect.Type, part: str | int) -> inspect.Type | None:
    if isinstance(shape, inspect.StructType):
        return next((f.type for f in shape.fields if f.encode_name == part), None)
    if isinstance(shape, inspect.DictType):
        return shape.value_type
    if isinstance(shape, inspect.VarTupleType):
        return shape.item_type
    return None


def _resolve(shape: inspect.Type, value: Any) -> inspect.Type:
    """Unwrap what is only annotated, and of several tables choose the one that the value names."""
    while isinstance(shape, inspect.Metadata):
        shape = shape.type
    if not isinstance(shape, inspect.UnionType):
        return shape
    parts = [part for part in shape.types if not isinstance(part, inspect.NoneType)]
    if len(parts) == 1:
        return _resolve(parts[0], value)
    for part in parts:
        if (
            isinstance(part, inspect.StructType)
            and isinstance(value, dict)
            and part.tag_field
            and value.get(part.tag_field) == part.tag
        ):
            return part
    return shape
