from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from parityhub.adopt.choose import Wishes, choose_draft
from parityhub.adopt.draft import Draft
from parityhub.adopt.survey import survey_repository
from parityhub.errors import DataError, Error, UsageError
from tests.adopt.conftest import KERAS, TORCH, Write

BOTH = {"k.py": KERAS, "t.py": TORCH}


def choose(root: Path, ask=None, **wishes: object) -> Draft:
    return choose_draft(root, survey_repository(root), Wishes(**wishes), ask)


def test_what_is_found_is_taken(write_repository: Write):
    draft = choose(write_repository(BOTH))
    assert (draft.name, draft.tensorflow, draft.pytorch) == ("repo", "k.py:build", "t.py:Net")
    assert [str(given.drawn) for given in draft.given] == ["x=4,8"]


def test_two_that_are_as_likely_are_not_chosen_between(write_repository: Write):
    root = write_repository({**BOTH, "l.py": KERAS})
    with pytest.raises(UsageError, match=r"several functions.*k\.py:build, l\.py:build"):
        choose(root)
    assert choose(root, targets={"tensorflow": "l.py:build"}).tensorflow == "l.py:build"


@pytest.mark.parametrize("targets", [{}, {"tensorflow": "k.py:build"}])
def test_what_needs_arguments_is_named_with_them(write_repository: Write, targets: dict):
    root = write_repository({**BOTH, "k.py": KERAS.replace("build()", "build(width, *, depth)")})
    with pytest.raises(UsageError, match=r"k\.py:build needs width, depth") as caught:
        choose(root, targets=targets)
    assert caught.value.hint.endswith("def build(): return build(width=…, depth=…)")


def test_where_there_is_nothing_the_way_out_is_told(write_repository: Write):
    with pytest.raises(UsageError, match="nothing was found") as caught:
        choose(write_repository({"README.md": ""}))
    assert caught.value.hint.endswith("--example mlp")
    with pytest.raises(UsageError, match="nothing was found") as caught:
        choose(write_repository({"work/port.ipynb": "{}"}))
    assert caught.value.hint.startswith("work/port.ipynb cannot be imported")


def test_a_person_is_asked_for_the_rest(write_repository: Write):
    root, asked = write_repository(BOTH), []

    def ask(question: str, *, choices: Sequence[str], default: str) -> str:
        asked.append((question, tuple(choices), default))
        return "z=2,8" if "take" in question else default

    draft = choose(root, ask, name="mine")
    assert [str(given.drawn) for given in draft.given] == ["z=2,8"]
    assert [choices for _, choices, _ in asked] == [("k.py:build",), ("t.py:Net",), ()]
    assert asked[-1][2] == "x=4,8"


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        ({"targets": {"tensorflow": "k.py"}}, "names no function"),
        ({"targets": {"tensorflow": "none.py:build"}}, "no such file"),
        ({"targets": {"tensorflow": "../k.py:build"}}, "not below the repository"),
        ({"targets": {"tensorflow": "k.py:other"}}, "k.py has no 'other'"),
        ({"name": "a b"}, "no plain name"),
        ({"drawn": ("x",)}, "describes no array"),
        ({"axes": {"y": (0, 1)}}, "no input is called so"),
        ({"inputs": "none.npz"}, "no such file"),
        ({"inputs": "k.py"}, "no .npz"),
    ],
)
def test_what_does_not_fit_is_refused(write_repository: Write, wishes: dict, told: str):
    with pytest.raises(Error, match=told):
        choose(write_repository(BOTH), **wishes)


def test_an_npz_of_the_repository_says_what_both_take(write_repository: Write):
    root = write_repository(BOTH)
    np.savez(root / "data.npz", x=np.ones((2, 8), np.float32))
    draft = choose(root, inputs="data.npz")
    assert draft.inputs == "data.npz"
    assert [str(given.drawn) for given in draft.given] == ["x=2,8"]
    np.savez(root / "data.npz", x=np.float32(1))
    with pytest.raises(DataError, match="cannot be put to a model"):
        choose(root, inputs="data.npz")


def test_what_the_models_take_must_be_known(write_repository: Write):
    with pytest.raises(UsageError, match="not written out"):
        choose(write_repository({"k.py": KERAS.replace("SIZE = 8", "SIZE = f()"), "t.py": "x"}),
               targets={"pytorch": "pkg.mod:build"})  # fmt: skip
