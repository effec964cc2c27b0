"""From accepted evidence to a guard: a small pytest module, and what it holds against."""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import msgspec

from parityhub.capture.files import open_atomically
from parityhub.errors import EvidenceError, RequiredPhaseError, UsageError
from parityhub.guards.reference import (
    GuardedOutput,
    Reference,
    shorten,
    write_reference,
)
from parityhub.hub import layout
from parityhub.hub.digests import digest_file
from parityhub.hub.history import History
from parityhub.hub.parity_records import ComparisonRecord
from parityhub.hub.records import CheckRecord, Digest, PhaseRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import AnyCheck, Phase, SameWeightsCheck
from parityhub.plan.question import describe_question
from parityhub.plan.read import LoadedPlan
from parityhub.report.render import render_template
from parityhub.run.git import list_ignored
from parityhub.workflow.guarded import guard_module

GUARDS = {
    "variance": "Outputs of a small seeded run are not flat.",
    "scale": "Outputs of a small seeded run are of the size that they were.",
    "evidence": "A small seeded run still answers what it answered.",
}
"""what the runs of a phase are guarded against, by the name of the guard"""
RUNS = "runs"
"""folder of what the runs of a phase are held against"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A guard as it was asked for."""

    phase: Phase
    root: Path
    """the repository"""
    folder: Path
    """where the module goes"""
    data: str
    """`beside` or `hub`"""
    replace: bool


@dataclass
class Written:
    """What a guard guards, and what it does not, and why."""

    module: Path
    guarded: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """files that it needs and git ignores: without them it fails elsewhere"""


def write_guard(loaded: LoadedPlan, hub: Hub, history: History, wanted: Wanted) -> Written:
    """Write a guard of each check that passed in the newest run of a phase.

    Raises:
        RequiredPhaseError: the phase has not run.
        EvidenceError: nothing of it passed: a guard holds what was accepted.
        UsageError: there is a guard already.
    """
    record = history.last_phase(wanted.phase.id)
    if record is None:
        raise RequiredPhaseError(
            f"{wanted.phase.id} has not run in {hub.root}: there is nothing to guard",
            hint=f"parityhub run-phase {wanted.phase.id}",
        )
    module = wanted.folder / guard_module(wanted.phase.id)
    references = wanted.folder / "reference" / wanted.phase.id
    if not wanted.replace and (module.exists() or references.exists()):
        raise UsageError(
            f"{module}: there is a guard of {wanted.phase.id} already",
            hint='accept a change with pytest --parity-update --parity-reason "why", or --replace',
        )
    written = Written(module)
    pairs, runs = sort_checks(wanted.phase, record, written)
    if not pairs and not runs:
        reasons = "; ".join(f"{name} {why}" for name, why in written.left) or "it has no check"
        raise EvidenceError(
            f"{wanted.phase.id}: nothing was accepted that could be guarded: {reasons}",
            hint=f"parityhub brief {wanted.phase.id}",
        )
    shutil.rmtree(references, ignore_errors=True)
    base = Reference(
        plan=shorten(loaded.path, wanted.root),
        phase=wanted.phase.id,
        hub=shorten(hub.root, wanted.root),
        accepted=record.ended,
        commit=record.git_commit,
        checks=(),
    )
    for check, answer in pairs:
        keep_pair(references / check.id, base, check, answer, hub, history, wanted)
    if runs:
        keep_runs(references / RUNS, base, [answer for _, answer in runs])
    written.guarded = [check.id for check, _ in (*pairs, *runs)]
    with open_atomically(module) as stream:
        stream.write(render_module(base, pairs, runs).encode())
    needed = [loaded.path, module, references, *([hub.root] if wanted.data == "hub" else [])]
    written.ignored = list_ignored(wanted.root, needed)
    return written


Answered = tuple[AnyCheck, CheckRecord]


def sort_checks(
    phase: Phase, record: PhaseRecord, written: Written
) -> tuple[list[tuple[SameWeightsCheck, CheckRecord]], list[Answered]]:
    """Return the checks about pairs, and those about the phase's runs, that can be guarded."""
    answers = {answer.id: answer for answer in record.checks}
    pairs: list[tuple[SameWeightsCheck, CheckRecord]] = []
    runs: list[Answered] = []
    for check in phase.checks:
        answer = answers.get(check.id)
        if answer is None or answer.verdict != "PASS":
            told = "was not asked" if answer is None else f"is {answer.verdict}"
            written.left.append((check.id, told))
        elif isinstance(check, SameWeightsCheck):
            pairs.append((check, answer))
        elif elsewhere := sorted(list_other_phases(check, phase)):
            told = f"is about runs of {', '.join(elsewhere)}, which a guard does not repeat"
            written.left.append((check.id, told))
        else:
            runs.append((check, answer))
    return pairs, runs


def list_other_phases(check: AnyCheck, phase: Phase) -> set[str]:
    """Return the other phases whose runs a check is about."""
    question = describe_question(check)
    names = [name for _, name in (*question.runs, *question.values)]
    return {name.partition(":")[0] for name in names if ":" in name} - {phase.id}


