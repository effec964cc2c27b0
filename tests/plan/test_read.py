import hashlib
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parityhub.errors import PlanError
from parityhub.plan.read import LoadedPlan, read_plan
from tests.plan.refusals import BASE, change_base, read_error
from tests.plan.toml_text import texts, values, write_toml

KEYS = ("id", "path", "requires", "command", "options", "checks", "new key", "kind", "rel")


def test_reads_a_plan_with_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(BASE)
    loaded = read_plan(path)
    assert [phase.id for phase in loaded.plan.phases] == ["P", "Q"]
    assert (loaded.path, loaded.text) == (path, BASE)
    assert loaded.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (
            b"format = 1\nname = '\xff'\n",
            "plan.toml:2: byte 0xff is not UTF-8",
            "save the file as UTF-8",
        ),
        (
            b"format = 1\n\nid == 2\n",
            "plan.toml:3: not TOML: Invalid value",
            "mend this line; toml.io has the syntax",
        ),
        (
            b"format = 1\nid = [\n",
            "plan.toml:3: not TOML: Invalid value",
            "mend this line; toml.io has the syntax",
        ),
        (
            b"format = 1\nformat = 2\n",
            "plan.toml:2: not TOML: Cannot overwrite a value",
            "mend this line; toml.io has the syntax",
        ),
        (b"", "plan.toml:1: format: missing", "required here: format, initiative, phase"),
        (
            b"a = " + b"[" * 5000 + b"]" * 5000,
            "plan.toml:1: lists or tables too deep in each other",
            "write it flat",
        ),
    ],
)
def test_refuses_what_is_no_plan(data: bytes, message: str, hint: str, tmp_path: Path) -> None:
    error = read_error(data, tmp_path)
    assert (error.message, error.hint) == (message, hint)


def test_refuses_a_number_too_long_to_read(tmp_path: Path) -> None:
    error = read_error(b"format = " + b"1" * 5000, tmp_path)
    assert error.message.startswith("plan.toml:1: not TOML: Exceeds the limit (4300")


def test_refuses_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(PlanError) as caught:
            read_plan(path)
        assert caught.value.message.startswith(f"{path}: cannot be read: {reason}")


def test_reports_the_problem_that_stands_first_and_counts_the_others(tmp_path: Path) -> None:
    text = change_base(
        {'requires = ["P"]': 'requires = ["R"]', "loss=nan": "", "rel = 0.1": "rel = inf"}
    )
    error = read_error(text.encode(), tmp_path)
    assert error.message.startswith("plan.toml:41: baseline.left.failure_patterns[0].pattern:")
    assert error.hint == "write out what the log says (9 more to mend after it)"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_change_is_read_or_refused_in_a_line(tmp_path: Path, data: st.DataObject) -> None:
    document = change_somewhere(data, tomllib.loads(BASE))
    text = write_toml(lambda ways: ways[0], document)
    path = tmp_path / "plan.toml"
    path.write_bytes(text.encode())
    outcome = try_to_read(path)
    if isinstance(outcome, LoadedPlan):
        assert outcome.text == text
    else:
        _, line, rest = outcome.message.removeprefix(str(path)).split(":", 2)
        assert 1 <= int(line) <= text.count("\n") + 1
        assert rest
        assert (outcome.message + outcome.hint).isprintable()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary())
def test_any_bytes_are_refused_in_a_line(tmp_path: Path, data: bytes) -> None:
    error = read_error(data, tmp_path)
    assert (error.message + error.hint).isprintable()


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs = 2": 'epochs = 2\n"two\\nlines" = 1', '["epochs", "dump"]': '["speed"]'},
        {"'no kernel'": '"(?\\n)"'},
        {"epochs = 2": 'epochs = 2\n[initiative."a` - at `$.b[...]"]'},
    ],
)
def test_hostile_names_are_kept_to_a_line(changes: dict[str, str], tmp_path: Path) -> None:
    error = read_error(change_base(changes).encode(), tmp_path)
    assert (error.message + error.hint).isprintable()


def try_to_read(path: Path) -> LoadedPlan | PlanError:
    try:
        return read_plan(path)
    except PlanError as error:
        return error


def change_somewhere(data: st.DataObject, document: Any) -> Any:
    """Return a plan in which one value, at any depth, is another, is gone, or is new."""
    document = deepcopy(document)
    node = document
    while True:
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
        inner = node[key]
        if not (isinstance(inner, dict | list) and inner and data.draw(st.booleans())):
            break
        node = inner
    if isinstance(node, dict) and data.draw(st.booleans()):
        node.pop(key)
        node[data.draw(st.sampled_from(KEYS) | texts)] = inner
    else:
        node[key] = data.draw(values)
    return document
