"""Whether two sketches are of the same value, and in which order of axes."""

from math import isclose

from parityhub.capture.protocol import Node, Sketch

TOLERANCE = 1e-10
"""relative to a value's rms: in float64 right implementations agree to about 1e-13, and what is
wrong is seldom as little wrong as this"""


def match_order(tensorflow: Node, pytorch: Node, only: str | None = None) -> str | None:
    """Return the order in which two nodes hold the same value, or None.

    The same are the size, the number of elements that are not finite, mean, rms, third moment and
    extremes, and, under one of the allowed orders, every projection.

    Args:
        tensorflow: a node with its sketch.
        pytorch: one whose sketch has the projections of each allowed order.
        only: the order that it has to be.

    Returns:
        How PyTorch's axes are transposed to TensorFlow's, `0231`.
    """
    ours, theirs = tensorflow.get("sketch"), pytorch.get("sketch")
    if ours is None or theirs is None or _is_complex(tensorflow) != _is_complex(pytorch):
        return None
    if not match_moments(ours, theirs):
        return None
    for order in list_fitting(tensorflow["shape"], pytorch["shape"], theirs["projections"]):
        if only in (None, order) and _match_projections(ours, theirs, order):
            return order
    return None


def match_moments(one: Sketch, other: Sketch) -> bool:
    """Return whether the numbers agree that do not depend on the order of elements."""
    if (one["size"], one["nonfinite"]) != (other["size"], other["nonfinite"]):
        return False
    scale = max(one["rms"], other["rms"])
    largest = max(abs(one[end]) for end in ("low", "high"))
    return (
        _is_near(one["rms"], other["rms"], scale)
        and _is_near(one["mean"], other["mean"], scale)
        and _is_near(one["low"], other["low"], largest)
        and _is_near(one["high"], other["high"], largest)
        and _is_near(one["cube"], other["cube"], scale * scale * max(largest, scale))
    )


def list_fitting(ours: list[int], theirs: list[int], orders: object) -> list[str]:
    """Return those orders that give PyTorch's shape the lengths of TensorFlow's."""
    if len(ours) != len(theirs) or not isinstance(orders, dict | list | tuple):
        return []
    return [order for order in orders if [theirs[int(axis)] for axis in order] == list(ours)]


def is_constant(sketch: Sketch) -> bool:
    """Return whether all finite elements are the same, so that the value tells nothing."""
    largest = max(abs(sketch["low"]), abs(sketch["high"]))
    return sketch["size"] > 1 and sketch["high"] - sketch["low"] <= TOLERANCE * largest


def invert_order(order: str) -> list[int]:
    """Return how TensorFlow's axes are transposed to PyTorch's."""
    return [order.index(str(axis)) for axis in range(len(order))]


def _match_projections(ours: Sketch, theirs: Sketch, order: str) -> bool:
    own = "".join(map(str, range(len(order))))
    scale = max(ours["rms"], theirs["rms"])
    pairs = zip(ours["projections"].get(own, []), theirs["projections"][order], strict=False)
    near = [_is_near(one, other, scale) for one, other in pairs]
    return bool(near) and all(near)


def _is_near(one: float, other: float, scale: float) -> bool:
    return isclose(one, other, rel_tol=0.0, abs_tol=TOLERANCE * scale)


def _is_complex(node: Node) -> bool:
    return node["dtype"].startswith("complex")
