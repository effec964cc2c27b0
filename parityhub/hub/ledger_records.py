"""What people add to a hub between its runs: turns, decisions, triage, files that they touched.

Prose lies beside its record, in a Markdown file of its own, so that it is audited like any report
that a person wrote.
"""

from typing import Literal

from parityhub.hub.records import Digest, Record

Lets = Literal["one-sided", "red-gate"]


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
