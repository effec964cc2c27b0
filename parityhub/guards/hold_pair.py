"""The forward-parity guard: given what they were given, both sides must give what they gave."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from parityhub.compare.referee.ask import compare_pair
from parityhub.compare.referee.request import SIDES, TITLES
from parityhub.errors import EvidenceError, UsageError
from parityhub.guards.held import Held, HeldNumber, describe_accepted
from parityhub.guards.reference import (
    GuardedOutput,
    Reference,
    UpdateRecord,
    find_root,
    locate_files,
    read_reference,
    write_reference,
)
from parityhub.hub import layout
from parityhub.hub.digests import digest_file
from parityhub.hub.parity_records import ComparisonRecord, OutputRecord
from parityhub.plan.pair import Pair, Side
from parityhub.plan.read import LoadedPlan, read_plan
from parityhub.run.arrays import open_array
from parityhub.run.expand import choose_python
from parityhub.run.git import read_git_state
from parityhub.run.pair_sides import Workplace, list_pythons
from parityhub.workflow.pair import Prepared, prepare_pair
from parityhub.workflow.pair_localize import localize_pair
from parityhub.workflow.pair_weights import WeightPlace


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A pair put again to what it was accepted with."""

    comparison: ComparisonRecord
    moved: Mapping[tuple[str, Side], float | None]
    """by output and side: largest |difference| from what was accepted; None: another shape"""
    guilty: str
    folder: Path
    """where both sides' outputs lie, below their names and the dtype"""


def hold_pair(
    folder: Path,
    work: Path,
    inherited: Mapping[str, str],
    clock: Callable[[], datetime],
    update: str | None,
) -> Held:
    """Hold a pair against what was accepted.

    Args:
        folder: of the reference.
        work: where the sides may leave arrays; made anew.
        inherited: the environment.
        clock: gives the time, with its zone.
        update: why a change is accepted; None: none is. What is no parity is never accepted.

    Raises:
        EvidenceError: the reference is missing or damaged, or a side cannot be run.
        UsageError: the plan has no such pair any more.
        PlanError: the plan cannot be read.
    """
    reference = read_reference(folder)
    root = find_root(folder, reference)
    files = locate_files(folder, reference)
    loaded = read_plan(root / reference.plan)
    pair = loaded.plan.pairs.get(reference.pair)
    if pair is None:
        raise UsageError(
            f"{reference.plan} has no pair {reference.pair!r} any more",
            hint=f"remove the guard, or write it anew: parityhub guard {reference.phase} --replace",
        )
    with open_pair(loaded, reference.pair, pair, root, files, work, inherited) as prepared:
        replay = replay_pair(reference, prepared, files, pair)
    held = judge_replay(reference, replay)
    if update is None or held.verdict == "PASS":
        return held
    if replay.comparison.verdict != "PASS":
        return msgspec.structs.replace(held, updated="nothing: the sides do not agree")
    told = accept_outputs(folder, reference, replay, update, clock, root)
    return msgspec.structs.replace(held, verdict="PASS", updated=told)


@contextmanager
def open_pair(
    loaded: LoadedPlan,
    name: str,
    pair: Pair,
    root: Path,
    files: Mapping[str, Path],
    work: Path,
    inherited: Mapping[str, str],
) -> Iterator[Prepared]:
    """Start both sides with the accepted input and weights."""
    place = Workplace(
        root=root,
        folder=work,
        data={pair.inputs: files["inputs"]},
        inherited=inherited,
        controlled=loaded.plan.controlled_variables(),
        pythons={
            side: choose_python(loaded.plan, own, sys.executable, root)
            for side, own in list_pythons(pair).items()
        },
        tell=lambda _: None,
        tick=lambda _, __: None,
    )
    weights = WeightPlace(accepted=files["weights"])
    with prepare_pair(name, pair, place, weights) as prepared:
        yield prepared


def replay_pair(
    reference: Reference, prepared: Prepared, files: Mapping[str, Path], pair: Pair
) -> Replay:
    """Compare both sides with each other, and each with what it gave; find the guilty layer."""
    request = replace(prepared.request, earlier=reference.comparison)
    probes = prepared.probes
    comparison = compare_pair(
        probes["tensorflow"], probes["pytorch"], request, third=prepared.third
    )
    moved = {
        (output.name, side): measure_move(
            files[f"{side}/{output.files[side]}"],
            request.folder / side / pair.dtype / output.files[side],
        )
        for output in reference.outputs
        for side in SIDES
    }
    guilty = ""
    if comparison.verdict == "FAIL":
        try:
            found = localize_pair(probes, request, prepared.mapping, comparison, gradient=False)
            guilty = found.reason
        except EvidenceError as error:
            guilty = f"not found: {error.message}"
    return Replay(comparison=comparison, moved=moved, guilty=guilty, folder=request.folder)


