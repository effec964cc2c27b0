"""A pair's models opened in both children, in its dtype and in float64, to be localized."""

from collections.abc import Mapping, Sequence
from math import sqrt

from parityhub.compare.localize.known import Known
from parityhub.compare.localize.request import BUDGET, LocalizeRequest
from parityhub.compare.probe import Probe
from parityhub.compare.referee.court import find_dtype_trouble
from parityhub.compare.referee.match import match_outputs
from parityhub.compare.referee.models import Answered, Numbers, answer_input, write_numbers
from parityhub.compare.referee.noise import measure_ulps
from parityhub.compare.referee.request import REFEREE_DTYPE, SIDES, PairRequest, name_key
from parityhub.compare.weights.pairs import WeightPair
from parityhub.errors import EvidenceError
from parityhub.plan.pair import Side


def open_pair(
    tensorflow: Probe,
    pytorch: Probe,
    request: PairRequest,
    mapping: Sequence[WeightPair],
    *,
    known: Known | None = None,
    gradient: bool = True,
    budget: int = BUDGET,
) -> tuple[LocalizeRequest, Mapping[Side, Answered]]:
    """Open both models twice with the same numbers, and say what is to be localized.

    Args:
        tensorflow: the child that holds TensorFlow's models.
        pytorch: the one that holds PyTorch's.
        request: the pair, its numbers, and where arrays may be left.
        mapping: of its weights.
        known: what an earlier localisation of the same found.
        gradient: whether the backward pass is looked at too.
        budget: bytes of TensorFlow's values that are on disk at a time.

    Returns:
        The request, and what each side made of the input in the pair's dtype.

    Raises:
        EvidenceError: a child refused something; a side has no float64 network; no output of one
            is declared to be one of the other's.
    """
    numbers = write_numbers(request)
    ran = {
        side: _open_side(probe, side, request, numbers)
        for side, probe in zip(SIDES, (tensorflow, pytorch), strict=True)
    }
    matching = match_outputs(
        request.pair.outputs, ran["tensorflow"].outputs, ran["pytorch"].outputs
    )
    if not matching.pairs:
        raise EvidenceError(
            f"no output of pair {request.name} is known to be the same on both sides",
            hint="declare them in the plan: [[pair.NAME.outputs]] with name, tensorflow, pytorch",
        )
    opened = LocalizeRequest(
        pair=request.name,
        dtype=request.pair.dtype,
        referee=name_key(request.name, REFEREE_DTYPE),
        key=name_key(request.name, request.pair.dtype),
        inputs=numbers.inputs,
        folder=request.folder / "localize",
        outputs=tuple(pair for pair, _, _ in matching.pairs),
        input_axes=dict(request.pair.input_axes),
        mapping=tuple(mapping),
        ulps={} if known else _measure_halfwidths(tensorflow, pytorch, request.pair.dtype),
        draws=request.pair.draws,
        gradient=gradient,
        known=known,
        budget=budget,
    )
    return opened, ran


def _open_side(probe: Probe, side: Side, request: PairRequest, numbers: Numbers) -> Answered:
    """Open a side's model in both dtypes; return what it made of the input in the pair's."""
    ran = answer_input(probe, side, request, numbers, request.pair.dtype, 1)
    exact = answer_input(probe, side, request, numbers, REFEREE_DTYPE, 1)
    if trouble := find_dtype_trouble(side, exact, REFEREE_DTYPE):
        raise EvidenceError(
            f"layers pair by their values in float64, and {trouble}",
            hint="let the target take `dtype` and build the model in it",
        )
    return ran


def _measure_halfwidths(tensorflow: Probe, pytorch: Probe, dtype: str) -> dict[str, float]:
    """Return each elementwise function's error as the child wants it.

    It takes a half-width, whose standard deviation is a root of 3 less.
    """
    spreads = measure_ulps(tensorflow, pytorch, dtype).typical
    return {function: sqrt(3) * spread for function, spread in spreads.items()}
