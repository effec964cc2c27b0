"""Ladders: the ordered mitigations for a baseline that fails."""

from msgspec import field

from parityhub.plan.part import Id, OptionValue, Part, Text


class Rung(Part, frozen=True, kw_only=True):
    """One mitigation. It adds to the rungs before it unless it says reset."""

    id: Id
    title: Text
    """what it changes, in a few words"""
    env: dict[str, str] = field(default_factory=dict)
    """variables that it sets"""
    unset: tuple[str, ...] = ()
    """variables that it takes away"""
    options: dict[str, OptionValue] = field(default_factory=dict)
    """options that it changes"""
    dataset: str | None = None
    """another data set"""
    revision: str | None = None
    """a git revision: the rung's commands run in a worktree of it"""
    reset: bool = False
    """true: it starts from the baseline as it is, not from the rungs before it"""
    begin_at: str | None = None
    """a step to begin at, where an attempt before it on the ladder, with the same data, options
    and revision, left the steps before that one whole; else it begins at the first"""


class Ladder(Part, frozen=True, kw_only=True):
    """The ordered mitigations, and what happens when all are spent."""

    rungs: tuple[Rung, ...]
    """climbed in this order until an attempt passes"""
    on_exhausted: str | None = None
    """a policy that lets the phase go on one-sided; default: blocked"""


AS_IS = Ladder(rungs=(Rung(id="as-is", title="as is"),))
