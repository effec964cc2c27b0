"""docs/import.md is run: its commands print what it shows, but for times, paths and numbers."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Repository, copy_plan

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PAGE = (ROOT / "docs/import.md").read_text(encoding="utf-8")
HIDDEN = ROOT / "tests/plans/hidden"
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])\d+(\.\d+)?(e[+-]\d+)?(?![\w.])")


def list_sections():
    """Blocks of each section, by its title."""
    for section in PAGE.split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        yield title, [(block["language"], block["text"]) for block in BLOCK.finditer(text)]


SECTIONS = dict(list_sections())


def normalize(text, *, numbers):
    """What of an output is the same wherever and whenever it is printed."""
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:]{6,8}Z", "STAMP", text)
    text = re.sub(r"\d\d/\d\d/\d\d-\d\d:\d\d:\d\d", "TIME", text)
    text = NUMBER.sub("N", text) if numbers else text
    return [" ".join(line.split()) for line in text.strip().splitlines()]


def run_section(repository, title, *, numbers):
    """Run the commands of a section; what the last of a block prints is what the page shows."""
    printed, compared = "", 0
    for language, text in SECTIONS[title]:
        if language == "sh":
            for line in text.splitlines():
                words = shlex.split(line)
                assert words[0] == "parityhub"
                told = repository.call(*words[1:])
                assert told.code in (0, 1), told.err
                printed = told.out
        elif language == "text":
            shown = normalize(text, numbers=numbers)
            assert normalize(printed, numbers=numbers)[: len(shown)] == shown
            compared += 1
    return compared


def test_a_hub_kept_by_hand_is_imported_as_shown(tmp_path):
    shutil.copytree(ROOT / "tests/audit/foreign/glacier", tmp_path / "glacier")
    assert run_section(Repository(tmp_path), "A hub that was kept by hand", numbers=False) == 2


@pytest.mark.slow
def test_runs_of_polygraphy_are_imported_as_shown(tmp_path):
    program = [sys.executable, str(ROOT / "tests/adopt/run_polygraphy.py"), str(tmp_path)]
    subprocess.run(program, check=True, capture_output=True)
    for side, model in (("tf", "right"), ("torch", "wrong")):
        words = ["run", f"{model}.onnx", "--onnxrt", "--save-outputs", f"{side}.json"]
        subprocess.run(
            [str(BIN / "polygraphy"), *words], cwd=tmp_path, check=True, capture_output=True
        )
    assert run_section(Repository(tmp_path), "Runs of Polygraphy", numbers=True) == 1


@pytest.mark.slow
def test_hidden_states_are_compared_as_shown(tmp_path):
    repository = copy_plan("hidden", tmp_path / "repo")
    assert run_section(repository, "max |tf - torch| of each hidden state", numbers=True) == 1


@pytest.mark.parametrize("language", ["toml", "python"])
def test_what_is_shown_of_the_encoder_is_what_runs(language):
    files = [path.read_text(encoding="utf-8") for path in sorted(HIDDEN.iterdir())]
    blocks = [text for blocks in SECTIONS.values() for found, text in blocks if found == language]
    assert len(blocks) == 1
    assert any(blocks[0] in text for text in files)
