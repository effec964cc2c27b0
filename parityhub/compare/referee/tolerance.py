"""How far two sides may be apart: derived from the network, assumed, or overridden."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log, prod, sqrt

from parityhub.errors import UsageError
from parityhub.hub.parity_records import OutputRecord, ToleranceKind
from parityhub.plan.pair import PairOutput, RunOutput

FALSE_ALARM = 1e-6
"""probability with which honest rounding may leave a derived tolerance"""

UNIT_ROUNDOFF = {
    "float64": 2.0**-53,
    "float32": 2.0**-24,
    "float16": 2.0**-11,
    "bfloat16": 2.0**-8,
}
SMALLEST_NORMAL = {
    "float64": 2.0**-1022,
    "float32": 2.0**-126,
    "float16": 2.0**-14,
    "bfloat16": 2.0**-126,
}
"""what lies below may be flushed to 0, which no relative error describes"""

REFEREE_FLOOR = 1e-14
"""what two float64 runs may be apart at least, relative to the output's scale"""

ASSUMED = 1e-5
"""what is assumed of float32, or anything finer, where nothing can be derived; of the scale"""
ASSUMED_CODE = 1e-10
"""the same of two float64 runs whose network's response to rounding is not known"""


@dataclass(frozen=True)
class Override:
    """A tolerance that a person set: |difference| <= atol + rtol * scale, and why.

    The scale is the largest magnitude of the whole output, so a stored comparison can be judged
    by it without its arrays.

    Raises:
        UsageError: the reason is empty, or a number is negative or not finite.
    """

    reason: str
    atol: float = 0.0
    rtol: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("atol", self.atol), ("rtol", self.rtol)):
            if not (isfinite(value) and value >= 0):
                raise UsageError(f"{name} is {value!r}", hint=f"{name} is finite and not negative")
        if not self.reason.strip():
            raise UsageError(
                "a tolerance is overridden without a reason", hint="give the override a reason"
            )


def read_override(output: PairOutput | RunOutput) -> Override | None:
    """Return the tolerance that the plan gives an output in place of the derived one, if any.

    Raises:
        UsageError: it has no reason.
    """
    if not output.given:
        return None
    return Override(output.reason, output.atol or 0.0, output.rtol or 0.0)


@dataclass(frozen=True)
class Tolerance:
    """How far two sides may be apart, and how that came about."""

    kind: ToleranceKind
    max_abs: float
    rms: float | None
    """None: the root mean square is not judged"""
    one_side: float | None
    """what rounding explains of one side's distance from the referee, its spread included"""
    rounding: float | None
    """what rounding explains of max_abs: without the sides' spread"""
    reason: str


def choose_tolerance(
    record: OutputRecord, dtype: str, referee: str, override: Override | None
) -> Tolerance:
    """Choose the tolerance of an output: overridden, else derived, else assumed.

    Args:
        record: an output with its scale, spreads and, where known, sigmas.
        dtype: what both sides computed in: `float32`.
        referee: how the referee was had, or why there is none.
        override: a person's.
    """
    if override is not None:
        return override_tolerance(record, override)
    if record.sigma_max is None or record.sigma_rms is None:
        return assume_tolerance(record, dtype, referee)
    if is_discrete(record.dtype):
        reason = "integers and booleans do not round: they are equal or not"
        return Tolerance("derived", 0.0, None, None, 0.0, reason)
    return derive_tolerance(record, dtype)


def is_discrete(dtype: str) -> bool:
    """Say whether a dtype, by its name, holds integers or booleans."""
    return not dtype.startswith(("float", "bfloat", "complex"))


def find_bound(size: int, probability: float = FALSE_ALARM) -> float:
    """Return how many standard deviations none of `size` normal elements leaves.

    lambda = sqrt(2 ln(2 size / probability)). A normal variable exceeds t standard deviations in
    magnitude with a probability of at most 2 exp(-t²/2) (Chernoff); over `size` elements, however
    they depend on each other, at most size times that (union bound): set that to `probability`.
    """
    return sqrt(2 * log(2 * max(size, 1) / probability))


