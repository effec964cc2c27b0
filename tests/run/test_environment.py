"""What a child is started with, and what counts as seen."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.errors import EvidenceError
from parityhub.plan.model import OptionValue
from parityhub.run import environment

NAMES = st.sampled_from(["TF_XLA_FLAGS", "USE_XLA_TRANSLATE", "OMP_NUM_THREADS", "PATH", "HOME"])
VALUES = st.text(alphabet="abc01=- ", max_size=5)


@given(
    st.dictionaries(NAMES, VALUES),
    st.sets(NAMES),
    st.dictionaries(NAMES, st.none() | VALUES),
)
def test_what_the_plan_speaks_of_comes_from_its_rung_alone(
    inherited: dict[str, str], controlled: set[str], asked: dict[str, str | None]
) -> None:
    env = environment.build_environment(inherited, controlled, asked, Path("/c"), Path("/srv/repo"))
    for name in {*controlled, *asked}:
        assert env.get(name) == asked.get(name)
    for name in inherited.keys() - controlled - asked.keys():
        assert env[name] == inherited[name]
    assert env["PARITYHUB_ASKED"] == ",".join(sorted({*controlled, *asked}))
    assert (env["PARITYHUB_CAPTURE"], env["PARITYHUB_ROOT"]) == ("/c", "/srv/repo")


def make_launched(started: bool = True, **variables: str | None) -> dict[str, Any]:
    return {"step": "train", "started": started, "variables": variables}


def make_process(asked: dict[str, str | None] | None = None, pid: int = 7) -> dict[str, Any]:
    return {"step": "train", "pid": pid, "asked": asked or {}}


def test_what_was_handed_over_is_noted_without_secrets() -> None:
    env = {"PARITYHUB_ASKED": "A,B_TOKEN,C,D_KEY", "A": "1", "B_TOKEN": "secret", "E": "2"}
    assert environment.note_launched("train", env, True)["variables"] == {
        "A": "1",
        "B_TOKEN": "[redacted]",
        "C": None,
        "D_KEY": None,
    }


@pytest.mark.parametrize(
    ("launched", "processes", "level"),
    [
        (make_launched(), [make_process()], "self-reported"),
        (make_launched(), [], "launcher"),
        (make_launched(started=False), [], "unproven"),
    ],
)
def test_the_level_of_a_proof(
    launched: dict[str, Any], processes: list[dict[str, Any]], level: str
) -> None:
    assert environment.judge_level(launched, processes) == level


def test_an_attempt_is_proven_as_well_as_its_weakest_step() -> None:
    assert environment.find_weakest(["self-reported", "launcher", None]) == "launcher"
    assert environment.find_weakest(["self-reported", None]) == "self-reported"
    assert environment.find_weakest([None]) == "unproven"
    assert environment.find_weakest([]) == "unproven"


@pytest.mark.parametrize(
    ("asked", "seen", "difference"),
    [
        ({"FLAG": "1"}, {"FLAG": "1"}, None),
        ({"FLAG": None}, {}, None),
        ({"FLAG": "1"}, {}, "FLAG: asked '1', train, pid 7 saw unset"),
        ({"FLAG": None}, {"FLAG": "1"}, "FLAG: asked unset, train, pid 7 saw '1'"),
        ({"FLAG": "1"}, {"FLAG": "1 "}, "FLAG: asked '1', train, pid 7 saw '1 '"),
        ({"FLAG": ""}, {}, "FLAG: asked '', train, pid 7 saw unset"),
        ({"A_TOKEN": "secret"}, {"A_TOKEN": "[redacted]"}, None),
        (
            {"A_TOKEN": "secret"},
            {},
            "A_TOKEN: asked '[redacted]', train, pid 7 saw unset",
        ),
        (
            {"A_TOKEN": None},
            {"A_TOKEN": "[redacted]"},
            "A_TOKEN: asked unset, train, pid 7 saw '[redacted]'",
        ),
    ],
)
def test_asked_and_seen_are_compared_exactly_and_told_without_secrets(
    asked: dict[str, str | None], seen: dict[str, str | None], difference: str | None
) -> None:
    found = environment.list_differences(asked, [make_launched()], [make_process(seen)])
    assert found == (() if difference is None else (difference,))


def test_each_process_that_speaks_is_held_to_what_was_asked() -> None:
    processes = [make_process({"FLAG": "1"}, 1), make_process({"FLAG": None}, 2)]
    found = environment.list_differences({"FLAG": "1"}, [make_launched(FLAG="1")], processes)
    assert found == ("FLAG: asked '1', train, pid 2 saw unset",)


def test_where_none_speaks_the_launcher_is_the_witness() -> None:
    found = environment.list_differences({"FLAG": "1"}, [make_launched(FLAG=None)], [])
    assert found == ("FLAG: asked '1', train, as launched saw unset",)


@pytest.mark.parametrize(
    ("asked", "seen", "differs"),
    [
        ({"n_groups": 256}, {"n-groups": 256}, False),
        ({"n_groups": 256}, {"n_groups": 255}, True),
        ({"stitch": True}, {"stitch": False}, True),
        ({"nphotons": 1e5}, {"nphotons": 100000}, False),
        ({"rate": float("inf")}, {"rate": "Infinity"}, False),
        ({"rate": float("nan")}, {"rate": "NaN"}, False),
        ({"rate": float("nan")}, {"rate": 0.1}, True),
        ({"name": "{out}/x"}, {"name": "out/x"}, False),
        ({"n_groups": 256}, {}, False),
        ({"n_groups": 256}, None, False),
    ],
)
def test_options_are_compared_with_what_the_program_reports(
    asked: dict[str, OptionValue], seen: dict[str, Any] | None, differs: bool
) -> None:
    process = make_process() | {"options": seen}
    assert bool(environment.list_option_differences(asked, [process])) == differs


def test_captures_are_read_with_their_step_and_numbers_that_json_has_no_word_for(
    tmp_path: Path,
) -> None:
    for pid in (12, 3):
        (tmp_path / f"env_{pid}.json").write_text(
            json.dumps({"pid": pid, "asked": {"A": None}, "options": {"rate": float("nan")}}),
            encoding="utf-8",
        )
    (tmp_path / "other.json").write_text("no capture", encoding="utf-8")
    read = environment.read_processes(tmp_path, "train")
    assert {process["pid"] for process in read} == {3, 12}
    assert [process["step"] for process in read] == ["train", "train"]
    assert read[0]["options"] == {"rate": "NaN"}
    assert environment.read_processes(tmp_path / "nowhere", "train") == []


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"pid": 1}', b'{"pid": "x", "asked": {}}', b"\xff", b"[" * 100_000],
)
def test_a_damaged_capture_is_an_error_of_the_evidence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "env_1.json").write_bytes(data)
    with pytest.raises(EvidenceError, match=r"env_1\.json: not an environment capture"):
        environment.read_processes(tmp_path, "train")
