import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parityhub.compare.evidence import Missing
from parityhub.errors import EvidenceError
from tests.compare.builders import (
    keep_array,
    keep_bytes,
    make_attempt,
    make_evidence,
    make_step,
    measure_stats,
)


def test_a_reference_without_a_phase_means_this_one():
    here, there = make_attempt("torch"), make_attempt("torch", phase="B3")
    evidence = make_evidence(here, there)
    assert evidence.find_run("torch") is here
    assert evidence.find_run("C1:torch") is here
    assert evidence.find_run("B3:torch") is there


def test_a_missing_side_says_which_and_why():
    evidence = make_evidence(missing={"C1:tensorflow": "blocked: red/blocked_x.md"})
    assert evidence.find_run("tensorflow") == Missing(
        "C1:tensorflow: blocked: red/blocked_x.md", deferred=True
    )
    assert evidence.find_value("torch.scale") == Missing("C1:torch: it has not run", deferred=True)
    assert evidence.find_metric("torch", "patch.mean").deferred
    assert evidence.find_artifact("torch", "a.npy").deferred


def test_values_and_statistics_are_found():
    evidence = make_evidence(
        make_attempt("torch", values={"scale": 9.5}, stats={"patch": measure_stats()})
    )
    assert evidence.find_value("torch.scale").value == 9.5
    assert evidence.find_value("C1:torch.scale").source.pointer == "/scale"
    assert evidence.find_metric("torch", "patch.std").value == 1.0


@pytest.mark.parametrize(
    ("method", "arguments", "named"),
    [
        ("find_value", ("torch.scale",), "'scale'"),
        ("find_value", ("torch",), "''"),
        ("find_section", ("torch", "canvas"), "'canvas'"),
        ("find_metric", ("torch", "canvas.std"), "'canvas'"),
        ("find_metric", ("torch", "patch.median"), "'patch.median'"),
        ("find_artifact", ("torch", "a.npy"), "a.npy"),
    ],
)
def test_what_a_run_lacks_is_missing_but_defers_nothing(method, arguments, named):
    evidence = make_evidence(make_attempt("torch", stats={"patch": measure_stats()}))
    found = getattr(evidence, method)(*arguments)
    assert isinstance(found, Missing)
    assert not found.deferred
    assert "C1:torch" in found.reason
    assert named in found.reason


def test_names_may_hold_dots():
    evidence = make_evidence(
        make_attempt("torch", values={"2.scale": 1}),
        make_attempt("torch.2", values={"scale": 2}),
        missing={"C1:torch.2.13": "not yet"},
    )
    assert evidence.find_value("torch.2.scale").value == 2
    assert evidence.find_value("torch.2.13.scale") == Missing("C1:torch.2.13: not yet", True)


def test_the_last_step_that_left_an_artifact_counts(tmp_path):
    first = make_step("train", [keep_bytes(tmp_path, "a/1", b"old", name="x")], ("run", "1"))
    second = make_step("infer", [keep_bytes(tmp_path, "a/2", b"new", name="x")], ("run", "2"))
    third = make_step("stitch", [], ("run", "3"))
    evidence = make_evidence(make_attempt("torch", steps=[first, second, third]), root=tmp_path)
    step, artifact = evidence.find_artifact("torch", "x")
    assert (step.name, artifact.digest.path) == ("infer", "a/2")
    assert evidence.locate(artifact) == tmp_path / "a/2"


def make_array_evidence(root, artifact):
    step = make_step("infer", [artifact], ("run",))
    return make_evidence(make_attempt("torch", steps=[step]), root=root)


@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3), np.ones((2, 2), np.complex64)])
def test_an_array_is_opened_as_it_is_and_read_only(tmp_path, array):
    artifact = keep_array(tmp_path, "analysis/c.npy", array, name="canvas.npy")
    opened = make_array_evidence(tmp_path, artifact).open_array("torch", "canvas.npy")
    assert np.array_equal(opened, array)
    assert opened.dtype == array.dtype
    assert not opened.flags.writeable


def damage(tmp_path, data):
    artifact = keep_bytes(tmp_path, "analysis/c.npy", data, name="canvas.npy")
    return make_array_evidence(tmp_path, artifact)


def test_a_damaged_array_is_refused(tmp_path):
    whole = tmp_path / "whole.npy"
    np.save(whole, np.arange(100.0))
    data = whole.read_bytes()
    for part in (b"", data[:5], data[:40], data[:-1], b"PK" + data):
        evidence = damage(tmp_path, part)
        with pytest.raises(EvidenceError, match=r"analysis/c\.npy: not a whole array") as caught:
            evidence.open_array("torch", "canvas.npy")
        assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "array", [np.array([{}, []], dtype=object), np.array(["1"]), np.zeros(2, dtype="i4,f4")]
)
def test_an_array_without_numbers_is_refused(tmp_path, array):
    path = tmp_path / "other.npy"
    np.save(path, array, allow_pickle=True)
    with pytest.raises(EvidenceError, match="not a whole array"):
        damage(tmp_path, path.read_bytes()).open_array("torch", "canvas.npy")


@given(st.integers(0, 127), st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_a_changed_byte_of_the_header_is_read_or_refused(tmp_path, place, byte):
    path = tmp_path / "whole.npy"
    np.save(path, np.arange(12.0).reshape(3, 4))
    data = bytearray(path.read_bytes())
    data[place] = byte
    evidence = damage(tmp_path, bytes(data))
    try:
        opened = evidence.open_array("torch", "canvas.npy")
    except EvidenceError:
        opened = None
    assert opened is None or opened.dtype.kind in "biufc"


def test_an_array_that_is_gone_or_not_there_is_refused(tmp_path):
    artifact = keep_array(tmp_path, "analysis/c.npy", np.ones(3), name="canvas.npy")
    evidence = make_array_evidence(tmp_path, artifact)
    with pytest.raises(EvidenceError, match=r"left no other\.npy"):
        evidence.open_array("torch", "other.npy")
    (tmp_path / "analysis/c.npy").unlink()
    with pytest.raises(EvidenceError, match="not a whole array"):
        evidence.open_array("torch", "canvas.npy")


def test_an_artifact_that_is_not_kept_is_refused(tmp_path):
    artifact = keep_bytes(tmp_path, "big.bin", b"1", name="big.bin", kept=False)
    with pytest.raises(EvidenceError, match="not kept in the hub"):
        make_array_evidence(tmp_path, artifact).open_array("torch", "big.bin")


def test_no_path_leaves_the_hub(tmp_path):
    hub = tmp_path / "hub"
    hub.mkdir()
    np.save(tmp_path / "secret.npy", np.ones(3))
    (hub / "link.npy").symlink_to(tmp_path / "secret.npy")
    for path in ("../secret.npy", str(tmp_path / "secret.npy"), "link.npy"):
        artifact = keep_array(hub, path, np.ones(3), name="canvas.npy")
        with pytest.raises(EvidenceError, match="leaves the hub"):
            make_array_evidence(hub, artifact).open_array("torch", "canvas.npy")
