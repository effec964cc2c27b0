"""The checks by their kind: each is put to the evidence and answered with a verdict."""

from collections.abc import Callable, Mapping
from typing import Any

from parityhub.compare.artifact_checks import judge_archived, judge_same_artifact
from parityhub.compare.evidence import Evidence
from parityhub.compare.findings import Finding, Judgement, conclude
from parityhub.compare.stats_checks import judge_above, judge_alive, judge_close, judge_stats
from parityhub.compare.trained_check import judge_trained
from parityhub.compare.value_checks import judge_equal, judge_learned
from parityhub.errors import EvidenceError
from parityhub.plan.model import (
    AboveCheck,
    AliveCheck,
    AnyCheck,
    ArchivedCheck,
    CloseCheck,
    EqualCheck,
    LearnedCheck,
    SameArtifactCheck,
    StatsCheck,
    TrainedCheck,
)

JUDGES: Mapping[type[AnyCheck], Callable[[Any, Evidence], Judgement]] = {
    EqualCheck: judge_equal,
    LearnedCheck: judge_learned,
    AliveCheck: judge_alive,
    CloseCheck: judge_close,
    AboveCheck: judge_above,
    SameArtifactCheck: judge_same_artifact,
    ArchivedCheck: judge_archived,
    StatsCheck: judge_stats,
    TrainedCheck: judge_trained,
}


def judge_check(check: AnyCheck, evidence: Evidence) -> Judgement:
    """Put a check to the evidence.

    A missing side defers the check: INCONCLUSIVE, with which side and why. So does, without
    deferring it, evidence that is missing or damaged. A check is never PASS for want of evidence.

    Args:
        check: the check, as the plan states it.
        evidence: the attempts that count.
    """
    try:
        return JUDGES[type(check)](check, evidence)
    except EvidenceError as error:
        return conclude(check, [Finding("INCONCLUSIVE", error.message)])
