"""Both sides, run once as real programs at the smallest size that trains."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SMALL = ["--n-groups", "32", "--batch-size", "16", "--epochs", "2", "--seed", "3", "--threads", "1"]
SIDES = ("ptycho_torch", "ptycho_tf")


@dataclass(frozen=True)
class Ran:
    """A program that has ended."""

    code: int
    log: str


def run_module(module: str, *words: str | Path, env: dict[str, str] | None = None) -> Ran:
    """Run a program of the baselines in a process of its own."""
    return run_words("-m", f"parityhub.baselines.{module}", *words, env=env)


def run_words(*words: str | Path, env: dict[str, str] | None = None) -> Ran:
    """Run this interpreter in a child; of the ladder only the variables given are set."""
    inherited = {
        k: v for k, v in os.environ.items() if k not in ("USE_XLA_TRANSLATE", "TF_XLA_FLAGS")
    }
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        env=inherited | {"OMP_WAIT_POLICY": "PASSIVE"} | (env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data set: a folder of train.npz and test.npz."""
    out = tmp_path_factory.mktemp("data")
    ran = run_module("simulate", "--out", out, "--size", "32", "--positions", "64", "--seed", "5")
    assert ran.code == 0, ran.log
    return out


@dataclass(frozen=True)
class Trained:
    """What a side left, and what it printed."""

    out: Path
    train_log: str
    infer_log: str

    def read(self, name: str) -> Any:
        return json.loads((self.out / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def pair(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trained]:
    """Both sides trained at gridsize 2 and inferred with, translation without XLA."""
    return {side: train_and_infer(side, data, tmp_path_factory.mktemp(side)) for side in SIDES}


@pytest.fixture(scope="session")
def again(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same training once more."""
    outs = {}
    for side in SIDES:
        outs[side] = tmp_path_factory.mktemp(f"{side}_again")
        train(side, data, outs[side])
    return outs


def train(side: str, data: Path, out: Path) -> str:
    ran = run_module(
        side,
        *("train", "--train-data", data / "train.npz", "--out", out, "--log-patch-stats"),
        *SMALL,
        env={"USE_XLA_TRANSLATE": "0"},
    )
    assert ran.code == 0, ran.log
    return ran.log


def train_and_infer(side: str, data: Path, out: Path) -> Trained:
    train_log = train(side, data, out)
    ran = run_module(
        side,
        *("infer", "--bundle", out / "wts.h5.zip", "--test-data", data / "test.npz"),
        *("--out", out, "--debug-dump", out / "dump", "--stitch", "--log-patch-stats"),
        *("--threads", "1"),
        env={"USE_XLA_TRANSLATE": "0"},
    )
    assert ran.code == 0, ran.log
    return Trained(out, train_log, ran.log)
