"""From a comparison to a localisation: the models that it opened are looked into."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path

from parityhub.compare.localize.localize import localize
from parityhub.compare.localize.request import LocalizeRequest
from parityhub.compare.probe import Probe
from parityhub.compare.referee.noise import SPREAD
from parityhub.compare.referee.request import REFEREE_DTYPE, SIDES, PairRequest, name_key
from parityhub.compare.weights.pairs import WeightPair
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.plan.pair import Pair, PairOutput, Side
from parityhub.workflow.pair_cache import keep_known, make_key, recall_known


def localize_pair(
    probes: Mapping[Side, Probe],
    request: PairRequest,
    mapping: Sequence[WeightPair],
    comparison: ComparisonRecord,
    cache: Path | None = None,
    *,
    gradient: bool = True,
) -> LocalizationRecord:
    """Say where the two sides of a pair part that was just compared.

    Args:
        probes: both children; they hold the models that the comparison opened.
        request: what was compared.
        mapping: which weight is which.
        comparison: what was found.
        cache: folder in which what takes long is kept for the next time; None: it is not.
        gradient: whether the backward pass is looked at too.

    Raises:
        EvidenceError: a child refused what no localisation can do without.
    """
    asked = make_request(request, mapping, comparison, gradient=gradient)
    if cache is None:
        return localize(probes["tensorflow"], probes["pytorch"], asked).record
    key = make_key(request, comparison)
    known = recall_known(cache, key)
    localized = localize(probes["tensorflow"], probes["pytorch"], replace(asked, known=known))
    keep_known(cache, key, localized.known)
    return localized.record


def make_request(
    request: PairRequest,
    mapping: Sequence[WeightPair],
    comparison: ComparisonRecord,
    *,
    gradient: bool,
) -> LocalizeRequest:
    """Return what a localisation is asked with after a comparison."""
    return LocalizeRequest(
        pair=request.name,
        dtype=request.pair.dtype,
        referee=name_key(request.name, REFEREE_DTYPE),
        key=name_key(request.name, request.pair.dtype),
        inputs={side: request.folder / f"inputs_{side}.npz" for side in SIDES},
        folder=request.folder / "localize",
        outputs=tuple(list_outputs(request.pair, comparison)),
        input_axes=request.pair.input_axes,
        mapping=tuple(mapping),
        ulps=list_widths(comparison),
        draws=request.pair.draws,
        gradient=gradient,
    )


def list_widths(comparison: ComparisonRecord) -> dict[str, float]:
    """Return the half-width of each function's error in ULP, as the comparison simulated it.

    A child draws evenly between both ends, whose standard deviation is a root of 3 less.
    """
    return {name: sqrt(3) * errors[SPREAD] for name, errors in comparison.ulps.items()}


def list_outputs(pair: Pair, comparison: ComparisonRecord) -> Iterator[PairOutput]:
    """Yield the outputs that were matched, as declared or by their name."""
    declared = {output.name: output for output in pair.outputs}
    for output in comparison.outputs:
        if output.left and output.right:
            yield declared.get(output.name) or PairOutput(
                name=output.name, tensorflow=output.left, pytorch=output.right
            )
