"""A newcomer: two small models in an empty repository, a plan, a verdict, a guard, a regression."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Repository
from tests.documents import read_blocks
from tests.guards.test_phase_guard import change, run_guards

pytestmark = pytest.mark.slow

KERAS = """
import keras


def build():
    image = keras.Input((12, 12, 3), name="image")
    x = keras.layers.Conv2D(6, 3, padding="same", name="stem")(image)
    x = keras.layers.LeakyReLU(negative_slope=0.125, name="gate")(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, keras.layers.Dense(4, name="head")(x))
"""
TORCH = """
from torch import nn


class Port(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, padding=1)
        self.gate = nn.LeakyReLU(0.125)
        self.head = nn.Linear(6, 4)

    def forward(self, image):
        x = self.gate(self.stem(image))
        return self.head(x.mean(dim=(2, 3)))
"""


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Two models, git, and what init, run-phase and guard make of them; no file edited by hand."""
    root = tmp_path_factory.mktemp("newcomer") / "project"
    root.mkdir()
    subprocess.run(["git", "init", "--quiet", root], check=True)
    (root / "tf_net.py").write_text(KERAS, encoding="utf-8")
    (root / "pt_net.py").write_text(TORCH, encoding="utf-8")
    repository = Repository(root)
    told = repository.call("init", "--yes")
    assert told.code == 0, told.err
    assert told.out.endswith("next   parityhub run-phase FORWARD\n")
    return repository


def test_from_nothing_to_a_verdict_and_a_guard_that_names_the_layer(
    newcomer: Repository, tmp_path: Path
):
    told = newcomer.call("run-phase", "FORWARD", "--json", "-q")
    assert told.code == 0, told.err + told.out
    assert told.document()["verdict"] == "PASS"
    assert newcomer.call("status").code == 0
    assert newcomer.call("audit").code == 0
    told = newcomer.call("guard", "FORWARD", "--json")
    assert told.code == 0, told.err
    assert told.document()["guarded"] == ["same"]
    # A test of one's own beside the guard, as docs/guards.md shows it.
    [own] = [block.text for block in read_blocks("guards.md") if block.kind == "python"]
    head = (
        'from pathlib import Path\n\nREFERENCE = Path(__file__).parent / "reference" / "FORWARD"\n'
    )
    (newcomer.root / "tests/parity/test_own.py").write_text(f"{head}\n\n{own}", encoding="utf-8")
    tested = run_guards(newcomer)
    assert tested.code == 0, tested.out
    assert "2 passed" in tested.out
    (newcomer.root / "tests/parity/test_own.py").unlink()

    # The regression: another slope in the port.
    change(newcomer, "pt_net.py", "LeakyReLU(0.125)", "LeakyReLU(0.01)")
    report = tmp_path / "report.json"
    tested = run_guards(newcomer, "--parity-report", str(report))
    assert tested.code == 1
    [guard] = json.loads(report.read_text(encoding="utf-8"))["guards"]
    assert guard["verdict"] == "FAIL"
    assert "gate" in guard["guilty"]
    assert "guilty layer: " in tested.out
    assert "Changed since: output of PyTorch" in guard["reason"]
    assert "TensorFlow moved by: accepted 0, now 0" in tested.out

    # A parity that is lost is not accepted, whatever the reason.
    tested = run_guards(newcomer, "--parity-update", "--parity-reason", "I want it green")
    assert tested.code == 1
    assert "updated: nothing: the sides do not agree" in tested.out


def test_a_change_of_both_sides_is_accepted_for_a_reason(newcomer: Repository):
    change(newcomer, "pt_net.py", "LeakyReLU(0.01)", "LeakyReLU(0.25)")
    change(newcomer, "tf_net.py", "negative_slope=0.125", "negative_slope=0.25")
    tested = run_guards(newcomer)
    assert tested.code == 1
    assert "both sides agree, but what they give has changed" in tested.out
    assert run_guards(newcomer, "--parity-update", "--parity-reason", "slope 1/4").code == 0
    file = newcomer.root / "tests/parity/reference/FORWARD/same/reference.json"
    [update] = json.loads(file.read_text(encoding="utf-8"))["updates"]
    assert update["reason"] == "slope 1/4"
    assert len(update["changed"]) == 2
    assert run_guards(newcomer).code == 0
