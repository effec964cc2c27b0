import pytest

from parityhub.adopt.builders import find_builders
from parityhub.adopt.inputs import find_inputs
from parityhub.adopt.sources import read_sources
from tests.adopt.conftest import KERAS, TORCH, Write


def find(write_repository: Write, keras: str, torch: str = TORCH) -> list[tuple[str, tuple]]:
    builders = find_builders(read_sources(write_repository({"k.py": keras, "t.py": torch})))
    ours = next(builder for builder in builders if builder.side == "tensorflow")
    theirs = next(builder for builder in builders if builder.side == "pytorch")
    return [(str(given.drawn), given.axes) for given in find_inputs(ours, theirs)]


def test_keras_says_what_it_takes(write_repository: Write):
    assert find(write_repository, KERAS) == [("x=4,8", ())]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("keras.Input(shape=(8,))", "x=4,8"),
        ("keras.Input((None,), dtype='int32'); keras.layers.Embedding(100, 4)",
         "x=4,32:int32:0..100"),
        ("keras.Input((5,), dtype='int64')", "x=4,5:int64:0..2"),
        ("keras.layers.Dense(4, input_shape=(8,)); keras.layers.Dense(4, input_shape=(4,))",
         "x=4,8"),
        ("keras.layers.InputLayer(shape=[SIZE, 2])", "x=4,8,2"),
    ],
)  # fmt: skip
def test_forms_of_a_declaration(write_repository: Write, declared: str, expected: str):
    keras = f"import keras\nSIZE = 8\ndef build():\n    {declared}\n    return keras.Sequential()"
    assert find(write_repository, keras) == [(expected, ())]


def test_channels_go_first_where_pytorch_wants_them(write_repository: Write):
    keras = KERAS.replace("(SIZE,)", "(SIZE, SIZE, 3)")
    torch = TORCH.replace("nn.Linear(8, width)", "nn.Conv2d(3, width, 3)")
    assert find(write_repository, keras, torch) == [("x=4,8,8,3", (0, 3, 1, 2))]
    turns = torch.replace("self.dense(x)", "self.dense(x.permute(0, 3, 1, 2))")
    assert find(write_repository, keras, turns) == [("x=4,8,8,3", ())]


def test_pytorch_says_it_where_keras_does_not(write_repository: Write):
    keras = "import keras\nclass Net(keras.Model):\n    pass"
    assert find(write_repository, keras) == [("x=4,8", ())]


def test_what_nobody_says_is_not_guessed(write_repository: Write):
    keras = "import keras\nclass Net(keras.Model):\n    pass"
    torch = TORCH.replace("nn.Linear(8, width)", "nn.Conv2d(3, width, 3)")
    assert find(write_repository, keras, torch) == []
