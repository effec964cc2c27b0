"""Pairs, and checks of outputs: what is named is there, once, and a tolerance has a reason."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from parityhub.plan.check_links import list_required
from parityhub.plan.check_paths import find_fault
from parityhub.plan.kinds import OutputsCheck, SameWeightsCheck
from parityhub.plan.model import Pair, Plan
from parityhub.plan.pair import Axes, Implementation, OnnxFile, Side, Tolerance
from parityhub.plan.part import PLAIN_ID
from parityhub.plan.problem import KeyPath, Problem, suggest
from parityhub.plan.references import parse_bundle, parse_run
from parityhub.plan.walk import walk_phases

TARGET = re.compile(r"(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|[^:\\\0]+\.py):[A-Za-z_]\w*")
VARIABLE = re.compile(r"(?!PARITYHUB_)[A-Za-z_][A-Za-z0-9_]*")
WHOLE = ".keras"
"""how a target ends that is a file with the whole model in it"""
CHECKPOINTS: Mapping[Side, tuple[str, ...]] = {
    "tensorflow": (".keras", ".h5", ".hdf5", ".safetensors", ""),
    "pytorch": (".pt", ".pth", ".ckpt", ".bin", ".safetensors"),
}
"""by side: how the names of checkpoints end that it reads"""
BUNDLE_HINT = "write PHASE:BASELINE/ARTIFACT"


def check_pairs(plan: Plan) -> Iterator[Problem]:
    """Yield what keeps a pair from being asked, and an output from being judged."""
    for name, pair in plan.pairs.items():
        path = ("pair", name)
        if not re.fullmatch(PLAIN_ID, name):
            hint = "letters, digits, '.', '_' and '-', the first a letter or digit"
            yield Problem(path, f"{name!r} is not a plain name", hint)
        yield from find_bad_sides(path, pair)
        yield from find_bad_input(path, plan, pair)
        yield from find_bad_weights(path, plan, pair)
        yield from find_bad_outputs((*path, "outputs"), pair)
        if pair.onnx is not None:
            yield from find_bad_onnx((*path, "onnx"), pair, pair.onnx)
    yield from find_bad_checks(plan)


def find_bad_sides(path: KeyPath, pair: Pair) -> Iterator[Problem]:
    """Yield a target that names no function, and a variable that cannot be set."""
    for side, implementation in (("tensorflow", pair.tensorflow), ("pytorch", pair.pytorch)):
        if side == "tensorflow" and implementation.target.endswith(WHOLE):
            yield from find_bad_whole((*path, side), implementation)
        elif not TARGET.fullmatch(implementation.target):
            text = f"{implementation.target!r} does not name a function"
            yield Problem(
                (*path, side, "target"), text, "write package.module:function or file.py:function"
            )
        for name in implementation.env:
            if not VARIABLE.fullmatch(name):
                text = f"{name!r} is no variable that a plan may set"
                yield Problem((*path, side, "env", name), text, "name another")


def find_bad_whole(path: KeyPath, implementation: Implementation) -> Iterator[Problem]:
    """Yield a file with a whole model that is not in the repository, or is given options."""
    if fault := find_fault(implementation.target):
        yield Problem((*path, "target"), *fault)
    if implementation.options:
        text = f"{implementation.target!r} is a file: it takes no options"
        yield Problem((*path, "options"), text, "leave them out, or name a function as target")


def find_bad_input(path: KeyPath, plan: Plan, pair: Pair) -> Iterator[Problem]:
    """Yield a data set or file of it that is not there."""
    dataset = plan.datasets.get(pair.dataset)
    if dataset is None:
        text = f"there is no data set {pair.dataset!r}"
        yield Problem((*path, "dataset"), text, suggest(pair.dataset, plan.datasets))
    elif pair.inputs not in dataset.files:
        text = f"data set {pair.dataset!r} has no file {pair.inputs!r}"
        yield Problem((*path, "inputs"), text, suggest(pair.inputs, dataset.files))
    for name, axes in pair.input_axes.items():
        yield from find_bad_axes((*path, "input_axes", name), axes)


def find_bad_weights(path: KeyPath, plan: Plan, pair: Pair) -> Iterator[Problem]:
    """Yield weights that come from nowhere, from two places, or from a run that leaves none."""
    source = pair.weights
    if (source.bundle is None) == (source.source is None and source.checkpoint is None):
        yield Problem(
            (*path, "weights"),
            "must come from one place",
            'write { bundle = "PHASE:BASELINE/ARTIFACT" }, { from = "tensorflow", seed = 0 } or '
            '{ checkpoint = "FILE", from = "pytorch" }',
        )
    if source.checkpoint is not None:
        yield from find_bad_checkpoint((*path, "weights"), source.checkpoint, source.source)
    if source.params and source.bundle is None:
        yield Problem((*path, "weights", "params"), "without a bundle", "leave it out")
    if source.bundle is not None:
        yield from find_bad_bundle((*path, "weights", "bundle"), plan, source.bundle)
    for place, entry in enumerate(pair.mapping):
        yield from find_bad_axes((*path, "weight", place, "axes"), entry.axes)


def find_bad_checkpoint(path: KeyPath, file: str, side: Side | None) -> Iterator[Problem]:
    """Yield a checkpoint that is not in the repository, or that its side cannot read."""
    if fault := find_fault(file):
        yield Problem((*path, "checkpoint"), *fault)
    suffix = PurePosixPath(file).suffix
    if side is None:
        fits = [name for name, suffixes in CHECKPOINTS.items() if suffix in suffixes]
        named = " or ".join(f'from = "{name}"' for name in fits or CHECKPOINTS)
        yield Problem(path, "does not say of which side the checkpoint is", f"add {named}")
    elif suffix not in CHECKPOINTS[side]:
        known = ", ".join(name or "a SavedModel's folder" for name in CHECKPOINTS[side])
        text = f"{file!r} is no checkpoint that the side {side} reads"
        yield Problem((*path, "checkpoint"), text, f"it reads {known}")


def find_bad_bundle(path: KeyPath, plan: Plan, text: str) -> Iterator[Problem]:
    """Yield a bundle that no run leaves, or that is not kept."""
    reference = parse_bundle(text)
    phase = plan.find_phase(reference.run.phase) if reference else None
    if reference is None:
        yield Problem(path, f"{text!r} does not name a bundle", BUNDLE_HINT)
    elif phase is None:
        known = [each.id for each in plan.phases]
        told = f"there is no phase {reference.run.phase!r}"
        yield Problem(path, told, suggest(reference.run.phase, known))
    elif phase.find_run(reference.run.baseline) is None:
        told = f"phase {phase.id!r} runs no baseline {reference.run.baseline!r}"
        known = [run.baseline for run in phase.runs]
        yield Problem(path, told, suggest(reference.run.baseline, known))
    elif reference.run.baseline in plan.baselines:
        steps = plan.baselines[reference.run.baseline].steps
        left = {item.path: item for step in steps for item in step.list_artifacts()}
        item = left.get(reference.artifact)
        if item is None:
            told = f"{reference.run.baseline} leaves no artifact {reference.artifact!r}"
            yield Problem(path, told, suggest(reference.artifact, left))
        elif item.kind != "bundle" or not item.keep:
            told = f"{reference.artifact!r} is no bundle that is kept in the hub"
            yield Problem(path, told, 'name an artifact of kind = "bundle", without keep = false')


def find_bad_outputs(path: KeyPath, pair: Pair) -> Iterator[Problem]:
    """Yield an output that is declared twice, and a tolerance without a reason."""
    for key in ("name", "tensorflow", "pytorch"):
        names = [getattr(output, key) for output in pair.outputs]
        yield from find_twice(path, key, names)
    for place, output in enumerate(pair.outputs):
        yield from find_unreasoned((*path, place), output)
        yield from find_bad_axes((*path, place, "axes"), output.axes)


def find_bad_onnx(path: KeyPath, pair: Pair, third: OnnxFile) -> Iterator[Problem]:
    """Yield a third side that is not in the repository, or that cannot be held against the two."""
    if fault := find_fault(third.file):
        yield Problem((*path, "file"), *fault)
    elif PurePosixPath(third.file).suffix != ".onnx":
        yield Problem((*path, "file"), f"{third.file!r} is no .onnx file", "name one")
    if pair.dtype != "float32":
        text = f"is held against the two in float32, and the pair is compared in {pair.dtype}"
        yield Problem(path, text, "leave it out, or declare another pair for it")
    names = [output.name for output in pair.outputs]
    for name in third.outputs if names else ():
        if name not in names:
            text = f"the pair declares no output {name!r}"
            yield Problem((*path, "outputs", name), text, suggest(name, names))


def find_bad_checks(plan: Plan) -> Iterator[Problem]:
    """Yield a check about a pair or an array that will not be there."""
    for where, phase in walk_phases(plan):
        for at, check in enumerate(phase.checks):
            path = (*where, "checks", at)
            if isinstance(check, SameWeightsCheck):
                yield from find_bad_pair(path, plan, phase.id, check)
            elif isinstance(check, OutputsCheck):
                yield from find_bad_arrays(path, plan, phase.id, check)


def find_bad_pair(
    path: KeyPath, plan: Plan, phase: str, check: SameWeightsCheck
) -> Iterator[Problem]:
    """Yield a pair that is not there, or whose weights a phase does not wait for."""
    pair = plan.pairs.get(check.pair)
    if pair is None:
        text = f"there is no pair {check.pair!r}"
        yield Problem((*path, "pair"), text, suggest(check.pair, plan.pairs))
        return
    reference = parse_bundle(pair.weights.bundle) if pair.weights.bundle else None
    if reference and reference.run.phase not in {phase, *list_required(plan, phase)}:
        text = f"phase {phase!r} does not require {reference.run.phase!r}, whose bundle it loads"
        yield Problem((*path, "pair"), text, f"add {reference.run.phase!r} to its requires")


def find_bad_arrays(
    path: KeyPath, plan: Plan, phase: str, check: OutputsCheck
) -> Iterator[Problem]:
    """Yield an array that a run does not leave, and outputs that cannot be judged."""
    if not check.outputs:
        yield Problem((*path, "outputs"), "names no output", "name one")
    yield from find_twice((*path, "outputs"), "name", [output.name for output in check.outputs])
    for place, output in enumerate(check.outputs):
        yield from find_unreasoned((*path, "outputs", place), output)
        yield from find_bad_axes((*path, "outputs", place, "axes"), output.axes)
    for side, ref in (("left", check.left), ("right", check.right)):
        run = parse_run(ref, phase)
        baseline = plan.baselines.get(run.baseline) if run else None
        if baseline is None:
            continue
        left = {item.path: item for step in baseline.steps for item in step.list_artifacts()}
        for place, output in enumerate(check.outputs):
            name, key = getattr(output, side), (*path, "outputs", place, side)
            item = left.get(name)
            if item is None:
                yield Problem(key, f"{ref} leaves no artifact {name!r}", suggest(name, left))
            elif item.kind not in ("array", "patches") or not item.keep:
                text = f"{name!r} of {ref} is no array that is kept in the hub"
                yield Problem(key, text, 'name an artifact of kind = "array"')


def find_unreasoned(path: KeyPath, tolerance: Tolerance) -> Iterator[Problem]:
    """Yield a tolerance that no reason is given for, and one that says nothing."""
    if tolerance.given and not tolerance.reason.strip():
        hint = "say where the tolerance comes from: it is shown in the report"
        yield Problem((*path, "reason"), "empty, though a tolerance is given", hint)
    for key in ("atol", "rtol"):
        bound = getattr(tolerance, key)
        if bound is not None and not bound < float("inf"):
            yield Problem((*path, key), f"{bound} is not finite", "write a finite number")


def find_bad_axes(path: KeyPath, axes: Axes) -> Iterator[Problem]:
    """Yield an order of axes that leaves one out or names one twice."""
    if sorted(axes) != list(range(len(axes))):
        yield Problem(path, f"{list(axes)} is no order of axes", "as [0, 3, 1, 2]: each axis once")


def find_twice(path: KeyPath, key: str, names: Iterable[str]) -> Iterator[Problem]:
    """Yield each name that is given again."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield Problem((*path, place, key), f"{name!r} is given twice", "rename one")
        seen.add(name)
