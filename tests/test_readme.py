"""The README shows what the program prints. UPDATE_GOLDEN=1 writes it, for a person to read."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from parityhub.cli import cli
from parityhub.commands.shared import EXIT_INTERNAL
from parityhub.compare.outcome import EXIT_BLOCKED, EXIT_NOT_PASS, EXIT_PASS
from parityhub.errors import Error

README = Path(__file__).resolve().parents[1] / "README.md"
SHOWN = re.compile(r"(?<=```text\n)\$ parityhub(?P<words>.*)\n(?P<output>(?:(?!```).*\n)*)(?=```)")
WIDTH = 80


def print_help(words: str) -> str:
    result = CliRunner().invoke(cli, words.split(), prog_name="parityhub", terminal_width=WIDTH)
    assert result.exit_code == 0, result.output
    return result.output.rstrip("\n") + "\n"


def show_help(block: re.Match[str]) -> str:
    return f"$ parityhub{block['words']}\n{print_help(block['words'])}"


def read_readme() -> str:
    text = README.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        text = SHOWN.sub(show_help, text)
        README.write_text(text, encoding="utf-8")
    return text


@pytest.mark.parametrize("words", ["--help", *(f"{name} --help" for name in cli.commands)])
def test_each_command_is_shown_as_it_prints(words: str) -> None:
    shown = {block["words"].strip(): block["output"] for block in SHOWN.finditer(read_readme())}
    assert shown[words] == print_help(words)


def test_nothing_is_shown_twice_or_out_of_order() -> None:
    shown = [block["words"].split()[0] for block in SHOWN.finditer(read_readme())]
    assert shown == ["--help", *cli.commands]


def test_exit_codes_are_those_of_the_program() -> None:
    codes = re.findall(r"^\| (\d) \|", read_readme(), re.MULTILINE)
    errors = {Error.exit_code, *(kind.exit_code for kind in Error.__subclasses__())}
    ends = {EXIT_PASS, EXIT_NOT_PASS, EXIT_BLOCKED, EXIT_INTERNAL}
    assert set(map(int, codes)) == ends | errors
