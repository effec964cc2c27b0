"""What the summary shows: each phase at a glance, what is next, then the newest phase first."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TypedDict

from parityhub.hub.figure_records import FiguresRecord
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.hub.records import (
    AttemptRecord,
    BlockerRecord,
    EnvironmentRecord,
    Manifest,
    ManifestItem,
    PhaseRecord,
    TickRecord,
)
from parityhub.plan.model import Plan
from parityhub.report.answer_view import AnswerView, build_answer
from parityhub.report.artifact_groups import Owner, group_artifacts
from parityhub.report.journal_view import (
    NOTHING_ADDED,
    BlockerRow,
    DecisionView,
    Journal,
    TurnView,
    build_blockers,
    build_decisions,
    build_turns,
)
from parityhub.report.links import Link, Prose, weave_links
from parityhub.report.phase_view import (
    Evidence,
    ItemView,
    PhaseView,
    build_item,
    build_phase_view,
)


class GlanceRow(TypedDict):
    """A phase in one line; without a whole run it has no verdict."""

    id: str
    state: str
    verdict: str | None
    reason: Prose


class RedGateView(TypedDict):
    """A red gate that was passed under a policy."""

    phase: str
    policy: str
    policy_text: str
    reason: Prose
    log: Link


class SummaryView(TypedDict):
    """What `summary.md`, `summary.html` and the JSON of `parityhub report` show."""

    initiative: str
    title: str
    hub: str
    stamp: str
    created: str
    answer: AnswerView
    red_gates: list[RedGateView]
    glance: list[GlanceRow]
    next_steps: list[Prose]
    phases: list[PhaseView]
    criteria: list[ItemView]
    blockers: list[BlockerRow]
    decisions: list[DecisionView]
    turns: list[TurnView]


def build_summary_view(
    *,
    plan: Plan,
    manifest: Manifest,
    phases: Sequence[PhaseRecord],
    attempts: Mapping[str, AttemptRecord],
    blockers: Mapping[str, BlockerRecord],
    criteria: Sequence[TickRecord],
    next_steps: Sequence[str],
    comparisons: Mapping[str, ComparisonRecord],
    localizations: Mapping[str, LocalizationRecord],
    figures: Mapping[str, FiguresRecord],
    environments: Mapping[str, EnvironmentRecord],
    journal: Journal = NOTHING_ADDED,
) -> SummaryView:
    """Build the summary of a hub.

    Args:
        plan: what was to be done.
        manifest: of the hub.
        phases: every run of every phase, in any order.
        attempts: every attempt by the path of its record.
        blockers: every blocker by its path.
        criteria: the initiative's exit criteria.
        next_steps: what is to be done next, a line each.
        comparisons: every comparison by the path of its record.
        localizations: likewise.
        figures: what the pictures of each run show, likewise.
        environments: what processes saw, likewise.
        journal: what people added between the runs.
    """
    evidence = Evidence(
        items={item.path: item for item in manifest.artifacts},
        attempts=attempts,
        blockers=blockers,
        comparisons=comparisons,
        localizations=localizations,
        journal=journal,
        figures=figures,
        environments=environments,
        plan=plan,
    )
    groups = group_artifacts(plan=plan, manifest=manifest, phases=phases, attempts=attempts)
    sections = _build_sections(runs := _group_runs(phases), groups, evidence)
    return SummaryView(
        initiative=plan.initiative.id,
        title=plan.initiative.title,
        hub=plan.initiative.hub,
        stamp=manifest.stamp,
        created=manifest.created,
        answer=_answer(plan, runs, sections, evidence),
        red_gates=_list_red_gates(sections),
        glance=_build_glance(plan, sections),
        next_steps=[weave_links(step, evidence.items) for step in next_steps],
        phases=sections,
        criteria=[build_item(tick, evidence.items) for tick in criteria],
        blockers=build_blockers(journal),
        decisions=build_decisions(journal),
        turns=build_turns(journal),
    )


def _answer(
    plan: Plan,
    runs: Sequence[Sequence[PhaseRecord]],
    sections: Sequence[PhaseView],
    evidence: Evidence,
) -> AnswerView:
    newest = [newest for newest, *_ in runs]
    used = [side["dataset"] for phase in sections for side in phase["sides"]]
    ids = [phase.id for phase in plan.phases]
    return build_answer(newest, ids, list(filter(None, used)), evidence.items)


def _group_runs(phases: Sequence[PhaseRecord]) -> list[list[PhaseRecord]]:
    """Group the runs of each phase, in both the newest first."""
    newest_first = sorted(
        phases, key=lambda phase: (phase.ended, phase.started, phase.run), reverse=True
    )
    runs: dict[str, list[PhaseRecord]] = {}
    for run in newest_first:
        runs.setdefault(run.phase, []).append(run)
    return list(runs.values())


def _build_sections(
    runs: Sequence[Sequence[PhaseRecord]],
    groups: Mapping[Owner, Sequence[ManifestItem]],
    evidence: Evidence,
) -> list[PhaseView]:
    """Build a section for the newest run of each phase."""
    sections = []
    for newest, *earlier in runs:
        owned = [items for (phase, _), items in groups.items() if phase == newest.phase]
        sections.append(
            build_phase_view(newest, earlier, list(chain.from_iterable(owned)), evidence)
        )
    return sections


def _build_glance(plan: Plan, sections: Sequence[PhaseView]) -> list[GlanceRow]:
    """List the plan's phases in its order, then those that it no longer has."""
    known = {section["id"]: section for section in sections}
    ids = dict.fromkeys([*(phase.id for phase in plan.phases), *known])
    return [
        GlanceRow(id=id_, state=run["state"], verdict=run["verdict"], reason=run["reason"])
        if (run := known.get(id_))
        else GlanceRow(id=id_, state="pending", verdict=None, reason=["no whole run in this hub"])
        for id_ in ids
    ]


def _list_red_gates(sections: Sequence[PhaseView]) -> list[RedGateView]:
    return [
        RedGateView(
            phase=phase["id"],
            policy=gate["continued_under"],
            policy_text=dict(phase["policies"])[gate["continued_under"]],
            reason=gate["reason"],
            log=gate["log"],
        )
        for phase in sections
        if (gate := phase["gate"]) and gate["continued_under"]
    ]
