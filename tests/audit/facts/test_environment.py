import pytest

from parityhub.audit.facts.environment import is_capture, read_capture
from parityhub.audit.facts.logs import index_text


@pytest.mark.parametrize(
    ("name", "capture"),
    [
        ("cli/env_capture.txt", True),
        ("cli/env_capture_C1_torch_1.json", True),
        ("red/env_mitigation_summary.md", False),
        ("cli/inventory.txt", False),
    ],
)
def test_a_capture_is_known_by_its_name(name, capture):
    assert is_capture(name) is capture


def test_variables_are_read_from_lines_without_quotes():
    text = index_text("env.txt", b'export A_B="x y"\nC_D=\nnot a setting\n')
    assert {name: value for name, (value, _) in read_capture(text).variables.items()} == {
        "A_B": "x y",
        "C_D": "",
    }


def test_variables_are_read_from_json_at_any_depth():
    text = index_text("env.json", b'{"processes": [{"variables": {"TF_XLA": "0"}, "pid": 3}]}')
    capture = read_capture(text)
    assert list(capture.variables) == ["TF_XLA"]
    assert capture.variables["TF_XLA"][1].pointer == "/processes/0/variables/TF_XLA"


@pytest.mark.parametrize("data", [b"", b" \n", b"{}", b"[]"])
def test_an_empty_capture_says_so(data):
    assert read_capture(index_text("env.json", data)).empty
