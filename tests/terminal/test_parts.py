"""Which parts of a run are shown, and which stay where there is little room."""

from hypothesis import given
from hypothesis import strategies as st

from parityhub.run.moment import Moment
from parityhub.terminal.parts import Part, Parts, fit_parts

STATUSES = ("waiting", "running", "passed", "failed", "stopped")


def make_parts(*moments: tuple[str, str]) -> Parts:
    parts = Parts(lambda: 0.0)
    for place, status in moments:
        parts.take(Moment(part=tuple(place.split("/")), status=status))
    return parts


def list_places(parts: Parts, *, ended: bool = False) -> list[str]:
    return ["/".join(part.place) for part in parts.list_shown(ended=ended)]


def test_a_phase_that_is_over_is_one_line() -> None:
    parts = make_parts(
        ("A", "PASS"), ("A/gate", "green"), ("B", "running"), ("B/gate", "green"), ("C", "waiting")
    )
    assert list_places(parts) == ["A", "B", "B/gate", "C"]


def test_once_all_is_over_the_last_phase_keeps_its_parts() -> None:
    parts = make_parts(("A", "PASS"), ("A/gate", "green"), ("B", "FAIL"), ("B/gate", "red"))
    assert list_places(parts, ended=True) == ["A", "B", "B/gate"]


def test_rungs_that_nobody_got_to_go_once_the_side_is_done() -> None:
    rungs = (("A/s/1", "failed"), ("A/s/1/fit", "failed"), ("A/s/2", "waiting"))
    going = make_parts(("A", "running"), ("A/s", "running"), *rungs)
    assert list_places(going) == ["A", "A/s", "A/s/1", "A/s/2"]
    done = make_parts(("A", "running"), ("A/s", "passed"), *rungs)
    assert list_places(done) == ["A", "A/s", "A/s/1"]


def test_steps_are_shown_of_the_rung_that_runs() -> None:
    parts = make_parts(("A", "running"), ("A/s", "running"), ("A/s/1", "running"))
    parts.take(Moment(part=("A", "s", "1", "fit"), status="running"))
    assert list_places(parts)[-1] == "A/s/1/fit"


def test_what_runs_is_stopped_with_its_time() -> None:
    clock = iter((1.0, 4.0))
    parts = Parts(lambda: next(clock))
    parts.take(Moment(part=("A",), status="running", title="first"))
    parts.stop()
    [part] = parts.list_shown(ended=True)
    assert (part.status, part.seconds, part.title) == ("stopped", 3.0, "first")


def test_a_rung_that_runs_again_starts_its_time_anew() -> None:
    clock = iter((1.0, 2.0, 5.0))
    parts = Parts(lambda: next(clock))
    for status, seconds in (("running", None), ("interrupted", 9.0), ("running", None)):
        part = parts.take(Moment(part=("A",), status=status, seconds=seconds))
    assert (part.since, part.seconds) == (5.0, None)


@given(st.lists(st.sampled_from(STATUSES)), st.integers(1, 30))
def test_what_is_shown_fits_and_keeps_what_runs_longest(statuses: list[str], height: int) -> None:
    parts = [Part(place=(str(i),), title="", status=status) for i, status in enumerate(statuses)]
    shown, left = fit_parts(parts, height)
    assert len(shown) + left == len(parts)
    assert len(shown) + bool(left) <= height
    assert shown == [part for part in parts if part in shown]
    if any(part.status not in ("running", "stopped") for part in shown):
        going = [part for part in parts if part.status in ("running", "stopped")]
        assert [part for part in going if part not in shown] == []
