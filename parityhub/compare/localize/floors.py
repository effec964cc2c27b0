"""What rounding explains of one layer's deviation, its inputs being the other side's."""

from math import isfinite, prod, sqrt

from parityhub.capture.protocol import Noisy
from parityhub.compare.localize.known import KnownPair
from parityhub.compare.localize.request import LocalizeRequest, make_folder
from parityhub.compare.probe import Probe
from parityhub.compare.referee.tolerance import SMALLEST_NORMAL, UNIT_ROUNDOFF, find_bound


def measure_floors(pytorch: Probe, request: LocalizeRequest, nodes: list[str]) -> dict[str, float]:
    """Measure the rounding of each stretch between nodes: its largest standard deviation.

    Args:
        pytorch: holds the float64 model.
        request: `dtype`, `draws`, `ulps`.
        nodes: at which values are exact again.

    Returns:
        By name of a node; not of one whose value is not finite.

    Raises:
        EvidenceError: the child refused it.
    """
    noisy: Noisy = pytorch.ask(
        {
            "do": "noise",
            "key": request.referee,
            "inputs": str(request.inputs["pytorch"]),
            "out": make_folder(request, "noise"),
            "unit": UNIT_ROUNDOFF[request.dtype],
            "draws": request.draws,
            "seed": request.seed,
            "ulps": dict(request.ulps),
            "shares": False,
            "nodes": nodes,
            "gradient": None,
        }
    )
    return {
        name: floor["sigma_max"]
        for name, floor in noisy["floors"].items()
        if isfinite(floor["sigma_max"])
    }


def find_floor(pair: KnownPair, scale: float, dtype: str) -> float | None:
    """Return what rounding explains of a local deviation; None where that is not known.

    lambda * sqrt(2) * sigma_max, as an output's tolerance is (see `referee/tolerance.py`), and two
    roundings more of the value itself, one on each side, at half a unit in the last place each:
    what one side makes in one operation the other may make in two.

    Args:
        pair: with the stretch's largest standard deviation.
        scale: largest |element| of the value.
        dtype: what both sides computed in.
    """
    if pair.sigma_max is None:
        return None
    stored = 2 * UNIT_ROUNDOFF[dtype] * scale + SMALLEST_NORMAL[dtype]
    return find_bound(prod(pair.shape)) * sqrt(2) * pair.sigma_max + stored
