from types import SimpleNamespace

from parityhub.frameworks.tensorflow.paths import PathBook, find_path, join_path


def test_a_layer_without_a_path_is_below_its_parent():
    assert find_path(SimpleNamespace(path="net/conv", name="conv")) == "net/conv"
    assert find_path(SimpleNamespace(path=None, name="relu", _parent_path="net")) == "net/relu"
    assert find_path(SimpleNamespace(path=None, name="relu", _parent_path=None)) == "relu"


def test_a_book_tells_layers_of_one_path_apart_and_keeps_its_word():
    book = PathBook()
    left, right = (SimpleNamespace(path="conv", name="conv") for _ in range(2))
    assert [book.name(layer) for layer in (left, right, left)] == ["conv", "conv#2", "conv"]


def test_parts_may_be_empty():
    assert [join_path(*p) for p in (("a", "b"), ("", "b"), ("a", ""))] == ["a/b", "b", "a"]
