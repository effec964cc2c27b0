"""One child for all tests of this folder, and the files between it and them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

NETS = Path(__file__).with_name("nets.py")


class Child:
    """A real child that holds models of TensorFlow."""

    nets = NETS

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = 0
        self._log = (folder / "stderr").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "parityhub.frameworks.tensorflow"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},
        )

    def ask(self, do: str, **request: Any) -> Any:
        """Return an answer; an error fails the test."""
        answer = self.send(do, **request)
        assert "error" not in answer, answer
        return answer["answer"]

    def refuse(self, do: str, **request: Any) -> dict[str, str]:
        """Return an error; an answer fails the test."""
        answer = self.send(do, **request)
        assert "error" in answer, answer
        return answer

    def send(self, do: str, **request: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self.log()
        return json.loads(line)

    def store(self, arrays: Mapping[str, Any]) -> str:
        """Write arrays to a new .npz."""
        path = self.path(".npz")
        np.savez(path, **arrays)
        return path

    def path(self, suffix: str = "") -> str:
        """Return a path where nothing is."""
        self._files += 1
        return str(self.folder / f"{self._files}{suffix}")

    def open(self, key: str, build: str, inputs: str, dtype: str = "float64", /, **options: Any):
        return self.ask(
            "open",
            key=key,
            target=f"{NETS}:{build}",
            options=options,
            dtype=dtype,
            seed=1,
            threads=2,
            inputs=inputs,
        )

    def run(self, key: str, inputs: str) -> dict[str, Any]:
        """Return the outputs of a run by name."""
        ran = self.ask("run", key=key, inputs=inputs, out=self.path(), repeats=1)
        return {output["name"]: np.load(output["file"]) for output in ran["outputs"]}

    def trace(self, key: str, inputs: str) -> dict[str, Any]:
        return self.ask("trace", key=key, inputs=inputs, seed=5)

    def values(self, key: str, inputs: str, nodes: list[str]) -> dict[str, Any]:
        files = self.ask("values", key=key, inputs=inputs, nodes=nodes, out=self.path())
        return {name: np.load(file) for name, file in files.items()}

    def log(self) -> str:
        self._log.flush()
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def end(self) -> int:
        assert self._process.stdin
        self._process.stdin.close()
        code = self._process.wait(30)
        assert self._process.stdout
        self._process.stdout.close()
        self._log.close()
        return code


@pytest.fixture(scope="session")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    child = Child(tmp_path_factory.mktemp("tensorflow"))
    yield child
    child.end()