def derive_tolerance(record: OutputRecord, dtype: str) -> Tolerance:
    """Derive a tolerance from the standard deviations that rounding gives an output.

    On the largest |difference|: lambda(N) * sqrt(2) * sigma_max, N elements, sqrt(2) because both
    sides round, independently. On the root mean square: lambda(1) * sqrt(2) * sigma_rms; of all
    normal vectors with that mean variance a fully correlated one, which is a single normal number
    times a fixed vector, has the heaviest tail, so one number is what is bounded. To both the
    spreads of sides that do not repeat themselves are added, and the least normal number of the
    dtype, for what is flushed to 0.

    Args:
        record: an output with its shape, sigmas and spreads.
        dtype: what both sides computed in.
    """
    size, sigma_max, sigma_rms = prod(record.shape), record.sigma_max, record.sigma_rms
    if sigma_max is None or sigma_rms is None:
        raise ValueError(f"{record.name} has no standard deviations")
    bound, single = find_bound(size), find_bound(1)
    flushed = SMALLEST_NORMAL[dtype]
    rounding = bound * sqrt(2) * sigma_max + flushed
    spreads = _list_spreads(record)
    reason = (
        f"{bound:.3g} × sqrt(2) × {sigma_max:.3g}: the float64 network's response to roundings of "
        f"{UNIT_ROUNDOFF[dtype]:.3g} has a standard deviation of {sigma_max:.3g} at its most "
        f"responsive element; of {size} elements none leaves {bound:.3g} of them but with a "
        f"probability of {FALSE_ALARM:g}; sqrt(2): both sides round{_describe_spreads(record)}"
    )
    return Tolerance(
        kind="derived",
        max_abs=rounding + sum(spreads),
        rms=single * sqrt(2) * sigma_rms + flushed + sum(spreads),
        one_side=bound * sigma_max + flushed + max(spreads, default=0.0),
        rounding=rounding,
        reason=reason,
    )


def assume_tolerance(record: OutputRecord, dtype: str, referee: str) -> Tolerance:
    """Assume a bound where none can be derived: it shows what is wrong, never what is right.

    Args:
        record: an output with its dtype, scale and spreads.
        dtype: what both sides computed in.
        referee: why there is no referee, or how it was had.
    """
    relative = assume_relative(record.dtype, dtype)
    bound = relative * (record.scale or 0.0)
    reason = (
        f"{relative:.3g} × the scale {record.scale or 0.0:.3g}, an assumed bound"
        f"{_describe_spreads(record)}; its response to rounding is not known ({referee})"
    )
    return Tolerance("underived", bound + sum(_list_spreads(record)), None, None, None, reason)


def assume_relative(stored: str, dtype: str) -> float:
    """Return the assumed bound, relative to the scale: 0 for what is not stored as floats.

    A float64 output may well have been computed in float32, so nothing finer is assumed.
    """
    if is_discrete(stored):
        return 0.0
    coarsest = max(UNIT_ROUNDOFF.get(name, 0.0) for name in (stored, dtype))
    return ASSUMED * max(1.0, coarsest / UNIT_ROUNDOFF["float32"])


def override_tolerance(record: OutputRecord, override: Override) -> Tolerance:
    """Take a person's tolerance instead of any other, and say that it is one."""
    bound = override.atol + override.rtol * (record.scale or 0.0)
    reason = (
        f"override, atol {override.atol:g} + rtol {override.rtol:g} × the scale "
        f"{record.scale or 0.0:.3g}: {' '.join(override.reason.split())}"
    )
    return Tolerance("override", bound, None, None, None, reason)


def bound_referee(record: OutputRecord, dtype: str) -> float:
    """Return how far two float64 runs of the same code may be apart.

    The tolerance that rounding to `dtype` gives, scaled from its unit roundoff to float64's, and at
    least 1e-14 of the output's scale; 1e-10 of it where the network's response is not known.
    """
    scale = record.scale or 0.0
    if record.sigma_max is None:
        return ASSUMED_CODE * scale
    finer = UNIT_ROUNDOFF["float64"] / UNIT_ROUNDOFF[dtype]
    rounding = find_bound(prod(record.shape)) * sqrt(2) * record.sigma_max
    return max(rounding * finer, REFEREE_FLOOR * scale)


def _list_spreads(record: OutputRecord) -> Sequence[float]:
    spreads = (record.spread_tensorflow, record.spread_pytorch)
    return [spread for spread in spreads if spread]


def _describe_spreads(record: OutputRecord) -> str:
    spreads = _list_spreads(record)
    shown = " + ".join(f"{spread:.3g}" for spread in spreads)
    return f"; + {shown}, the spread of what does not repeat itself" if spreads else ""
