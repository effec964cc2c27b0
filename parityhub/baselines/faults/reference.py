"""Mistakes in the reference pair's PyTorch side."""

from collections.abc import Mapping
from functools import partial

from torch import nn

from parityhub.baselines.faults import outputs
from parityhub.baselines.faults.layers import (
    BFloat16Convolution,
    ShortMantissaConvolution,
    retype_convolution,
)
from parityhub.baselines.faults.outputs import change_output
from parityhub.baselines.faults.plant import Plant, plant_one

PLANTS: Mapping[str, Plant] = {
    "patches-permuted": partial(change_output, name="patches", change=outputs.permute_patches),
    "height-width-swapped": partial(
        change_output, name="patches", change=outputs.swap_height_and_width
    ),
    "sign": partial(change_output, name="patches", change=outputs.flip_sign),
    "times-two": partial(change_output, name="expected", change=outputs.double),
    "plus-one": partial(change_output, name="expected", change=outputs.add_one),
    "one-nan": partial(change_output, name="patches", change=outputs.put_one_nan),
    "one-infinity": partial(change_output, name="expected", change=outputs.put_one_infinity),
    "output-constant": partial(change_output, name="patches", change=outputs.make_constant),
    "output-zero": partial(change_output, name="expected", change=outputs.make_zero),
    "bfloat16-layer": partial(
        retype_convolution, path="network.encoder_2", kind=BFloat16Convolution
    ),
    "short-mantissa-layer": partial(
        retype_convolution, path="network.decoder_0", kind=ShortMantissaConvolution
    ),
}


def plant_fault(model: nn.Module, name: str) -> nn.Module:
    """Make a mistake in the reference subject and return it; an empty name makes none.

    Raises:
        OptionError: there is no such mistake.
    """
    return plant_one(model, name, PLANTS)
