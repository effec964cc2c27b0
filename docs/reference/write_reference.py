"""Writes the reference from the code: commands, keys of a plan, rules of audit, records."""

import inspect
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import msgspec

from parityhub.audit.rules.registry import RULES
from parityhub.cli import cli
from parityhub.hub import (
    figure_records,
    import_records,
    ledger_records,
    parity_records,
    records,
    stat_records,
)
from parityhub.plan.schema import make_schema, read_descriptions

RECORDS = (
    records,
    stat_records,
    parity_records,
    figure_records,
    ledger_records,
    import_records,
)
FOLDER = Path(__file__).resolve().parent
COMMON = ("plan_file", "reports", "hub", "as_json", "verbose")
"""options that each command has"""


def write_commands() -> str:
    """Return the page of the commands and their options."""
    lines = [
        "# Commands",
        "",
        "Each command also takes these:",
        "",
        *list_options(cli.commands["status"], common=True),
    ]
    for name, command in cli.commands.items():
        context = click.Context(command, help_option_names=["-h", "--help"])
        usage = " ".join(command.collect_usage_pieces(context))
        lines += ["", f"## {name}", "", f"`parityhub {name} {usage}`", ""]
        lines += [*inspect.cleandoc(command.help or "").splitlines(), ""]
        options = list(list_options(command, common=False))
        lines += [*options, ""] if options else []
        lines += [f"{command.epilog}".replace("Example: ", "Example: `") + "`"]
    return end_page(lines)


def list_options(command: click.Command, *, common: bool) -> Iterator[str]:
    """Yield the table of a command's options: those of all commands, or its own."""
    own = [
        option
        for option in command.params
        if isinstance(option, click.Option) and (option.name in COMMON) is common
    ]
    if own:
        yield from ("| option | default | what it does |", "| --- | --- | --- |")
    for option in own:
        words = ", ".join(f"`{word}`" for word in (*option.opts, *option.secondary_opts))
        yield f"| {words} | {describe_default(option)} | {escape_cell(option.help or '')} |"


def describe_default(option: click.Option) -> str:
    """Say what an option is when it is not given."""
    record = option.to_info_dict()
    default = record.get("default")
    if option.is_flag or default is None or default == () or "Sentinel" in type(default).__name__:
        return ""
    return f"`{default}`"


def write_plan() -> str:
    """Return the page of a plan's keys, from its JSON Schema."""
    definitions: Mapping[str, Any] = make_schema()["$defs"]
    lines = [
        "# Keys of a plan",
        "",
        "[The plan](../plan.md) says what they are for. An editor that knows JSON Schema",
        "completes them: begin the plan with `#:schema ` and the way to",
        "[plan.schema.json](plan.schema.json).",
    ]
    for name, definition in definitions.items():
        required = set(definition.get("required", ()))
        lines += ["", f"## {name}", "", "| key | type | default | what it is |"]
        lines += ["| --- | --- | --- | --- |"]
        for key, value in definition.get("properties", {}).items():
            default = "required" if key in required else show_value(value.get("default"))
            words = escape_cell(value.get("description", ""))
            lines.append(f"| `{key}` | {describe_type(value)} | {default} | {words} |")
    return end_page(lines)


def show_value(value: Any) -> str:
    """Show a default as TOML would have it, in short."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return f"`{str(value).lower()}`"
        case dict():
            return "see there"
        case _:
            return f"`{value}`"


def describe_type(schema: Mapping[str, Any]) -> str:
    """Say what a value may be, from its JSON Schema."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(describe_type, schema["anyOf"])))
    if schema.get("type") == "array":
        items = schema.get("items")
        return f"list of {describe_type(items)}" if isinstance(items, dict) else "list"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"table of {describe_type(values)}" if isinstance(values, dict) else "table"
    return f"{schema.get('type', 'anything')}{describe_bounds(schema)}"


def describe_bounds(schema: Mapping[str, Any]) -> str:
    """Say within what bounds a number lies."""
    words = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {schema[key]}" for key, sign in words.items() if key in schema]
    return f" ({', '.join(bounds)})" if bounds else ""


def write_rules() -> str:
    """Return the page of the rules of audit."""
    lines = [
        "# Rules of audit",
        "",
        "`parityhub rule CODE` prints one of them. [How to read findings](../audit.md).",
    ]
    ordered = sorted(RULES, key=lambda rule: rule.code)
    for code, rules in itertools.groupby(ordered, key=lambda rule: rule.code):
        asked = list(rules)
        lines += ["", f"## {code} {asked[0].slug}"]
        for rule in asked:
            says = inspect.cleandoc(type(rule).__doc__ or "").splitlines()
            lines += ["", *says, "", f"{rule.severity.capitalize()}. Example: {rule.example}"]
    return end_page(lines)


def write_records() -> str:
    """Return the page of the records of a hub, JSON files that scripts may read."""
    lines = [
        "# Records of a hub",
        "",
        "A hub is readable without parityhub: its records are JSON files. Fields may be added in",
        "later versions; those that are here stay. [Where they lie](../hub.md).",
    ]
    for module in RECORDS:
        for record in list_structs(module):
            lines += ["", f"## {record.__name__}", ""]
            lines += [*inspect.cleandoc(record.__doc__ or "").splitlines(), ""]
            lines += ["| field | type | what it is |", "| --- | --- | --- |"]
            words = read_descriptions(record)
            for field in msgspec.structs.fields(record):
                kind, what = escape_cell(show_type(field.type)), words.get(field.name, "")
                lines.append(f"| `{field.encode_name}` | {kind} | {escape_cell(what)} |")
    return end_page(lines)


def list_structs(module: ModuleType) -> Iterator[type[msgspec.Struct]]:
    """Yield the records that a module defines, in its order."""
    for value in vars(module).values():
        if not isinstance(value, type) or not issubclass(value, msgspec.Struct):
            continue
        if value.__module__ == module.__name__ and value.__struct_fields__:
            yield value


def show_type(kind: Any) -> str:
    """Show a field's type in Python's words."""
    text = kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)
    for gone in ("typing.", "collections.abc.", "<class '", "'>"):
        text = text.replace(gone, "")
    for module in RECORDS:
        text = text.replace(f"{module.__name__}.", "")
    return f"`{text}`"


def escape_cell(text: str) -> str:
    """Keep a text within its cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def end_page(lines: list[str]) -> str:
    """Return the text of a page, without two blank lines in a row."""
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).rstrip() + "\n"


PAGES = {
    "commands.md": write_commands,
    "plan.md": write_plan,
    "rules.md": write_rules,
    "records.md": write_records,
}

if __name__ == "__main__":
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
