"""The referee of a pair: both float64 runs, and the network's response to rounding."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from math import prod

from parityhub.capture.protocol import Output, Response
from parityhub.compare.probe import Probe
from parityhub.compare.referee.judge import Referee
from parityhub.compare.referee.models import (
    Answered,
    Numbers,
    answer_input,
    digest_output,
    read_output,
)
from parityhub.compare.referee.noise import Noise, measure_noise, measure_ulps, recall_noise
from parityhub.compare.referee.request import REFEREE_DTYPE, SIDES, TITLES, PairRequest
from parityhub.compare.referee.tolerance import is_discrete
from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import ComparisonRecord
from parityhub.plan.pair import PairOutput, Side

Clock = Callable[[], float]
"""seconds, from any start"""


@dataclass(frozen=True, kw_only=True)
class Court:
    """The float64 runs, as far as they could be had, and what they say of rounding."""

    told: str
    """how the referee was had, or why there is none"""
    runs: Mapping[Side, Answered] = field(default_factory=dict)
    noise: Noise | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    """PyTorch's float64 outputs by name: SHA-256 of their files"""
    seconds: Mapping[str, float] = field(default_factory=dict)


def hold_court(
    probes: Mapping[Side, Probe],
    request: PairRequest,
    numbers: Numbers,
    begun: ComparisonRecord,
    clock: Clock,
    needed: Collection[str],
) -> Court:
    """Run both models in float64, and have the response to rounding recalled or measured.

    What cannot be had is said, not raised: without it a comparison is inconclusive at best.

    Args:
        probes: both children.
        request: what is compared.
        numbers: the numbers that both sides got.
        begun: the comparison as far as it is known.
        clock: what time is taken with.
        needed: those of PyTorch's outputs whose response is asked for.
    """
    runs = run_referees(probes, request, numbers)
    if isinstance(runs, str):
        return Court(told=f"no referee: {runs}")
    digests = {output["name"]: digest_output(output) for output in runs["pytorch"].outputs}
    noise = recall_noise(request.earlier, begun, digests, needed)
    source, started = "recalled from an earlier comparison of the same numbers", clock()
    if noise is None:
        try:
            functions = measure_ulps(probes["tensorflow"], probes["pytorch"], request.pair.dtype)
            noise = measure_noise(probes["pytorch"], request, numbers.inputs["pytorch"], functions)
        except EvidenceError as error:
            told = f"the network's response to rounding could not be measured: {error.message}"
            return Court(told=told, runs=runs, digests=digests)
        source = f"{noise.draws} seeded draws in PyTorch's float64 network"
    return Court(
        told=(
            "both frameworks in float64, with the very same numbers; response to rounding: "
            f"{source}, each elementwise function with the larger error of the two frameworks"
        ),
        runs=runs,
        noise=noise,
        digests=digests,
        seconds={
            **{f"{side} {REFEREE_DTYPE}": run.seconds for side, run in runs.items()},
            "noise": clock() - started,
        },
    )


def run_referees(
    probes: Mapping[Side, Probe], request: PairRequest, numbers: Numbers
) -> dict[Side, Answered] | str:
    """Run both models in float64; return the runs, or why there are none."""
    runs: dict[Side, Answered] = {}
    for side in SIDES:
        try:
            runs[side] = answer_input(probes[side], side, request, numbers, REFEREE_DTYPE, 1)
        except EvidenceError as error:
            return f"{TITLES[side]} in float64: {error.message}"
        if trouble := find_dtype_trouble(side, runs[side], REFEREE_DTYPE):
            return trouble
    return runs


def find_dtype_trouble(side: Side, answered: Answered, dtype: str) -> str:
    """Say that a model does not compute in the dtype that it was asked for; empty where it does."""
    found = answered.opened["dtype"]
    if found == dtype:
        return ""
    return f"{TITLES[side]}'s model has no dtype switch: asked for {dtype} it gives {found}"


def call_referee(court: Court, pair: PairOutput) -> Referee | None:
    """Return the referee of an output; None where the float64 runs do not have it.

    Raises:
        EvidenceError: its file is damaged, or its axes do not fit.
    """
    found = {
        side: next((o for o in run.outputs if o["name"] == getattr(pair, side)), None)
        for side, run in court.runs.items()
    }
    here, there = found.get("tensorflow"), found.get("pytorch")
    if here is None or there is None:
        return None
    return Referee(
        tensorflow=read_output(here),
        pytorch=read_output(there, pair.axes),
        response=find_response(court.noise, there) if court.noise else None,
        shares=court.noise.shares.get(pair.pytorch, ()) if court.noise else (),
    )


def find_response(noise: Noise, output: Output) -> Response | None:
    """Return an output's response to rounding; integers and booleans have none to speak of."""
    if is_discrete(output["dtype"]):
        size = prod(output["shape"])
        return Response(name=output["name"], size=size, sigma_max=0.0, sigma_rms=0.0, scale=0.0)
    return noise.responses.get(output["name"])
