import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.plan.locate import find_line, locate_keys
from parityhub.plan.problem import KeyPath
from tests.plan.toml_text import Choose, Table, tables, write_toml

STYLES = '''\
# [not.a.table]
title = """
[phase]
name = 1 \\""" \\
""""
other = \'\'\'
"ladder" = 2\'\'\'\'
day = 1979-05-27 07:32:00 # a date of two words
"a.b" . 'c d'.e = [ # ]
  1, # ,
  { x = "}", y = [ "]",
    2 ] },
]

[[phase]]
[phase.gate]
strict = true
[[phase.runs]]
[[phase.runs]]
  ladder = "up"
[[ "phase" ]]
runs = [ { ladder = 1 },
         { ladder = 2 } ]
"q\\u0041" = 1
'''


def choose_with(data: st.DataObject) -> Choose:
    return lambda ways: data.draw(st.sampled_from(ways))


def walk(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in pairs:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from walk(item, (*path, key))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("other",), 6),
        (("day",), 8),
        (("a.b", "c d", "e"), 9),
        (("a.b", "c d", "e", 0), 10),
        (("a.b", "c d", "e", 1, "x"), 11),
        (("a.b", "c d", "e", 1, "y", 1), 12),
        (("phase", 0), 15),
        (("phase", 0, "gate", "strict"), 17),
        (("phase", 0, "runs", 0), 18),
        (("phase", 0, "runs", 1), 19),
        (("phase", 0, "runs", 1, "ladder"), 20),
        (("phase", 1), 21),
        (("phase", 1, "runs", 1, "ladder"), 23),
        (("phase", 1, "qA"), 24),
    ],
)
def test_finds_keys_in_every_style(path: KeyPath, line: int) -> None:
    assert find_line(locate_keys(STYLES), path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("phase", 0, "runs", 1, "folder"), 19),
        (("phase", 0, "runs", 1, "options", "seed"), 19),
        (("phase", 0, "title"), 15),
        (("initiative", "id"), 1),
        ((), 1),
    ],
)
def test_falls_back_to_what_encloses_a_missing_key(path: KeyPath, line: int) -> None:
    assert find_line(locate_keys(STYLES), path) == line


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_counts_lines_of_either_ending(ending: str) -> None:
    text = ending.join(["a = '''", "x", "'''", "b = 1"])
    assert locate_keys(text) == {("a",): 1, ("b",): 4}


@given(st.data(), tables())
def test_the_line_of_a_key_is_the_first_that_holds_it(data: st.DataObject, table: Table) -> None:
    text = write_toml(choose_with(data), table)
    assert tomllib.loads(text) == table
    lines = locate_keys(text)
    assert set(lines) == set(walk(table))
    for path, line in lines.items():
        if isinstance(path[-1], str):
            name = path[-1][:5]
            assert re.fullmatch(r"k\d{4}", name)
            assert line == text[: text.index(name)].count("\n") + 1


@given(st.data(), tables())
def test_items_stand_in_order_and_below_their_list(data: st.DataObject, table: Table) -> None:
    lines = locate_keys(write_toml(choose_with(data), table))
    for path, line in lines.items():
        if isinstance(path[-1], int):
            before = (*path[:-1], path[-1] - 1) if path[-1] else path[:-1]
            assert lines[before] <= line
