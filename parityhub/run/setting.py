"""What all steps of a phase's run share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parityhub.hub.store import Hub
from parityhub.plan.model import Phase, Plan
from parityhub.run.moment import Expected, Mark, ignore_moment

Tell = Callable[[str], None]
Tick = Callable[[float, str], None]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One run of a phase: what is done, where, and with whose environment.

    The environment, the interpreter and (in the hub) the clock are arguments, so that a run can be
    replayed.
    """

    plan: Plan
    phase: Phase
    hub: Hub
    number: int
    """which run of the phase this is, from 1"""
    root: Path
    """the repository: relative paths of the plan start here"""
    inherited: Mapping[str, str]
    python: str
    tell: Tell
    """called with what begins now"""
    tick: Tick
    """called a few times a second with the seconds gone by and the last line of the log"""
    mark: Mark = ignore_moment
    """called where a part of the run begins or ends"""
    expected: Expected = field(default_factory=dict)
    """how long its parts took before"""

    @property
    def outputs(self) -> Path:
        """The folder of this hub's working files, outside the hub."""
        hub = self.hub.root
        return self.root / self.plan.initiative.outputs / hub.parent.name / hub.name
