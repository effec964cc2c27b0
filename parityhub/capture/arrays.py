"""Any framework's tensor, read as a numpy array without knowing the framework."""

from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.errors import DataError

NARROW = "bfloat16"
"""the dtype that numpy does not have: PyTorch gives no array of it, others one of their own kind"""


def read_array(x: object) -> npt.NDArray[Any]:
    """Return x as a numeric array, sharing its memory where it can be shared.

    Args:
        x: an array, a tensor with `.numpy()`, or anything with `__dlpack__` or `__array__`; on any
            device, whether or not it requires a gradient. bfloat16 comes as float32, exactly.

    Raises:
        DataError: x holds no integers, floats or complex numbers that numpy knows.
    """
    try:
        array = _convert(x)
    except (TypeError, ValueError, RuntimeError, BufferError) as error:
        raise DataError(
            f"cannot read a {type(x).__name__} as an array: {str(error).splitlines()[0]}",
            hint="pass an array or a tensor of numbers",
        ) from error
    if array.dtype.name == NARROW:
        array = array.astype(np.float32)
    if array.dtype.kind not in "iufc":
        raise DataError(
            f"an array of {array.dtype} is not numeric",
            hint="pass integers, floats or complex numbers",
        )
    return array


def _convert(x: Any) -> npt.NDArray[Any]:
    if isinstance(x, np.ndarray):
        return x
    if hasattr(x, "detach"):
        # A torch tensor gives its numbers only once it is off the tape, on the host, and real
        # about its lazy conjugate.
        x = x.detach().cpu().resolve_conj().resolve_neg()
        if str(getattr(x, "dtype", "")) == f"torch.{NARROW}":
            x = x.float()
    if hasattr(x, "numpy"):
        return np.asarray(x.numpy())
    if hasattr(x, "__dlpack__") and not hasattr(x, "__array__"):
        return np.from_dlpack(x)
    return np.asarray(x)
