"""What a comparison of a pair is asked with, and what its models are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parityhub.hub.parity_records import ComparisonRecord, OriginRecord, WeightRecord
from parityhub.plan.pair import Implementation, Pair, Side

REFEREE_DTYPE = "float64"
SIDES: tuple[Side, Side] = ("tensorflow", "pytorch")
TITLES: Mapping[Side, str] = {"tensorflow": "TensorFlow", "pytorch": "PyTorch"}


@dataclass(frozen=True, kw_only=True)
class PairRequest:
    """A pair, the numbers that both sides get, and where arrays may be left."""

    name: str
    pair: Pair
    inputs: Path
    """.npz of named arrays, in TensorFlow's order"""
    weights: Mapping[Side, Path]
    """by side: .npz of weights by that side's own names, in its own order"""
    folder: Path
    """is made; the children's arrays go below it"""
    options: Mapping[Side, Mapping[str, bool | int | float | str]]
    """by side: what the target is called with, filled in"""
    mapping: tuple[WeightRecord, ...] = ()
    """how the weights of the two were paired; kept in the record"""
    origin: OriginRecord | None = None
    """where the weights come from; kept in the record"""
    earlier: ComparisonRecord | None = None
    """a comparison made on the same machine: where the numbers, the versions and the float64
    outputs are the same bit for bit, its response to rounding is taken instead of measured"""

    def implementation(self, side: Side) -> Implementation:
        """Return a side's implementation."""
        return self.pair.tensorflow if side == "tensorflow" else self.pair.pytorch


def name_key(pair: str, dtype: str) -> str:
    """Return the key under which both children hold a pair's model of a dtype."""
    return f"{pair}/{dtype}"
