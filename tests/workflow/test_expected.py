"""How long a part of a run took before: only what was the same work, done whole, counts."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parityhub.hub.store import Hub, find_hubs
from parityhub.plan.read import read_plan
from parityhub.run.moment import Expected, name_work
from parityhub.workflow.expected import read_expected
from tests.conftest import Repository

TRAIN = name_work("P", "side", "as-is", "train", None, {})
INFER = name_work("P", "side", "as-is", "infer", None, {})


@pytest.fixture
def sleepy(make_repository: Callable[[str], Repository]) -> Repository:
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P").code == 0
    return repository


def read(repository: Repository, hub: Path | None = None) -> Expected:
    loaded = read_plan(repository.root / "plans" / "sleepy" / "plan.toml")
    opened = Hub.open(hub or repository.hub(), lambda: datetime.now(UTC))
    return read_expected(loaded, repository.root / "reports", opened)


def test_each_part_is_known_under_what_it_did(sleepy: Repository) -> None:
    expected = read(sleepy)
    assert set(expected) == {("P",), TRAIN, INFER}
    assert all(seconds > 0 for seconds in expected.values())


def test_an_earlier_hub_tells_what_the_newest_does_not(sleepy: Repository, tmp_path: Path) -> None:
    before = read(sleepy)
    new = Hub.create(
        sleepy.root / "reports", "sleepy", "SLEEPY", lambda: datetime(2099, 1, 1, tzinfo=UTC)
    )
    new.save_manifest()
    assert read(sleepy, new.root) == before


def test_other_options_are_other_work(sleepy: Repository) -> None:
    assert name_work("P", "side", "as-is", "train", None, {"epochs": 2}) not in read(sleepy)
    ordered = name_work("P", "s", "r", "t", None, {"a": 1, "b": 2})
    assert ordered == name_work("P", "s", "r", "t", None, {"b": 2, "a": 1})


def test_another_version_of_the_plan_tells_of_steps_alone(sleepy: Repository) -> None:
    plan = sleepy.root / "plans" / "sleepy" / "plan.toml"
    plan.write_text(plan.read_text("utf-8") + "\n# another\n", encoding="utf-8")
    assert set(read(sleepy)) == {TRAIN, INFER}


def test_a_phase_that_was_gone_on_with_does_not_tell_how_long_it_takes(
    make_repository: Callable[[str], Repository],
) -> None:
    repository = make_repository("sleepy")
    process = repository.start("run-phase", "P")
    while not (repository.root / "pids").exists():
        assert process.poll() is None
    process.terminate()
    process.wait()
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P", "--resume").code == 0
    assert set(read(repository)) == {TRAIN, INFER}


def test_a_damaged_hub_tells_nothing(sleepy: Repository) -> None:
    [root] = find_hubs(sleepy.root / "reports", "sleepy", "SLEEPY")
    [record] = root.glob("p/analysis/*/attempt.json")
    record.write_text("{", encoding="utf-8")
    assert read(sleepy) == {}