def measure_move(accepted: Path, now: Path) -> float | None:
    """Return the largest |difference| of two arrays; None: there is none, or of another shape.

    Not finite where one of them is not.
    """
    before = open_array(accepted)
    try:
        after = open_array(now)
    except EvidenceError:
        return None
    if before.shape != after.shape:
        return None
    wide = np.result_type(before, after, np.float64)
    with np.errstate(all="ignore"):
        difference = np.abs(after.astype(wide) - before.astype(wide))
    return float(difference.max()) if difference.size else None


def judge_replay(reference: Reference, replay: Replay) -> Held:
    """Return what a guard says of a replay."""
    check, comparison = reference.checks[0], replay.comparison
    accepted = reference.comparison
    assert accepted is not None
    before = {output.name: output for output in accepted.outputs}
    after = {output.name: output for output in comparison.outputs}
    numbers, drifted, parted = [], [], []
    for output in reference.outputs:
        now = after.get(output.name)
        apart = read_deviation(now)
        # The plan's own tolerance may have been widened since.
        if apart is None or not apart <= output.tolerance:
            parted.append(output.name)
        tolerance = f"{output.tolerance:.3g}: {output.tolerance_reason}"
        numbers.append(
            HeldNumber(
                name=f"{output.name}: max |TensorFlow - PyTorch|",
                accepted=read_deviation(before.get(output.name)),
                now=apart,
                tolerance=tolerance,
            )
        )
        for side in SIDES:
            moved = replay.moved[output.name, side]
            numbers.append(
                HeldNumber(name=f"{output.name}: {TITLES[side]} moved by", accepted=0.0, now=moved)
            )
            if moved is None or not moved <= output.tolerance:
                drifted.append(f"{output.name} of {TITLES[side]}")
    verdict, reason = comparison.verdict, comparison.reason
    if verdict == "PASS" and drifted:
        verdict = "FAIL"
        reason = f"both sides agree, but what they give has changed: {', '.join(drifted)}"
    elif verdict != "PASS" and drifted:
        reason = f"{reason}. Changed since: {', '.join(drifted)}"
    elif verdict == "PASS" and parted:
        verdict = "FAIL"
        reason = f"beyond the tolerance that was accepted, or compared no more: {', '.join(parted)}"
    return Held(
        guard=f"{reference.phase}/{check.id}",
        title=check.title,
        verdict=verdict,
        reason=reason,
        accepted=describe_accepted(reference),
        numbers=tuple(numbers),
        guilty=replay.guilty,
    )


def renew_output(output: GuardedOutput, now: OutputRecord) -> GuardedOutput:
    """Return an output with the tolerance that holds now."""
    if now.tolerance is None:
        return output
    return msgspec.structs.replace(
        output, tolerance=now.tolerance, tolerance_reason=now.tolerance_reason
    )


def read_deviation(output: OutputRecord | None) -> float | None:
    """Return how far the sides were apart; None: there was nothing to compare."""
    return None if output is None else output.max_abs


def accept_outputs(
    folder: Path,
    reference: Reference,
    replay: Replay,
    reason: str,
    clock: Callable[[], datetime],
    root: Path,
) -> str:
    """Take what both sides give now for what was accepted; return what changed.

    Raises:
        UsageError: the reference lies in a hub, where evidence is written once; or an output is
            compared no more.
    """
    after = {output.name: output for output in replay.comparison.outputs}
    anew = f"run the phase again, then parityhub guard {reference.phase} --replace"
    if reference.data == "hub":
        raise UsageError(
            f"{folder}: its arrays lie in {reference.hub}, where evidence is written once",
            hint=anew,
        )
    gone = [output.name for output in reference.outputs if output.name not in after]
    if gone:
        raise UsageError(f"{folder}: {', '.join(gone)}: compared no more", hint=anew)
    files, outputs, changed = dict(reference.files), [], []
    for output in reference.outputs:
        renewed = renew_output(output, after[output.name])
        outputs.append(renewed)
        if renewed.tolerance > output.tolerance:
            changed.append(f"{output.name}: tolerance {renewed.tolerance:.3g}")
        for side in SIDES:
            name = f"{side}/{output.files[side]}"
            moved = replay.moved[output.name, side]
            source = replay.folder / side / replay.comparison.dtype / output.files[side]
            shutil.copyfile(source, folder / name)
            files[name] = digest_file(folder / name, name)
            told = "has another shape" if moved is None else f"moved by {moved:.3g}"
            changed.append(f"{output.name} of {TITLES[side]} {told}")
    update = UpdateRecord(
        time=layout.format_time(clock()),
        reason=reason,
        commit=read_git_state(root).commit,
        changed=tuple(changed),
    )
    accepted = msgspec.structs.replace(
        reference,
        comparison=replay.comparison,
        outputs=tuple(outputs),
        files=files,
        updates=(*reference.updates, update),
    )
    write_reference(folder, accepted)
    return f"{'; '.join(changed)}; because: {reason}"
