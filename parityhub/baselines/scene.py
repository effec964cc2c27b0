"""A ptychography experiment in numpy: an object, a probe, a scan, and the photons they give."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from parityhub.errors import DataError

ABSORPTION = 0.5
PHASE_SHIFT = 1.0
"""Radians, at full thickness."""

Complex = npt.NDArray[np.complex128]
Real = npt.NDArray[np.float64]


class Scan(NamedTuple):
    """Where the probe stood: centres in the object's pixels."""

    nominal_x: Real
    nominal_y: Real
    x: Real
    y: Real


def list_images() -> dict[str, Path]:
    """Return the images that lie in the installed scikit-image, by name; none is fetched."""
    import skimage

    folder = Path(skimage.__file__).parent / "data"
    return {path.stem: path for path in sorted(folder.glob("*.png"))}


def make_object(image: str, size: int) -> Complex:
    """Make a thin object of one material whose thickness follows an image.

    The transmission is exp(-(ABSORPTION + i PHASE_SHIFT) t) for a thickness t from 0 to 1, so
    amplitude and phase go together. It is given relative to its root mean square: the object
    takes no photons on the whole.

    Args:
        image: a name of `list_images`.
        size: pixels a side.

    Returns:
        (size, size).

    Raises:
        DataError: scikit-image ships no such image.
    """
    from skimage import color, transform
    from skimage.io import imread

    images = list_images()
    if image not in images:
        raise DataError(
            f"scikit-image ships no image {image!r}", hint=f"take one of {', '.join(images)}"
        )
    picture = np.asarray(imread(images[image]), dtype=np.float64)
    if picture.ndim == 3:
        picture = color.rgb2gray(picture[..., :3])
    thickness = transform.resize(picture, (size, size), anti_aliasing=True)
    thickness = (thickness - thickness.min()) / max(float(np.ptp(thickness)), 1e-12)
    transmission = np.exp(-(ABSORPTION + 1j * PHASE_SHIFT) * thickness)
    return np.asarray(transmission / np.sqrt(np.mean(np.abs(transmission) ** 2)))


def make_probe(size: int, photons: float) -> Complex:
    """Make the diverging beam behind a round pinhole with a soft edge, a short way downstream.

    The way is a Fresnel propagation: exp(-i π z q²) in Fourier space, q in cycles a pixel (Goodman,
    Introduction to Fourier Optics, section 4.2). The curved wavefront spreads a pattern over many
    pixels, which is what tells one patch from another.

    Args:
        size: pixels a side, N.
        photons: sum of the probe's intensity.

    Returns:
        (size, size).
    """
    axis = np.arange(size) - size / 2
    radius = np.hypot(axis[:, np.newaxis], axis)
    pinhole = 1 / (1 + np.exp((radius - size / 5) / (size / 128)))
    wavefront = np.exp(0.3j * np.pi * radius**2 / size)
    frequency = np.fft.fftfreq(size)
    squared = frequency[:, np.newaxis] ** 2 + frequency**2
    way = 0.5 * size
    probe = np.fft.ifft2(np.fft.fft2(pinhole * wavefront) * np.exp(-1j * np.pi * way * squared))
    return np.asarray(probe * np.sqrt(photons / np.sum(np.abs(probe) ** 2)))


def scan_area(
    rows: tuple[float, float], columns: tuple[float, float], step: float, rng: np.random.Generator
) -> Scan:
    """Scan an area line by line, each position off its nominal place by up to a third of a step.

    The jitter breaks the raster's periodicity, which would leave artefacts in a reconstruction.

    Args:
        rows: first and last y, pixels.
        columns: first and last x, pixels.
        step: distance between neighbours, pixels.
        rng: source of the jitter.
    """
    down = np.linspace(*rows, max(1, round((rows[1] - rows[0]) / step) + 1))
    across = np.linspace(*columns, max(1, round((columns[1] - columns[0]) / step) + 1))
    grid_y, grid_x = (axis.ravel() for axis in np.meshgrid(down, across, indexing="ij"))
    jitter = rng.uniform(-step / 3, step / 3, size=(2, grid_y.size))
    x = np.clip(grid_x + jitter[0], *columns)
    y = np.clip(grid_y + jitter[1], *rows)
    return Scan(nominal_x=grid_x, nominal_y=grid_y, x=x, y=y)


def measure(
    sample: Complex, probe: Complex, scan: Scan, nphotons: float, rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Count photons in the far field of probe times object, at each position of the scan.

    Args:
        sample: the object.
        probe: (N, N).
        scan: n positions, each at least N/2 + 1 from the object's edge.
        nphotons: mean photons a pattern.
        rng: source of the Poisson noise.

    Returns:
        (n, N, N): amplitudes, the square roots of the counts, zero frequency in the middle.
    """
    size = len(probe)
    exits = np.stack(
        [_cut(sample, y, x, size) * probe for y, x in zip(scan.y, scan.x, strict=True)]
    )
    rate = np.abs(np.fft.fftshift(np.fft.fft2(exits, norm="ortho"), axes=(-2, -1))) ** 2
    rate *= nphotons / rate.sum(axis=(-2, -1)).mean()
    return np.sqrt(rng.poisson(rate)).astype(np.float32)


def _cut(sample: Complex, y: float, x: float, size: int) -> Complex:
    """Cut out the patch around a point between pixels, by bilinear interpolation."""
    top, left = y - size / 2, x - size / 2
    row, column = int(np.floor(top)), int(np.floor(left))
    down, across = top - row, left - column
    tile = sample[row : row + size + 1, column : column + size + 1]
    lines = (1 - down) * tile[:-1] + down * tile[1:]
    return np.asarray((1 - across) * lines[:, :-1] + across * lines[:, 1:])
