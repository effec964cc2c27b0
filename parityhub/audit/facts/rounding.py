"""When a number as written is true of a recorded one."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

Match = Literal["equal", "consistent", "differs"]
"""consistent: the evidence shows fewer digits than the claim, and they agree"""

NUMBER = re.compile(
    r"(?P<about>[~≈≃∼]\s{0,2})?"
    r"(?P<number>[-+−]?\s?(?:\d{1,30}(?:[,_\u202f\u00a0]\d{3}){0,9}(?:\.\d{0,40})?|\.\d{1,40}))"
    r"(?:\s?(?:[eE](?P<exp>[-+−]?\d{1,5})|[×x*·]\s?10\s?(?:\^|\*\*)?\s?(?P<power>[-+−]?\d{1,5})))?"
)
SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), Decimal(1)),
    **dict.fromkeys(("min", "minute", "minutes"), Decimal(60)),
    **dict.fromkeys(("h", "hour", "hours"), Decimal(3600)),
    "ms": Decimal("1e-3"),
    "us": Decimal("1e-6"),
    "µs": Decimal("1e-6"),
    "ns": Decimal("1e-9"),
}
BYTES = {
    **dict.fromkeys(("b", "byte", "bytes"), Decimal(1)),
    **{f"{unit}b": Decimal(1000) ** power for power, unit in enumerate("kmgt", 1)},
    **{f"{unit}ib": Decimal(1024) ** power for power, unit in enumerate("kmgt", 1)},
}
BINARY = {f"{unit}b": Decimal(1024) ** power for power, unit in enumerate("kmgt", 1)}
"""what some tools mean by these"""


@dataclass(frozen=True)
class Written:
    """A number as it stands in a report."""

    value: Decimal
    quantum: Decimal
    """one unit of its last digit"""
    about: bool = False
    """marked as approximate"""


def parse_number(text: str) -> Written | None:
    """Read a number as written: `8.97e9`, `5,188,101.0`, `≈ 0.00450`, `1.2×10^-3`."""
    found = NUMBER.search(text)
    if found is None:
        return None
    digits = re.sub(r"[,_\s]", "", found["number"]).replace("−", "-")
    exponent = int((found["exp"] or found["power"] or "0").replace("−", "-"))
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None
    places = len(digits.partition(".")[2])
    scaled = value.scaleb(exponent) if abs(exponent) < 5000 else value
    return Written(scaled, Decimal(1).scaleb(exponent - places), bool(found["about"]))


def scale_written(written: Written, factor: Decimal) -> Written:
    """Return a written number in other units."""
    return Written(written.value * factor, written.quantum * factor, written.about)


def unit_factors(unit: str) -> tuple[Decimal, ...]:
    """Return what a written value may be multiplied by to give seconds, bytes or a plain number."""
    plain = unit.strip().strip(".")
    lower = plain.lower()
    if plain in {"%", "percent"}:
        return (Decimal("0.01"), Decimal(1))
    if lower in SECONDS:
        return (SECONDS[lower],)
    if lower in BYTES:
        factors = (BYTES[lower], *((BINARY[lower],) if lower in BINARY else ()))
        return factors if BYTES[lower] == 1 else (*factors, Decimal(1))
    return (Decimal(1),)


def compare_number(written: Written, recorded: Decimal, printed: Decimal | None = None) -> Match:
    """Compare a number as written with a recorded one.

    Equal: the recorded value rounds to the digits written, ties to either side. A number marked
    as approximate may be off by one unit of its last digit.

    Args:
        written: as the report has it.
        recorded: the value.
        printed: one unit of the last digit that the evidence prints, where it prints few.
    """
    slack = written.quantum if written.about else written.quantum / 2
    gap = abs(written.value - recorded)
    if gap <= slack:
        # Every small value rounds to a zero with few digits, and a zero is a strong claim.
        vague_zero = not written.value and recorded and written.quantum >= 1
        return "differs" if vague_zero else "equal"
    if printed is not None and printed > written.quantum and gap <= printed / 2:
        return "consistent"
    return "differs"


def match_number(
    text: str, unit: str, recorded: float | int | str, printed: Decimal | None = None
) -> Match:
    """Compare a written number and its unit with a recorded value."""
    written = parse_number(text)
    value = to_decimal(recorded)
    if written is None or value is None:
        return "differs"
    # A report may print more digits of a float than its shortest form in JSON has.
    exact = Decimal(recorded) if isinstance(recorded, float) else value
    best: Match = "differs"
    for factor in unit_factors(unit):
        scaled = scale_written(written, factor)
        match = compare_number(scaled, value, printed)
        if match == "equal" or compare_number(scaled, exact) == "equal":
            return "equal"
        best = match if match == "consistent" else best
    return best


def to_decimal(value: float | int | str) -> Decimal | None:
    """Return a finite value exactly as it is shown; None for NaN, infinities and no numbers."""
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def printed_quantum(text: str) -> Decimal | None:
    """Return one unit of the last digit of a number as evidence prints it."""
    written = parse_number(text)
    return None if written is None else written.quantum
