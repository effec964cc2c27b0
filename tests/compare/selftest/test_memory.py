"""A side that is asked the same again is not asked; one that could answer otherwise is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parityhub.compare.selftest.memory import RememberingProbe, describe_request
from parityhub.errors import EvidenceError


class Counting:
    """Answers with the number of the request, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    def ask(self, request: Mapping[str, Any]) -> Any:
        self.asked.append(request)
        if request.get("refuse"):
            raise EvidenceError("refused", hint="none")
        return len(self.asked)


@pytest.fixture
def child() -> Counting:
    return Counting()


@pytest.fixture
def probe(child: Counting) -> RememberingProbe:
    return RememberingProbe(child)


def write(path: Path, *numbers: float) -> str:
    np.savez(path, x=np.array(numbers))
    return str(path)


def request(verb: str, key: str = "net/float32", **fields: Any) -> dict[str, Any]:
    return {"do": verb, "key": key, **fields}


def test_the_same_is_asked_once(child: Counting, probe: RememberingProbe) -> None:
    answers = [probe.ask(request("run", repeats=2)) for _ in range(3)]
    assert answers == [1, 1, 1]
    assert len(child.asked) == 1


def test_where_an_answer_goes_makes_no_other_request(
    child: Counting, probe: RememberingProbe
) -> None:
    first = probe.ask(request("run", out="a"))
    assert probe.ask(request("run", out="b")) == first
    assert child.asked == [request("run", out="a")]


@pytest.mark.parametrize(
    "other",
    [
        request("run", repeats=3),
        request("run", key="net/float64", repeats=2),
        request("trace", repeats=2),
        request("run"),
        request("run", repeats="2"),
    ],
)
def test_another_request_is_asked(
    child: Counting, probe: RememberingProbe, other: dict[str, Any]
) -> None:
    assert probe.ask(request("run", repeats=2)) == 1
    assert probe.ask(other) == 2
    assert probe.ask(request("run", repeats=2)) == 1


def test_a_file_counts_by_its_content(
    child: Counting, probe: RememberingProbe, tmp_path: Path
) -> None:
    first, second = write(tmp_path / "a.npz", 1.0), write(tmp_path / "b.npz", 1.0)
    assert probe.ask(request("run", inputs=first)) == 1
    assert probe.ask(request("run", inputs=second)) == 1
    write(tmp_path / "a.npz", 2.0)
    assert probe.ask(request("run", inputs=first)) == 2
    assert probe.ask(request("run", inputs=second)) == 1


def test_files_within_a_request_count_too(
    child: Counting, probe: RememberingProbe, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.npz", 1.0)
    feeds = {"act": {"file": file, "axes": [0, 1]}}
    assert probe.ask(request("replay", feeds=feeds)) == 1
    assert probe.ask(request("replay", feeds={"act": {"file": file, "axes": [1, 0]}})) == 2
    write(tmp_path / "a.npz", 2.0)
    assert probe.ask(request("replay", feeds=feeds)) == 3


def test_a_file_that_is_not_there_counts_by_its_name(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.npz")
    other = str(tmp_path / "other.npz")
    assert describe_request({"inputs": missing}) != describe_request({"inputs": other})
    assert describe_request({"text": "none.npz"}) == '{"text": "none.npz"}'


def test_a_model_that_is_opened_otherwise_is_another(
    child: Counting, probe: RememberingProbe
) -> None:
    probe.ask(request("open", options={}))
    before = probe.ask(request("run"))
    probe.ask(request("open", options={"fault": "sign"}))
    after = probe.ask(request("run"))
    assert before != after
    assert [entry["do"] for entry in child.asked] == ["open", "run", "open", "run"]


def test_opening_and_loading_the_same_again_changes_nothing(
    child: Counting, probe: RememberingProbe, tmp_path: Path
) -> None:
    weights = write(tmp_path / "w.npz", 1.0)
    steps = [request("open"), request("load", file=weights), request("run")]
    first = [probe.ask(step) for step in steps]
    assert [probe.ask(step) for step in steps] == first == [1, 2, 3]
    assert len(child.asked) == 3


def test_other_weights_make_another_model(
    child: Counting, probe: RememberingProbe, tmp_path: Path
) -> None:
    one, two = write(tmp_path / "1.npz", 1.0), write(tmp_path / "2.npz", 2.0)
    probe.ask(request("open"))
    answers = []
    for weights in (one, two, one):
        probe.ask(request("load", file=weights))
        answers.append(probe.ask(request("run")))
    # The first weights are loaded again, so that the child has them; what it said of them is known.
    assert answers[0] == answers[2] != answers[1]
    assert [entry["do"] for entry in child.asked] == ["open", "load", "run", "load", "run", "load"]


def test_a_model_that_is_opened_anew_has_its_weights_loaded_again(
    child: Counting, probe: RememberingProbe, tmp_path: Path
) -> None:
    load = request("load", file=write(tmp_path / "w.npz", 1.0))
    for options in ({}, {"width": 2}):
        probe.ask(request("open", options=options))
        probe.ask(load)
    assert [entry["do"] for entry in child.asked] == ["open", "load", "open", "load"]


def test_a_model_that_was_closed_is_opened_again(child: Counting, probe: RememberingProbe) -> None:
    for verb in ("open", "close", "open"):
        probe.ask(request(verb))
    assert [entry["do"] for entry in child.asked] == ["open", "close", "open"]


def test_models_of_other_keys_are_left_alone(child: Counting, probe: RememberingProbe) -> None:
    probe.ask(request("open", key="net/float32"))
    known = probe.ask(request("run", key="net/float32"))
    probe.ask(request("open", key="net/float64"))
    assert probe.ask(request("open", key="net/float32")) == 1
    assert probe.ask(request("run", key="net/float32")) == known
    assert len(child.asked) == 3


def test_what_needs_no_model_is_remembered_too(child: Counting, probe: RememberingProbe) -> None:
    ulps = {"do": "ulps", "functions": ["tanh"], "dtype": "float32"}
    assert probe.ask(ulps) == probe.ask(dict(ulps)) == 1
    assert probe.ask({**ulps, "dtype": "float16"}) == 2


def test_a_refusal_is_not_remembered(child: Counting, probe: RememberingProbe) -> None:
    for verb in ("run", "open"):
        for _ in range(2):
            with pytest.raises(EvidenceError, match="refused"):
                probe.ask(request(verb, refuse=True))
    assert len(child.asked) == 4


def test_weights_as_they_began_are_asked_for_where_others_were_loaded(
    child: Counting, probe: RememberingProbe, tmp_path: Path
) -> None:
    """Opened again with the same, a model has the weights that it began with."""
    probe.ask(request("open"))
    began = probe.ask(request("run"))
    probe.ask(request("load", file=write(tmp_path / "w.npz", 1.0)))
    assert probe.ask(request("run")) != began
    probe.ask(request("open"))
    assert probe.ask(request("run")) == began
