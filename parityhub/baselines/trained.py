"""A bundle of either side, read and checked for inference."""

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from parityhub.baselines.options import Dtype, InferOptions
from parityhub.capture.bundle import Weights, read_bundle
from parityhub.errors import EvidenceError, OptionError


@dataclass(frozen=True)
class Trained:
    """What inference takes from a bundle, in the dtype it is to run in."""

    weights: Weights
    """canonical"""
    intensity_scale: float
    framework: str
    gridsize: int
    size: int
    """N"""
    dtype: Dtype


def read_trained(options: InferOptions) -> Trained:
    """Read the bundle and hold the options against it.

    Raises:
        EvidenceError: the bundle is damaged or lacks a parameter.
        OptionError: the options ask for another gridsize, or for less precision than the bundle's.
    """
    weights, params = read_bundle(options.bundle)
    problem = _find_problem(params)
    if problem:
        raise EvidenceError(
            f"{options.bundle}: params.json {problem}", hint="make the bundle with `train`"
        )
    if options.gridsize not in (None, params["gridsize"]):
        raise OptionError(
            f"--gridsize {options.gridsize}, but the bundle's is {params['gridsize']}",
            hint="leave --gridsize out, or use another bundle",
        )
    dtype = options.dtype or params["dtype"]
    if np.dtype(dtype) < np.dtype(params["dtype"]):
        raise OptionError(
            f"--dtype {dtype} cannot hold the bundle's {params['dtype']} bit for bit",
            hint="leave --dtype out",
        )
    return Trained(
        weights=weights,
        intensity_scale=params["intensity_scale"],
        framework=str(params.get("trained_by", "unknown")),
        gridsize=params["gridsize"],
        size=params["N"],
        dtype=dtype,
    )


def _find_problem(params: dict[str, Any]) -> str | None:
    """Say what is wrong with a bundle's parameters, if anything is."""
    scale = params.get("intensity_scale")
    if not isinstance(scale, float) or not np.isfinite(scale):
        return f"has intensity_scale {scale!r}, which is no finite number"
    if params.get("dtype") not in get_args(Dtype):
        return f"has dtype {params.get('dtype')!r}"
    if params.get("gridsize") not in (1, 2) or not isinstance(params.get("N"), int):
        return f"has gridsize {params.get('gridsize')!r} and N {params.get('N')!r}"
    return None