def keep_pair(
    folder: Path,
    base: Reference,
    check: SameWeightsCheck,
    answer: CheckRecord,
    hub: Hub,
    history: History,
    wanted: Wanted,
) -> None:
    """Keep what a pair was given and gave.

    Raises:
        EvidenceError: the hub does not keep all of it.
    """
    path = answer.comparison or ""
    comparison = history.comparisons.get(path)
    if comparison is None:
        raise EvidenceError(
            f"{check.id}: {path or 'its comparison'} is not in the hub",
            hint=f"parityhub run-phase {base.phase}",
        )
    kept = layout.pair_folder(comparison.rejudges or path)
    sources = dict(list_kept(hub, kept))
    missing = [what for what in ("inputs", "weights") if what not in sources]
    if missing:
        raise EvidenceError(
            f"{check.id}: {hub.root} does not keep the {missing[0]} that both sides got",
            hint="run the phase again; arrays over 64 MiB are not kept, and cannot be guarded",
        )
    outputs = tuple(list_outputs(comparison, sources))
    files: dict[str, Digest] = {}
    for name, relative in sources.items():
        beside = name + (".npz" if name in ("inputs", "weights") else "")
        if wanted.data == "beside":
            (folder / beside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(hub.path(relative), folder / beside)
            files[name] = digest_file(folder / beside, beside)
        else:
            files[name] = digest_file(hub.path(relative), relative)
    write_reference(
        folder,
        msgspec.structs.replace(
            base,
            checks=(answer,),
            pair=check.pair,
            comparison=comparison,
            outputs=outputs,
            data="beside" if wanted.data == "beside" else "hub",
            files=files,
        ),
    )


def list_kept(hub: Hub, folder: str) -> Iterator[tuple[str, str]]:
    """Yield what a hub keeps of a comparison, by name: `inputs`, `weights`, `SIDE/FILE`."""
    for item in hub.manifest.artifacts:
        if item.path.startswith(f"{folder}/") and item.path.endswith((".npy", ".npz")):
            name = item.path.removeprefix(f"{folder}/")
            yield name.removesuffix(".npz"), item.path


def list_outputs(comparison: ComparisonRecord, sources: dict[str, str]) -> Iterator[GuardedOutput]:
    """Yield each output with its tolerance and the files of both sides.

    Raises:
        EvidenceError: an output has no tolerance, or no file of a side is its.
    """
    for output in comparison.outputs:
        files = {}
        for side, name in (("tensorflow", output.left), ("pytorch", output.right)):
            fits = [
                file.partition("/")[2]
                for file in sources
                if file.startswith(f"{side}/") and normalize(file) == normalize(f"{side}/{name}")
            ]
            if len(fits) != 1:
                raise EvidenceError(
                    f"{output.name}: the hub keeps no array of {side}'s {name}",
                    hint="arrays over 64 MiB are not kept, and cannot be guarded",
                )
            files[side] = fits[0]
        if output.tolerance is None:
            raise EvidenceError(f"{output.name}: has no tolerance", hint="run the phase again")
        yield GuardedOutput(
            name=output.name,
            tolerance=output.tolerance,
            tolerance_reason=output.tolerance_reason,
            files=files,
        )


def normalize(name: str) -> str:
    """Return a name by its letters and digits: each framework makes files of it in its own way."""
    side, _, rest = name.partition("/")
    stem = re.sub(r"^\d{4}_", "", unquote(rest.removesuffix(".npy")))
    return f"{side}/{re.sub(r'[^A-Za-z0-9]+', '', stem)[-60:]}"


def keep_runs(folder: Path, base: Reference, answers: Sequence[CheckRecord]) -> None:
    """Keep what was answered of a phase's runs."""
    write_reference(
        folder,
        msgspec.structs.replace(base, checks=tuple(answers)),
    )


def render_module(
    base: Reference,
    pairs: Sequence[tuple[SameWeightsCheck, CheckRecord]],
    runs: Sequence[Answered],
) -> str:
    """Return the text of a guard's module."""
    groups: dict[str, list[str]] = {name: [] for name in GUARDS}
    for check, _ in runs:
        groups[name_guard(check)].append(check.id)
    view = {
        "phase": base.phase,
        "hub": base.hub,
        "accepted": base.accepted,
        "pairs": [{"id": check.id, "slug": layout.make_slug(check.id)} for check, _ in pairs],
        "file": guard_module(base.phase),
        "groups": [
            {"name": name, "title": GUARDS[name], "checks": ids}
            for name, ids in groups.items()
            if ids
        ],
    }
    return render_template("guard.py.j2", view)


def name_guard(check: AnyCheck) -> str:
    """Return which guard a check about runs belongs to: of variance, of scale, or of the rest."""
    metric = describe_question(check).metric or ""
    if metric.endswith(("var_zero_mean", ".std")):
        return "variance"
    values = [name for _, name in describe_question(check).values]
    return "scale" if metric or any("scale" in name for name in values) else "evidence"
