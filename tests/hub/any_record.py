"""Records with any values that their types allow."""

import typing

from hypothesis import strategies as st

from parityhub.hub.records import Record

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)


def build(kind: type[Record]) -> st.SearchStrategy[Record]:
    """Return values of a record's fields, made from their types."""
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: draw(hint) for name, hint in hints.items()})


def draw(hint: typing.Any) -> st.SearchStrategy[typing.Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is typing.Any:
        return JSON_VALUES
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(draw(arguments[0]), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(st.text(max_size=6), draw(arguments[1]), max_size=2)
    if arguments:
        return st.one_of([draw(argument) for argument in arguments])
    if hint is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if hint is int:
        return st.integers(-(2**63), 2**63 - 1)
    if isinstance(hint, type) and issubclass(hint, Record):
        return build(hint)
    return st.from_type(hint)
