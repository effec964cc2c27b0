"""Opening, weights in and out, and runs: by a real child."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow
RNG = np.random.default_rng(0)
IMAGE = RNG.normal(size=(2, 8, 8, 3))


@pytest.fixture(scope="module")
def image(child):
    return child.store({"image": IMAGE})


def test_a_model_is_described(child, image):
    opened = child.open("described", "build_conv", image)
    weights = {weight["name"]: weight for weight in opened["weights"]}
    assert list(weights) == [
        *("first/kernel", "first/bias", "norm/gamma", "norm/beta", "norm/moving_mean"),
        *("norm/moving_variance", "second/kernel", "second/bias", "head/kernel", "head/bias"),
    ]
    assert weights["first/kernel"] == {
        "name": "first/kernel",
        "shape": [3, 3, 3, 4],
        "dtype": "float64",
        "owner": "first",
        "kind": "Conv2D",
        "role": "kernel",
        "trainable": True,
    }
    assert weights["norm/moving_variance"]["trainable"] is False
    assert opened["dtype"] == "float64"
    assert opened["threads"] == 2
    assert set(opened["versions"]) == {"tensorflow", "keras", "numpy"}


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_names_are_those_of_float64_in_each_dtype(child, image, dtype):
    wide = child.open("wide", "build_conv", image)
    short = child.open("short", "build_conv", image, dtype)
    assert short["dtype"] == dtype
    names = [weight["name"] for weight in wide["weights"]]
    assert [weight["name"] for weight in short["weights"]] == names
    assert {weight["dtype"] for weight in short["weights"]} == {dtype}
    outputs = child.run("wide", image)["output"], child.run("short", image)["output"]
    tolerance = {"float32": 1e-6, "float16": 1e-2, "bfloat16": 1e-1}[dtype]
    assert 0 < np.abs(outputs[0] - outputs[1]).max() < tolerance


def test_weights_go_out_and_in(child, image):
    child.open("source", "build_conv", image)
    file = child.path(".npz")
    assert child.ask("read", key="source", file=file) == {"weights": 10}
    arrays = dict(np.load(file))
    other = {name: array + 0.25 for name, array in arrays.items()}
    before = child.run("source", image)["output"]
    assert child.ask("load", key="source", file=child.store(other)) == {"loaded": 10}
    child.ask("read", key="source", file=file)
    for name, array in np.load(file).items():
        np.testing.assert_array_equal(array, other[name])
    assert np.abs(child.run("source", image)["output"] - before).max() > 1e-3
    child.ask("load", key="source", file=child.store(arrays))
    np.testing.assert_array_equal(child.run("source", image)["output"], before)


def test_weights_that_do_not_fit_are_listed_and_none_is_taken(child, image):
    child.open("strict", "build_conv", image)
    file = child.path(".npz")
    child.ask("read", key="strict", file=file)
    arrays = {name: array + 1 for name, array in np.load(file).items()}
    before = child.run("strict", image)["output"]
    del arrays["norm/beta"]
    arrays["norm/betta"] = np.zeros(4)
    arrays["head/bias"] = np.zeros((5, 1))
    error = child.refuse("load", key="strict", file=child.store(arrays))["error"]
    assert "missing norm/beta" in error
    assert "unknown norm/betta" in error
    assert "head/bias is (5, 1), the model's (5,)" in error
    np.testing.assert_array_equal(child.run("strict", image)["output"], before)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("build", "options", "shape"),
    [
        ("build_conv", {"channels": 16}, (4, 8, 8, 3)),
        ("build_application", {"name": "MobileNetV2"}, (1, 96, 96, 3)),
    ],
)
def test_a_run_gives_what_the_call_gives_bit_for_bit(child, build, options, shape, dtype):
    inputs = child.store({"x": np.random.default_rng(1).normal(size=shape)})
    file = child.path(".npy")
    child.open("eager", "build_eager", inputs, dtype, build=build, file=file, **options)
    np.testing.assert_array_equal(child.run("eager", inputs)["output"], np.load(file))
    child.ask("close", key="eager")


def test_repeats_are_timed_and_compared(child, image):
    child.open("repeated", "build_conv", image, "float32")
    ran = child.ask("run", key="repeated", inputs=image, out=child.path(), repeats=3)
    assert len(ran["seconds"]) == 3
    assert min(ran["seconds"]) > 0
    (output,) = ran["outputs"]
    assert output["spread"] == 0.0
    assert output["named"] is True
    assert output["shape"] == [2, 5]
    assert output["dtype"] == "float32"


def test_a_model_that_draws_numbers_shows_its_spread_and_cannot_be_traced(child):
    inputs = child.store({"x": np.ones((3, 4))})
    child.open("random", "build_random", inputs)
    ran = child.ask("run", key="random", inputs=inputs, out=child.path(), repeats=3)
    assert 0 < ran["outputs"][0]["spread"] <= 1
    error = child.refuse("trace", key="random", inputs=inputs, seed=1)
    assert "fetched along" in error["error"]
    assert "random" in error["hint"]


def test_a_model_without_a_dtype_switch_shows(child):
    inputs = child.store({"x": np.ones((3, 4))})
    opened = child.open("fixed", "build_fixed", inputs)
    assert opened["dtype"] == "float32"
    assert "this goes to stderr" in child.log()


def test_layers_of_nested_models_with_the_same_names_are_told_apart(child):
    inputs = child.store({"x": RNG.normal(size=(2, 3))})
    opened = child.open("twins", "build_twins", inputs)
    names = [weight["name"] for weight in opened["weights"]]
    assert names == ["dense/kernel", "dense/bias", "dense#2/kernel", "dense#2/bias"]
    assert [weight["owner"] for weight in opened["weights"]][2] == "dense#2"
    nodes = {node["name"]: node for node in child.trace("twins", inputs)["nodes"]}
    assert nodes["dense#2/MatMul"]["weights"] == ["dense#2/kernel"]
    assert nodes["dense/MatMul"]["weights"] == ["dense/kernel"]


def test_weights_of_modules_are_named_by_attributes(child):
    inputs = child.store({"real": np.ones((2, 4, 4)), "phase": np.ones((2, 4, 4))})
    opened = child.open("module", "build_waves", inputs)
    weights = {weight["name"]: weight for weight in opened["weights"]}
    assert set(weights) == {"probe", "fixed", "dense/kernel", "dense/bias"}
    assert weights["fixed"]["trainable"] is False
    assert weights["probe"]["kind"] == "Waves"


def test_variables_that_keras_overlooks_are_weights(child):
    inputs = child.store({"x": np.ones((2, 3))})
    opened = child.open("raw", "build_step", inputs)
    assert [weight["name"] for weight in opened["weights"]] == [
        *("step/used", "step/idle", "step/raw"),
    ]


@pytest.mark.parametrize(
    ("build", "dtype", "told"),
    [
        ("build_nothing", "float64", "returned a int"),
        ("build_conv", "int8", "'int8' is no dtype to compute in"),
        ("build_absent", "float64", "there is no function 'build_absent'"),
        ("build_block", "float64", "fails on its inputs"),
    ],
)
def test_what_cannot_be_opened_is_refused(child, image, build, dtype, told):
    error = child.refuse(
        "open",
        key="refused",
        target=f"{child.nets}:{build}",
        options={},
        dtype=dtype,
        seed=0,
        threads=2,
        inputs=image,
    )
    assert told in error["error"]
    assert "\n" not in error["error"]
    assert error["hint"]
    assert "no model is open" in child.refuse("run", key="refused", inputs=image)["error"]


def test_a_variable_that_nobody_lists_is_refused(child):
    inputs = child.store({"x": np.ones((2, 3))})
    child.open("hidden", "build_hidden", inputs)
    error = child.refuse("trace", key="hidden", inputs=inputs, seed=1)
    assert "reads a variable that it does not list" in error["error"]


def test_threads_are_set_once(child, image):
    request = {"key": "threads", "options": {}, "dtype": "float64", "seed": 0, "inputs": image}
    error = child.refuse("open", target=f"{child.nets}:build_conv", threads=1, **request)
    assert error["error"] == "1 threads are asked for, and TensorFlow runs on 2"


@pytest.mark.parametrize("verb", ["replay", "noise", "explain"])
def test_what_is_pytorchs_is_refused(child, verb):
    assert child.refuse(verb, key="any") == {
        "error": f"TensorFlow's side does not do '{verb}'",
        "hint": "ask PyTorch's side for it",
    }


def test_a_closed_model_is_gone(child, image):
    child.open("closing", "build_conv", image)
    assert child.ask("close", key="closing") is None
    assert "'closing'" in child.refuse("read", key="closing", file=child.path())["error"]


def test_a_file_that_is_no_npz_is_refused(child, image, tmp_path):
    child.open("files", "build_conv", image)
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04 and no more")
    assert "cannot be read" in child.refuse("load", key="files", file=str(broken))["error"]
    assert "cannot be read" in child.refuse("load", key="files", file=child.path())["error"]
