"""The check `same-weights`: a pair compared and localised, and all that it left kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from parityhub.compare.evidence import Evidence, Missing
from parityhub.compare.findings import Finding, conclude
from parityhub.compare.parity_check import answer_check
from parityhub.compare.readings import defer
from parityhub.compare.referee.ask import compare_pair
from parityhub.compare.referee.request import SIDES
from parityhub.errors import DataError, EvidenceError, PlanError
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.hub.records import CheckRecord, EnvironmentRecord
from parityhub.plan.model import SameWeightsCheck
from parityhub.plan.pair import Pair
from parityhub.run import environment
from parityhub.run.datasets import provide_dataset
from parityhub.run.expand import choose_python, locate_data
from parityhub.run.git import read_git_state
from parityhub.run.hiding import make_hider
from parityhub.run.pair_sides import Workplace, name_sides
from parityhub.run.setting import Setting
from parityhub.workflow.examinations import number_examination
from parityhub.workflow.pair import Prepared, prepare_pair
from parityhub.workflow.pair_cache import keep_comparison, recall_comparison
from parityhub.workflow.pair_localize import localize_pair
from parityhub.workflow.pair_weights import find_bundle

KEEP_LIMIT = 64 << 20
"""bytes of a file of arrays; a larger one stays outside the hub"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A check about a pair, and where its evidence goes."""

    setting: Setting
    history: History
    evidence: Evidence
    check: SameWeightsCheck
    number: int
    """which examination of this check it is, from 1"""

    @property
    def pair(self) -> Pair:
        """The pair that it is about."""
        return self.setting.plan.pairs[self.check.pair]

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What the paths of its evidence are built from."""
        phase = self.setting.phase
        return phase.folder, phase.id, self.check.id, self.number

    @property
    def cache(self) -> Path:
        """Where what takes long is kept for the next time, outside the hub."""
        return self.setting.root / self.setting.plan.initiative.outputs / "cache"

    @property
    def made_by(self) -> str:
        """Who made what it leaves."""
        return f"{self.setting.phase.id} check {self.check.id} examination {self.number}"


def open_case(
    setting: Setting, history: History, evidence: Evidence, check: SameWeightsCheck
) -> Case:
    """Open the next examination of a check."""
    number = number_examination(setting.hub, setting.phase, check.id)
    return Case(setting=setting, history=history, evidence=evidence, check=check, number=number)


def answer_same_weights(
    setting: Setting, history: History, evidence: Evidence, check: SameWeightsCheck
) -> CheckRecord:
    """Compare a pair, say where its sides part, keep both, and answer the check.

    What keeps it from being answered (a bundle or data set that is missing, an interpreter that is
    not there, a model that cannot be built) makes it INCONCLUSIVE, and says so.
    """
    case = open_case(setting, history, evidence, check)
    try:
        bundle = find_bundle(case.pair, evidence)
        if isinstance(bundle, Missing):
            return conclude(check, [defer(bundle)]).record
        with examine(case, bundle) as prepared:
            comparison = compare(case, prepared)
            localization = localize(case, prepared, comparison) if check.localize else None
    except (DataError, EvidenceError, PlanError) as error:
        return conclude(check, [Finding("INCONCLUSIVE", error.message)]).record
    path = layout.comparison_path(*case.key)
    where = None if localization is None else (layout.localization_path(*case.key), localization)
    return answer_check(check, comparison, path, where)


@contextmanager
def examine(case: Case, bundle: Path | None) -> Iterator[Prepared]:
    """Start a pair's children; what they said and saw is kept, however it ends."""
    place = make_workplace(case)
    try:
        with prepare_pair(case.check.pair, case.pair, place, bundle) as prepared:
            yield prepared
    finally:
        keep_logs(case, place)


def localize_check(
    setting: Setting, history: History, evidence: Evidence, check: SameWeightsCheck
) -> tuple[str, LocalizationRecord]:
    """Say where a pair's sides part, and keep it; return its path and record.

    Raises:
        EvidenceError: the bundle is missing, or a model cannot be built.
    """
    case = open_case(setting, history, evidence, check)
    bundle = find_bundle(case.pair, evidence)
    if isinstance(bundle, Missing):
        raise EvidenceError(bundle.reason, hint=f"parityhub brief {setting.phase.id} shows why")
    with examine(case, bundle) as prepared:
        comparison = compare(case, prepared)
        return layout.localization_path(*case.key), localize(case, prepared, comparison)


