"""What people add to a hub between its runs: turns, decisions, triage, files that they touched.

Prose lies beside its record, in a Markdown file of its own, so that it is audited like any report
that a person wrote.
"""

from typing import Literal

from parityhub.hub.records import Digest, Place, Record

Lets = Literal["one-sided", "red-gate"]
EvidenceKind = Literal["file", "check", "run", "gate", "artifact", "blocker"]


class Touched(Record, frozen=True, kw_only=True):
    """Files of the repository that git says have changed; names alone, relative to it."""

    since: str
    """the commit that they are compared with"""
    files: tuple[str, ...]
    left_out: int = 0
    """how many more there are"""


class TouchedRecord(Record, frozen=True, kw_only=True):
    """The files that were touched before a run of a phase."""

    phase: str
    run: int
    touched: Touched


class TurnRecord(Record, frozen=True, kw_only=True):
    """A turn: prose about the work, accepted because the evidence did not contradict it."""

    number: int
    """from 1, in the order in which they were added"""
    time: str
    phase: str | None
    """the phase that it speaks of, if it is about one"""
    title: str
    text: Digest
    """the prose, a file of the hub"""
    confirmed: int
    """claims that the evidence bore out as it was added"""
    unverifiable: int
    """claims of which the evidence says nothing"""
    git_commit: str | None
    git_dirty: bool | None
    touched: Touched | None = None
    """None: no repository, or its earlier commit is gone"""


class EvidenceState(Record, frozen=True, kw_only=True):
    """What a piece of evidence said when a decision was made on it."""

    reference: str
    """a file of the hub, or `PHASE/check:ID`, `PHASE/run:NAME`, `PHASE/gate`, `PHASE/artifact:…`"""
    kind: EvidenceKind
    says: str
    """the verdict, colour or status, in a word; of a file nothing"""
    run: int | None = None
    """the run of the phase in which it says so"""
    attempt: int | None = None
    """number of the attempt that counts; None where none does, or none is spoken of"""
    digest: Digest | None = None
    """of a file, an artifact, or the record of a blocker"""


class DecisionRecord(Record, frozen=True, kw_only=True):
    """A decision: what a policy lets happen in a phase, and on what evidence.

    It is never edited and never turns a verdict. It lapses when its evidence changes.
    """

    id: str
    number: int
    """from 1: a decision that was made again stands in place of the one before"""
    time: str
    phase: str
    policy: str
    lets: Lets
    """what the policy is called upon to let happen"""
    text: Digest
    """the reason in prose, a file of the hub"""
    evidence: tuple[EvidenceState, ...]
    until: str | None
    """the last day on which it holds, `YYYY-MM-DD` UTC"""
    git_commit: str | None
    git_dirty: bool | None


class TriageRecord(Record, frozen=True, kw_only=True):
    """What became of a blocker: it was given the name of a known issue, or an attempt closed it."""

    blocker: str
    """path of the blocker"""
    number: int
    """from 1: which triage of that blocker"""
    time: str
    kind: Literal["named", "closed"]
    issue: str | None = None
    """of a named one: id of the known issue"""
    pattern: str | None = None
    summary: str = ""
    mitigation: str = ""
    place: Place | None = None
    """the line of the blocker's log that the pattern matches"""
    line: str = ""
    plan: str | None = None
    """the plan that has the issue, as kept in the hub"""
    plan_sha256: str | None = None
    attempt: str | None = None
    """of a closed one: record of the attempt that passed"""
    attempt_number: int | None = None
    git_commit: str | None
    git_dirty: bool | None
