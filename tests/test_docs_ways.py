"""docs/ways-in.md, carried out as it is written: files laid down, commands typed, in its order."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "ways-in.md"
BLOCK = re.compile(r"^```(python|toml|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w/]+\.(?:py|toml))\n")
WARNS = "ignore"
"""Lightning and PyTorch's exporter warn of what they themselves do"""


def list_blocks() -> list[tuple[str, str]]:
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def start(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        words,
        cwd=folder,
        env=os.environ
        | {
            "OMP_WAIT_POLICY": "PASSIVE",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONPATH": f"{ROOT}:{folder}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def carried_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Lay down the files, then run scripts and commands in their order; return what they said."""
    folder, told = tmp_path_factory.mktemp("ways"), []
    blocks = list_blocks()
    for _, text in blocks:
        if match := NAMED.match(text):
            path = folder / match[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for language, text in blocks:
        if language == "sh":
            for line in text.splitlines():
                program, *words = line.split()
                assert program == "parityhub"
                told.append(start([sys.executable, "-m", "parityhub", *words], folder).stdout)
        elif not NAMED.match(text):
            assert language == "python"
            told.append(start([sys.executable, "-W", WARNS, "-c", text], folder).stdout)
    return folder, told


def find_hub(folder: Path, name: str) -> Path:
    [manifest] = folder.glob(f"reports/*/{name}/manifest.json")
    return manifest.parent


def test_the_page_has_each_way() -> None:
    languages = [language for language, _ in list_blocks()]
    assert (languages.count("python"), languages.count("sh"), languages.count("toml")) == (8, 2, 2)


def test_the_callables_pass(carried_out: tuple[Path, list[str]]) -> None:
    assert carried_out[1][0].startswith("PASS: output: PASS by rounding alone")


def test_the_captured_training_is_in_its_hub(carried_out: tuple[Path, list[str]]) -> None:
    hub = find_hub(carried_out[0], "capture")
    [stats] = hub.rglob("patch_stats_train.json")
    assert [entry["batch_index"] for entry in json.loads(stats.read_text())] == [0, 1]
    [environment] = hub.rglob("env_capture_*torch_1.json")
    assert json.loads(environment.read_text())["level"] == "self-reported"


@pytest.mark.parametrize("name", ["out_keras", "out_lightning"])
def test_the_callbacks_leave_their_files(carried_out: tuple[Path, list[str]], name: str) -> None:
    folder = carried_out[0] / name
    assert len(json.loads((folder / "history.json").read_text())["epochs"]) == 2
    assert len(json.loads((folder / "patch_stats_train.json").read_text())) == 2
    assert np.load(folder / "patch_grid_train.npy").shape[1:] == (8, 8)


def test_the_checkpoint_and_its_export_pass(carried_out: tuple[Path, list[str]]) -> None:
    [file] = find_hub(carried_out[0], "checkpoint").rglob("compare_PORT_same_1.json")
    record = json.loads(file.read_text())
    assert record["verdict"] == record["onnx"]["verdict"] == "PASS"
    assert (record["origin"]["format"], record["origin"]["prefix"]) == (
        "Lightning checkpoint",
        "model.",
    )
    assert record["onnx"]["weights_lost"] == []
