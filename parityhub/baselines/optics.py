"""What both sides know of the probe before they see a pattern."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from parityhub.baselines.constants import DAMPING, LIT

Complex = npt.NDArray[np.complex128]


class BackPropagator(NamedTuple):
    """A first estimate of the object from one pattern, as if it changed the probe but little.

    The measured amplitude takes the phase that the probe alone has in the far field and goes back
    to the object, where the probe is divided out:
    estimate = ifft2(amplitude x phase, ortho) x inverse.
    """

    phase: Complex
    """(N, N), of modulus 1, zero frequency in the corner"""
    inverse: Complex
    """(N, N), conj(P) / (|P|² + DAMPING max |P|²)"""


def make_back_propagator(probe: Complex) -> BackPropagator:
    """Make the back propagator of a probe (N, N)."""
    far = np.fft.fft2(probe)
    modulus = np.abs(far)
    phase = np.where(modulus > 0, far / np.where(modulus > 0, modulus, 1), 1)
    intensity = np.abs(probe) ** 2
    inverse = probe.conj() / (intensity + DAMPING * intensity.max())
    return BackPropagator(phase=phase, inverse=inverse)


def find_lit(probe: Complex) -> npt.NDArray[np.bool_]:
    """Say which pixels of a patch the probe lights, (N, N)."""
    intensity = np.abs(probe) ** 2
    return np.asarray(intensity > LIT * intensity.max())


def initial_scale(nphotons: float, size: int) -> float:
    """Return the intensity scale training starts at, sqrt(nphotons) / (N/2).

    Probe and patterns are such that a pattern's intensity sums to (N/2)²; the scale is the factor
    on amplitudes from there to photons.
    """
    return float(np.sqrt(nphotons) / (size / 2))
