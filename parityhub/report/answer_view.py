"""The answer at the top: what the phases that ran come to, when, of which commit, on which data."""

from collections.abc import Container, Sequence
from typing import TypedDict

from parityhub.compare.outcome import conclude_runs
from parityhub.hub.records import PhaseRecord
from parityhub.report.artifact_groups import find_phase_path
from parityhub.report.links import Prose, Value, place_in, show_recorded, weave_links


class CommitView(TypedDict):
    """A commit that phases ran at."""

    commit: str
    dirty: bool | None
    phases: list[str]


class AnswerView(TypedDict):
    """What a reader wants to know first."""

    verdict: str
    reason: Prose
    pending: list[str]
    """phases of the plan that have no whole run: the verdict does not speak of them"""
    ran: list[str]
    when: Value | None
    """end of the newest run"""
    commits: list[CommitView]
    data: list[str]


def build_answer(
    runs: Sequence[PhaseRecord],
    planned: Sequence[str],
    datasets: Sequence[str],
    paths: Container[str],
) -> AnswerView:
    """Build the answer.

    Args:
        runs: the newest run of each phase, the newest first.
        planned: ids of the plan's phases, in its order.
        datasets: names of the data sets that attempts which count used.
        paths: of the hub's files.
    """
    ran = {run.phase for run in runs}
    order = [*planned, *(run.phase for run in runs if run.phase not in planned)]
    verdict, reason = conclude_runs(runs)
    commits: dict[tuple[str | None, bool | None], CommitView] = {}
    for run in runs:
        commit = commits.setdefault(
            (run.git_commit, run.git_dirty),
            CommitView(commit=run.git_commit or "unknown", dirty=run.git_dirty, phases=[]),
        )
        commit["phases"].append(run.phase)
    return AnswerView(
        verdict=verdict,
        reason=weave_links(reason, paths),
        pending=[phase for phase in order if phase not in ran],
        ran=[phase for phase in order if phase in ran],
        when=show_recorded(runs[0].ended, place_in(find_phase_path(runs[0]), "ended"))
        if runs
        else None,
        commits=list(commits.values()),
        data=list(dict.fromkeys(datasets)),
    )
