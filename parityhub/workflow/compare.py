"""compare, localize: a phase's questions about its pair, put again outside of a run."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from parityhub.compare.checks import judge_check
from parityhub.compare.evidence import Evidence
from parityhub.compare.parity_check import answer_check
from parityhub.compare.referee.rejudge import rejudge_comparison
from parityhub.compare.referee.tolerance import Override, read_override
from parityhub.errors import RequiredPhaseError, UsageError
from parityhub.hub import layout
from parityhub.hub.history import History, read_history
from parityhub.hub.lock import hold_hub
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.hub.records import CheckRecord
from parityhub.hub.store import Clock, Hub
from parityhub.plan.model import AnyCheck, OutputsCheck, Phase, SameWeightsCheck, TrainedCheck
from parityhub.plan.read import LoadedPlan
from parityhub.run.setting import Setting, Tell, Tick
from parityhub.workflow.evidence import gather_recorded
from parityhub.workflow.examinations import number_examination
from parityhub.workflow.hubs import open_hub
from parityhub.workflow.outputs_check import answer_outputs, keep_comparison
from parityhub.workflow.pair_check import answer_same_weights, localize_check
from parityhub.workflow.request import find_phase

COMPARISONS = (SameWeightsCheck, OutputsCheck, TrainedCheck)


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A compare or localize as it was asked for."""

    phase: str
    check: str | None
    """only this one; None: all of the phase"""
    reports: Path
    hub: Path | None
    root: Path
    inherited: Mapping[str, str]
    clock: Clock
    tell: Tell
    tick: Tick


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A hub held, and what is put to it."""

    setting: Setting
    history: History
    evidence: Evidence


def compare_phase(loaded: LoadedPlan, inquiry: Inquiry) -> tuple[Bench, list[CheckRecord]]:
    """Put a phase's comparisons again, and keep what they find.

    Raises:
        UsageError: the phase asks for none.
        HubError: there is no hub, or somebody else works on it.
    """
    phase = find_phase(loaded.plan, inquiry.phase)
    checks = choose_checks(phase, inquiry.check, COMPARISONS)
    with hold_bench(loaded, inquiry, "compare") as bench:
        return bench, [put_comparison(bench, check) for check in checks]


def put_comparison(bench: Bench, check: AnyCheck) -> CheckRecord:
    """Put one comparison."""
    bench.setting.tell(f"{bench.setting.phase.id} check {check.id}: {check.title}")
    if isinstance(check, SameWeightsCheck):
        alone = msgspec.structs.replace(check, localize=False)
        return answer_same_weights(bench.setting, bench.history, bench.evidence, alone)
    if isinstance(check, OutputsCheck):
        return answer_outputs(bench.setting, bench.history, bench.evidence, check)
    return judge_check(check, bench.evidence).record


def rejudge_phase(loaded: LoadedPlan, inquiry: Inquiry) -> tuple[Bench, list[CheckRecord]]:
    """Judge a phase's stored comparisons again, under the plan's tolerances; nothing is run.

    Raises:
        RequiredPhaseError: there is no comparison of a check yet.
    """
    phase = find_phase(loaded.plan, inquiry.phase)
    checks = choose_checks(phase, inquiry.check, (SameWeightsCheck, OutputsCheck))
    with hold_bench(loaded, inquiry, "compare --rejudge") as bench:
        return bench, [rejudge_check(loaded, bench, check) for check in checks]


def rejudge_check(loaded: LoadedPlan, bench: Bench, check: AnyCheck) -> CheckRecord:
    """Judge the newest comparison of a check again."""
    assert isinstance(check, SameWeightsCheck | OutputsCheck)
    phase = bench.setting.phase
    path, stored = find_newest(bench, check.id)
    declared = (
        loaded.plan.pairs[check.pair].outputs
        if isinstance(check, SameWeightsCheck)
        else check.outputs
    )
    known = {output.name for output in stored.outputs}
    overrides: dict[str, Override] = {
        output.name: override
        for output in declared
        if output.name in known and (override := read_override(output)) is not None
    }
    judged = rejudge_comparison(stored, overrides)
    judged = msgspec.structs.replace(judged, rejudges=path)
    kept = keep_comparison(bench.setting, bench.history, check.id, judged)
    bench.setting.tell(f"{phase.id} check {check.id}: judged again")
    return answer_check(check, judged, kept, None)


def find_newest(bench: Bench, check: str) -> tuple[str, ComparisonRecord]:
    """Return the newest comparison of a check, by its number.

    Raises:
        RequiredPhaseError: there is none.
    """
    phase = bench.setting.phase
    for number in range(number_examination(bench.setting.hub, phase, check) - 1, 0, -1):
        path = layout.comparison_path(phase.folder, phase.id, check, number)
        if path in bench.history.comparisons:
            return path, bench.history.comparisons[path]
    raise RequiredPhaseError(
        f"{phase.id} has no comparison of {check} in this hub",
        hint=f"parityhub compare {phase.id}",
    )


def localize_phase(
    loaded: LoadedPlan, inquiry: Inquiry
) -> tuple[Bench, list[tuple[str, LocalizationRecord]]]:
    """Say for each pair of a phase where its sides part, and keep it.

    Raises:
        UsageError: the phase asks about no pair.
        EvidenceError: it cannot be said: a bundle is missing, a model cannot be built.
    """
    phase = find_phase(loaded.plan, inquiry.phase)
    checks = choose_checks(phase, inquiry.check, (SameWeightsCheck,))
    with hold_bench(loaded, inquiry, "localize") as bench:
        return bench, [
            localize_check(bench.setting, bench.history, bench.evidence, check)
            for check in checks
            if isinstance(check, SameWeightsCheck)
        ]


def choose_checks(
    phase: Phase, named: str | None, kinds: tuple[type[AnyCheck], ...]
) -> list[AnyCheck]:
    """Return the checks of a phase that are meant.

    Raises:
        UsageError: there is none of that name or kind.
    """
    offered = [check for check in phase.checks if isinstance(check, kinds)]
    chosen = [check for check in offered if named in (None, check.id)]
    if not chosen:
        names = ", ".join(check.id for check in offered)
        words = ", ".join(str(kind.__struct_config__.tag) for kind in kinds)
        raise UsageError(
            f"{phase.id} has no {'such check' if named and names else f'check of kind {words}'}",
            hint=f"name one of {names}" if names else "name a phase that compares, or add a check",
        )
    return chosen


@contextmanager
def hold_bench(loaded: LoadedPlan, inquiry: Inquiry, command: str) -> Iterator[Bench]:
    """Hold the hub while something is put to it; its views are rendered anew on the way out."""
    hub = open_hub(loaded, inquiry.reports, inquiry.hub, inquiry.clock)
    phase = find_phase(loaded.plan, inquiry.phase)
    since = layout.format_time(inquiry.clock())
    with hold_hub(hub.root, command=f"parityhub {command} {phase.id}", since=since):
        hub = Hub.open(hub.root, inquiry.clock)
        hub.take_in_strays()
        history = read_history(hub)
        last = history.last_phase(phase.id)
        setting = Setting(
            plan=loaded.plan,
            phase=phase,
            hub=hub,
            number=last.run if last else 1,
            root=inquiry.root,
            inherited=inquiry.inherited,
            python=sys.executable,
            tell=inquiry.tell,
            tick=inquiry.tick,
        )
        evidence = gather_recorded(loaded.plan, phase, history, hub)
        try:
            yield Bench(setting=setting, history=history, evidence=evidence)
        finally:
            hub.save_manifest()


Inquire = Callable[[LoadedPlan, Inquiry], tuple[Bench, list[CheckRecord]]]
