"""TOML written in every style that TOML has."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

Table = dict[str, Any]
Choose = Callable[[Sequence[Any]], Any]
"""which of several ways of writing the same is taken"""
HOSTILE = ("", "a = 1", "# no comment", "[table]\n[[list]]", '"""', "'''", "\\", 'a "b" ""', "{x}")

texts = st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8", exclude_characters="k\r"))
scalars = st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return a table in which each key, at any depth, is a name of its own: k0000, k0001, …"""
    count = iter(range(10_000))

    def rename(value: Any) -> Any:
        if isinstance(value, list):
            return [rename(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {f"k{next(count):04}{key}": rename(item) for key, item in value.items()}

    table = rename(draw(st.dictionaries(texts, values, max_size=5)))
    assert isinstance(table, dict)
    return table


def write_toml(choose: Choose, table: Table, path: tuple[str, ...] = ()) -> str:
    """Write a table: pairs first, then tables and lists of tables under headers, or inline."""
    pairs, parts = "", ""
    for key, value in table.items():
        where = (*path, key)
        style = choose(("header", "inline", "dotted"))
        if style == "header" and isinstance(value, dict):
            parts += f"[ {write_key(choose, where)} ] # a table\n" + write_toml(
                choose, value, where
            )
        elif style == "header" and is_table_list(value):
            for item in value:
                parts += f"[[{write_key(choose, where)}]]\n" + write_toml(choose, item, where)
        elif style == "dotted" and isinstance(value, dict) and value:
            for inner, item in value.items():
                pairs += f"{write_key(choose, (key, inner))} = {write_value(choose, item)}\n"
        else:
            pairs += f"{write_key(choose, (key,))} = {write_value(choose, value)} # a pair\n"
    return pairs + choose(("", "\n", "  # [no.table]\n")) + parts


def is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def write_key(choose: Choose, path: tuple[str, ...]) -> str:
    dot = choose((".", " . "))
    return dot.join(
        part if part.isascii() and part.isalnum() else write_basic(part) for part in path
    )


def write_value(choose: Choose, value: Any) -> str:
    if isinstance(value, str):
        return choose(list_spellings(value))
    if isinstance(value, list):
        gap, end = choose((("", ""), ("\n  ", ",\n"), (" # ] \n\n", " # , \n")))
        items = ",".join(gap + write_value(choose, item) for item in value)
        return f"[{items}{end if items else ''}]"
    if isinstance(value, dict):
        pairs = (f"{write_key(choose, (k,))} = {write_value(choose, v)}" for k, v in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return str(value).lower()


def list_spellings(text: str) -> list[str]:
    """Return a text in each kind of quotes that can hold it."""
    basic = write_basic(text)
    spellings = [basic, '"""\n' + basic[1:-1].replace("\\n", "\n") + '"""']
    if "'" not in text and text.replace("\n", "").isprintable():
        spellings.append(f"'''\n{text}'''")
        if "\n" not in text:
            spellings.append(f"'{text}'")
    if text.isascii() and text.replace('"', "").isalnum() and '""' not in text:
        spellings.append(f'"""{text}"""')
    return spellings


def write_basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
