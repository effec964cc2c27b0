import os
import re
from pathlib import Path

from parityhub.plan.model import Plan
from parityhub.plan.schema import make_schema, write_schema

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "plan.schema.json"


def test_the_file_is_what_the_model_says() -> None:
    """UPDATE_GOLDEN=1 writes the file anew."""
    if os.environ.get("UPDATE_GOLDEN"):
        FILE.write_text(write_schema(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == write_schema()


def test_each_table_is_described_and_closed() -> None:
    tables = make_schema()["$defs"]
    assert set(tables["Plan"]["properties"]) == set(Plan.__struct_encode_fields__)
    for table in tables.values():
        assert table["description"]
        assert table["additionalProperties"] is False


def test_keys_are_described_by_the_words_of_the_model() -> None:
    tables = make_schema()["$defs"]
    assert tables["Artifact"]["properties"]["path"]["description"] == "relative to {out}"
    inherited = tables["StatsSource"]["properties"]["pick"]["description"]
    assert inherited == "which match of a log pattern counts"


def test_it_says_nothing_that_toml_or_json_schema_lacks() -> None:
    text = write_schema()
    assert '"null"' not in text
    assert "\\Z" not in text
    patterns = re.findall(r'"pattern": "(.*)"', text)
    assert set(patterns) == {"^[A-Za-z0-9][A-Za-z0-9._-]*$", r"\\S"}
