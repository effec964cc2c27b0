"""Draws named arrays from a seed and writes them as .npz: what is put to both models of a pair.

python -m parityhub.capture.draw_inputs inputs.npz x=4,8 tokens=4,16:int32:0..100
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.files import write_arrays
from parityhub.errors import Error, OptionError

FORM = re.compile(
    r"(?P<name>[A-Za-z_]\w*)=(?P<shape>\d+(?:,\d+)*)"
    r"(?::(?P<dtype>[a-z]+\d*))?(?::(?P<low>-?[\d.e+-]+?)\.\.(?P<high>-?[\d.e+-]+))?"
)
HINT = "write NAME=SHAPE, as x=4,8 or tokens=4,16:int32:0..100"
DTYPES = ("float32", "float64", "complex64", "int32", "int64", "uint8", "bool")
LARGEST = 1 << 30
"""elements of an array"""
MOST_AXES = 8


@dataclass(frozen=True)
class Drawn:
    """An array as it is to be drawn."""

    name: str
    shape: tuple[int, ...]
    dtype: str = "float32"
    low: float | None = None
    """None: standard normal where it is floating or complex, else from 0"""
    high: float | None = None
    """not reached"""

    def __str__(self) -> str:
        """Return it as it is written on a command line."""
        text = f"{self.name}={','.join(map(str, self.shape))}"
        if self.dtype != "float32" or self.low is not None:
            text += f":{self.dtype}"
        return text if self.low is None else f"{text}:{self.low:g}..{self.high:g}"

    def describe(self) -> str:
        """Return it in words."""
        size = " × ".join(map(str, self.shape))
        spread = "standard normal" if self.low is None else f"from {self.low:g} to {self.high:g}"
        return f"{self.name}: {size}, {self.dtype}, {spread}"


def parse_drawn(text: str) -> Drawn:
    """Read `NAME=SHAPE[:DTYPE[:LOW..HIGH]]`.

    Raises:
        OptionError: it has another form, or says what cannot be drawn.
    """
    found = FORM.fullmatch(text)
    if found is None:
        raise OptionError(f"{text!r} describes no array", hint=HINT)
    shape = tuple(int(size) for size in found["shape"].split(","))
    dtype = found["dtype"] or "float32"
    if dtype not in DTYPES:
        raise OptionError(f"{text!r}: no dtype {dtype!r}", hint=f"one of {', '.join(DTYPES)}")
    if 0 in shape or len(shape) > MOST_AXES or np.prod(shape, dtype=np.float64) > LARGEST:
        raise OptionError(
            f"{text!r}: an array of that shape is empty, or too large", hint="give another shape"
        )
    low, high = _read_range(text, found["low"], found["high"], dtype)
    return Drawn(found["name"], shape, dtype, low, high)


def draw_inputs(wanted: Sequence[Drawn], seed: int) -> dict[str, npt.NDArray[Any]]:
    """Draw each array from a seed of its own: adding one leaves the others as they are.

    Args:
        wanted: what is to be drawn.
        seed: of all of them.
    """
    drawn: dict[str, npt.NDArray[Any]] = {}
    for array in wanted:
        rng = np.random.default_rng([seed, *array.name.encode()])
        values: npt.NDArray[Any]
        if array.dtype.startswith(("int", "uint", "bool")):
            low, high = (
                (0, 2) if array.low is None or array.high is None else (array.low, array.high)
            )
            values = rng.integers(int(low), int(high), array.shape)
        elif array.low is None or array.high is None:
            values = rng.standard_normal(array.shape)
            if array.dtype.startswith("complex"):
                values = values + 1j * rng.standard_normal(array.shape)
        else:
            values = rng.uniform(array.low, array.high, array.shape)
        drawn[array.name] = values.astype(array.dtype)
    return drawn


def _read_range(
    text: str, low: str | None, high: str | None, dtype: str
) -> tuple[float | None, float | None]:
    whole = dtype.startswith(("int", "uint", "bool"))
    if low is None or high is None:
        return (0, 2) if whole else (None, None)
    try:
        ends = float(low), float(high)
    except ValueError as error:
        raise OptionError(f"{text!r}: {low}..{high} is no range", hint=HINT) from error
    finite = all(map(np.isfinite, ends))
    if not finite or not ends[0] < ends[1] or dtype.startswith("complex"):
        raise OptionError(f"{text!r}: nothing can be drawn from {low}..{high}", hint=HINT)
    if whole:
        kind = np.iinfo("uint8" if dtype == "bool" else dtype)
        if not (kind.min <= ends[0] and ends[1] - 1 <= kind.max):
            raise OptionError(f"{text!r}: {dtype} does not reach so far", hint="give another range")
        if not all(end.is_integer() for end in ends):
            raise OptionError(f"{text!r}: {dtype} needs whole ends", hint=HINT)
    return ends


def main(argv: Sequence[str] | None = None) -> None:
    """Draw the arrays and write them.

    Raises:
        OptionError: what is asked for cannot be drawn, or is asked for twice.
    """
    parser = argparse.ArgumentParser(
        prog="python -m parityhub.capture.draw_inputs", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("out", type=Path, metavar="FILE.npz")
    parser.add_argument("wanted", nargs="+", metavar="NAME=SHAPE[:DTYPE[:LOW..HIGH]]")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(argv)
    wanted = [parse_drawn(text) for text in asked.wanted]
    names = [array.name for array in wanted]
    if len(set(names)) < len(names):
        raise OptionError(f"{', '.join(names)}: a name is given twice", hint="rename one")
    if asked.seed < 0:
        raise OptionError(f"--seed {asked.seed} is negative", hint="give a seed from 0")
    write_arrays(asked.out, draw_inputs(wanted, asked.seed))
    sys.stdout.writelines(f"{array.describe()}\n" for array in wanted)


if __name__ == "__main__":
    try:
        main()
    except Error as error:
        sys.exit(f"{error.message}\nhint: {error.hint}")
