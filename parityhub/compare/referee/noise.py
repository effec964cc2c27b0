"""How a pair's float64 network responds to rounding: asked, or recalled from a comparison."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, prod, sqrt
from pathlib import Path

from parityhub.capture.protocol import Noisy, Response, Share, Ulp
from parityhub.compare.probe import Probe
from parityhub.compare.referee.request import REFEREE_DTYPE, TITLES, PairRequest, name_key
from parityhub.compare.referee.tolerance import UNIT_ROUNDOFF, find_bound
from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import ComparisonRecord, OutputRecord, ShareRecord
from parityhub.plan.pair import Side

FUNCTIONS = (
    "tanh", "sigmoid", "erf", "erfc", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "sin", "cos",
    "tan", "atan", "sinh", "cosh", "silu", "softplus",
)  # fmt: skip
"""elementwise functions whose ULP errors are measured in both frameworks"""

SPREAD = "spread"
"""what the standard deviation of a function is called beside its largest errors, in ULP"""

SEED = 0
"""of the draws: the same comparison has the same tolerance"""


@dataclass(frozen=True)
class Noise:
    """The response of each of PyTorch's outputs to rounding, by its name there."""

    responses: Mapping[str, Response]
    shares: Mapping[str, tuple[ShareRecord, ...]]
    draws: int
    ulps: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """function to its largest ULP error by framework, and its `SPREAD`"""


@dataclass(frozen=True)
class Functions:
    """How far elementwise functions are from the exact ones, in ULP."""

    largest: Mapping[str, Mapping[str, float]]
    """function to its largest error by framework"""
    typical: Mapping[str, float]
    """function to its standard deviation, the larger of the two frameworks'"""


def measure_ulps(tensorflow: Probe, pytorch: Probe, dtype: str) -> Functions:
    """Measure elementwise functions in both frameworks.

    A function's standard deviation is the RMS of its measured errors, and at least its largest one
    over lambda(1): so a derived tolerance, which is lambda(N) of it or more, always holds the
    largest error that was measured.

    Raises:
        EvidenceError: a child refused it, or a function gives what is not finite.
    """
    request = {"do": "ulps", "functions": list(FUNCTIONS), "dtype": dtype}
    told: dict[Side, Mapping[str, Ulp]] = {
        "tensorflow": tensorflow.ask(request),
        "pytorch": pytorch.ask(request),
    }
    largest: dict[str, dict[str, float]] = {}
    typical: dict[str, float] = {}
    for side, errors in told.items():
        for function, error in errors.items():
            if not isfinite(error["max"]):
                raise EvidenceError(
                    f"{TITLES[side]}'s {function} is not finite in {dtype} where it should be",
                    hint="nothing can be derived of its rounding; compare in another dtype",
                )
            largest.setdefault(function, {})[side] = error["max"]
            spread = max(error["rms"], error["max"] / find_bound(1))
            typical[function] = max(typical.get(function, 0.0), spread)
    return Functions(largest, typical)


def measure_noise(
    pytorch: Probe, request: PairRequest, inputs: Path, functions: Functions
) -> Noise:
    """Let PyTorch's float64 model answer to the rounding of the pair's dtype.

    Inputs and weights are not perturbed: both sides and the referee hold the very same numbers.
    Of each elementwise function the larger of the two frameworks' errors counts.

    Args:
        pytorch: holds the float64 model.
        request: what is compared.
        inputs: PyTorch's input.
        functions: what `measure_ulps` found.

    Raises:
        EvidenceError: the child refused it.
    """
    out = request.folder / "pytorch" / "noise"
    out.mkdir(parents=True, exist_ok=True)
    noisy: Noisy = pytorch.ask(
        {
            "do": "noise",
            "key": name_key(request.name, REFEREE_DTYPE),
            "inputs": str(inputs),
            "out": str(out),
            "unit": UNIT_ROUNDOFF[request.pair.dtype],
            "draws": request.pair.draws,
            "seed": SEED,
            # The child takes a half-width, whose standard deviation is a root of 3 less.
            "ulps": {name: sqrt(3) * spread for name, spread in functions.typical.items()},
            "shares": True,
            "nodes": [],
            "gradient": None,
        }
    )
    return Noise(
        responses={r["name"]: r for r in noisy["responses"] if _is_finite(r)},
        shares=sort_shares(noisy["shares"]),
        draws=noisy["draws"],
        ulps={
            name: {**errors, SPREAD: functions.typical[name]}
            for name, errors in functions.largest.items()
        },
    )


def sort_shares(shares: Sequence[Share]) -> dict[str, tuple[ShareRecord, ...]]:
    """Return what each operation adds by the output's name, the largest first."""
    sorted_shares: dict[str, list[ShareRecord]] = {}
    for share in sorted(shares, key=lambda share: -share["share"]):
        sorted_shares.setdefault(share["output"], []).append(
            ShareRecord(
                name=share["name"],
                op=share["op"],
                length=share["length"],
                growth=share["growth"],
                share=share["share"],
            )
        )
    return {output: tuple(found) for output, found in sorted_shares.items()}


def recall_noise(
    earlier: ComparisonRecord | None,
    like: ComparisonRecord,
    digests: Mapping[str, str],
    needed: Collection[str],
) -> Noise | None:
    """Recall the response that an earlier comparison measured, where it still holds.

    It holds where dtype, draws, numbers and versions are the same, and PyTorch's float64 outputs
    are the same bit for bit: so the network is the one that was measured.

    Args:
        earlier: the earlier comparison, made on the same machine.
        like: the present one, as far as it is known: pair, dtype, digests, versions, draws.
        digests: PyTorch's float64 outputs by name.
        needed: those of them whose response is asked for; all must be known.
    """
    if earlier is None or any(
        getattr(earlier, name) != getattr(like, name)
        for name in ("pair", "dtype", "draws", "inputs_sha256", "weights_sha256", "versions")
    ):
        return None
    known = {o.right: o for o in earlier.outputs if o.sigma_max is not None}
    if not set(needed) <= set(known):
        return None
    if any(o.metrics.get("referee_sha256") != digests.get(name) for name, o in known.items()):
        return None
    return Noise(
        responses={name: _recall_response(name, output) for name, output in known.items()},
        shares={name: output.shares for name, output in known.items()},
        draws=earlier.draws,
        ulps=earlier.ulps,
    )


def _recall_response(name: str, output: OutputRecord) -> Response:
    return Response(
        name=name,
        size=prod(output.shape),
        sigma_max=output.sigma_max or 0.0,
        sigma_rms=output.sigma_rms or 0.0,
        scale=output.scale or 0.0,
    )


def _is_finite(response: Response) -> bool:
    return isfinite(response["sigma_max"]) and isfinite(response["sigma_rms"])
