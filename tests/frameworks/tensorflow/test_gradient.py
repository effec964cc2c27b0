"""Gradients: by a real child, held against finite differences."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow
STEP = 1e-6


def weigh(loss, outputs):
    return sum(np.vdot(loss[name], outputs[name]).real for name in loss)


def draw_loss(outputs, rng):
    loss = {}
    for name, value in outputs.items():
        loss[name] = rng.normal(size=value.shape)
        if np.iscomplexobj(value):
            loss[name] = loss[name] + 1j * rng.normal(size=value.shape)
    return loss


@pytest.mark.parametrize(
    ("build", "options", "make"),
    [
        (
            "build_conv",
            {"interpolation": "nearest"},
            lambda rng: {"image": rng.normal(size=(2, 8, 8, 3))},
        ),
        (
            "build_waves",
            {},
            lambda rng: {"real": rng.normal(size=(2, 4, 4)), "phase": rng.normal(size=(2, 4, 4))},
        ),
        ("build_recurrent", {}, lambda rng: {"ids": rng.integers(0, 11, (2, 6)).astype("int32")}),
    ],
)
def test_weights_gradients_are_those_of_finite_differences(child, build, options, make):
    rng = np.random.default_rng(4)
    inputs = child.store(make(rng))
    child.open("smooth", build, inputs, "float64", **options)
    loss = draw_loss(child.run("smooth", inputs), rng)
    answer = child.ask(
        "gradient",
        key="smooth",
        inputs=inputs,
        loss=child.store(loss),
        nodes=[],
        out=child.path(),
    )
    assert answer["loss"] == pytest.approx(weigh(loss, child.run("smooth", inputs)), rel=1e-12)
    gradients = dict(np.load(answer["weights"]))
    file = child.path(".npz")
    child.ask("read", key="smooth", file=file)
    weights = dict(np.load(file))
    assert set(gradients) <= set(weights)
    assert not any("moving" in name or name == "fixed" for name in gradients)
    for name, gradient in gradients.items():
        direction = rng.normal(size=gradient.shape)
        losses = []
        for sign in (1, -1):
            moved = weights | {name: weights[name] + sign * STEP * direction}
            child.ask("load", key="smooth", file=child.store(moved))
            losses.append(weigh(loss, child.run("smooth", inputs)))
        slope = (losses[0] - losses[1]) / (2 * STEP)
        assert np.vdot(gradient, direction) == pytest.approx(slope, rel=1e-6, abs=1e-7), name


def test_gradients_of_values_chain_to_those_of_weights(child):
    rng = np.random.default_rng(5)
    inputs = child.store({"image": rng.normal(size=(2, 8, 8, 3))})
    child.open("chain", "build_conv", inputs)
    loss = {"output": rng.normal(size=(2, 5))}
    nodes = ["global_average_pooling2d", "head/BiasAdd", "head"]
    answer = child.ask(
        "gradient",
        key="chain",
        inputs=inputs,
        loss=child.store(loss),
        nodes=nodes,
        out=child.path(),
    )
    got = {name: np.load(file) for name, file in answer["nodes"].items()}
    assert list(got) == nodes
    np.testing.assert_array_equal(got["head"], loss["output"])
    values = child.values("chain", inputs, nodes)
    soft = values["head"]
    logits = soft * (loss["output"] - (soft * loss["output"]).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(got["head/BiasAdd"], logits, rtol=1e-12, atol=1e-15)
    weights = np.load(answer["weights"])
    np.testing.assert_allclose(weights["head/bias"], logits.sum(axis=0), rtol=1e-12)
    pooled = values["global_average_pooling2d"]
    np.testing.assert_allclose(weights["head/kernel"], pooled.T @ logits, rtol=1e-12, atol=1e-15)


def test_the_gradient_of_a_complex_output_is_the_loss_itself(child):
    rng = np.random.default_rng(6)
    arrays = {"real": rng.normal(size=(2, 4, 4)), "phase": rng.normal(size=(2, 4, 4))}
    inputs = child.store(arrays)
    child.open("complex", "build_waves", inputs)
    loss = {"0": rng.normal(size=(2, 4, 4)) + 1j * rng.normal(size=(2, 4, 4))}
    answer = child.ask(
        "gradient",
        key="complex",
        inputs=inputs,
        loss=child.store(loss),
        nodes=["FFT2D", "Mul"],
        out=child.path(),
    )
    got = {name: np.load(file) for name, file in answer["nodes"].items()}
    np.testing.assert_array_equal(got["FFT2D"], loss["0"])
    # d/dx + i d/dy of Re(sum(conj(loss) F z)) is F* loss: the inverse transform without 1/n.
    np.testing.assert_allclose(got["Mul"], np.fft.ifft2(loss["0"]) * 16, rtol=1e-12, atol=1e-13)


def test_what_the_loss_does_not_depend_on_has_gradient_zero(child):
    inputs = child.store({"x": np.ones((2, 3))})
    child.open("idle", "build_step", inputs)
    answer = child.ask(
        "gradient",
        key="idle",
        inputs=inputs,
        loss=child.store({"0": np.ones((2, 3))}),
        nodes=[],
        out=child.path(),
    )
    gradients = np.load(answer["weights"])
    np.testing.assert_array_equal(gradients["step/idle"], [0, 0])
    np.testing.assert_array_equal(gradients["step/used"], [2, 4, 6])


def test_a_model_without_weights_has_gradients_of_values(child):
    x = np.array([1.0, -1.0, 2.0])
    inputs = child.store({"x": x})
    child.open("none", "build_selecting", inputs)
    answer = child.ask(
        "gradient",
        key="none",
        inputs=inputs,
        loss=child.store({"output": np.array([3.0, 5.0])}),
        nodes=["Exp", "Greater"],
        out=child.path(),
    )
    assert answer["loss"] == pytest.approx(3 * np.exp(1) + 5 * np.exp(2), rel=1e-14)
    assert len(np.load(answer["weights"]).files) == 0
    np.testing.assert_array_equal(np.load(answer["nodes"]["Exp"]), [3, 0, 5])
    np.testing.assert_array_equal(np.load(answer["nodes"]["Greater"]), np.zeros(3))


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ({}, "the loss weighs no output"),
        ({"2": np.ones(3)}, "weighs an output '2'"),
        ({"0": np.ones(3)}, "the loss is (3,) at output 0, the output (2, 3)"),
        ({"1": np.ones((2, 3))}, "output 1 is int32: it has no gradient"),
    ],
)
def test_a_loss_that_does_not_fit_is_refused(child, loss, told):
    inputs = child.store({"x": np.ones((2, 3))})
    child.open("loss", "build_step", inputs)
    error = child.refuse(
        "gradient",
        key="loss",
        inputs=inputs,
        loss=child.store(loss),
        nodes=[],
        out=child.path(),
    )
    assert told in error["error"]
