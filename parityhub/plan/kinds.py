"""The kinds of check: what a phase can ask of its evidence."""

from typing import Annotated

from msgspec import Meta

from parityhub.plan.pair import RunOutput
from parityhub.plan.part import Id, Part, Text


class Check(Part, frozen=True, kw_only=True, tag_field="kind"):
    """A question that a phase puts to its evidence."""

    id: Id
    title: Text


class EqualCheck(Check, frozen=True, kw_only=True, tag="equal"):
    """Two recorded values are the same, bit for bit."""

    left: str
    right: str


class LearnedCheck(Check, frozen=True, kw_only=True, tag="learned"):
    """A trained value differs from the one it started at."""

    initial: str
    final: str


class AliveCheck(Check, frozen=True, kw_only=True, tag="alive"):
    """Statistics are there, finite, and not those of a constant output."""

    of: tuple[str, ...]
    sections: tuple[str, ...]


class CloseCheck(Check, frozen=True, kw_only=True, tag="close"):
    """A statistic of one side is within a stated fraction of the other's."""

    metric: str
    left: str
    right: str
    rel: Annotated[float, Meta(gt=0)]
    reason: Text


class AboveCheck(Check, frozen=True, kw_only=True, tag="above"):
    """The absolute value of a statistic is above a stated bound."""

    metric: str
    of: tuple[str, ...]
    bound: Annotated[float, Meta(ge=0)]
    reason: Text


class SameArtifactCheck(Check, frozen=True, kw_only=True, tag="same-artifact"):
    """Two sides left (or started from) byte-identical files."""

    path: str
    of: tuple[str, ...]


class ArchivedCheck(Check, frozen=True, kw_only=True, tag="archived"):
    """The named artifacts are in the hub, with the commands that made them."""

    of: tuple[str, ...]
    artifacts: tuple[str, ...]


class StatsCheck(Check, frozen=True, kw_only=True, tag="stats"):
    """diff-stats between two runs."""

    baseline: str
    candidate: str
    sections: tuple[str, ...] = ("patch_amplitude", "canvas_amplitude")
    collapse_below: Annotated[float, Meta(gt=0, lt=1)] = 1e-3
    """a statistic under this fraction of its baseline has collapsed"""


class TrainedCheck(Check, frozen=True, kw_only=True, tag="trained"):
    """Images of two sides, each with the weights it trained, against each other and the object."""

    left: str
    right: str
    array: str
    """complex image, relative to {out}"""
    object: str | None = None
    coverage: str | None = None
    ssim_at_least: Annotated[float, Meta(gt=0, le=1)] | None = None
    reason: str = ""


class SameWeightsCheck(Check, frozen=True, kw_only=True, tag="same-weights"):
    """Both sides of a pair, with the same weights, give the same output for the same input."""

    pair: str
    localize: bool = True
    """where they do not, say which layer parts first"""


class OutputsCheck(Check, frozen=True, kw_only=True, tag="outputs"):
    """Arrays that two runs left are the same within a tolerance."""

    left: str
    right: str
    outputs: tuple[RunOutput, ...]


AnyCheck = (
    EqualCheck
    | LearnedCheck
    | AliveCheck
    | CloseCheck
    | AboveCheck
    | SameArtifactCheck
    | ArchivedCheck
    | StatsCheck
    | TrainedCheck
    | SameWeightsCheck
    | OutputsCheck
)
