"""`parityhub.pair`: two implementations asked whether they are one function; no plan, no hub."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from parityhub.capture.arrays import read_array
from parityhub.capture.files import write_arrays
from parityhub.compare.referee.ask import compare_pair
from parityhub.errors import EvidenceError, UsageError
from parityhub.hub.parity_records import (
    ComparisonRecord,
    DivergenceRecord,
    LocalizationRecord,
    OutputRecord,
)
from parityhub.hub.records import Verdict
from parityhub.plan.check_pairs import (
    find_bad_axes,
    find_bad_checkpoint,
    find_bad_onnx,
    find_bad_outputs,
    find_bad_sides,
)
from parityhub.plan.pair import Pair
from parityhub.plan.problem import Problem, format_key
from parityhub.run.pair_sides import Workplace, list_pythons
from parityhub.workflow.pair import prepare_pair
from parityhub.workflow.pair_checkpoint import find_checkpoint
from parityhub.workflow.pair_localize import localize_pair
from parityhub.workflow.pair_weights import WeightPlace

NAME = "pair"


@dataclass(frozen=True, kw_only=True)
class PairResult:
    """What became of it. As a text: the verdict, each output, and where the two part."""

    comparison: ComparisonRecord
    """everything that was measured, as a hub would keep it"""
    localization: LocalizationRecord | None = None
    """where the two part; None: they do not, or it was not asked for"""

    @property
    def verdict(self) -> Verdict:
        """PASS, FAIL or INCONCLUSIVE."""
        return self.comparison.verdict

    @property
    def reason(self) -> str:
        """Why, in one line."""
        return self.comparison.reason

    @property
    def outputs(self) -> tuple[OutputRecord, ...]:
        """Each output: `max_abs` the largest |difference|, `tolerance` what is allowed of it."""
        return self.comparison.outputs

    @property
    def first_divergence(self) -> DivergenceRecord | None:
        """The first layer at which the two part, with its likely cause; None: none was found."""
        found = self.localization.divergences if self.localization else ()
        return found[0] if found else None

    def __str__(self) -> str:
        return "\n".join(self._describe())

    def _describe(self) -> Iterator[str]:
        yield f"{self.verdict}: {self.reason}"
        third = self.comparison.onnx.outputs if self.comparison.onnx else ()
        for output in (*self.outputs, *third):
            apart = "not measured" if output.max_abs is None else f"{output.max_abs:.3g}"
            allowed = "none" if output.tolerance is None else f"{output.tolerance:.3g}"
            told = f"max |difference| {apart}, tolerance {allowed} ({output.tolerance_kind})"
            yield f"  {output.verdict} {output.name}: {told}"
        if first := self.first_divergence:
            yield (
                f"  first apart: TensorFlow's {first.tensorflow}, PyTorch's {first.pytorch}; "
                f"likely cause: {first.cause}"
            )


def call_pair(
    *,
    tensorflow: str | Mapping[str, Any],
    torch: str | Mapping[str, Any],
    inputs: Mapping[str, Any] | str | Path,
    localize: bool = True,
    root: str | Path = ".",
    tell: Callable[[str], None] = lambda _: None,
    **keys: Any,
) -> PairResult:
    """Give two implementations the same weights and input, and say whether they give the same.

    Each is built and run in a process of its own; neither framework is imported here. The tolerance
    is derived from the network in float64, as `parityhub compare` does. Nothing is left on disk.

    Args:
        tensorflow: what builds TensorFlow's model, `package.module:function` or `file.py:function`;
            a `.keras` file; or a table as `[pair.NAME.tensorflow]` of a plan, with `options`.
        torch: likewise PyTorch's.
        inputs: named arrays or tensors in TensorFlow's order of axes, or the path of an .npz.
        localize: whether to look for the layer where the two part, if they do not pass.
        root: the folder that paths and modules are looked for in.
        tell: called with what begins now.
        keys: others of a plan's `[pair.NAME]`: `input_axes`, `outputs`, `weight`, `dtype`, `onnx`…;
            `weights` is by default {"from": "tensorflow"}, what that model begins with.

    Raises:
        UsageError: an argument is not what a plan would take there.
        DataError: an input is no array of numbers.
        EvidenceError: a model cannot be built, or its weights are not the other's; what the
            processes said is left for reading.
    """
    pair = convert_pair(
        {
            "title": "two implementations",
            "dataset": "inputs",
            "weights": {"from": "tensorflow"},
            **keys,
            "tensorflow": {"target": tensorflow} if isinstance(tensorflow, str) else tensorflow,
            "pytorch": {"target": torch} if isinstance(torch, str) else torch,
        }
    )
    folder, left = Path(tempfile.mkdtemp(prefix="parityhub_pair_")), False
    try:
        given = write_inputs(inputs, folder / "inputs.npz", Path(root))
        place = make_workplace(pair, folder, given, Path(root), tell)
        return ask_pair(pair, place, localize=localize)
    except EvidenceError:
        left = True
        raise
    finally:
        if not left:
            shutil.rmtree(folder)


def convert_pair(table: Mapping[str, Any]) -> Pair:
    """Return the pair that a table says, held against what a plan would be held against.

    Raises:
        UsageError: it is none.
    """
    try:
        pair = msgspec.convert(table, Pair)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"pair: {error}", hint="help(parityhub.pair) says what is taken"
        ) from error
    for problem in list_problems(pair):
        raise UsageError(f"{format_key(problem.path)}: {problem.text}", hint=problem.hint)
    return pair


def list_problems(pair: Pair) -> Iterator[Problem]:
    """Yield what a plan would not be read with."""
    yield from find_bad_sides((NAME,), pair)
    weights = pair.weights
    if weights.bundle is not None or weights.params:
        yield Problem((NAME, "weights"), "there is no hub to take a bundle from", "write a plan")
    elif weights.checkpoint is not None:
        yield from find_bad_checkpoint((NAME, "weights"), weights.checkpoint, weights.source)
    elif weights.source is None:
        hint = 'write {"from": "tensorflow"}'
        yield Problem((NAME, "weights"), "do not say which side's are meant", hint)
    for name, axes in pair.input_axes.items():
        yield from find_bad_axes((NAME, "input_axes", name), axes)
    yield from find_bad_outputs((NAME, "outputs"), pair)
    if pair.onnx is not None:
        yield from find_bad_onnx((NAME, "onnx"), pair, pair.onnx)


def write_inputs(inputs: Mapping[str, Any] | str | Path, file: Path, root: Path) -> Path:
    """Return an .npz with the inputs.

    Raises:
        UsageError: there is none.
        DataError: one is no array of numbers.
    """
    if isinstance(inputs, str | Path):
        path = root / inputs
        if not path.is_file():
            raise UsageError(
                f"inputs: there is no file {inputs}", hint="give an .npz, or arrays by name"
            )
        return path.absolute()
    if not inputs:
        raise UsageError("inputs: there are none", hint='give arrays by name: {"x": array}')
    write_arrays(file, {name: read_array(value) for name, value in inputs.items()})
    return file


def make_workplace(
    pair: Pair, folder: Path, inputs: Path, root: Path, tell: Callable[[str], None]
) -> Workplace:
    """Return where the children work: in the caller's environment, by its interpreter."""
    return Workplace(
        root=root.absolute(),
        folder=folder / "sides",
        data={pair.inputs: inputs},
        inherited=os.environ,
        controlled=frozenset(),
        pythons={side: own or sys.executable for side, own in list_pythons(pair).items()},
        tell=tell,
        tick=lambda *_: None,
    )


def ask_pair(pair: Pair, place: Workplace, *, localize: bool) -> PairResult:
    """Compare a pair and, where it does not pass, look for the layer where the two part."""
    weights = WeightPlace(checkpoint=find_checkpoint(pair, place.root))
    with prepare_pair(NAME, pair, place, weights) as prepared:
        place.tell("comparing")
        probes, request = prepared.probes, prepared.request
        comparison = compare_pair(
            probes["tensorflow"], probes["pytorch"], request, third=prepared.third
        )
        if comparison.verdict == "PASS" or not localize:
            return PairResult(comparison=comparison)
        place.tell("looking for the layer")
        try:
            found = localize_pair(probes, request, prepared.mapping, comparison, gradient=False)
        except EvidenceError as error:
            # The verdict stands without it.
            place.tell(f"the layer could not be looked for: {error.message}")
            return PairResult(comparison=comparison)
        return PairResult(comparison=comparison, localization=found)
