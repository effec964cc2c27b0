"""What the summary shows of one phase: its newest run, and that there were others."""

from collections.abc import Mapping, Sequence
from posixpath import dirname
from typing import NamedTuple, TypedDict

from parityhub.hub.figure_records import FiguresRecord
from parityhub.hub.layout import curves_path, figures_path, split_folder
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.hub.records import (
    BlockerRecord,
    CheckRecord,
    EnvironmentRecord,
    GateRecord,
    ManifestItem,
    PhaseRecord,
    TickRecord,
)
from parityhub.plan.model import Plan, TrainedCheck
from parityhub.report.artifact_groups import find_phase_path
from parityhub.report.environment_view import EnvironmentView, build_environment
from parityhub.report.figure_view import (
    CheckFiguresView,
    FiguresView,
    build_check_figures,
    build_figures,
)
from parityhub.report.journal_view import Journal, TouchedView, build_touched
from parityhub.report.links import (
    Link,
    Prose,
    Value,
    link_file,
    list_values,
    place_in,
    show_check_number,
    show_recorded,
    weave_links,
)
from parityhub.report.parity_view import ParityView, build_parity_view
from parityhub.report.rung_view import (
    BlockerLine,
    Blockers,
    TimelineView,
    build_blocker,
    build_timeline,
)
from parityhub.report.side_view import (
    Attempts,
    NumbersView,
    SideView,
    build_numbers,
    build_sides,
    find_counting,
)


class Evidence(NamedTuple):
    """What a phase's view is built from, besides its own record."""

    items: Mapping[str, ManifestItem]
    """the whole manifest, by path"""
    attempts: Attempts
    blockers: Mapping[str, BlockerRecord]
    comparisons: Mapping[str, ComparisonRecord]
    localizations: Mapping[str, LocalizationRecord]
    journal: Journal
    figures: Mapping[str, FiguresRecord]
    environments: Mapping[str, EnvironmentRecord]
    plan: Plan

    @property
    def policies(self) -> Mapping[str, str]:
        """The text of each policy by its id."""
        return {policy.id: policy.text for policy in self.plan.policies}


class CheckView(TypedDict):
    """A check with each number that it computed or used."""

    id: str
    kind: str
    title: str
    verdict: str
    reason: Prose
    tolerance: str
    numbers: list[tuple[str, Value]]
    beside: list[float | int | str | None]
    parity: ParityView | None
    pictures: CheckFiguresView


class CaseView(TypedDict):
    """One test of the gate."""

    name: str
    outcome: str
    seconds: Value
    message: str


class GateView(TypedDict):
    """The gate: how many tests, how long, and where it is written."""

    color: str
    reason: Prose
    counts: list[tuple[str, Value]]
    seconds: Value
    log: Link
    blocker: Link | None
    continued_under: str | None
    cases: list[CaseView]


class ItemView(TypedDict):
    """A sub-step or exit criterion."""

    id: str
    text: str
    ticked: bool
    evidence: list[Prose]


class PhaseView(TypedDict):
    """A phase's section of the summary."""

    id: str
    title: str
    run: int
    state: str
    verdict: str
    reason: Prose
    started: str
    ended: str
    seconds: Value
    commit: str | None
    dirty: bool | None
    brief: Link
    plan: Link
    gate: GateView | None
    sides: list[SideView]
    numbers: NumbersView
    checks: list[CheckView]
    pictures: list[tuple[str, Link]]
    figures: FiguresView | None
    blockers: list[BlockerLine]
    timeline: list[TimelineView]
    environment: EnvironmentView | None
    differences: list[str]
    owed: list[str]
    settled: bool
    steps: list[ItemView]
    touched: TouchedView | None
    written: list[Link]
    updated: list[Link]
    policies: list[tuple[str, str]]
    earlier: list[tuple[str, Link]]
    """verdict and record of earlier runs, newest first"""


def build_phase_view(
    phase: PhaseRecord,
    earlier: Sequence[PhaseRecord],
    owned: Sequence[ManifestItem],
    evidence: Evidence,
) -> PhaseView:
    """Build a phase's section.

    Args:
        phase: its newest run.
        earlier: its other runs, newest first.
        owned: the hub's files that belong to the phase.
        evidence: what the record refers to.
    """
    record = find_phase_path(phase)
    note = phase.dataset_note
    touched = evidence.journal.touched.get((phase.phase, phase.run))
    sides = build_sides(phase, evidence.attempts)
    drawn = figures_path(split_folder(phase.brief), phase.phase, phase.run)
    labels = {side["name"]: side["label"] for side in sides}
    blockers = Blockers(evidence.blockers, evidence.journal.blockers)
    return PhaseView(
        id=phase.phase,
        title=phase.title,
        run=phase.run,
        state=phase.state,
        verdict=phase.verdict,
        reason=weave_links(phase.reason, evidence.items),
        started=phase.started,
        ended=phase.ended,
        seconds=show_recorded(phase.seconds, place_in(record, "seconds")),
        commit=phase.git_commit,
        dirty=phase.git_dirty,
        brief=link_file(phase.brief, text="brief"),
        plan=link_file(phase.plan, text="plan"),
        gate=_build_gate(phase.gate, record, evidence) if phase.gate else None,
        sides=sides,
        numbers=build_numbers(phase, evidence.attempts),
        checks=[
            _build_check(check, (record, n), drawn, evidence)
            for n, check in enumerate(phase.checks)
        ],
        pictures=_list_pictures(phase, owned, evidence),
        figures=build_figures(evidence.figures.get(drawn), drawn, labels),
        blockers=[build_blocker(path, blockers) for path in phase.blockers],
        timeline=build_timeline(sides, blockers),
        environment=_build_environment(phase, labels, evidence),
        differences=list(note.differences) if note else [],
        owed=list(note.owed) if note else [],
        settled=note.settled if note else True,
        steps=[build_item(step, evidence.items) for step in phase.steps],
        touched=build_touched(touched.touched) if touched else None,
        written=[_link_item(item.path) for item in owned if item.role == "evidence"],
        updated=[_link_item(item.path) for item in owned if item.role == "derived"],
        policies=_cite_policies(phase, evidence.policies),
        earlier=[(run.verdict, link_file(find_phase_path(run))) for run in earlier],
    )


