"""The command line explains itself, quickly, and refuses what it does not know with exit code 2."""

import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from parityhub.cli import cli

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = sorted(cli.commands)
COMMON = {"--plan", "--reports", "--hub", "--json", "-v", "--verbose"}
HEAVY = ("numpy", "msgspec", "rich", "jinja2", "pandas", "matplotlib", "tensorflow", "torch")


def list_options(command: click.Command) -> list[click.Option]:
    return [item for item in command.params if isinstance(item, click.Option)]


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_shows_its_help(name: str, flag: str) -> None:
    result = CliRunner().invoke(cli, [name, flag])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: cli {name} ")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_says_what_it_does(name: str) -> None:
    silent = [option.name for option in list_options(cli.commands[name]) if not option.help]
    assert silent == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_takes_the_common_options(name: str) -> None:
    taken = {flag for option in list_options(cli.commands[name]) for flag in option.opts}
    assert taken >= COMMON


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_each_command_can_be_typed(name: str) -> None:
    example = cli.commands[name].epilog
    assert example is not None
    words = example.removeprefix("Example: ").split()
    assert words[:2] == ["parityhub", name]
    context = cli.commands[name].make_context(name, words[2:])
    assert context.params["verbose"] is False


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    result = CliRunner().invoke(cli, ["--version"])
    assert result.output.split()[-1] == project["version"]


@pytest.mark.parametrize(
    "words", [["nothing"], ["run-phase"], ["run-phase", "C1", "--nothing"], ["diff-stats", "B3"]]
)
def test_what_it_does_not_know_is_a_usage_error(words: list[str]) -> None:
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from parityhub.cli import cli\n"
        "cli(['run-phase', '--help'], standalone_mode=False)\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.splitlines()[-1].split()
    assert "click" in loaded
    assert set(HEAVY).isdisjoint(loaded)
