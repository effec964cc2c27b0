"""What a localisation found out about a pair that costs time: as JSON, to be kept and recalled.

It holds as long as the models, weights, inputs, dtype and versions are the same: whoever keeps it
makes its key of these.
"""

from msgspec import Struct

from parityhub.hub.parity_records import DivergenceRecord, LayerRecord


class KnownPair(Struct, frozen=True, kw_only=True):
    """A value that both sides have, by the names of its nodes."""

    tensorflow: str
    pytorch: str
    order: str
    """how PyTorch's axes are transposed to TensorFlow's, `0231`"""
    shape: tuple[int, ...]
    """in PyTorch's order"""
    before: tuple[str, ...]
    """PyTorch's names of the pairs that its value comes from"""
    healed: bool = False
    """its own deviation is that of a divergence in float64"""
    sigma_max: float | None = None
    """of the rounding of the stretch behind the pairs before, where that could be measured"""


class Backward(Struct, frozen=True, kw_only=True):
    """What the backward pass of the float64 networks gave."""

    divergences: tuple[DivergenceRecord, ...] = ()
    layers: tuple[LayerRecord, ...] = ()
    reason: str = ""


class Known(Struct, frozen=True, kw_only=True):
    """Pairs, floors and divergences of the float64 networks."""

    pairs: tuple[KnownPair, ...]
    divergences: tuple[DivergenceRecord, ...]
    checkpoints: tuple[KnownPair, ...]
    """a few of the pairs, with the longer stretches between them: they are measured first when all
    this is recalled, the others only where one of these stands out"""
    places: tuple[int, ...]
    """of each divergence: how many of the pairs come before it"""
    unpaired_tensorflow: tuple[str, ...]
    """layers none of whose values has a partner"""
    unpaired_pytorch: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """what was lost on the way, in words"""
    unfinished: tuple[str, ...] = ()
    """outputs that could not be made to agree"""
    backward: Backward | None = None
    """None: it was not looked at"""
    seconds: float = 0.0
    """that finding it out took"""
