"""Three pairs that are not ours, through the commands of ours; one is ported with a mistake."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repository

HERE = Path(__file__).parent

pytestmark = pytest.mark.slow


def lay_out(name: str, root: Path) -> Repository:
    shutil.copytree(HERE / name, root, ignore=shutil.ignore_patterns("__pycache__", "plan.toml"))
    (root / "plans" / name).mkdir(parents=True)
    shutil.copy(HERE / name / "plan.toml", root / "plans" / name / "plan.toml")
    return Repository(root)


@pytest.fixture(scope="module")
def mobilenet(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return lay_out("mobilenet", tmp_path_factory.mktemp("pair") / "repo")


def run_phase(repository: Repository, phase: str) -> tuple[int, dict[str, Any]]:
    told = repository.call("run-phase", phase, "--json", "-q")
    assert "Traceback" not in told.err
    return told.code, told.document()


def assert_honest(repository: Repository, phase: str) -> None:
    code, document = run_phase(repository, phase)
    assert document["verdict"] == "PASS", document["reason"]
    assert code == 0
    [check] = document["checks"]
    assert "PASS by rounding alone" in check["reason"]
    [localization] = sorted(repository.hub().rglob(f"localize_{phase}_same_1.json"))
    text = localization.read_text(encoding="utf-8")
    assert '"divergences": []' in text


def test_an_application_of_keras_and_its_port_agree(mobilenet: Repository):
    assert_honest(mobilenet, "PORT")


def test_a_port_with_the_wrong_padding_is_found_at_its_layer(mobilenet: Repository):
    code, document = run_phase(mobilenet, "MISTAKE")
    assert (code, document["verdict"]) == (1, "FAIL")
    assert "the code differs" in document["reason"]
    told = mobilenet.call("localize", "MISTAKE", "--json", "-q")
    assert told.code == 1
    found = told.document()
    assert found["first_divergence"]["torch"] == "stem.conv"
    assert found["cause"] == "padding side"
    summary = (mobilenet.hub() / "summary.md").read_text(encoding="utf-8")
    assert "padding side" in summary
    assert "stem.conv" in summary


@pytest.mark.parametrize("name", ["recurrent", "transformer"])
def test_recurrent_and_attention_ports_agree(name: str, tmp_path: Path):
    assert_honest(lay_out(name, tmp_path / "repo"), "PORT")
