"""Runs that Polygraphy saved become a hub: the files, their arrays, and how these compare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from parityhub.adopt.list_folder import tell_path
from parityhub.adopt.polygraphy import AGAIN, Runner, decode_output, read_runners
from parityhub.compare.metrics.admit import open_array
from parityhub.compare.referee.ask import summarize_outputs
from parityhub.compare.referee.plain import ArrayFile, PlainSide, compare_plain
from parityhub.compare.referee.tolerance import Override
from parityhub.compare.verdict import combine_verdicts
from parityhub.errors import UsageError
from parityhub.hub import layout
from parityhub.hub.import_records import ImportedFile, ImportedPhase, ImportRecord
from parityhub.hub.parity_records import ComparisonRecord
from parityhub.hub.records import Verdict
from parityhub.hub.store import Hub
from parityhub.plan.pair import RunOutput
from parityhub.workflow.import_hub import (
    MADE_BY,
    Adopted,
    Ground,
    choose_plan,
    finish_import,
    keep_file,
    keep_import,
    start_hub,
)

PHASE = "POLYGRAPHY"
FOLDER = "phase_polygraphy"
NO_REFEREE = "no referee: the file holds outputs, not a network that float64 could run"
NOTE = "the files do not tell what was put to the runners, nor with which versions and weights"


@dataclass(frozen=True)
class Kept:
    """A runner whose arrays are in the hub."""

    name: str
    """no other is called so"""
    iterations: int
    arrays: dict[tuple[int, str], ArrayFile]
    """by iteration and name of the output"""


@dataclass(frozen=True)
class Compared:
    """Two runners held against each other."""

    id: str
    path: str
    """of the record"""
    record: ComparisonRecord


def import_runs(
    files: Sequence[Path], override: Override | None, ground: Ground
) -> tuple[Adopted, tuple[Compared, ...]]:
    """Keep files of Polygraphy and their arrays, and compare the first runner with each other one.

    Outputs are matched by name and iteration, never by place. Without an override a comparison is
    INCONCLUSIVE at best: nothing can be derived of arrays alone.

    Args:
        files: each as `polygraphy run --save-outputs` wrote it.
        override: a tolerance that a person gives, with its reason.
        ground: where what is made is put.

    Raises:
        EvidenceError: a file is no such one, or an array in it is damaged.
        UsageError: the name that was asked for is no plain one.
    """
    name, plan, loaded = choose_plan(files[0].stem, ground)
    with start_hub(name, loaded, ground) as hub:
        listed = list(keep_files(hub, files))
        # What is read is the copy: nobody can change it between its digest and its arrays.
        copies = [hub.path(item.path) for item in listed]
        found = [(copy, runner) for copy in copies for runner in read_runners(copy)]
        runners: list[Kept] = []
        for number, (file, runner) in enumerate(name_apart(found)):
            ground.tell(f"arrays of {runner.name}")
            kept, arrays = keep_runner(hub, number, file, runner)
            runners.append(kept)
            listed += arrays
        compared = tuple(compare_runners(hub, runners, override))
        record = ImportRecord(
            source="polygraphy",
            name=", ".join(tell_path(file.name) for file in files),
            time=layout.format_time(ground.clock()),
            files=tuple(listed),
            phases=(ImportedPhase(id=PHASE, folders=(), files=len(listed)),),
            comparisons=tuple(item.path for item in compared),
            notes=(NOTE,),
        )
        keep_import(hub, record)
    return finish_import(hub, record, plan, loaded, ground), compared


def name_apart(found: Sequence[tuple[Path, Runner]]) -> Iterator[tuple[Path, Runner]]:
    """Yield each runner under a name that no other has: `NAME`, `NAME #2`."""
    seen: dict[str, int] = {}
    for file, runner in found:
        seen[runner.name] = count = seen.get(runner.name, 0) + 1
        yield file, replace(runner, name=f"{runner.name} #{count}") if count > 1 else runner


def keep_files(hub: Hub, files: Sequence[Path]) -> Iterator[ImportedFile]:
    """Keep each file as it is, and yield what it is listed as.

    Raises:
        UsageError: one is no plain file.
        EvidenceError: one cannot be read.
    """
    for number, file in enumerate(files):
        path = layout.imported_path(f"files/{number}/{tell_path(file.name)}")
        if not file.is_file():
            raise UsageError(f"{file}: no such file", hint="name what `--save-outputs` wrote")
        real = file.resolve()
        keep_file(hub, real.parent, real.name, path, "runs, as Polygraphy saved them")
        yield ImportedFile(path=path, source=tell_path(file.name), kind="data", phase=PHASE)


def keep_runner(
    hub: Hub, number: int, file: Path, runner: Runner
) -> tuple[Kept, list[ImportedFile]]:
    """Keep a runner's arrays, each as the .npy that stands in the file.

    Raises:
        EvidenceError: one is no whole array of numbers; the message names the key.
    """
    arrays: dict[tuple[int, str], ArrayFile] = {}
    listed = []
    for place, output in enumerate(runner.outputs):
        # A name of an output may be any text, and would not be safe as one of a file.
        name = f"{place}_{layout.make_slug(output.name)[:60]}"
        path = layout.imported_path(f"arrays/{number}/{output.iteration}/{name}.npy")
        shows = f"output {output.name} of {runner.name}"
        hub.keep_bytes(path, decode_output(output, file.name), made_by=MADE_BY, shows=shows)
        open_array(hub.path(path), name=f"{file.name}: {output.key}", hint=AGAIN)
        arrays[output.iteration, output.name] = ArrayFile(path=hub.path(path), source=path)
        source = f"{tell_path(file.name)}: {output.key}"
        listed.append(ImportedFile(path=path, source=source, kind="arrays", phase=PHASE))
    return Kept(runner.name, runner.iterations, arrays), listed


def compare_runners(
    hub: Hub, runners: Sequence[Kept], override: Override | None
) -> Iterator[Compared]:
    """Compare the first runner with each other one, and keep what comes of it.

    Raises:
        EvidenceError: an array is damaged.
    """
    for number, other in enumerate(runners[1:], 1):
        check = f"runners-{number}"
        record = compare_two(runners[0], other, override)
        path = layout.comparison_path(FOLDER, PHASE, check, 1)
        shows = f"comparison of {record.pair}: {record.verdict}"
        hub.keep_record(path, record, made_by=MADE_BY, shows=shows)
        yield Compared(check, path, record)


def compare_two(left: Kept, right: Kept, override: Override | None) -> ComparisonRecord:
    """Compare what two runners gave, output by output; one that only one of them gave is told.

    Raises:
        EvidenceError: an array is damaged.
    """
    several = max(left.iterations, right.iterations) > 1

    def name_output(key: tuple[int, str]) -> str:
        return f"{key[1]}, iteration {key[0] + 1}" if several else key[1]

    atol, rtol = (override.atol, override.rtol) if override else (None, None)
    outputs = [
        RunOutput(
            name=name_output(key),
            left=name_output(key),
            right=name_output(key),
            atol=atol,
            rtol=rtol,
            reason=override.reason if override else "",
        )
        for key in sorted({**left.arrays, **right.arrays}, key=lambda key: key[0])
    ]
    sides = [
        PlainSide(side.name, [{name_output(key): file for key, file in side.arrays.items()}])
        for side in (left, right)
    ]
    judged = compare_plain(outputs, sides[0], sides[1])
    verdict, reason = summarize_outputs(judged)
    return ComparisonRecord(
        pair=f"{left.name} and {right.name}",
        dtype=judged[0].dtype if judged else "",
        verdict=verdict,
        reason=reason,
        outputs=judged,
        referee=NO_REFEREE,
        repeats=1,
    )


def describe_runs(adopted: Adopted, compared: Sequence[Compared]) -> dict[str, Any]:
    """Return the document of an import of runs, in the words of `compare`."""
    verdict: Verdict = combine_verdicts(item.record.verdict for item in compared)
    reasons = [f"{item.id}: {item.record.reason}" for item in compared]
    return {
        "hub": str(adopted.hub.root),
        "plan": str(adopted.plan),
        "plan_written": adopted.written,
        "verdict": verdict,
        "reason": "; ".join(reasons) or "one runner alone: there is nothing to compare it with",
        "files": len(adopted.record.files),
        "notes": adopted.record.notes,
        "outputs": [
            {"check": item.id, **msgspec.to_builtins(output)}
            for item in compared
            for output in item.record.outputs
        ],
        "checks": [
            {
                "id": item.id,
                "pair": item.record.pair,
                "verdict": item.record.verdict,
                "reason": item.record.reason,
                "record": item.path,
            }
            for item in compared
        ],
    }
