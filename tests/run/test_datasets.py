"""Data sets: made once, whole or not at all, and by digests what they are."""

from typing import Any

import pytest

from parityhub.errors import DataError
from parityhub.hub.digests import digest_bytes
from parityhub.run.datasets import provide_dataset
from parityhub.run.setting import Setting
from tests.run.bench import Bench, make_plan

MAKE = """
    import os, sys
    from pathlib import Path
    with Path("made").open("a") as stream:
        stream.write("x")
    out = Path(sys.argv[1])
    (out / "train.npz").write_bytes(b"train " + os.environ.get("FLAG", "unset").encode())
    if Path("break").exists():
        sys.exit("RuntimeError: the disk is full")
    (out / "test.npz").write_bytes(b"test")
"""


def make_setting(bench: Bench, *, number: int = 1, **dataset: Any) -> Setting:
    files = {"train": "data sets/ü/train.npz", "test": "data sets/ü/test.npz"}
    make = ["{python}", "{root}/make.py", "{out}"]
    plan = make_plan(
        dataset={"d": {"files": files, "make": make} | dataset},
        default_dataset="d",
        baseline={
            "side": {
                "framework": "other",
                "env": {"FLAG": "1"},
                "steps": [{"name": "train", "command": ["x"]}],
            }
        },
    )
    return bench.make_setting(plan, number=number)


def count_makings(bench: Bench) -> int:
    return len((bench.root / "made").read_text(encoding="utf-8"))


@pytest.fixture
def maker(bench: Bench) -> Bench:
    bench.write("make.py", MAKE)
    return bench


def test_a_data_set_is_made_once_and_digested(maker: Bench) -> None:
    setting = make_setting(maker)
    first = provide_dataset(setting, "d")
    assert first == provide_dataset(setting, "d")
    assert count_makings(maker) == 1
    assert first[1] == digest_bytes(b"test", "data sets/ü/test.npz")
    log = "p/cli/make_data_P_1_d.log"
    assert setting.hub.list_files() == [log]
    assert [item.path for item in setting.hub.manifest.artifacts] == [log]
    assert sorted(path.name for path in (maker.root / "data sets/ü").iterdir()) == [
        "test.npz",
        "train.npz",
    ]


def test_without_a_data_set_there_is_nothing_to_do(maker: Bench) -> None:
    assert provide_dataset(make_setting(maker), None) == ()


def test_variables_that_the_plan_speaks_of_do_not_reach_it_from_outside(maker: Bench) -> None:
    maker.inherited["FLAG"] = "9"
    assert provide_dataset(make_setting(maker), "d")[0] == digest_bytes(
        b"train unset", "data sets/ü/train.npz"
    )


def test_a_failing_make_names_its_log_and_is_tried_again(maker: Bench) -> None:
    maker.write("break", "")
    setting = make_setting(maker)
    for number, tried in ((1, ""), (2, "_try2")):
        with pytest.raises(DataError, match="failed with exit code 1") as caught:
            provide_dataset(setting, "d")
        log = setting.hub.path(f"p/cli/make_data_P_1_d{tried}.log")
        assert str(log) in caught.value.hint
        assert log.read_text(encoding="utf-8") == "RuntimeError: the disk is full\n"
        assert count_makings(maker) == number
    (maker.root / "break").unlink()
    assert len(provide_dataset(setting, "d")) == 2


def test_what_a_killed_make_left_is_not_taken_for_whole(maker: Bench) -> None:
    """Both files are there, but the command that writes them did not come to its end."""
    maker.write("make.py", MAKE + "    sys.exit(3)\n")
    setting = make_setting(maker)
    with pytest.raises(DataError, match="failed with exit code 3"):
        provide_dataset(setting, "d")
    assert (maker.root / "data sets/ü/test.npz").exists()
    maker.write("make.py", MAKE)
    assert len(provide_dataset(setting, "d")) == 2
    assert count_makings(maker) == 2


@pytest.mark.parametrize(
    ("make", "message", "hint"),
    [
        ([], r"data sets/ü/train\.npz is missing", "dataset.d a `make` command"),
        (["{python}", "-c", ""], r"left no data sets/ü/train\.npz", "make_data_P_1_d.log"),
        (["{root}/nowhere"], "could not be started: .*'nowhere'", "make_data_P_1_d.log"),
        (
            ["{python}", "-c", "import os; os.kill(os.getpid(), 9)"],
            "was ended by SIGKILL",
            "make_data_P_1_d.log",
        ),
    ],
)
def test_a_data_set_that_cannot_be_had_says_why(
    maker: Bench, make: list[str], message: str, hint: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        provide_dataset(make_setting(maker, make=make), "d")
    assert hint in caught.value.hint
