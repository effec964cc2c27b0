"""What is to be done: the plan as frozen values. Data only, nothing here runs anything."""

from typing import Literal

from msgspec import field

from parityhub.plan.baseline import Artifact as Artifact
from parityhub.plan.baseline import ArtifactKind as ArtifactKind
from parityhub.plan.baseline import Baseline as Baseline
from parityhub.plan.baseline import Dataset as Dataset
from parityhub.plan.baseline import FailurePattern as FailurePattern
from parityhub.plan.baseline import Framework as Framework
from parityhub.plan.baseline import Proof as Proof

# Sides, ladders, pairs and checks are part of the model, in files of their own.
from parityhub.plan.baseline import Seconds
from parityhub.plan.baseline import Source as Source
from parityhub.plan.baseline import StatsSource as StatsSource
from parityhub.plan.baseline import Step as Step
from parityhub.plan.baseline import ValueSource as ValueSource
from parityhub.plan.kinds import AboveCheck as AboveCheck
from parityhub.plan.kinds import AliveCheck as AliveCheck
from parityhub.plan.kinds import AnyCheck as AnyCheck
from parityhub.plan.kinds import ArchivedCheck as ArchivedCheck
from parityhub.plan.kinds import CloseCheck as CloseCheck
from parityhub.plan.kinds import EqualCheck as EqualCheck
from parityhub.plan.kinds import LearnedCheck as LearnedCheck
from parityhub.plan.kinds import OutputsCheck as OutputsCheck
from parityhub.plan.kinds import SameArtifactCheck as SameArtifactCheck
from parityhub.plan.kinds import SameWeightsCheck as SameWeightsCheck
from parityhub.plan.kinds import StatsCheck as StatsCheck
from parityhub.plan.kinds import TrainedCheck as TrainedCheck
from parityhub.plan.ladder import AS_IS, Ladder
from parityhub.plan.ladder import Rung as Rung
from parityhub.plan.pair import Implementation as Implementation
from parityhub.plan.pair import OnnxFile as OnnxFile
from parityhub.plan.pair import Pair as Pair
from parityhub.plan.pair import PairOutput as PairOutput
from parityhub.plan.pair import RunOutput as RunOutput
from parityhub.plan.pair import WeightEntry as WeightEntry
from parityhub.plan.pair import WeightSource as WeightSource
from parityhub.plan.part import Id, Part, Text
from parityhub.plan.part import OptionValue as OptionValue

METRICS = ("mean", "std", "min", "max", "var_zero_mean")
"""the statistics of a section"""


class Initiative(Part, frozen=True, kw_only=True):
    """One porting effort."""

    id: Id
    title: Text
    """what the effort is to show"""
    hub: Id
    """folder name of the hub under its stamp"""
    outputs: str = "outputs"
    """where the baselines' own output folders go, relative to the repository"""
    python: str | None = None
    """interpreter behind {python}; default: the one that runs parityhub"""


class Policy(Part, frozen=True, kw_only=True):
    """A standing rule, and what it lets happen."""

    id: Id
    text: Text
    """the rule, in words"""
    allows: tuple[Literal["one-sided", "red-gate"], ...] = ()
    """what a ladder, gate or decision may do by it"""


class KnownIssue(Part, frozen=True, kw_only=True):
    """A known failure with the log pattern that shows it."""

    id: Id
    pattern: str
    """a regular expression; what it finds in the log of a failed attempt names the blocker"""
    summary: Text
    """what goes wrong, and why"""
    mitigation: Text
    """what helps"""


class Gate(Part, frozen=True, kw_only=True):
    """Tests that must be green before a phase's baselines run."""

    selectors: tuple[str, ...]
    """what pytest runs: files, or `file::test`"""
    python: str | None = None
    """its interpreter; default: that of the plan"""
    env: dict[str, str] = field(default_factory=dict)
    """environment variables for the tests"""
    timeout: Seconds = 1800.0
    """seconds, then it is red"""
    continue_under: str | None = None
    """a policy that lets the phase go on although the gate is red"""


class Run(Part, frozen=True, kw_only=True):
    """A baseline as a phase runs it."""

    baseline: str
    """which baseline"""
    ladder: str | None = None
    """which ladder; default: one attempt as is"""
    folder: str | None = None
    """folder in the hub; default: the phase's"""
    options: dict[str, OptionValue] = field(default_factory=dict)
    """over those of the phase"""


