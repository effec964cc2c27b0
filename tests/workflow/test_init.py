"""init as its users type it: what it writes, and what it leaves alone."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.adopt.conftest import KERAS, TORCH
from tests.conftest import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    (tmp_path / "k.py").write_text(KERAS, encoding="utf-8")
    (tmp_path / "t.py").write_text(TORCH, encoding="utf-8")
    return Repository(tmp_path)


def list_all(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_a_plan_is_written_and_nothing_else(repository: Repository):
    told = repository.call("init", "--name", "net", "--json")
    assert told.code == 0, told.err
    document = told.document()
    assert document["plan"] == "plans/net/plan.toml"
    assert document["next"] == "parityhub run-phase FORWARD"
    assert list_all(repository.root) == ["k.py", "plans/net/plan.toml", "t.py"]
    brief = repository.call("brief", "FORWARD")
    assert brief.code == 0, brief.err


def test_nothing_is_overwritten(repository: Repository):
    assert repository.call("init", "--name", "net", "-y").code == 0
    plan = repository.root / "plans" / "net" / "plan.toml"
    plan.write_text("mine", encoding="utf-8")
    told = repository.call("init", "--name", "net", "-y")
    assert (told.code, plan.read_text()) == (2, "mine")
    assert "there already" in told.err
    assert list_all(repository.root) == ["k.py", "plans/net/plan.toml", "t.py"]


def test_what_lies_beside_the_models_is_told(repository: Repository):
    (repository.root / "train.py").write_text(
        "import torch\nif __name__ == '__main__':\n    pass\n", encoding="utf-8"
    )
    (repository.root / "net.pt").write_bytes(b"")
    (repository.root / "tests").mkdir()
    (repository.root / "tests" / "test_net.py").write_text("", encoding="utf-8")
    assert repository.call("init", "--name", "other", "-y").code == 0
    told = repository.call("init", "--name", "net", "-y")
    assert "found  train.py, a program (PyTorch)" in told.out
    assert "found  net.pt: weights" in told.out
    assert "found  tests/test_net.py: a gate" in told.out
    following = "parityhub run-phase FORWARD --plan plans/net/plan.toml"
    assert told.out.endswith(f"next   {following}\n")
    told = repository.call("init", "--name", "third", "--json")
    assert told.document()["next"] == following.replace("net", "third")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tensorflow", "k.py:none"), "k.py has no 'none'"),
        (("--axes", "x=0,0"), "no order of axes"),
        (("--axes", "x=0,b"), "no order of axes"),
        (("--axes", "y=0,1"), "no input is called so"),
        (("--example", "mlp", "--torch", "t.py:Net"), "leave the rest out"),
        (("--input", "x=4,8:int4"), "no dtype"),
        (("nowhere",), "no such folder"),
    ],
)
def test_a_mistake_is_a_line_and_a_hint(repository: Repository, words: tuple, said: str):
    told = repository.call("init", "-y", *words)
    assert told.code == 2
    assert said in told.err + told.out
    assert "hint: " in told.err
    assert "Traceback" not in told.err
    assert list_all(repository.root) == ["k.py", "t.py"]


def test_flags_say_everything(repository: Repository):
    words = ("--tensorflow", "pkg.tf:make", "--torch", "pkg.pt:make", "--input", "a=2,4,4,3")
    told = repository.call("init", "--name", "n", *words, "--axes", "a=0,3,1,2", "-y")
    assert told.code == 0, told.err
    plan = tomllib.loads((repository.root / "plans/n/plan.toml").read_text(encoding="utf-8"))
    assert plan["pair"]["n"]["pytorch"]["target"] == "pkg.pt:make"
    assert plan["pair"]["n"]["input_axes"] == {"a": [0, 3, 1, 2]}


@pytest.mark.parametrize("example", ["mlp", "cnn", "ptycho"])
def test_an_example_is_whole_and_written_once(tmp_path: Path, example: str):
    repository = Repository(tmp_path)
    told = repository.call("init", "new", "--example", example)
    assert told.code == 0, told.err
    assert "next   cd new && parityhub run-phase FORWARD" in told.out
    within = Repository(tmp_path / "new")
    assert within.call("brief", "FORWARD").code == 0
    before = list_all(tmp_path)
    assert repository.call("init", "new", "--example", example).code == 2
    assert list_all(tmp_path) == before


@pytest.mark.slow
@pytest.mark.parametrize("example", ["mlp", "cnn"])
def test_an_example_passes(tmp_path: Path, example: str):
    repository = Repository(tmp_path)
    assert repository.call("init", "--example", example).code == 0
    told = repository.call("run-phase", "FORWARD", "--json", "-q")
    assert told.code == 0, told.err
    [check] = told.document()["checks"]
    assert "PASS by rounding alone" in check["reason"]


def test_a_person_is_asked_at_a_terminal(repository: Repository):
    """`script` gives it a terminal; each question is answered by what it offers but the name."""
    import sys

    done = subprocess.run(
        ["script", "-qec", f"{sys.executable} -m parityhub init", "/dev/null"],
        cwd=repository.root,
        input="\n\nasked\n\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    assert "1  k.py:build" in done.stdout
    assert (repository.root / "plans" / "asked" / "plan.toml").is_file()
