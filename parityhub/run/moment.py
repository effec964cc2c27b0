"""What a run tells of its parts: which are to come, which runs now, and how each ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from parityhub.plan.part import OptionValue

WAITING, RUNNING = "waiting", "running"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A part of a run at one moment."""

    part: tuple[str, ...]
    """the phase; of a part of it `gate`, `run:BASELINE` or `check:ID` too; of a baseline the rung,
    and of a rung the step"""
    status: str
    """`waiting`, `running`, or as the record says that it ended"""
    title: str = ""
    """what it is, in the plan's words"""
    seconds: float | None = None
    """how long it took; None: it has not ended"""
    expected: float | None = None
    """seconds that it took before; None: nobody knows"""


Mark = Callable[[Moment], None]
Expected = Mapping[tuple[object, ...], float]
"""seconds that a phase `(phase,)`, its gate `(phase, "gate")` or a step (`name_work`) took"""


def ignore_moment(_: Moment) -> None:
    """Tell nobody."""


def name_work(
    phase: str,
    baseline: str,
    rung: str,
    step: str,
    dataset: str | None,
    options: Mapping[str, OptionValue],
) -> tuple[object, ...]:
    """Return what a step's expected time is kept under: only the same work takes as long."""
    return (phase, baseline, rung, step, dataset, tuple(sorted(options.items())))
