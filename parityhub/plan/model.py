"""What is to be done: the plan as frozen values. Data only, nothing here runs anything."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

# The checks are part of the model, in a file of their own.
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
from parityhub.plan.pair import Implementation as Implementation
from parityhub.plan.pair import Pair as Pair
from parityhub.plan.pair import PairOutput as PairOutput
from parityhub.plan.pair import RunOutput as RunOutput
from parityhub.plan.pair import WeightEntry as WeightEntry
from parityhub.plan.pair import WeightSource as WeightSource
from parityhub.plan.part import Id, Part, Text
from parityhub.plan.part import OptionValue as OptionValue

METRICS = ("mean", "std", "min", "max", "var_zero_mean")
"""the statistics of a section"""
Seconds = Annotated[float, Meta(gt=0)]
Proof = Literal["self-reported", "launcher", "unproven"]
Framework = Literal["tensorflow", "pytorch", "jax", "onnx", "other"]
ArtifactKind = Literal[
    "bundle", "array", "arrays", "patches", "json", "history", "image", "text", "file"
]
"""patches: an array (n, H, W) of which a grid is drawn; history: JSON with the loss of each epoch
under `epochs`, of which the training curves are drawn"""


class Initiative(Part, frozen=True, kw_only=True):
    """One porting effort."""

    id: Id
    title: Text
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
    allows: tuple[Literal["one-sided", "red-gate"], ...] = ()


class KnownIssue(Part, frozen=True, kw_only=True):
    """A known failure with the log pattern that shows it."""

    id: Id
    pattern: str
    summary: Text
    mitigation: Text


class Dataset(Part, frozen=True, kw_only=True):
    """Files that both sides read; made by a command where they are missing."""

    files: dict[str, str]
    make: tuple[str, ...] = ()
    note: str = ""


class Artifact(Part, frozen=True, kw_only=True):
    """A file that a step must leave: whole, or the attempt has not passed."""

    path: str
    """relative to {out}"""
    kind: ArtifactKind
    shows: Text
    keep: bool = True
    """False: only its digests are recorded (large files)"""
    required: bool = True


class Source(Part, frozen=True, kw_only=True):
    """Where a value is read: one of json (with pointer), array or log (a pattern)."""

    json: str | None = None
    pointer: str = ""
    array: str | None = None
    log: str | None = None
    pick: Literal["first", "last"] = "last"
    """which match of a log pattern counts"""


class StatsSource(Source, frozen=True, kw_only=True):
    """Statistics of one section: the object at a pointer, an array, or named groups of a log."""

    section: Id


class ValueSource(Source, frozen=True, kw_only=True):
    """One value; a log pattern gives it in the group `value`."""

    name: Id


class FailurePattern(Part, frozen=True, kw_only=True):
    """A log line that means failure, whatever the exit code says."""

    pattern: str
    cause: Text


class Step(Part, frozen=True, kw_only=True):
    """One command of a baseline: training, inference."""

    name: Id
    command: tuple[str, ...]
    options: tuple[str, ...] = ()
    """which options it takes; they stand where the command says {options}"""
    timeout: Seconds = 3600.0
    artifacts: tuple[Artifact, ...] = ()
    stats: tuple[StatsSource, ...] = ()
    values: tuple[ValueSource, ...] = ()

    def list_artifacts(self) -> tuple[Artifact, ...]:
        """Return what the step must leave: what is listed, and each file it reads numbers from."""
        listed = {artifact.path: artifact for artifact in self.artifacts}
        for source in (*self.stats, *self.values):
            path = source.json or source.array
            if path and path not in listed:
                kind: ArtifactKind = "json" if source.json else "array"
                listed[path] = Artifact(path=path, kind=kind, shows="numbers that the plan reads")
        return tuple(listed.values())


class Baseline(Part, frozen=True, kw_only=True):
    """One side of a pair: one framework's steps, run as subprocesses."""

    framework: Framework
    steps: tuple[Step, ...]
    title: str = ""
    python: str | None = None
    """this side's interpreter (its own virtual environment)"""
    cwd: str = "."
    env: dict[str, str] = field(default_factory=dict)
    options: dict[str, OptionValue] = field(default_factory=dict)
    proof: Proof = "launcher"
    """the least proof of its environment that an attempt must bring to pass"""
    failure_patterns: tuple[FailurePattern, ...] = ()


