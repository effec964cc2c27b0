"""The two children of a pair: what each is started with, and that both have ended afterwards."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from parityhub.errors import EvidenceError, PlanError
from parityhub.plan.pair import Implementation, Pair, WeightSource
from parityhub.run.pair_sides import (
    Workplace,
    expand_target_options,
    make_partner,
    name_sides,
    open_sides,
    places_of,
)

CHILD = """\
import json, os, sys
for line in sys.stdin:
    answer = {"argv": sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd(), "pid": os.getpid()}
    print(json.dumps({"answer": answer}), flush=True)
"""


def make_pair(**changes: Any) -> Pair:
    fields: dict[str, Any] = {
        "title": "a pair",
        "tensorflow": Implementation(target="net:keras"),
        "pytorch": Implementation(target="net:torch"),
        "weights": WeightSource(source="tensorflow"),
        "dataset": "data",
    }
    return Pair(**fields | changes)


@pytest.fixture
def make_place(tmp_path: Path) -> Callable[..., Workplace]:
    """Make a place whose interpreters say of themselves what they were started with."""
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    pythons = {}
    for side in ("tensorflow", "pytorch"):
        program = tmp_path / f"python_{side}"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {script} {side} "$@"\n')
        program.chmod(0o755)
        pythons[side] = str(program)

    def make(**changes: Any) -> Workplace:
        fields: dict[str, Any] = {
            "root": tmp_path,
            "folder": tmp_path / "work",
            "data": {"inputs": tmp_path / "data" / "inputs.npz"},
            "inherited": {"PATH": os.environ["PATH"], "FLAG": "shell", "KEEP": "1"},
            "controlled": frozenset({"FLAG"}),
            "pythons": pythons,
            "tell": lambda _: None,
            "tick": lambda *_: None,
        }
        return Workplace(**fields | changes)

    return make


def test_each_side_is_known_by_its_framework() -> None:
    pair = make_pair()
    assert name_sides(pair) == {"tensorflow": pair.tensorflow, "pytorch": pair.pytorch}


def test_each_child_is_its_own_interpreter_and_framework(make_place: Any) -> None:
    place = make_place()
    with open_sides(make_pair(), place) as sides:
        told = [sides.tensorflow.ask({"do": "x"}), sides.pytorch.ask({"do": "x"})]
    assert [entry["argv"] for entry in told] == [
        [side, "-m", f"parityhub.frameworks.{side}"] for side in ("tensorflow", "pytorch")
    ]
    assert {Path(entry["cwd"]) for entry in told} == {place.root}
    assert told[0]["pid"] != told[1]["pid"]


def test_a_variable_of_one_side_is_not_the_others(make_place: Any) -> None:
    pair = make_pair(
        tensorflow=Implementation(target="net:keras", env={"FLAG": "1"}),
        pytorch=Implementation(target="net:torch", env={"THREADS": "2", "AT": "{out}/x"}),
    )
    place = make_place(controlled=frozenset({"FLAG", "THREADS", "AT"}))
    with open_sides(pair, place) as sides:
        ours, theirs = (side.ask({"do": "x"})["env"] for side in (sides.tensorflow, sides.pytorch))
        assert sides.asked == {
            "tensorflow": {"FLAG": "1"},
            "pytorch": {"THREADS": "2", "AT": f"{place.folder}/x"},
        }
    assert (ours["FLAG"], ours.get("THREADS"), ours["KEEP"]) == ("1", None, "1")
    # What the plan speaks of is not taken from the shell.
    assert (theirs.get("FLAG"), theirs["THREADS"], theirs["KEEP"]) == (None, "2", "1")
    assert theirs["AT"] == f"{place.folder}/x"


def test_each_child_is_told_where_to_record_its_environment(make_place: Any) -> None:
    place = make_place()
    with open_sides(make_pair(), place) as sides:
        told = [side.ask({"do": "x"})["env"] for side in (sides.tensorflow, sides.pytorch)]
    assert [Path(env["PARITYHUB_CAPTURE"]) for env in told] == [
        place.capture("tensorflow"),
        place.capture("pytorch"),
    ]
    assert place.capture("tensorflow") != place.capture("pytorch")
    assert all(Path(env["PARITYHUB_CAPTURE"]).is_dir() for env in told)
    assert {env["PARITYHUB_ROOT"] for env in told} == {str(place.root)}
    assert {env["PARITYHUB_ASKED"] for env in told} == {"FLAG"}


def test_nothing_is_left_of_an_earlier_comparison(make_place: Any) -> None:
    place = make_place()
    old = place.capture("pytorch") / "env_1.json"
    old.parent.mkdir(parents=True)
    old.write_text("{}", encoding="utf-8")
    with open_sides(make_pair(), place) as sides:
        sides.pytorch.ask({"do": "x"})
        assert not old.exists()
        assert place.log("pytorch").is_file()
        assert place.log("tensorflow") != place.log("pytorch")


def test_both_children_have_ended_whatever_happens(make_place: Any) -> None:
    pids: list[int] = []

    def fail_within() -> None:
        with open_sides(make_pair(), make_place()) as sides:
            pids.extend(side.ask({"do": "x"})["pid"] for side in (sides.tensorflow, sides.pytorch))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_within()
    assert len(pids) == 2
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_where_one_cannot_be_started_the_other_does_not_stay(make_place: Any) -> None:
    place = make_place()
    broken = make_place(pythons={**place.pythons, "pytorch": "no-such-python"})
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with (
        pytest.raises(EvidenceError, match="no-such-python cannot be started"),
        open_sides(make_pair(), broken),
    ):
        pass
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


def test_a_child_is_given_the_time_that_the_pair_has(make_place: Any) -> None:
    place = make_place()
    partner = make_partner(make_pair(timeout=12.5), place, "pytorch", {})
    assert (partner.name, partner.timeout, partner.log) == ("pytorch", 12.5, place.log("pytorch"))
    assert place.capture("pytorch").is_dir()


def test_placeholders_of_options_are_filled_in_and_numbers_stay(make_place: Any) -> None:
    place = make_place()
    options = {
        "weights": "{root}/w.npz", "data": "{data.inputs}", "out": "{out}", "by": "{python}",
        "width": 8, "rate": 0.5, "flag": True, "text": "plain",
    }  # fmt: skip
    implementation = Implementation(target="net:keras", options=options)
    assert expand_target_options(implementation, place, "tensorflow") == {
        "weights": f"{place.root}/w.npz",
        "data": str(place.data["inputs"]),
        "out": str(place.folder),
        "by": place.pythons["tensorflow"],
        "width": 8,
        "rate": 0.5,
        "flag": True,
        "text": "plain",
    }
    assert places_of(place, "pytorch").python == place.pythons["pytorch"]


@pytest.mark.parametrize("text", ["{data.other}", "{option.width}", "{nothing}"])
def test_a_placeholder_that_stands_for_nothing_is_refused(make_place: Any, text: str) -> None:
    implementation = Implementation(target="net:keras", options={"x": text, "width": 8})
    with pytest.raises(PlanError, match="stands for nothing here"):
        expand_target_options(implementation, make_place(), "tensorflow")
    pair = make_pair(pytorch=Implementation(target="net:torch", env={"X": text}))
    with pytest.raises(PlanError, match="stands for nothing here"), open_sides(pair, make_place()):
        pass