def build_item(tick: TickRecord, items: Mapping[str, ManifestItem]) -> ItemView:
    """Build the view of a sub-step or exit criterion."""
    evidence = [weave_links(entry, items) for entry in tick.evidence]
    return ItemView(id=tick.id, text=tick.text, ticked=tick.ticked, evidence=evidence)


def _link_item(path: str) -> Link:
    """Link to a file by its folder and name, as many folders hold an `attempt.json`."""
    return link_file(path, text="/".join(path.split("/")[-2:]))


def _build_gate(gate: GateRecord, record: str, evidence: Evidence) -> GateView:
    counts = {
        "passed": gate.passed,
        "failed": gate.failed,
        "errors": gate.errors,
        "skipped": gate.skipped,
    }
    return GateView(
        color=gate.color,
        reason=weave_links(gate.reason, evidence.items),
        counts=[
            (name, show_recorded(count, place_in(record, "gate", name)))
            for name, count in counts.items()
        ],
        seconds=show_recorded(gate.seconds, place_in(record, "gate", "seconds")),
        log=link_file(gate.log),
        blocker=link_file(gate.blocker, text="blocker") if gate.blocker else None,
        continued_under=gate.continued_under,
        cases=[
            CaseView(
                name=case.name,
                outcome=case.outcome,
                seconds=show_recorded(
                    case.seconds, place_in(record, "gate", "cases", n, "seconds")
                ),
                message=case.message,
            )
            for n, case in enumerate(gate.cases)
        ],
    )


def _build_environment(
    phase: PhaseRecord, labels: Mapping[str, str], evidence: Evidence
) -> EnvironmentView | None:
    sides = []
    for side in phase.sides:
        counting = find_counting(side, evidence.attempts)
        path = counting[1].env_capture if counting else None
        if path is not None and path in evidence.environments:
            sides.append((labels[side.name], path, evidence.environments[path]))
    return build_environment(sides)


def _build_check(
    check: CheckRecord, place: tuple[str, int], drawn: str, evidence: Evidence
) -> CheckView:
    record, index = place
    numbers = [
        (
            number.name,
            show_check_number(number, place_in(record, "checks", index, "numbers", n, "value")),
        )
        for n, number in enumerate(check.numbers)
    ]
    return CheckView(
        id=check.id,
        kind=check.kind,
        title=check.title,
        verdict=check.verdict,
        reason=weave_links(check.reason, evidence.items),
        tolerance=check.tolerance,
        numbers=numbers,
        beside=list_values([value for _, value in numbers]),
        parity=build_parity_view(check, evidence.comparisons, evidence.localizations),
        pictures=_build_pictures(check, drawn, evidence),
    )


def _build_pictures(check: CheckRecord, drawn: str, evidence: Evidence) -> CheckFiguresView:
    figures = evidence.figures.get(drawn)
    found = [(n, item) for n, item in enumerate(figures.checks if figures else ())]
    index, figure = next(((n, i) for n, i in found if i.check == check.id), (0, None))
    path = check.comparison
    comparison = evidence.comparisons.get(path) if path else None
    return build_check_figures(
        figure,
        drawn,
        index,
        name_images(evidence.plan, figures.phase if figures else "", check.id),
        (path, comparison) if path and comparison else None,
    )


def name_images(plan: Plan, phase_id: str, check_id: str) -> tuple[str, str]:
    """Return the names of the two images that a check of the plan compares."""
    phase = plan.find_phase(phase_id)
    for check in phase.checks if phase else ():
        if check.id == check_id and isinstance(check, TrainedCheck):
            return check.left, check.right
    return "left", "right"


def _list_pictures(
    phase: PhaseRecord, owned: Sequence[ManifestItem], evidence: Evidence
) -> list[tuple[str, Link]]:
    """List the pictures of this run: of its checks, its curves, and the attempts that count."""
    counting = [find_counting(side, evidence.attempts) for side in phase.sides]
    folders = tuple(f"{dirname(found[0])}/" for found in counting if found)
    pictures = [path for check in phase.checks for path in check.pictures]
    pictures.append(curves_path(split_folder(phase.brief), phase.phase, phase.run))
    pictures += [
        item.path for item in owned if item.path.endswith(".png") and item.path.startswith(folders)
    ]
    return [
        (item.shows, link_file(item.path, text=item.shows))
        for path in dict.fromkeys(pictures)
        if (item := evidence.items.get(path))
    ]


def _cite_policies(phase: PhaseRecord, policies: Mapping[str, str]) -> list[tuple[str, str]]:
    cited = [side.exhausted_under for side in phase.sides]
    cited.append(phase.gate.continued_under if phase.gate else None)
    return [(id_, policies.get(id_, "")) for id_ in dict.fromkeys(cited) if id_]
