from collections import namedtuple

import pytest

from parityhub.errors import UsageError
from parityhub.frameworks.tensorflow.outputs import Flat, flatten_outputs


def test_one_alone_is_the_output():
    assert flatten_outputs(3) == [Flat("output", True, 3)]


def test_keys_name_and_places_count():
    assert flatten_outputs({"b": 1, "a": (2, None, 3)}) == [
        Flat("b", True, 1),
        Flat("a/0", False, 2),
        Flat("a/2", False, 3),
    ]


def test_a_named_tuple_names():
    pair = namedtuple("pair", ["left", "right"])
    assert flatten_outputs(pair(1, 2)) == [Flat("left", True, 1), Flat("right", True, 2)]


@pytest.mark.parametrize("nothing", [None, (), {"a": None}, [[]]])
def test_nothing_is_refused(nothing):
    with pytest.raises(UsageError, match="returns nothing"):
        flatten_outputs(nothing)


def test_two_of_one_name_are_refused():
    with pytest.raises(UsageError, match="two values named 'a/b'"):
        flatten_outputs({"a": {"b": 1}, "a/b": 2})
