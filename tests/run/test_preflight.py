"""What must be there is found missing before anything runs."""

import shutil
import sys
from collections import namedtuple
from typing import Any

import pytest

from parityhub.errors import HubError, UsageError
from parityhub.plan.model import Plan
from parityhub.run.preflight import check_ground, has_module, survey_ground
from tests.run.bench import Bench, make_plan

Usage = namedtuple("Usage", "total used free")


def plan_side(**side: Any) -> Plan:
    steps = [{"name": "train", "command": ["x"]}]
    return make_plan(baseline={"side": {"framework": "other", "steps": steps} | side})


def check(bench: Bench, plan: Plan) -> None:
    check_ground(plan, plan.phases[0], bench.root, sys.executable)


def test_a_side_that_needs_no_framework_is_ready(bench: Bench) -> None:
    plan = plan_side()
    check(bench, plan)
    assert survey_ground(plan, bench.root, sys.executable)[0]["ready"] is True


@pytest.mark.parametrize("python", ["venv/bin/python", "no-such-python-3.99"])
def test_a_missing_interpreter_is_named(bench: Bench, python: str) -> None:
    with pytest.raises(UsageError, match="baseline side: no interpreter at .*" + python):
        check(bench, plan_side(python=python))


def test_an_interpreter_that_cannot_be_started_is_named(bench: Bench) -> None:
    broken = bench.write("venv/bin/python", "#!/no/such/interpreter\n")
    broken.chmod(0o755)
    with pytest.raises(UsageError, match="cannot be started"):
        check(bench, plan_side(python="venv/bin/python", framework="pytorch"))


def test_a_missing_framework_is_named_with_the_way_to_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parityhub.run.preflight.MODULES", {"jax": "no_such_module"})
    plan = plan_side(framework="jax")
    with pytest.raises(UsageError, match="has no module no_such_module") as caught:
        check(bench, plan)
    assert "pip install" in caught.value.hint
    [row] = survey_ground(plan, bench.root, sys.executable)
    assert (row["phase"], row["ready"], row["message"]) == ("P", False, caught.value.message)


def test_modules_are_found_in_a_sides_own_interpreter_without_being_imported(
    bench: Bench,
) -> None:
    bench.write("site/noisy.py", "raise SystemExit('it was imported')\n")
    own = bench.write(
        "own", f"#!/bin/sh\nPYTHONPATH='{bench.root}/site' exec {sys.executable} \"$@\"\n"
    )
    own.chmod(0o755)
    assert has_module(str(own), "noisy")
    assert not has_module(str(own), "no_such_module")
    assert has_module(sys.executable, "json")
    assert not has_module(sys.executable, "noisy")


def test_a_full_disk_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 40, 1 << 40, 5 << 20))
    with pytest.raises(HubError, match="5 MiB free"):
        check(bench, plan_side())
