"""A run of a phase under way."""

from dataclasses import dataclass, field
from datetime import datetime

from parityhub.hub.history import History
from parityhub.hub.records import (
    AttemptRecord,
    CheckRecord,
    DatasetNote,
    GateRecord,
    PhaseRecord,
    SideRecord,
)
from parityhub.plan.model import Phase
from parityhub.plan.read import LoadedPlan
from parityhub.run.setting import Setting


@dataclass
class Job:
    """A run of a phase under way: what is set, and what has come of it so far."""

    loaded: LoadedPlan
    setting: Setting
    history: History
    owed: bool
    """the run only reruns what the run before it owes"""
    started: datetime
    gate: GateRecord | None = None
    sides: dict[str, SideRecord] = field(default_factory=dict)
    counting: dict[str, AttemptRecord] = field(default_factory=dict)
    blockers: list[str] = field(default_factory=list)
    note: DatasetNote | None = None
    checks: list[CheckRecord] = field(default_factory=list)
    record: PhaseRecord | None = None

    @property
    def phase(self) -> Phase:
        """The phase that runs."""
        return self.setting.phase

    @property
    def stopped(self) -> bool:
        """Whether a red gate keeps the baselines from running."""
        return bool(self.gate and self.gate.color == "red" and not self.gate.continued_under)
