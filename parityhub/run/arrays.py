"""Arrays as programs leave them: opened without trust in what their headers say."""

import tokenize
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.errors import EvidenceError

DAMAGE = (OSError, EOFError, ValueError, SyntaxError, tokenize.TokenError, MemoryError)
"""what numpy raises on a file that is cut short or crafted"""


def open_array(path: Path) -> npt.NDArray[Any]:
    """Open an .npy file, mapped into memory.

    Raises:
        EvidenceError: it is not a whole array.
    """
    try:
        return np.lib.format.open_memmap(path, mode="r")
    except DAMAGE as error:
        raise EvidenceError(
            f"{path.name}: not a whole array: {error}", hint="save it with np.save, to its end"
        ) from error
