"""A data set: read, checked, grouped by neighbours and put in order. Both sides call these."""

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parityhub.baselines.options import Dtype
from parityhub.errors import DataError

FIELDS = ("diff3d", "probeGuess", "xcoords", "ycoords")
"""What a data set must have; `objectGuess` is read where there is one."""
DIVISOR = 8
"""The network halves a pattern three times."""

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dataset:
    """Diffraction patterns and where they were taken."""

    name: str
    sha256: str
    amplitudes: npt.NDArray[np.float32]
    """(n, N, N), zero frequency in the middle"""
    probe: npt.NDArray[np.complex128]
    """(N, N), such that its intensity sums to (N/2)²"""
    positions: npt.NDArray[np.float64]
    """(n, 2), (y, x) in the object's pixels"""
    sample: npt.NDArray[np.complex64] | None
    """the object, where it is known"""

    @property
    def size(self) -> int:
        """Return N, the pixels of a pattern a side."""
        return len(self.probe)

    @cached_property
    def mean_photons(self) -> float:
        """Return the mean sum of a pattern's intensity."""
        totals = np.square(self.amplitudes, dtype=np.float64).sum(axis=(-2, -1))
        return float(totals.mean())

    @property
    def pattern_scale(self) -> float:
        """Return the factor on amplitudes that makes a mean pattern's intensity sum to (N/2)²."""
        return float(self.size / 2 / np.sqrt(self.mean_photons))


class Batch(NamedTuple):
    """Groups of patterns, as the network and the likelihood want them."""

    patterns: npt.NDArray[Any]
    """(groups, C, N, N), amplitudes scaled so that a mean pattern's intensity sums to (N/2)²"""
    counts: npt.NDArray[Any]
    """(groups, C, N, N), photons; both with zero frequency in the corner, as an FFT gives it"""
    offsets: npt.NDArray[Any]
    """(groups, C, 2), (dy, dx) of each patch from its group's centre, pixels"""


def read_dataset(path: Path) -> Dataset:
    """Read and check a data set.

    Raises:
        DataError: the file is missing or no .npz, or a field is missing, has a wrong shape, or is
            not finite.
    """
    content, arrays = _load_fields(path)
    amplitudes, probe = arrays["diff3d"], arrays["probeGuess"]
    count, size = len(amplitudes) if amplitudes.ndim else 0, len(probe) if probe.ndim else 0
    _check_shape(path, "probeGuess", probe, (size, size))
    _check_shape(path, "diff3d", amplitudes, (count, size, size))
    for name in ("xcoords", "ycoords"):
        _check_shape(path, name, arrays[name], (count,))
    if count == 0 or size == 0 or size % DIVISOR:
        raise DataError(
            f"{path}: {count} patterns of {size} x {size} pixels",
            hint=f"the network wants at least one, of a size that {DIVISOR} divides",
        )
    if amplitudes.min() < 0 or not amplitudes.any() or not probe.any():
        raise DataError(
            f"{path}: diff3d has negative values, or diff3d or probeGuess is all zero",
            hint="diff3d holds amplitudes: the square roots of the counts",
        )
    power = np.sum(np.abs(probe.astype(np.complex128)) ** 2)
    return Dataset(
        name=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        amplitudes=amplitudes.astype(np.float32, copy=False),
        probe=probe * (size / 2 / np.sqrt(power)),
        positions=np.stack([arrays["ycoords"], arrays["xcoords"]], axis=1).astype(np.float64),
        sample=_read_sample(path, arrays.get("objectGuess")),
    )