class Rung(Part, frozen=True, kw_only=True):
    """One mitigation. It adds to the rungs before it unless it says reset."""

    id: Id
    title: Text
    env: dict[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    options: dict[str, OptionValue] = field(default_factory=dict)
    dataset: str | None = None
    revision: str | None = None
    """a git revision: the rung's commands run in a worktree of it"""
    reset: bool = False
    begin_at: str | None = None
    """a step to begin at, where an attempt before it on the ladder, with the same data, options
    and revision, left the steps before that one whole; else it begins at the first"""


class Ladder(Part, frozen=True, kw_only=True):
    """The ordered mitigations, and what happens when all are spent."""

    rungs: tuple[Rung, ...]
    on_exhausted: str | None = None
    """a policy that lets the phase go on one-sided; default: blocked"""


class Gate(Part, frozen=True, kw_only=True):
    """Tests that must be green before a phase's baselines run."""

    selectors: tuple[str, ...]
    python: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    timeout: Seconds = 1800.0
    continue_under: str | None = None
    """a policy that lets the phase go on although the gate is red"""


class Run(Part, frozen=True, kw_only=True):
    """A baseline as a phase runs it."""

    baseline: str
    ladder: str | None = None
    folder: str | None = None
    """folder in the hub; default: the phase's"""
    options: dict[str, OptionValue] = field(default_factory=dict)


class SubStep(Part, frozen=True, kw_only=True):
    """A checklist item, ticked by evidence: gate, run:NAME, check:ID or artifact:NAME/PATH."""

    id: Id
    text: Text
    evidence: tuple[str, ...]


class Phase(Part, frozen=True, kw_only=True):
    """One named step of the initiative."""

    id: Id
    title: Text
    folder: str
    purpose: str = ""
    requires: tuple[str, ...] = ()
    dataset: str | None = None
    options: dict[str, OptionValue] = field(default_factory=dict)
    gate: Gate | None = None
    runs: tuple[Run, ...] = ()
    checks: tuple[AnyCheck, ...] = ()
    steps: tuple[SubStep, ...] = ()

    def find_run(self, name: str) -> Run | None:
        """Return the run of that baseline name, if the phase has one."""
        return next((run for run in self.runs if run.baseline == name), None)

    def folder_of(self, run: Run) -> str:
        """Return where in the hub a run's evidence lives."""
        return run.folder or self.folder


class ExitCriterion(Part, frozen=True, kw_only=True):
    """Ticked when each item of its evidence is: PHASE/check:ID, PHASE/run:NAME, PHASE/gate."""

    id: Id
    text: Text
    evidence: tuple[str, ...]


class Plan(Part, frozen=True, kw_only=True):
    """A whole plan. `format` is the version of the plan format."""

    format: Literal[1]
    initiative: Initiative
    policies: tuple[Policy, ...] = field(name="policy", default=())
    known_issues: tuple[KnownIssue, ...] = field(name="known_issue", default=())
    options: dict[str, OptionValue] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(name="dataset", default_factory=dict)
    default_dataset: str | None = None
    baselines: dict[str, Baseline] = field(name="baseline", default_factory=dict)
    ladders: dict[str, Ladder] = field(name="ladder", default_factory=dict)
    pairs: dict[str, Pair] = field(name="pair", default_factory=dict)
    phases: tuple[Phase, ...] = field(name="phase")
    exit_criteria: tuple[ExitCriterion, ...] = field(name="exit_criterion", default=())

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


AS_IS = Ladder(rungs=(Rung(id="as-is", title="as is"),))


class Situation(Struct, frozen=True, kw_only=True):
    """What a rung comes to: everything that one attempt is run with."""

    rung: str
    title: str
    env: Mapping[str, str | None]
    """None: asked to be absent"""
    options: Mapping[str, OptionValue]
    dataset: str | None
    revision: str | None
    begin_at: str | None = None


def resolve_situations(plan: Plan, phase: Phase, run: Run) -> tuple[Situation, ...]:
    """Resolve a run's ladder, rung by rung, into what each attempt is run with.

    Options come from the plan, the baseline, the phase and the run, the later over the earlier;
    a rung's own changes are added to those of the rungs before it unless it says reset.
    """
    baseline = plan.baselines[run.baseline]
    options = {**plan.options, **baseline.options, **phase.options, **run.options}
    start = Situation(
        rung="",
        title="",
        env=dict(baseline.env),
        options=options,
        dataset=phase.dataset or plan.default_dataset,
        revision=None,
    )
    situations = []
    current = start
    for rung in plan.ladder_of(run).rungs:
        base = start if rung.reset else current
        current = Situation(
            rung=rung.id,
            title=rung.title,
            env={**base.env, **rung.env, **dict.fromkeys(rung.unset)},
            options={**base.options, **rung.options},
            dataset=rung.dataset or base.dataset,
            revision=rung.revision or base.revision,
            begin_at=rung.begin_at,
        )
        situations.append(current)
    return tuple(situations)


PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9._-]*)\}")
