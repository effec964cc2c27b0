"""What a check asks for, in one form for all kinds of check."""

from collections.abc import Sequence
from dataclasses import dataclass

from parityhub.plan.kinds import (
    AboveCheck,
    AliveCheck,
    AnyCheck,
    ArchivedCheck,
    CloseCheck,
    EqualCheck,
    LearnedCheck,
    OutputsCheck,
    SameArtifactCheck,
    SameWeightsCheck,
    StatsCheck,
    TrainedCheck,
)
from parityhub.plan.problem import KeyPath

Named = tuple[tuple[KeyPath, str], ...]
"""names as the plan gives them, each with its key below the check"""


@dataclass(frozen=True, kw_only=True)
class Question:
    """The runs that a check is about, and what each of them must leave for it."""

    runs: Named = ()
    values: Named = ()
    """values with their runs: `[PHASE:]BASELINE.value`"""
    sections: Named = ()
    metric: str | None = None
    arrays: Named = ()
    artifacts: Named = ()
    kept: bool = False
    """the artifacts and arrays must be in the hub, not their digests alone"""
    least: int = 1
    """how many runs or values there must be to answer it"""


def describe_question(check: AnyCheck) -> Question:
    """Return what a check asks for."""
    match check:
        case EqualCheck():
            return Question(values=_pair(left=check.left, right=check.right), least=2)
        case LearnedCheck():
            return Question(values=_pair(initial=check.initial, final=check.final), least=2)
        case AliveCheck():
            return Question(runs=_list("of", check.of), sections=_list("sections", check.sections))
        case CloseCheck():
            pair = _pair(left=check.left, right=check.right)
            return Question(runs=pair, metric=check.metric, least=2)
        case AboveCheck():
            return Question(runs=_list("of", check.of), metric=check.metric)
        case SameArtifactCheck():
            return Question(
                runs=_list("of", check.of), artifacts=((("path",), check.path),), least=2
            )
        case ArchivedCheck():
            return Question(
                runs=_list("of", check.of),
                artifacts=_list("artifacts", check.artifacts),
                kept=True,
            )
        case StatsCheck():
            pair = _pair(baseline=check.baseline, candidate=check.candidate)
            return Question(runs=pair, sections=_list("sections", check.sections), least=2)
        case TrainedCheck():
            arrays = _pair(array=check.array, object=check.object, coverage=check.coverage)
            pair = _pair(left=check.left, right=check.right)
            return Question(runs=pair, arrays=arrays, kept=True, least=2)

        case SameWeightsCheck():
            return Question(least=0)
        case OutputsCheck():
            pair = _pair(left=check.left, right=check.right)
            return Question(runs=pair, kept=True, least=2)


def _pair(**named: str | None) -> Named:
    return tuple(((key,), name) for key, name in named.items() if name is not None)


def _list(key: str, names: Sequence[str]) -> Named:
    return tuple(((key, place), name) for place, name in enumerate(names))
