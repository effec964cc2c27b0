"""Traces, values: by a real child, held against numpy."""

import numpy as np
import pytest

from parityhub.capture.sketch import sketch_value

pytestmark = pytest.mark.slow
RNG = np.random.default_rng(0)


def find(traced, name):
    return next(node for node in traced["nodes"] if node["name"] == name)


def check_order(traced):
    """Each operation comes after those whose values it takes; names are unique."""
    names = [node["name"] for node in traced["nodes"]]
    assert len(set(names)) == len(names)
    known = set(traced["inputs"].values())
    for node in traced["nodes"]:
        assert set(node["inputs"]) <= known, node
        known.add(node["id"])
    assert set(traced["outputs"].values()) <= known


@pytest.fixture(scope="module")
def conv(child):
    inputs = child.store({"image": RNG.normal(size=(2, 8, 8, 3))})
    child.open("conv", "build_conv", inputs)
    return inputs


def test_a_trace_lists_operations_with_what_they_take(child, conv):
    traced = child.trace("conv", conv)
    check_order(traced)
    assert traced["inputs"] == {"image": -1}
    assert traced["outputs"] == {"output": find(traced, "head")["id"]}
    first = find(traced, "first/Conv2D")
    assert (first["inputs"], first["weights"], first["layer"]) == ([-1], ["first/kernel"], "first")
    assert (first["shape"], first["dtype"]) == ([2, 4, 4, 4], "float64")
    assert first["attributes"]["padding"] == "SAME"
    assert first["attributes"]["strides"] == "[1, 2, 2, 1]"
    norm = find(traced, "norm")
    assert sorted(norm["weights"]) == [
        *("norm/beta", "norm/gamma", "norm/moving_mean", "norm/moving_variance"),
    ]
    assert norm["attributes"]["epsilon"] == "0.001"
    assert find(traced, "leaky")["attributes"]["alpha"] == "0.2"
    resize = find(traced, "up/ResizeBilinear")["attributes"]
    assert (resize["half_pixel_centers"], resize["interpolation"]) == ("True", "bilinear")
    assert find(traced, "global_average_pooling2d")["attributes"]["axis"] == "[1, 2]"
    assert [node["name"] for node in traced["nodes"] if node["moves"]] == ["second"]


def test_sketches_are_those_of_the_values(child, conv):
    traced = child.trace("conv", conv)
    names = [node["name"] for node in traced["nodes"]]
    values = child.values("conv", conv, names)
    assert list(values) == names
    for node in traced["nodes"]:
        value = values[node["name"]]
        assert list(value.shape) == node["shape"]
        order = "".join(map(str, range(value.ndim)))
        assert sketch_value(value, 5, [order]) == node["sketch"]


