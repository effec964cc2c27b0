"""What differs between environments: each thing once, with the place where each side says it."""

from typing import Any

from parityhub.hub.records import EnvironmentRecord
from parityhub.report.environment_view import EnvironmentView, build_environment


def make(baseline: str, *processes: dict[str, Any], differences: tuple[str, ...] = ()) -> Any:
    record = EnvironmentRecord(
        baseline=baseline, attempt=2, rung="as-is", level="self-reported", asked={},
        differences=differences, launched=(), processes=processes,
    )  # fmt: skip
    return baseline.title(), f"cli/env_{baseline}.json", record


def build(*sides: Any) -> EnvironmentView:
    view = build_environment(sides)
    assert view is not None
    return view


def test_what_is_alike_is_left_out() -> None:
    same = {"step": "train", "python": "3.11.7", "threads": {"cpu_count": 2}}
    view = build(make("a", same), make("b", same | {"pid": 7, "argv": ["x"]}))
    assert view["rows"] == []
    assert view["columns"] == ["A", "B"]


def test_each_cell_names_its_place() -> None:
    view = build(
        make("a", {"step": "train", "blas": [{"version": "1"}]}),
        make("b", {"step": "infer"}, {"step": "train", "blas": [{"version": "2"}]}),
    )
    (row,) = view["rows"]
    assert (row["name"], row["steps"]) == ("blas.0.version", ["train"])
    assert [cell and cell["value"] for cell in row["cells"]] == ["1", "2"]
    places = [cell["source"]["text"] for cell in row["cells"] if cell]
    assert places == [
        "env_a.json#/processes/0/blas/0/version",
        "env_b.json#/processes/1/blas/0/version",
    ]


def test_the_same_difference_in_two_steps_is_told_once() -> None:
    one = [{"step": step, "seed": 1} for step in ("train", "infer")]
    other = [{"step": step, "seed": 2} for step in ("train", "infer")]
    (row,) = build(make("a", *one), make("b", *other))["rows"]
    assert row["steps"] == ["train", "infer"]


def test_nothing_is_told_apart_from_null() -> None:
    view = build(
        make("a", {"step": "t", "variables": {"X": None, "Y": "1"}}),
        make("b", {"step": "t", "variables": {"X": "", "Y": "1"}}),
    )
    assert [cell and cell["value"] for cell in view["rows"][0]["cells"]] == ["none", "(empty)"]
    view = build(make("a", {"step": "t", "seed": None}), make("b", {"step": "t"}))
    assert [row["cells"][1] for row in view["rows"]] == [None]


def test_a_number_is_no_word_that_looks_like_it() -> None:
    view = build(make("a", {"step": "t", "seed": 1}), make("b", {"step": "t", "seed": "1"}))
    assert [row["name"] for row in view["rows"]] == ["seed"]


def test_an_attempts_own_folder_is_no_difference() -> None:
    view = build(
        make("a", {"step": "t", "options": {"out": "outputs/C1/a_2/x"}}),
        make("b", {"step": "t", "options": {"out": "outputs/C1/b_2/x"}}),
    )
    assert view["rows"] == []


def test_a_side_that_wrote_nothing_down_is_named_and_not_compared() -> None:
    view = build(make("a", {"step": "t", "seed": 1}), make("b"))
    assert (view["rows"], view["silent"]) == ([], ["B"])


def test_what_was_not_as_asked_is_told_for_one_side_too() -> None:
    view = build(make("a", {"step": "t"}, differences=("X: asked 1, saw 2",)))
    assert [(side, text) for side, text, _ in view["not_as_asked"]] == [("A", "X: asked 1, saw 2")]
    assert build_environment([]) is None