class SubStep(Part, frozen=True, kw_only=True):
    """A checklist item, ticked by evidence: gate, run:NAME, check:ID or artifact:NAME/PATH."""

    id: Id
    text: Text
    """what is to be done"""
    evidence: tuple[str, ...]
    """all of it must be there for a tick"""


class Phase(Part, frozen=True, kw_only=True):
    """One named step of the initiative."""

    id: Id
    title: Text
    """what the phase is to show"""
    folder: str
    """folder of its evidence in the hub"""
    purpose: str = ""
    """why, in a sentence"""
    requires: tuple[str, ...] = ()
    """phases that must be done before it"""
    dataset: str | None = None
    """default: that of the plan"""
    options: dict[str, OptionValue] = field(default_factory=dict)
    """over those of plan and baseline"""
    imported: bool = False
    """its evidence was kept by hand: it may have nothing to run, and is then never done"""
    gate: Gate | None = None
    """tests that come first"""
    runs: tuple[Run, ...] = ()
    """the baselines, each run up its ladder"""
    checks: tuple[AnyCheck, ...] = ()
    """what is asked of the evidence; they give the verdict"""
    steps: tuple[SubStep, ...] = ()
    """a checklist that evidence ticks"""

    def find_run(self, name: str) -> Run | None:
        """Return the run of that baseline name, if the phase has one."""
        return next((run for run in self.runs if run.baseline == name), None)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to run and nothing to ask."""
        return not (self.gate or self.runs or self.checks)

    def folder_of(self, run: Run) -> str:
        """Return where in the hub a run's evidence lives."""
        return run.folder or self.folder


class Report(Part, frozen=True, kw_only=True):
    """How a hub is shown."""

    templates: str | None = None
    """folder in the repository whose templates override blocks of summary.html"""


class ExitCriterion(Part, frozen=True, kw_only=True):
    """Ticked when each item of its evidence is: PHASE/check:ID, PHASE/run:NAME, PHASE/gate."""

    id: Id
    text: Text
    """what must be shown before the effort ends"""
    evidence: tuple[str, ...]
    """all of it must be there for a tick"""


class Plan(Part, frozen=True, kw_only=True):
    """A whole plan. `format` is the version of the plan format."""

    format: Literal[1]
    """version of the format"""
    initiative: Initiative
    """which effort this is"""
    policies: tuple[Policy, ...] = field(name="policy", default=())
    """standing rules"""
    known_issues: tuple[KnownIssue, ...] = field(name="known_issue", default=())
    """failures that have a name"""
    options: dict[str, OptionValue] = field(default_factory=dict)
    """one configuration for both sides: CONFIG-001"""
    datasets: dict[str, Dataset] = field(name="dataset", default_factory=dict)
    """by name"""
    default_dataset: str | None = None
    """for phases that name none"""
    baselines: dict[str, Baseline] = field(name="baseline", default_factory=dict)
    """by name: the sides and their commands"""
    ladders: dict[str, Ladder] = field(name="ladder", default_factory=dict)
    """by name: the mitigations"""
    pairs: dict[str, Pair] = field(name="pair", default_factory=dict)
    """by name: one function, implemented twice"""
    phases: tuple[Phase, ...] = field(name="phase")
    """in the order in which they are to be done"""
    exit_criteria: tuple[ExitCriterion, ...] = field(name="exit_criterion", default=())
    """when the effort ends"""
    report: Report = field(default_factory=Report)
    """how its hubs are shown"""

    def find_phase(self, phase_id: str) -> Phase | None:
        """Return the phase of that id, if there is one."""
        return next((phase for phase in self.phases if phase.id == phase_id), None)

    def ladder_of(self, run: Run) -> Ladder:
        """Return a run's ladder; without one there is a single rung that changes nothing."""
        return self.ladders[run.ladder] if run.ladder else AS_IS

    def controlled_variables(self) -> frozenset[str]:
        """Return each environment variable that the plan sets or unsets anywhere.

        A variable that the plan speaks of is never inherited from the caller's shell: what an
        attempt sees of it comes from its rung alone.
        """
        names: set[str] = set()
        for baseline in self.baselines.values():
            names.update(baseline.env)
        for ladder in self.ladders.values():
            for rung in ladder.rungs:
                names.update(rung.env, rung.unset)
        for pair in self.pairs.values():
            names.update(pair.tensorflow.env, pair.pytorch.env)
        for phase in self.phases:
            if phase.gate:
                names.update(phase.gate.env)
        return frozenset(names)