def choose_groups(
    positions: npt.NDArray[np.float64],
    gridsize: int,
    neighbor_count: int,
    n_groups: int | None,
    seed: int,
) -> Indices:
    """Choose groups of gridsize² scan positions near each other.

    Each group is a position and partners drawn from its nearest neighbours. Each position starts
    a group before any starts another.

    Args:
        positions: (n, 2).
        gridsize: 1 or 2.
        neighbor_count: how many nearest neighbours partners are drawn from.
        n_groups: how many; None: each position starts one, in the order of the file.
        seed: of the draw.

    Returns:
        (groups, gridsize²), indices of positions; the first is the one the group started from.

    Raises:
        DataError: there are fewer positions than a group needs.
    """
    rng = np.random.default_rng([seed, 1])
    count, partners = len(positions), gridsize**2 - 1
    if count <= partners:
        raise DataError(
            f"{count} positions cannot fill a group of {partners + 1}",
            hint="use a smaller --gridsize or more data",
        )
    if n_groups is None:
        starts = np.arange(count)
    else:
        rounds = -(-n_groups // count)
        starts = np.concatenate([rng.permutation(count) for _ in range(rounds)])[:n_groups]
    near = min(neighbor_count, count - 1)
    groups = np.empty((len(starts), 1 + partners), dtype=np.int64)
    for group, start in zip(groups, starts, strict=True):
        distances = np.square(positions - positions[start]).sum(axis=1)
        distances[start] = -1
        nearest = np.argsort(distances, kind="stable")[1 : near + 1]
        group[0] = start
        group[1:] = rng.choice(nearest, partners, replace=False)
    return groups


def order_batches(n_groups: int, batch_size: int, epochs: int, seed: int) -> Indices:
    """Put the groups in order: each epoch another permutation; what fills no batch is left out.

    Returns:
        (epochs, batches, groups a batch), indices of groups.
    """
    rng = np.random.default_rng([seed, 2])
    together = min(batch_size, n_groups)
    batches = n_groups // together
    orders = [rng.permutation(n_groups)[: batches * together] for _ in range(epochs)]
    return np.stack(orders).astype(np.int64).reshape(epochs, batches, together)


def make_batch(
    dataset: Dataset, groups: Indices, offsets: npt.NDArray[np.float64], dtype: Dtype
) -> Batch:
    """Gather the patterns of some groups.

    Args:
        dataset: the data set.
        groups: (groups, C), indices of its positions.
        offsets: (groups, C, 2), (dy, dx) from each group's centre.
        dtype: of the arrays.
    """
    amplitudes = np.fft.ifftshift(dataset.amplitudes[groups], axes=(-2, -1)).astype(dtype)
    return Batch(
        patterns=amplitudes * np.dtype(dtype).type(dataset.pattern_scale),
        counts=np.square(amplitudes),
        offsets=offsets.astype(dtype),
    )


def _load_fields(path: Path) -> tuple[bytes, dict[str, npt.NDArray[Any]]]:
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in (*FIELDS, "objectGuess") if name in archive}
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        why = (str(error) or type(error).__name__).splitlines()[0]
        raise DataError(
            f"cannot read {path}: {why}", hint="pass an .npz of plain arrays"
        ) from error
    missing = [name for name in FIELDS if name not in arrays]
    if missing:
        raise DataError(
            f"{path} lacks {', '.join(missing)}", hint=f"a data set has {', '.join(FIELDS)}"
        )
    for name, array in arrays.items():
        kinds = "iufc" if name in ("probeGuess", "objectGuess") else "iuf"
        if array.dtype.kind not in kinds or not np.isfinite(array).all():
            raise DataError(
                f"{path}: {name} ({array.dtype}) is not all finite numbers",
                hint="diff3d and coordinates are real, probe and object may be complex",
            )
    return content, arrays


def _check_shape(path: Path, name: str, array: npt.NDArray[Any], expected: tuple[int, ...]) -> None:
    if array.shape != expected:
        raise DataError(
            f"{path}: {name} has shape {array.shape}, expected {expected}",
            hint="diff3d is (n, N, N), probeGuess (N, N), xcoords and ycoords (n,)",
        )


def _read_sample(path: Path, sample: npt.NDArray[Any] | None) -> npt.NDArray[np.complex64] | None:
    if sample is None:
        return None
    if sample.ndim != 2:
        raise DataError(
            f"{path}: objectGuess has shape {sample.shape}", hint="an object is (height, width)"
        )
    return sample.astype(np.complex64, copy=False)
