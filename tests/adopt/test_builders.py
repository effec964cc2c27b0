import pytest

from parityhub.adopt.builders import find_builders
from parityhub.adopt.sources import read_sources
from tests.adopt.conftest import KERAS, TORCH, Write


def find(write_repository: Write, **files: str) -> list[tuple[str, str]]:
    root = write_repository({f"{name}.py": text for name, text in files.items()})
    found = find_builders(read_sources(root))
    return [(builder.target, builder.side) for builder in found if not builder.needs]


def test_a_function_and_a_class_are_found_and_a_layer_is_not(write_repository: Write):
    assert find(write_repository, tf_model=KERAS, torch_model=TORCH) == [
        ("tf_model.py:build", "tensorflow"),
        ("torch_model.py:Net", "pytorch"),
    ]


@pytest.mark.parametrize(
    ("body", "side"),
    [
        ("import keras\ndef build():\n    m = keras.Sequential([])\n    return m", "tensorflow"),
        ("import tensorflow as tf\ndef f():\n    return tf.keras.Model()", "tensorflow"),
        ("import keras\ndef f():\n    return keras.applications.VGG16(weights=None)", "tensorflow"),
        ("import torch.nn as nn\ndef f(dtype):\n    return nn.Linear(3, 4).eval()", "pytorch"),
        ("from torch import nn\nclass A(nn.Module): pass\nclass B(A): pass", "pytorch"),
        ("import lightning as L\nclass Net(L.LightningModule): pass", "pytorch"),
    ],
)
def test_forms_of_a_builder(write_repository: Write, body: str, side: str):
    assert {found for _, found in find(write_repository, m=body)} == {side}


@pytest.mark.parametrize(
    "body",
    [
        "import keras\ndef build(width):\n    return keras.Model()",
        "import keras\ndef build(*, width):\n    return keras.Model()",
        "import keras\ndef _build():\n    return keras.Model()",
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self, width): pass",
        "import keras\ndef load():\n    return keras.utils.get_file('x')",
        "def build():\n    return Model()",
    ],
)
def test_what_builds_nothing_from_no_arguments(write_repository: Write, body: str):
    assert find(write_repository, m=body) == []


PARTS = "from torch import nn\nclass Block(nn.Module): pass"


@pytest.mark.parametrize("place", [".blocks", "pkg.blocks", "src.pkg.blocks"])
def test_a_class_that_another_module_is_made_of_is_no_model(write_repository: Write, place: str):
    net = f"""
from torch import nn
from {place} import Block
class Net(nn.Module):
    def __init__(self):
        self.block = Block()
"""
    other = "import keras\nclass Block(keras.Model): pass"
    files = {"src/pkg/blocks.py": PARTS, "src/pkg/net.py": net, "src/other/blocks.py": other}
    found = find_builders(read_sources(write_repository(files)))
    assert [one.target for one in found] == ["src/other/blocks.py:Block", "src/pkg/net.py:Net"]


def test_what_a_program_calls_is_a_model(write_repository: Write):
    main = "\ndef main():\n    net = Block()\n    net.train()"
    assert find(write_repository, net=PARTS + main) == [("net.py:Block", "pytorch")]


def test_the_likeliest_comes_first(write_repository: Write):
    other = KERAS.replace("build", "other")
    found = find(write_repository, a=other, b=KERAS, test_c=KERAS)
    assert [target for target, _ in found] == ["b.py:build", "a.py:other", "test_c.py:build"]
