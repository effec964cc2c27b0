"""The reference plan's guards, phase C3: variance, scale and forward parity at gridsize 2."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import Repository
from tests.guards.test_phase_guard import change, run_guards

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.campaign]


def test_the_guards_of_the_reference_plan_hold_and_find_a_collapse(tmp_path: Path):
    shutil.copytree(ROOT / "plans", tmp_path / "plans")
    repository = Repository(tmp_path)
    assert repository.call("run-phase", "C3", "-q").code == 0
    told = repository.call("guard", "C3", "--json")
    assert told.code == 0, told.err
    assert len(told.document()["guarded"]) == 6
    assert run_guards(repository).code == 0
    # A probe a thousand times as dim: what comes out must not go on unseen.
    change(repository, "plans/forward-parity/plan.toml", "nphotons = 1e5", "nphotons = 1e-1")
    shutil.rmtree(tmp_path / "outputs" / "datasets")
    tested = run_guards(repository)
    assert tested.code == 1, tested.out
    assert "test_scale" in tested.out
