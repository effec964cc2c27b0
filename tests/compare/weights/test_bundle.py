import numpy as np
import pytest

from parityhub.baselines.layout import describe_weights
from parityhub.compare.weights.bundle import name_as_tensorflow
from parityhub.errors import EvidenceError
from parityhub.plan.pair import WeightEntry
from tests.compare.weights.listings import keras, keras_dense


def test_the_reference_pairs_bundle_is_named_as_keras_has_it():
    layouts = describe_weights(1)
    arrays = {layout.name: np.full(layout.shape, place) for place, layout in enumerate(layouts)}
    ours = [keras(layout.tensorflow, "Conv2D", *layout.shape) for layout in layouts]
    named = name_as_tensorflow(arrays, ours)
    assert len(named) == len(layouts) > 10
    assert all(named[layout.tensorflow] is arrays[layout.name] for layout in layouts)


def test_a_parameter_is_a_weight_without_axes():
    ours = [keras("intensity_scale", "Subject")]
    scale = np.asarray(9.5)
    assert name_as_tensorflow({"intensity_scale": scale, "a.b": np.ones(3)}, ours) == {
        "intensity_scale": scale
    }


def test_the_name_of_the_model_before_a_weight_is_no_harm():
    scale = np.asarray(9.5)
    ours = [keras("subject/intensity_scale", "Subject")]
    named = name_as_tensorflow({"intensity_scale": scale}, ours)
    assert named == {"subject/intensity_scale": scale}


def test_what_is_called_otherwise_is_declared():
    ours = keras_dense("head", 2, 3)
    arrays = {"out.kernel": np.ones((2, 3)), "out.bias": np.ones(3)}
    with pytest.raises(EvidenceError, match=r"head/kernel \(2, 3\); candidates: out.kernel"):
        name_as_tensorflow(arrays, ours)
    declared = [
        WeightEntry(tensorflow=f"head/{role}", pytorch="x", bundle=f"out.{role}")
        for role in ("kernel", "bias")
    ]
    assert set(name_as_tensorflow(arrays, ours, declared)) == {"head/kernel", "head/bias"}


def test_another_shape_is_refused():
    with pytest.raises(EvidenceError, match="none of the bundle's weights is called"):
        name_as_tensorflow({"head.kernel": np.ones((3, 2))}, [keras("head/kernel", "Dense", 2, 3)])
