"""The pre-commit hooks and the GitHub action: they say what they must, and call what there is."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots
from parityhub.audit.rules.registry import RULES
from parityhub.cli import cli

ROOT = Path(__file__).resolve().parents[1]
SEED_HUB = ROOT.parent / "shared" / "seed_hub"
KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*):(?: (?P<value>\S.*))?")
PLAIN = re.compile(r"[^\s\"'\[\]{}&*!|>%@`#,-][^\"'{}]*|\$\{\{ [^{}]* \}\}|\^?[\w./-]+")


class Yaml:
    """A strict reader of the YAML that these files need: maps, lists, words, one-line strings.

    What it does not know it refuses, so what it reads means the same to every reader of YAML.
    """

    def __init__(self, text: str) -> None:
        self.lines = [
            (len(line) - len(line.lstrip(" ")), line.strip())
            for line in text.splitlines()
            if line.strip() and not line.lstrip().startswith("#")
        ]
        assert "\t" not in text
        self.at = 0

    def read(self) -> Any:
        value = self._read_block(0)
        assert self.at == len(self.lines), self.lines[self.at]
        return value

    def _read_block(self, depth: int) -> Any:
        assert self.lines[self.at][0] == depth, self.lines[self.at]
        if self.lines[self.at][1].startswith("- "):
            return self._read_list(depth)
        return self._read_map(depth)

    def _read_list(self, depth: int) -> list[Any]:
        items = []
        while self._stands_at(depth) and self.lines[self.at][1].startswith("- "):
            # An entry's first key stands behind its dash, the others below it.
            self.lines[self.at] = (depth + 2, self.lines[self.at][1][2:])
            items.append(self._read_map(depth + 2))
        return items

    def _read_map(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while self._stands_at(depth):
            match = KEY.fullmatch(self.lines[self.at][1])
            assert match, self.lines[self.at]
            assert match["key"] not in found, match["key"]
            self.at += 1
            if match["value"] is not None:
                found[match["key"]] = read_scalar(match["value"])
            else:
                inner = self.lines[self.at][0]
                assert inner == depth + 2, self.lines[self.at]
                found[match["key"]] = self._read_block(inner)
        return found

    def _stands_at(self, depth: int) -> bool:
        return self.at < len(self.lines) and self.lines[self.at][0] == depth


def read_scalar(text: str) -> Any:
    if text.startswith("["):
        assert text.endswith("]"), text
        return [read_scalar(part.strip()) for part in text[1:-1].split(",")]
    if text.startswith('"'):
        assert re.fullmatch(r'"[\w.]*"', text), text
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    # Whatever stands behind the first character of a plain word is the word, but for ` #` and `: `.
    assert PLAIN.match(text), text
    assert " #" not in text, text
    assert ": " not in text, text
    assert not re.fullmatch(r"[\d.]+|~|null|yes|no|on|off", text, re.IGNORECASE), text
    return text


def read_yaml(name: str) -> Any:
    return Yaml((ROOT / name).read_text(encoding="utf-8")).read()


def list_steps() -> list[dict[str, Any]]:
    runs = read_yaml("action.yml")["runs"]
    assert runs["using"] == "composite"
    steps = runs["steps"]
    assert isinstance(steps, list)
    return steps


def call_help(words: list[str]) -> str:
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize(
    "text",
    [
        "a: [1",
        "a: 'b'",
        "a: b: c",
        "a: b\na: c",
        "a:\n    b: c\n",
        "a: &b c",
        "a: yes",
        "- a",
        "a: |",
    ],
)
def test_the_reader_refuses_what_it_does_not_know(text: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        Yaml(text).read()


def test_the_reader_reads_what_it_knows() -> None:
    text = '# why\n- a: b c\n  d: [e, f]\n  g:\n    h: "1"\n- i: true\n'
    assert Yaml(text).read() == [{"a": "b c", "d": ["e", "f"], "g": {"h": "1"}}, {"i": True}]


def test_each_hook_has_what_pre_commit_asks_for_and_calls_a_command_that_is() -> None:
    hooks = read_yaml(".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == ["parityhub-audit", "parityhub-fix-citations"]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= set(hook)
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        assert re.search(hook["files"], "reports/2026-11-24T000000Z/forward_parity/summary.md")
        command, *words = shlex.split(hook["entry"])
        assert command in scripts
        told = call_help(words[:1])
        assert [word for word in words[1:] if word not in told] == []


def test_the_action_has_what_github_asks_for() -> None:
    action = read_yaml("action.yml")
    assert {"name", "description", "inputs", "outputs", "runs"} == set(action)
    for step in list_steps():
        assert ("run" in step) != ("uses" in step)
        assert ("run" in step) == (step.get("shell") == "bash")
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text("utf-8")))
    assert used == set(action["inputs"])
    assert all(entry["description"] for entry in action["inputs"].values())


def test_no_input_is_pasted_into_a_shell() -> None:
    shells = [step["run"] for step in list_steps() if "run" in step]
    assert len(shells) == 2
    assert [run for run in shells if "${{" in run] == []


def test_the_action_installs_audits_and_uploads_what_it_wrote() -> None:
    install, audit, upload = list_steps()[1:]
    assert "pip install" in install["run"]
    command, *words = shlex.split(audit["run"])
    assert command == "parityhub"
    told = call_help(words[:1])
    assert [word for word in words if word.startswith("--") and len(word) > 2
            and word not in told] == []  # fmt: skip
    assert {word[1:] for word in words if word.startswith("$")} == set(audit["env"])
    assert upload["with"]["sarif_file"] == audit["env"]["SARIF"]
    assert "cancelled()" in upload["if"]
    assert upload["uses"].startswith("github/codeql-action/upload-sarif@v")


def test_each_code_is_told_in_the_document() -> None:
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (PH\d{3}) \| ([\w-]+) \|", text, re.MULTILINE))
    assert rows == {rule.code: rule.slug for rule in RULES}


def test_the_hooks_that_are_shown_exist() -> None:
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    ids = {hook["id"] for hook in read_yaml(".pre-commit-hooks.yaml")}
    assert set(re.findall(r"- id: ([\w-]+)", text)) == ids


@pytest.mark.skipif(not SEED_HUB.is_dir(), reason="no seed hub beside the repository")
def test_each_error_on_the_seed_hub_is_judged_in_the_document() -> None:
    text = (ROOT / "docs" / "seed-hub-audit.md").read_text(encoding="utf-8")
    result = audit_hub(SEED_HUB, Roots(SEED_HUB))
    errors = [finding for finding in result.findings if finding.severity == "error"]
    assert errors
    assert result.reason in text
    rows = [line for line in text.splitlines() if line.startswith("| PH")]
    unjudged = []
    for error in errors:
        name = error.spot.file.rsplit("/", 1)[-1]
        place = re.compile(rf"`[^`]*{re.escape(name)}`[^|]*\b{error.spot.line}\b")
        if not any(row.startswith(f"| {error.code} ") and place.search(row) for row in rows):
            unjudged.append(f"{error.code} {error.spot.file}:{error.spot.line}")
    assert unjudged == []
