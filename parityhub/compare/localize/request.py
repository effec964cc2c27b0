"""What a localisation is asked with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parityhub.compare.localize.known import Known
from parityhub.compare.weights.pairs import WeightPair
from parityhub.plan.pair import PairOutput, Side

BUDGET = 256 << 20
"""bytes of TensorFlow's values that are on disk at a time"""


@dataclass(frozen=True, kw_only=True)
class LocalizeRequest:
    """A pair whose models both children hold, with their weights, in float64 and in its dtype."""

    pair: str
    dtype: str
    referee: str
    """key of the float64 models"""
    key: str
    """key of those in the pair's dtype"""
    inputs: Mapping[Side, Path]
    """by side: .npz of named arrays, in that side's order"""
    folder: Path
    """is made; the children's arrays go below it"""
    outputs: tuple[PairOutput, ...]
    """which output of one side is which of the other"""
    input_axes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """by name of an input: TensorFlow's axes in the order of PyTorch's, where it is another"""
    mapping: tuple[WeightPair, ...] = ()
    ulps: Mapping[str, float] = field(default_factory=dict)
    """elementwise function to the half-width of its errors in ULP, in the worse framework"""
    draws: int = 8
    seed: int = 0
    gradient: bool = True
    """whether the backward pass is looked at too"""
    known: Known | None = None
    """what an earlier localisation of the same models, weights and inputs found"""
    budget: int = BUDGET


def make_folder(request: LocalizeRequest, name: str) -> str:
    """Make a folder below the request's and return its path."""
    folder = request.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)
