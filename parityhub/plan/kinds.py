"""The kinds of check: what a phase can ask of its evidence."""

from typing import Annotated

from msgspec import Meta

from parityhub.plan.pair import RunOutput
from parityhub.plan.part import Id, Part, Text


class Check(Part, frozen=True, kw_only=True, tag_field="kind"):
    """A question that a phase puts to its evidence."""

    id: Id
    title: Text
    """what it asks, as reports show it"""


class EqualCheck(Check, frozen=True, kw_only=True, tag="equal"):
    """Two recorded values are the same, bit for bit."""

    left: str
    """a value: [PHASE:]BASELINE.NAME"""
    right: str
    """another"""


class LearnedCheck(Check, frozen=True, kw_only=True, tag="learned"):
    """A trained value differs from the one it started at."""

    initial: str
    """the value that it started at: [PHASE:]BASELINE.NAME"""
    final: str
    """the value that training left"""


class AliveCheck(Check, frozen=True, kw_only=True, tag="alive"):
    """Statistics are there, finite, and not those of a constant output."""

    of: tuple[str, ...]
    """which baselines"""
    sections: tuple[str, ...]
    """whose statistics"""


class CloseCheck(Check, frozen=True, kw_only=True, tag="close"):
    """A statistic of one side is within a stated fraction of the other's."""

    metric: str
    """section.metric: patch_amplitude.var_zero_mean"""
    left: str
    """a baseline"""
    right: str
    """the one that it is held against"""
    rel: Annotated[float, Meta(gt=0)]
    """the fraction of the right one that they may be apart"""
    reason: Text
    """why that much; shown in the report"""


class AboveCheck(Check, frozen=True, kw_only=True, tag="above"):
    """The absolute value of a statistic is above a stated bound."""

    metric: str
    """section.metric: patch_amplitude.var_zero_mean"""
    of: tuple[str, ...]
    """which baselines"""
    bound: Annotated[float, Meta(ge=0)]
    """what it must exceed"""
    reason: Text
    """why that much; shown in the report"""


class SameArtifactCheck(Check, frozen=True, kw_only=True, tag="same-artifact"):
    """Two sides left (or started from) byte-identical files."""

    path: str
    """relative to {out}"""
    of: tuple[str, ...]
    """which baselines"""


class ArchivedCheck(Check, frozen=True, kw_only=True, tag="archived"):
    """The named artifacts are in the hub, with the commands that made them."""

    of: tuple[str, ...]
    """which baselines"""
    artifacts: tuple[str, ...]
    """paths relative to {out}"""


class StatsCheck(Check, frozen=True, kw_only=True, tag="stats"):
    """diff-stats between two runs."""

    baseline: str
    """what counts as right: [PHASE:]BASELINE"""
    candidate: str
    """what is held against it"""
    sections: tuple[str, ...] = ("patch_amplitude", "canvas_amplitude")
    """whose statistics"""
    collapse_below: Annotated[float, Meta(gt=0, lt=1)] = 1e-3
    """a statistic under this fraction of its baseline has collapsed"""


class TrainedCheck(Check, frozen=True, kw_only=True, tag="trained"):
    """Images of two sides, each with the weights it trained, against each other and the object."""

    left: str
    """a baseline"""
    right: str
    """the other"""
    array: str
    """complex image, relative to {out}"""
    object: str | None = None
    """the known object, where there is one"""
    coverage: str | None = None
    """where the image was measured; elsewhere it says nothing"""
    ssim_at_least: Annotated[float, Meta(gt=0, le=1)] | None = None
    """least SSIM of their amplitudes"""
    reason: str = ""
    """why that much; shown in the report"""


class SameWeightsCheck(Check, frozen=True, kw_only=True, tag="same-weights"):
    """Both sides of a pair, with the same weights, give the same output for the same input."""

    pair: str
    """which pair"""
    localize: bool = True
    """where they do not, say which layer parts first"""


class OutputsCheck(Check, frozen=True, kw_only=True, tag="outputs"):
    """Arrays that two runs left are the same within a tolerance."""

    left: str
    """a baseline"""
    right: str
    """the other"""
    outputs: tuple[RunOutput, ...]
    """which arrays"""


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
