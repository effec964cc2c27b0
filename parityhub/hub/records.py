"""What is kept of a run: records, as they lie in the hub in JSON.

Paths are relative to the hub unless said otherwise. Times are UTC, `YYYY-MM-DDTHH:MM:SSZ`.
A number is never bare: a `Measured` says where it was read.
"""

from typing import Any, Literal

from msgspec import Struct

Verdict = Literal["PASS", "FAIL", "INCONCLUSIVE"]
State = Literal["pending", "done", "one-sided", "deferred", "blocked"]
AttemptStatus = Literal["passed", "partial", "failed", "interrupted"]
StepStatus = Literal["passed", "failed", "carried", "not-run"]
MeasuredStatus = Literal["finite", "not-finite", "missing", "text"]
Role = Literal["evidence", "derived"]
Proof = Literal["self-reported", "launcher", "unproven"]


class Record(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """A record: frozen once made."""


class Place(Record, frozen=True, kw_only=True):
    """Where something stands: a file of the hub, and a JSON pointer or a line in it."""

    file: str
    pointer: str | None = None
    line: int | None = None


class Measured(Record, frozen=True, kw_only=True):
    """A value read from evidence. `value` is None where it is missing or not finite."""

    status: MeasuredStatus
    value: float | int | str | None
    source: Place | None
    note: str = ""
    """what was found instead (`nan`, `no such pointer`), where it is not finite or missing"""


class Digest(Record, frozen=True, kw_only=True):
    """A file by its bytes."""

    path: str
    size: int
    sha1: str
    sha256: str


class KeptArtifact(Record, frozen=True, kw_only=True):
    """An artifact that a step left: where it lay, where it is kept, and what it shows."""

    name: str
    """path as in the plan, relative to {out}"""
    kind: str
    shows: str
    digest: Digest | None
    """None: it is missing. `digest.path` is in the hub where kept, else relative to the repo"""
    kept: bool
    members: tuple[Digest, ...] = ()
    """of a bundle"""


class Cause(Record, frozen=True, kw_only=True):
    """Why an attempt did not pass, with the lines that show it."""

    kind: Literal[
        "exit-code", "signal", "timeout", "artifact", "log-pattern", "environment", "proof", "start"
    ]
    text: str
    place: Place | None = None
    lines: tuple[str, ...] = ()


class StepRecord(Record, frozen=True, kw_only=True):
    """One command of an attempt."""

    name: str
    status: StepStatus
    argv: tuple[str, ...] = ()
    """relative to the repository where a path is below it"""
    log: str | None = None
    exit_code: int | None = None
    signal: str | None = None
    timed_out: bool = False
    started: str | None = None
    seconds: float = 0.0
    peak_memory_bytes: int | None = None
    artifacts: tuple[KeptArtifact, ...] = ()
    causes: tuple[Cause, ...] = ()
    proof: Proof | None = None
    """how well its environment is proven; None: it did not run"""
    stragglers: int = 0
    """processes that outlived the command and were ended"""
    carried_from: int | None = None
    """number of the attempt whose step this one starts from"""


class EnvironmentRecord(Record, frozen=True, kw_only=True):
    """What an attempt's processes saw, against what its rung asked for."""

    baseline: str
    attempt: int
    rung: str
    level: Proof
    asked: dict[str, str | None]
    differences: tuple[str, ...]
    launched: tuple[dict[str, Any], ...]
    """one a step: what the launching process handed over"""
    processes: tuple[dict[str, Any], ...]
    """one a process that used parityhub.capture, as it wrote it, with its step"""
    git_commit: str | None = None
    git_dirty: bool | None = None


class AttemptRecord(Record, frozen=True, kw_only=True):
    """One execution of a baseline on one rung."""

    phase: str
    run: int
    """which run of the phase it belongs to, from 1"""
    baseline: str
    framework: str
    number: int
    """from 1, over all runs of the phase"""
    rung: str
    rung_title: str
    status: AttemptStatus
    steps: tuple[StepRecord, ...]
    asked_env: dict[str, str | None]
    options: dict[str, bool | int | float | str]
    dataset: str | None
    dataset_digests: tuple[Digest, ...]
    revision: str | None
    proof: Proof
    started: str
    seconds: float
    env_capture: str | None = None
    blocker: str | None = None
    known_issue: str | None = None
    stats: dict[str, dict[str, Measured]] = {}
    values: dict[str, Measured] = {}
    owed_for: str | None = None
    """baseline whose data or options this attempt was rerun to match"""


class AttemptStart(Record, frozen=True, kw_only=True):
    """What an attempt is about to be run with. Kept before its first process starts."""

    phase: str
    run: int
    baseline: str
    framework: str
    number: int
    rung: str
    rung_title: str
    asked_env: dict[str, str | None]
    options: dict[str, bool | int | float | str]
    dataset: str | None
    dataset_digests: tuple[Digest, ...]
    revision: str | None
    started: str
    owed_for: str | None = None


class RunStart(Record, frozen=True, kw_only=True):
    """The start of a run of a phase. Kept before anything of it runs."""

    phase: str
    run: int
    started: str
    plan: str
    plan_sha256: str
    brief: str
    git_commit: str | None
    git_dirty: bool | None
    owed: bool = False
    """the run only reruns what the run before it owes"""


class GateCase(Record, frozen=True, kw_only=True):
    """One test of a gate."""

    name: str
    outcome: Literal["passed", "failed", "error", "skipped"]
    seconds: float
    message: str = ""


class GateRecord(Record, frozen=True, kw_only=True):
    """Gate output: green only if tests ran and none failed."""

    phase: str
    run: int
    color: Literal["green", "red"]
    reason: str
    selectors: tuple[str, ...]
    argv: tuple[str, ...]
    passed: int
    failed: int
    errors: int
    skipped: int
    seconds: float
    exit_code: int | None
    log: str
    cases: tuple[GateCase, ...] = ()
    blocker: str | None = None
    continued_under: str | None = None


class CheckNumber(Record, frozen=True, kw_only=True):
    """A number that a check computed or used."""

    name: str
    value: float | int | str | None
    source: Place | None = None
    """None: computed by the check from the other numbers"""


class CheckRecord(Record, frozen=True, kw_only=True):
    """The answer to a check."""

    id: str
    kind: str
    title: str
    verdict: Verdict
    reason: str
    numbers: tuple[CheckNumber, ...] = ()
    tolerance: str = ""
    """the tolerance and its reason, in words; empty where there is none"""
    pictures: tuple[str, ...] = ()
    deferred: bool = False
    """it could not be asked: a side is missing"""
    comparison: str | None = None
    """path of its ComparisonRecord"""
    localization: str | None = None


class BlockerRecord(Record, frozen=True, kw_only=True):
    """The record of a failed attempt or red gate."""

    path: str
    title: str
    time: str
    phase: str
    baseline: str | None
    attempt: int | None
    rung: str | None
    signature: str
    known_issue: str
    """id of a known issue, or `unknown`"""
    issue_summary: str
    causes: tuple[Cause, ...]
    exit_code: int | None
    signal: str | None
    asked_env: dict[str, str | None]
    proof: Proof | None
    dataset: str | None
    command: tuple[str, ...]
    mitigations: tuple[str, ...]
    """rungs still to come"""
    on_exhausted: str
    references: tuple[str, ...]


class DatasetNote(Record, frozen=True, kw_only=True):
    """In what the two sides of a phase differ, and what rerun is owed."""

    differences: tuple[str, ...]
    owed: tuple[str, ...]
    """baselines that must be rerun to match"""
    settled: bool


class SideRecord(Record, frozen=True, kw_only=True):
    """A baseline in a phase: the attempts it made and the one that counts."""

    name: str
    framework: str
    folder: str
    status: Literal["passed", "failed"]
    counts: int | None
    """number of the attempt that counts"""
    attempts: tuple[str, ...]
    """attempt records, in order"""
    exhausted_under: str | None = None


class TickRecord(Record, frozen=True, kw_only=True):
    """A sub-step or exit criterion and the evidence that ticks it."""

    id: str
    text: str
    ticked: bool
    evidence: tuple[str, ...]


class PhaseRecord(Record, frozen=True, kw_only=True):
    """One whole run of a phase."""

    phase: str
    title: str
    run: int
    state: State
    verdict: Verdict
    reason: str
    started: str
    ended: str
    seconds: float
    plan: str
    """the plan as it was acted on, kept in the hub"""
    plan_sha256: str
    brief: str
    git_commit: str | None
    git_dirty: bool | None
    gate: GateRecord | None
    sides: tuple[SideRecord, ...]
    checks: tuple[CheckRecord, ...]
    dataset_note: DatasetNote | None
    steps: tuple[TickRecord, ...]
    blockers: tuple[str, ...]
    exit_code: int


class ManifestItem(Record, frozen=True, kw_only=True):
    """A file of the hub."""

    path: str
    size: int
    sha1: str
    sha256: str
    role: Role
    made_by: str
    """what made it: `C1 tensorflow attempt 3 train`, `report`"""
    shows: str
    time: str


class Manifest(Record, frozen=True, kw_only=True):
    """manifest.json: each file of the hub but itself."""

    format: int
    initiative: str
    stamp: str
    created: str
    plans: tuple[str, ...]
    """sha256 of each plan this hub was run with, oldest first"""
    artifacts: tuple[ManifestItem, ...]
