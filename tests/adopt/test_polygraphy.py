"""Polygraphy's JSON is read without trust: a line that names the key, never a traceback."""

import base64
import io
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parityhub.adopt import polygraphy
from parityhub.adopt.polygraphy import decode_output, read_runners
from parityhub.errors import EvidenceError
from tests.adopt.runs import encode, make_runs, wrap, write_runs, zip_array, zip_bytes

ARRAY = np.arange(6, dtype=np.float32).reshape(2, 3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lst", "outputs", "values", "array", "x"]), inner)
    ),
    max_leaves=12,
)


def read_arrays(file):
    return {
        (runner.name, output.iteration, output.name): np.load(
            io.BytesIO(decode_output(output, file.name)), allow_pickle=False
        )
        for runner in read_runners(file)
        for output in runner.outputs
    }


def test_runners_iterations_and_outputs_keep_their_names(tmp_path):
    file = write_runs(
        tmp_path / "out.json",
        ("a", [{"y": encode(ARRAY)}, {"y": encode(-ARRAY)}]),
        ("b", [{"/net/../y:0": zip_array(ARRAY)}]),
    )
    found = read_arrays(file)
    assert set(found) == {("a", 0, "y"), ("a", 1, "y"), ("b", 0, "/net/../y:0")}
    assert all((np.abs(array) == ARRAY).all() for array in found.values())


def test_arrays_that_stand_in_the_outputs_directly_are_read(tmp_path):
    file = write_runs(tmp_path / "out.json", ("a", [{"y": encode(ARRAY)["values"]}]))
    assert (read_arrays(file)["a", 0, "y"] == ARRAY).all()


def refuse(file):
    with pytest.raises(EvidenceError) as caught:
        read_arrays(file)
    said = caught.value
    assert said.message.startswith("out.json: ")
    assert "\n" not in said.message + said.hint
    return said.message


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (wrap("no base64!"), "not base64"),
        ({"values": {"tensor": "gASV"}}, "a pickle and is not opened"),
        ({"values": {}}, "holds no array"),
        ({"values": {"array": 5}}, "holds no array"),
        (wrap(b"PK\x03\x04 torn"), "not a whole .npz"),
        (wrap(zip_bytes(b"")[:-30]), "not a whole .npz"),
        (wrap(base64.b64decode(b"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")), "an .npz without arrays"),
    ],
)
def test_what_is_no_array_is_named_by_its_key(tmp_path, payload, said):
    file = write_runs(tmp_path / "out.json", ("a", [{"y": encode(ARRAY)}, {"y": payload}]))
    message = refuse(file)
    assert message.startswith("out.json: lst[0][1][1].outputs['y']: ")
    assert said in message


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "Expected `object`, got `array`"),
        ({}, "missing required field `lst`"),
        ({"lst": []}, "lst: no runner in it"),
        ({"lst": [["a", [{"outputs": {"y": 1}}]]]}, "$.lst[0][1][0].outputs[...]"),
        ({"lst": [["a", [{}]]]}, "missing required field `outputs`"),
        ({"lst": [["a\u001b[31m", []]]}, "a name that is not printable"),
        ({"lst": [["a", [{"outputs": {"y\n": {}}}]]]}, "a name that is not printable"),
    ],
)
def test_what_is_no_run_is_said(tmp_path, document, said):
    file = tmp_path / "out.json"
    file.write_text(json.dumps(document))
    assert said in refuse(file)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_said(tmp_path, data):
    file = tmp_path / "out.json"
    file.write_bytes(data)
    refuse(file)


def test_a_file_that_is_not_there_is_said(tmp_path):
    assert "cannot be read" in refuse(tmp_path / "out.json")


def test_sizes_are_limited(tmp_path, monkeypatch):
    bomb = write_runs(tmp_path / "out.json", ("a", [{"y": wrap(zip_bytes(bytes(1 << 20)))}]))
    assert bomb.stat().st_size < 1 << 14
    monkeypatch.setattr(polygraphy, "MOST_BYTES", 1 << 14)
    assert "unpacks to more than" in refuse(bomb)
    monkeypatch.setattr(polygraphy, "MOST_BYTES", 64)
    assert "MiB, at most" in refuse(bomb)


def read_or_refuse(file):
    """Whether a file is read, or refused in one line."""
    try:
        for runner in read_runners(file):
            for output in runner.outputs:
                decode_output(output, file.name)
    except EvidenceError as error:
        return "\n" not in error.message + error.hint
    return True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_any_json_is_read_or_refused(tmp_path, document):
    file = tmp_path / "out.json"
    file.write_text(json.dumps(document))
    assert read_or_refuse(file)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_bytes_changed_is_read_or_refused(tmp_path, data):
    text = bytearray(json.dumps(make_runs(("a", [{"y": encode(ARRAY)}]))).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path / "out.json"
    file.write_bytes(text)
    assert read_or_refuse(file)