def test_values_are_right(child, conv):
    """Held against numpy: softmax, leaky slope, normalisation."""
    names = ["first", "norm", "leaky", "head/BiasAdd", "head"]
    first, norm, leaky, logits, head = child.values("conv", conv, names).values()
    file = child.path(".npz")
    child.ask("read", key="conv", file=file)
    w = np.load(file)
    scale = w["norm/gamma"] / np.sqrt(w["norm/moving_variance"] + 1e-3)
    expected = (first - w["norm/moving_mean"]) * scale + w["norm/beta"]
    np.testing.assert_allclose(norm, expected, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(leaky, np.where(norm > 0, norm, norm * np.float32(0.2)), rtol=1e-15)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    np.testing.assert_allclose(head, powers / powers.sum(axis=1, keepdims=True), rtol=1e-13)


def test_an_unknown_operation_is_refused_with_what_is_close(child, conv):
    error = child.refuse("values", key="conv", inputs=conv, nodes=["frist"], out=child.path())
    assert "'frist'" in error["error"]
    assert "first" in error["hint"]


def test_raw_operations_functions_and_complex_values(child):
    real, phase = RNG.normal(size=(2, 2, 4, 4))
    inputs = child.store({"real": real, "phase": phase})
    child.open("waves", "build_waves", inputs)
    traced = child.trace("waves", inputs)
    check_order(traced)
    assert set(traced["outputs"]) == {"0", "1/0", "1/1"}
    far = find(traced, "FFT2D")
    assert (far["dtype"], far["layer"]) == ("complex128", "")
    assert find(traced, "Mul")["weights"] == ["probe"]
    assert find(traced, "Split:1")["inputs"] == [find(traced, "Mul#2")["id"]]
    got = child.run("waves", inputs)
    wave = child.values("waves", inputs, ["dense"])["dense"] + 1j * phase
    expected = np.fft.fft2(wave * np.linspace(1, 2, 4))
    np.testing.assert_allclose(got["0"], expected, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(got["1/0"], 3 * np.abs(expected)[..., :2], rtol=1e-13)
    high = 3 * np.abs(expected)[..., 2:]
    np.testing.assert_allclose(got["1/1"], high / (1 + np.exp(-high)), rtol=1e-13)


@pytest.fixture(scope="module")
def block(child):
    tokens = RNG.normal(size=(2, 5, 8))
    mask = np.tril(np.ones((2, 5, 5), bool))
    return child.store({"tokens": tokens, "mask": mask})


def test_a_subclassed_block_takes_and_gives_names(child, block):
    names = []
    for dtype in ("float32", "float64"):
        child.open(f"block {dtype}", "build_block", block, dtype)
        traced = child.trace(f"block {dtype}", block)
        check_order(traced)
        names.append([node["name"] for node in traced["nodes"]])
        assert set(traced["outputs"]) == {"sum", "normal"}
        assert traced["inputs"] == {"tokens": -1, "mask": -2}
        normal = find(traced, "block/layer_normalization")
        assert normal["id"] == traced["outputs"]["normal"]
        assert normal["attributes"]["epsilon"] == "1e-05"
        softmax = find(traced, "block/multi_head_attention/Softmax")
        assert softmax["op"] == "Softmax"
        assert find(traced, "block/einsum_dense")["attributes"]["activation"] == "gelu"
    assert names[0] == names[1]
    normal = child.run("block float64", block)["normal"]
    np.testing.assert_allclose(normal.mean(axis=-1), 0, atol=1e-15)


def test_recurrent_layers_are_one_opaque_operation(child):
    inputs = child.store({"ids": RNG.integers(0, 11, (2, 6)).astype(np.int32)})
    child.open("recurrent", "build_recurrent", inputs)
    traced = child.trace("recurrent", inputs)
    check_order(traced)
    loop = find(traced, "gru/TensorListStack")
    assert loop["inputs"] == [find(traced, "gru/Transpose")["id"]]
    assert sorted(loop["weights"]) == [
        f"gru/gru_cell/{role}" for role in ("bias", "kernel", "recurrent_kernel")
    ]
    assert not any("Cell" in node["name"] or "cell" in node["name"] for node in traced["nodes"])
    assert find(traced, "both/backward_lstm/ReverseV2")["moves"] is True
    assert find(traced, "both")["shape"] == [2, 6, 8]


def test_autograph_converts_what_a_users_layer_does(child):
    x = np.abs(RNG.normal(size=(3, 4)))
    inputs = child.store({"x": x})
    child.open("branching", "build_branching", inputs)
    np.testing.assert_allclose(child.run("branching", inputs)["output"], 3 * x - 1, rtol=1e-15)
    traced = child.trace("branching", inputs)
    assert traced["outputs"] == {"output": find(traced, "branching")["id"]}
    below = child.store({"x": -x})
    np.testing.assert_allclose(child.run("branching", below)["output"], -x - 1, rtol=1e-15)


def test_operations_lie_in_the_modules_that_made_them(child):
    x = RNG.normal(size=(3, 4))
    inputs = child.store({"x": x})
    opened = child.open("modules", "build_modules", inputs)
    assert [weight["name"] for weight in opened["weights"]] == ["first/factor", "rest/0/factor"]
    traced = child.trace("modules", inputs)
    check_order(traced)
    assert find(traced, "rest/0")["layer"] == "rest/0"
    assert find(traced, "first/Tanh")["layer"] == find(traced, "first/Tanh#2")["layer"] == "first"
    assert find(traced, "Sub")["inputs"] == [
        find(traced, "rest/0")["id"],
        find(traced, "first#2")["id"],
    ]
    expected = np.tanh(3 * (np.tanh(2 * x) + 1)) + 1 - (np.tanh(-2 * x) + 1)
    np.testing.assert_allclose(child.run("modules", inputs)["output"], expected, atol=1e-14)


def test_several_inputs_go_by_name(child):
    left, right = RNG.normal(size=(2, 2, 3))
    inputs = child.store({"left": left, "right": right})
    child.open("ports", "build_ports", inputs)
    np.testing.assert_allclose(child.run("ports", inputs)["output"], right - 2 * left, rtol=1e-15)
    assert child.trace("ports", inputs)["inputs"] == {"left": -1, "right": -2}


def test_what_xla_compiles_is_one_operation_and_an_input_may_go_unused(child):
    x = RNG.normal(size=(2, 3))
    inputs = child.store({"x": x, "unused": np.ones(2)})
    child.open("compiled", "build_compiled", inputs)
    traced = child.trace("compiled", inputs)
    assert [node["op"] for node in traced["nodes"]] == ["AddV2", "PartitionedCall"]
    np.testing.assert_allclose(
        child.run("compiled", inputs)["output"], 2 * np.tanh(x + 1), rtol=1e-14
    )


def test_shapes_that_depend_on_values_are_those_of_the_values(child):
    x = np.array([1.0, -1.0, 2.0])
    inputs = child.store({"x": x})
    child.open("selecting", "build_selecting", inputs)
    traced = child.trace("selecting", inputs)
    check_order(traced)
    assert traced["nodes"][-1]["shape"] == [2]
    np.testing.assert_allclose(child.run("selecting", inputs)["output"], np.exp([1.0, 2.0]))


def test_bfloat16_is_traced(child, conv):
    child.open("bfloat16", "build_conv", conv, "bfloat16")
    head = find(child.trace("bfloat16", conv), "head")
    assert head["dtype"] == "bfloat16"
    assert child.run("bfloat16", conv)["output"].dtype == np.float32
    assert head["sketch"]["mean"] == pytest.approx(0.2, abs=1e-3)


def test_outputs_that_are_inputs_or_constants(child):
    x = RNG.normal(size=(2, 2))
    inputs = child.store({"x": x})
    child.open("constant", "build_constant", inputs)
    traced = child.trace("constant", inputs)
    assert traced["outputs"]["same"] == traced["inputs"]["x"] == -1
    fixed = next(n for n in traced["nodes"] if n["id"] == traced["outputs"]["fixed"])
    assert fixed["inputs"] == []
    got = child.run("constant", inputs)
    np.testing.assert_array_equal(got["same"], x)
    np.testing.assert_array_equal(got["fixed"], np.ones((2, 2)))


def test_another_shape_makes_another_graph(child, conv):
    wide = child.store({"image": RNG.normal(size=(5, 8, 8, 3))})
    assert child.trace("conv", wide)["nodes"][0]["shape"] == [5, 4, 4, 4]
    assert child.trace("conv", conv)["nodes"][0]["shape"] == [2, 4, 4, 4]


@pytest.mark.parametrize("name", ["MobileNetV2", "EfficientNetB0"])
def test_applications(child, name):
    """Fetching every value changes no bit of the outputs: trace holds them against the run."""
    inputs = child.store({"image": RNG.uniform(0, 255, size=(1, 96, 96, 3))})
    names = []
    for dtype in ("float32", "float64"):
        child.open("application", "build_application", inputs, dtype, name=name)
        traced = child.trace("application", inputs)
        check_order(traced)
        names.append([node["name"] for node in traced["nodes"]])
        last = traced["nodes"][-1]
        assert traced["outputs"] == {"output": last["id"]}
        assert sketch_value(child.run("application", inputs)["output"], 5, ["01"]) == last["sketch"]
        weights = {weight for node in traced["nodes"] for weight in node["weights"]}
        held = child.ask("read", key="application", file=child.path(".npz"))["weights"]
        assert len(weights) >= held - 3
        child.ask("close", key="application")
    assert names[0] == names[1]
