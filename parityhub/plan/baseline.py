"""The sides of a pair: their commands, what these leave, and where numbers are read in it."""

from typing import Annotated, Literal

from msgspec import Meta, field

from parityhub.plan.part import Id, OptionValue, Part, Text

Seconds = Annotated[float, Meta(gt=0)]
Proof = Literal["self-reported", "launcher", "unproven"]
Framework = Literal["tensorflow", "pytorch", "jax", "onnx", "other"]
ArtifactKind = Literal[
    "bundle", "array", "arrays", "patches", "json", "history", "image", "text", "file"
]
"""patches: an array (n, H, W) of which a grid is drawn; history: JSON with the loss of each epoch
under `epochs`, of which the training curves are drawn"""


class Dataset(Part, frozen=True, kw_only=True):
    """Files that both sides read; made by a command where they are missing."""

    files: dict[str, str]
    """by name: the path of each file, relative to the repository; {data.NAME} stands for it"""
    make: tuple[str, ...] = ()
    """the command that makes them, run in the repository where one is missing"""
    note: str = ""
    """shown in the summary wherever the data set was used"""


class Artifact(Part, frozen=True, kw_only=True):
    """A file that a step must leave: whole, or the attempt has not passed."""

    path: str
    """relative to {out}"""
    kind: ArtifactKind
    """what it must hold to count as whole"""
    shows: Text
    """what it is evidence of, in a few words"""
    keep: bool = True
    """False: only its digests are recorded (large files)"""
    required: bool = True
    """false: an attempt may pass without it"""


class Source(Part, frozen=True, kw_only=True):
    """Where a value is read: one of json (with pointer), array or log (a pattern)."""

    json: str | None = None
    """a JSON file below {out}"""
    pointer: str = ""
    """where in that file: an RFC 6901 pointer"""
    array: str | None = None
    """an .npy file below {out}"""
    log: str | None = None
    """a regular expression over the step's own output"""
    pick: Literal["first", "last"] = "last"
    """which match of a log pattern counts"""


class StatsSource(Source, frozen=True, kw_only=True):
    """Statistics of one section: the object at a pointer, an array, or named groups of a log."""

    section: Id
    """what the statistics are of: patch_amplitude, canvas_amplitude"""


class ValueSource(Source, frozen=True, kw_only=True):
    """One value; a log pattern gives it in the group `value`."""

    name: Id
    """what checks and reports call it"""


class FailurePattern(Part, frozen=True, kw_only=True):
    """A log line that means failure, whatever the exit code says."""

    pattern: str
    """a regular expression over a step's output"""
    cause: Text
    """what it means, in a few words"""


class Step(Part, frozen=True, kw_only=True):
    """One command of a baseline: training, inference."""

    name: Id
    """train, infer"""
    command: tuple[str, ...]
    """a list of words that no shell sees; {python}, {root}, {out}, {data.NAME} and {option.NAME}
    are filled in"""
    options: tuple[str, ...] = ()
    """which options it takes; they stand where the command says {options}"""
    timeout: Seconds = 3600.0
    """seconds, then it is ended"""
    artifacts: tuple[Artifact, ...] = ()
    """what it must leave"""
    stats: tuple[StatsSource, ...] = ()
    """where statistics are read"""
    values: tuple[ValueSource, ...] = ()
    """where single values are read"""

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
    """whose versions and settings are recorded"""
    steps: tuple[Step, ...]
    """in their order; the first that fails ends the attempt"""
    title: str = ""
    """what reports call it; else its framework"""
    python: str | None = None
    """this side's interpreter (its own virtual environment)"""
    cwd: str = "."
    """the folder that its commands start in, relative to the repository"""
    env: dict[str, str] = field(default_factory=dict)
    """environment variables that its processes must see"""
    options: dict[str, OptionValue] = field(default_factory=dict)
    """over those of the plan"""
    proof: Proof = "launcher"
    """the least proof of its environment that an attempt must bring to pass"""
    failure_patterns: tuple[FailurePattern, ...] = ()
    """log lines that mean failure although the exit code is 0"""
