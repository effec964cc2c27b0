import math

import numpy as np
import pytest

from parityhub.frameworks.tensorflow.references import REFERENCES, erf, erfc

X = np.linspace(-5, 7, 2401)


def test_erf_is_pythons():
    expected = np.array([math.erf(x) for x in X])
    np.testing.assert_allclose(erf(X), expected, rtol=2e-15, atol=0)


def test_erfc_is_pythons_far_out_too():
    expected = np.array([math.erfc(x) for x in X])
    np.testing.assert_allclose(erfc(X), expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_float64_is_longdouble_rounded(name):
    reference = REFERENCES[name]
    x = np.linspace(max(reference.low, -8), min(reference.high, 8), 1001)
    wide = reference.function(x.astype(np.longdouble))
    np.testing.assert_allclose(
        reference.function(x), wide.astype(np.float64), rtol=1e-13, atol=1e-16
    )


def test_gelu_keeps_its_digits_where_it_is_small():
    x = np.array([-4.0])
    expected = -4.0 * math.erfc(4.0 / math.sqrt(2)) / 2
    np.testing.assert_allclose(REFERENCES["gelu"].function(x), expected, rtol=1e-14)
