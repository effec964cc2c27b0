"""diff-stats: the statistics of two phases, or of two files, beside each other."""

from dataclasses import dataclass
from pathlib import Path

from parityhub.compare.stats import diff_stats
from parityhub.compare.stats_file import read_stats_json
from parityhub.errors import RequiredPhaseError, UsageError
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.lock import hold_hub
from parityhub.hub.records import AttemptRecord
from parityhub.hub.stat_records import DiffRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.report.metrics_view import build_metrics_view
from parityhub.report.render import render_template

SECTIONS = ("patch_amplitude", "canvas_amplitude")


@dataclass(frozen=True)
class Side:
    """One side of diff-stats: a baseline of a phase."""

    name: str
    folder: str
    attempt: AttemptRecord


def choose_sides(plan: Plan, history: History, base: str, candidate: str) -> tuple[Side, Side]:
    """Choose which baselines of two phases are compared: PHASE, or PHASE:BASELINE.

    Without a name it is the baseline that both phases have; of several, one must be named.

    Raises:
        UsageError: no such phase or baseline, or more than one would do.
        RequiredPhaseError: a phase has not run, or that baseline of it did not pass.
    """
    names = [reference.partition(":") for reference in (base, candidate)]
    offered = [list_baselines(plan, phase, named) for phase, _, named in names]
    common = [name for name in offered[0] if name in offered[1]]
    if names[0][2] and names[1][2]:
        chosen = [names[0][2], names[1][2]]
    elif len(common) == 1:
        chosen = [common[0], common[0]]
    else:
        found = f"have {', '.join(common)} in common" if common else "have no baseline in common"
        raise UsageError(
            f"{base} and {candidate} {found}",
            hint=f"name them: {names[0][0]}:{offered[0][0]} {names[1][0]}:{offered[1][0]}",
        )
    sides = [
        choose_side(plan, history, phase, name)
        for (phase, _, _), name in zip(names, chosen, strict=True)
    ]
    return sides[0], sides[1]


def list_baselines(plan: Plan, phase_id: str, named: str) -> list[str]:
    """Return the baselines of a phase that a reference may mean."""
    phase = plan.find_phase(phase_id)
    if phase is None:
        known = ", ".join(phase.id for phase in plan.phases)
        raise UsageError(f"no phase {phase_id} in the plan", hint=f"its phases are {known}")
    offered = [run.baseline for run in phase.runs]
    if not offered:
        raise UsageError(f"{phase_id} runs no baseline", hint="compare phases that run one")
    if named and named not in offered:
        raise UsageError(
            f"{phase_id} has no baseline {named}", hint=f"it runs {', '.join(offered)}"
        )
    return [named] if named else offered


def choose_side(plan: Plan, history: History, phase_id: str, name: str) -> Side:
    """Return the attempt that counts for a baseline of a phase."""
    attempt = history.counting_attempt(phase_id, name)
    if attempt is None:
        last = history.last_phase(phase_id)
        why = "has not run in this hub" if last is None else f"left no {name} that passed"
        raise RequiredPhaseError(f"{phase_id} {why}", hint=f"parityhub run-phase {phase_id}")
    phase = plan.find_phase(phase_id)
    run = phase.find_run(name) if phase else None
    assert phase is not None
    assert run is not None
    return Side(f"{phase_id}:{name}", phase.folder_of(run), attempt)


def diff_phases(
    hub: Hub, plan: Plan, history: History, base: str, candidate: str, collapse_below: float
) -> tuple[DiffRecord, tuple[str, ...]]:
    """Compare two phases and write the table, mirrored into both phases' analysis/.

    Returns:
        The comparison and the paths of the tables.
    """
    left, right = choose_sides(plan, history, base, candidate)
    record = diff_stats(
        left.attempt.stats,
        right.attempt.stats,
        base_name=left.name,
        candidate_name=right.name,
        sections=SECTIONS,
        collapse_below=collapse_below,
    )
    data = render_metrics(record, plan).encode()
    paths = [
        layout.metrics_path(folder, base, candidate)
        for folder in dict.fromkeys(("", left.folder, right.folder))
    ]
    since = layout.format_time(hub.clock())
    with hold_hub(hub.root, command=f"parityhub diff-stats {base} {candidate}", since=since):
        # What another process kept since the manifest was read must not be lost.
        held = Hub.open(hub.root, hub.clock)
        for path in paths:
            shows = f"{left.name} against {right.name}"
            digest = held.replace_view(path, data, made_by="diff-stats", shows=shows)
            held.replace_sidecar(digest, made_by="diff-stats")
        held.save_manifest()
    return record, tuple(str(hub.root / path) for path in paths)


def diff_files(base: Path, candidate: Path, collapse_below: float) -> DiffRecord:
    """Compare two stats.json files."""
    return diff_stats(
        read_stats_json(base),
        read_stats_json(candidate),
        base_name=str(base),
        candidate_name=str(candidate),
        sections=SECTIONS,
        collapse_below=collapse_below,
    )


def render_metrics(record: DiffRecord, plan: Plan | None) -> str:
    """Render a comparison as the text table."""
    return render_template(
        "metrics.txt.j2", build_metrics_view(record, plan.policies if plan else ())
    )