def make_workplace(case: Case) -> Workplace:
    """Return where a pair's children work; the data set is made where it is missing.

    Raises:
        DataError: the data set cannot be made.
    """
    setting = case.setting
    provide_dataset(setting, case.pair.dataset)
    return Workplace(
        root=setting.root,
        folder=setting.outputs / setting.phase.id / f"pair_{case.check.id}_{case.number}",
        data=locate_data(setting.plan, case.pair.dataset, setting.root),
        inherited=setting.inherited,
        controlled=setting.plan.controlled_variables(),
        pythons={
            side: choose_python(setting.plan, implementation.python, setting.python, setting.root)
            for side, implementation in name_sides(case.pair).items()
        },
        tell=setting.tell,
        tick=setting.tick,
    )


def compare(case: Case, prepared: Prepared) -> ComparisonRecord:
    """Compare a pair and keep the record and the arrays that it speaks of."""
    case.setting.tell(f"{case.setting.phase.id} check {case.check.id}: comparing")
    probes = prepared.probes
    earlier = recall_comparison(case.cache, case.check.pair)
    request = replace(prepared.request, earlier=earlier)
    record = compare_pair(probes["tensorflow"], probes["pytorch"], request)
    keep_comparison(case.cache, record)
    hub = case.setting.hub
    keep_given(case, prepared)
    keep_outputs(case, prepared)
    hub.keep_record(
        layout.comparison_path(*case.key),
        record,
        made_by=case.made_by,
        shows=f"comparison of {case.check.pair}: {record.verdict}",
    )
    hub.save_manifest()
    case.history.comparisons[layout.comparison_path(*case.key)] = record
    return record


def keep_given(case: Case, prepared: Prepared) -> None:
    """Keep what both sides got: guards put the very same numbers to them again."""
    for what in ("inputs", "weights"):
        file = prepared.request.folder / f"{what}_tensorflow.npz"
        if file.stat().st_size <= KEEP_LIMIT:
            case.setting.hub.keep_copy(
                file,
                layout.pair_given_path(*case.key, what),
                made_by=case.made_by,
                shows=f"{what} that both sides got, by TensorFlow's names",
            )


def keep_outputs(case: Case, prepared: Prepared) -> None:
    """Keep what both sides gave in the dtype that was compared."""
    for side in SIDES:
        folder = prepared.request.folder / side / case.pair.dtype
        for file in sorted(folder.glob("*.npy")):
            if file.stat().st_size <= KEEP_LIMIT:
                case.setting.hub.keep_copy(
                    file,
                    layout.pair_output_path(*case.key, side, file.name),
                    made_by=case.made_by,
                    shows=f"output of {side} for the shared input",
                )


def localize(case: Case, prepared: Prepared, comparison: ComparisonRecord) -> LocalizationRecord:
    """Say where a pair's sides part, and keep it."""
    case.setting.tell(f"{case.setting.phase.id} check {case.check.id}: looking for the layer")
    record = localize_pair(
        prepared.probes, prepared.request, prepared.mapping, comparison, case.cache
    )
    path = layout.localization_path(*case.key)
    case.setting.hub.keep_record(
        path,
        record,
        made_by=case.made_by,
        shows=f"localisation of {case.check.pair}: {record.verdict}",
    )
    case.setting.hub.save_manifest()
    case.history.localizations[path] = record
    return record


def keep_logs(case: Case, place: Workplace) -> None:
    """Keep what both children said and the environment that they saw."""
    setting, hub = case.setting, case.setting.hub
    implementations = name_sides(case.pair)
    git = read_git_state(setting.root)
    for side in SIDES:
        hider = make_hider({**setting.inherited, **implementations[side].env}, setting.root)
        if place.log(side).exists():
            text = place.log(side).read_text(encoding="utf-8", errors="replace")
            hub.keep_bytes(
                layout.pair_log_path(*case.key, side),
                hider.hide_text(text).encode(),
                made_by=case.made_by,
                shows=f"output of the process that held the model of {side}",
            )
        processes = environment.read_processes(place.capture(side), side)
        record = EnvironmentRecord(
            baseline=side,
            attempt=case.number,
            rung="as-is",
            level="self-reported" if processes else "launcher",
            asked=hider.hide_env(dict(implementations[side].env)),
            differences=tuple(
                environment.list_differences(dict(implementations[side].env), (), processes)
            ),
            launched=(),
            processes=tuple(hider.hide_tree(processes)),
            git_commit=git.commit,
            git_dirty=git.dirty,
        )
        hub.keep_record(
            layout.pair_env_path(*case.key, side),
            record,
            made_by=case.made_by,
            shows=f"environment of the process that held the model of {side}",
        )
    hub.save_manifest()
