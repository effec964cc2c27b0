"""The plan format as JSON Schema, for editors and for people: docs/reference/plan.schema.json."""

import ast
import inspect
import json
from typing import Any

import msgspec

from parityhub.plan import model


def make_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan, each key described by the words of the model."""
    _, definitions = msgspec.json.schema_components([model.Plan], ref_template="#/$defs/{name}")
    for name, definition in definitions.items():
        definition.pop("title", None)
        part = getattr(model, name)
        written = {field.name: field.encode_name for field in msgspec.structs.fields(part)}
        for key, text in read_descriptions(part).items():
            definition["properties"][written[key]]["description"] = text
    schema = _fit_to_toml(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "parityhub plan",
            "$ref": "#/$defs/Plan",
            "$defs": definitions,
        }
    )
    assert isinstance(schema, dict)
    return schema


def write_schema() -> str:
    """Return the schema as the text of docs/reference/plan.schema.json."""
    return json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"


def read_descriptions(part: type) -> dict[str, str]:
    """Return what the docstrings below the fields of a class and its bases say, by field."""
    texts: dict[str, str] = {}
    for owner in reversed(part.__mro__):
        if not owner.__module__.startswith("parityhub."):
            continue
        body = ast.parse(inspect.getsource(owner)).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, below in zip(body.body, body.body[1:], strict=False):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    texts[name] = " ".join(text.split())
    return texts


def _fit_to_toml(node: object) -> object:
    r"""Leave out null, which TOML lacks, and spell the end of a text as JSON Schema does.

    Python's `\Z` is there because its `$` also matches before a last line break; ECMA's does not.
    """
    if isinstance(node, list | tuple):
        return [_fit_to_toml(item) for item in node if item != {"type": "null"}]
    if isinstance(node, str):
        return node.replace(r"\Z", "$")
    if not isinstance(node, dict):
        return node
    fitted = {
        key: _fit_to_toml(value) for key, value in node.items() if (key, value) != ("default", None)
    }
    choices = fitted.get("anyOf")
    if isinstance(choices, list) and len(choices) == 1:
        del fitted["anyOf"]
        return {**choices[0], **fitted}
    return fitted
