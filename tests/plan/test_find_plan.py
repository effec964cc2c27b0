from pathlib import Path

import pytest

from parityhub.errors import UsageError
from parityhub.plan.find_plan import find_plan


def make_plan(root: Path, name: str) -> Path:
    path = root / "plans" / name / "plan.toml"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_finds_the_only_plan(tmp_path: Path) -> None:
    path = make_plan(tmp_path, "one")
    (tmp_path / "plans" / "notes").mkdir()
    assert find_plan(tmp_path) == path


def test_refuses_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_plan(tmp_path)
    assert caught.value.message == "no plan under plans/"
    assert "--plan" in caught.value.hint


def test_refuses_several_and_lists_them(tmp_path: Path) -> None:
    make_plan(tmp_path, "two")
    make_plan(tmp_path, "one")
    with pytest.raises(UsageError) as caught:
        find_plan(tmp_path)
    assert caught.value.message == "2 plans: plans/one/plan.toml, plans/two/plan.toml"
    assert caught.value.hint == "name one with --plan FILE"
