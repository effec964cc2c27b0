"""Runs that Polygraphy saved: kept, digested, and compared by parityhub's own judgement."""

import hashlib
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from parityhub.hub.import_records import ImportRecord
from parityhub.hub.records import Manifest
from tests.adopt.runs import encode, wrap, write_runs
from tests.conftest import Repository

PROGRAM = Path(__file__).parents[1] / "adopt/run_polygraphy.py"
BIN = Path(sys.executable).parent
RNG = np.random.default_rng(3)
ARRAY = RNG.standard_normal((4, 5)).astype(np.float32)
GIVEN = ("--atol", "1e-5", "--reason", "as the port was accepted")


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "repo").mkdir()
    return Repository(tmp_path / "repo")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Files that Polygraphy itself wrote."""
    folder = tmp_path_factory.mktemp("polygraphy")
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def call(repository, *words):
    told = repository.call("import", *map(str, words), "--json")
    assert told.code in (0, 1), told.err
    return told.code, told.document()


def by_name(document):
    return {output["name"]: output for output in document["outputs"]}


@pytest.mark.slow
def test_a_mistake_in_one_of_two_runners_fails(repository, saved):
    code, document = call(repository, "--polygraphy", saved / "mistake.json", *GIVEN)
    assert (code, document["verdict"]) == (1, "FAIL")
    outputs = by_name(document)
    assert set(outputs) == {f"{x}, iteration {n}" for x in ("hidden", "out") for n in (1, 2)}
    assert {output["verdict"] for output in outputs.values()} == {"FAIL"}
    with (repository.hub() / outputs["hidden, iteration 1"]["left"]).open("rb") as left:
        hidden = np.load(left)
    with (repository.hub() / outputs["hidden, iteration 1"]["right"]).open("rb") as right:
        apart = float(np.abs(hidden - np.load(right)).max())
    assert outputs["hidden, iteration 1"]["max_abs"] == pytest.approx(apart)
    assert apart > 0.01


@pytest.mark.slow
def test_an_equal_pair_passes_by_a_tolerance_with_a_reason_alone(repository, saved):
    file = saved / "equal.json"
    code, document = call(repository, "--polygraphy", file)
    assert (code, document["verdict"]) == (1, "INCONCLUSIVE")
    assert {output["tolerance_kind"] for output in document["outputs"]} == {"underived"}
    code, document = call(repository, "--polygraphy", file, *GIVEN)
    assert (code, document["verdict"]) == (0, "PASS")
    assert "as the port was accepted" in document["outputs"][0]["tolerance_reason"]
    told = repository.call("import", "--polygraphy", str(file), "--atol", "1e-5")
    assert told.code == 2
    assert "without a reason" in told.err


@pytest.mark.slow
def test_another_name_is_not_matched_by_its_place(repository, saved):
    _, document = call(repository, "--polygraphy", saved / "renamed.json", *GIVEN)
    outputs = by_name(document)
    assert document["verdict"] == "INCONCLUSIVE"
    assert outputs["hidden, iteration 1"]["verdict"] == "PASS"
    assert outputs["out, iteration 1"]["reason"] == "unmatched: torch left no out, iteration 1"
    assert "tensorflow left no prob" in outputs["probabilities, iteration 2"]["reason"]


@pytest.mark.slow
def test_what_its_command_line_saves_is_read(repository, saved):
    files = [repository.root / f"{name}.json" for name in ("right", "wrong")]
    for file in files:
        model = saved / f"{file.stem}.onnx"
        words = ["run", str(model), "--onnxrt", "--save-outputs", str(file)]
        done = subprocess.run(
            [str(BIN / "polygraphy"), *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    code, document = call(repository, "--polygraphy", files[0], "--polygraphy", files[1], *GIVEN)
    assert (code, document["verdict"]) == (1, "FAIL")
    assert set(by_name(document)) == {"hidden", "out"}


def test_file_and_arrays_are_evidence_with_digests(repository, tmp_path):
    file = write_runs(tmp_path / "runs.json", ("a", [{"y": encode(ARRAY)}]))
    code, document = call(repository, "--polygraphy", file)
    assert code == 1
    assert "nothing to compare" in document["reason"]
    root = repository.hub()
    manifest = msgspec.json.decode((root / "manifest.json").read_bytes(), type=Manifest)
    items = {item.path: item for item in manifest.artifacts}
    kept = items["imported/files/0/runs.json"]
    assert kept.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (np.load(root / "imported/arrays/0/0/0_y.npy") == ARRAY).all()
    assert {item.role for item in manifest.artifacts} == {"evidence"}
    record = msgspec.json.decode((root / "import.json").read_bytes(), type=ImportRecord)
    assert record.source == "polygraphy"
    assert record.files[1].source == "runs.json: lst[0][1][0].outputs['y']"


def test_the_phase_is_pending_whatever_the_comparison_says(repository, tmp_path):
    file = write_runs(
        tmp_path / "runs.json", ("a", [{"y": encode(ARRAY)}]), ("b", [{"y": encode(ARRAY)}])
    )
    assert call(repository, "--polygraphy", file, *GIVEN)[0] == 0
    told = repository.call("status", "--json")
    assert told.code == 1
    [row] = told.document()["phases"]
    assert (row["id"], row["state"], row["verdict"]) == ("POLYGRAPHY", "pending", None)
    assert row["reason"].endswith("compare_POLYGRAPHY_runners-1_1.json is PASS")
    assert repository.call("report").code == 0
    audited = repository.call("audit", "--json").document()
    assert audited["findings"] == []


NAN = np.full_like(ARRAY, np.nan)
VACUOUS = {
    "NaN on both sides": (NAN, NAN, "INCONCLUSIVE"),
    "NaN on one side": (ARRAY, NAN, "FAIL"),
    "empty": (ARRAY[:0], ARRAY[:0], "INCONCLUSIVE"),
    "constant": (np.zeros_like(ARRAY), np.zeros_like(ARRAY), "INCONCLUSIVE"),
    "another shape": (ARRAY, ARRAY.T, "FAIL"),
    "one that broadcasts": (ARRAY[:1], ARRAY, "FAIL"),
    "another dtype": (ARRAY, ARRAY.astype(np.float64), "FAIL"),
    "a permutation": (ARRAY, ARRAY[::-1].copy(), "FAIL"),
    "twice as much": (ARRAY, 2 * ARRAY, "FAIL"),
}


@pytest.mark.parametrize("case", VACUOUS)
@pytest.mark.parametrize("words", [(), GIVEN], ids=["underived", "given"])
def test_what_shows_nothing_is_never_a_pass(repository, tmp_path, case, words):
    left, right, verdict = VACUOUS[case]
    file = write_runs(
        tmp_path / "runs.json", ("a", [{"y": encode(left)}]), ("b", [{"y": encode(right)}])
    )
    code, document = call(repository, "--polygraphy", file, *words)
    assert (code, document["verdict"]) == (1, verdict)


def test_an_iteration_that_one_side_lacks_is_told(repository, tmp_path):
    file = write_runs(
        tmp_path / "runs.json",
        ("a", [{"y": encode(ARRAY)}, {"y": encode(ARRAY)}]),
        ("b", [{"y": encode(ARRAY)}]),
    )
    _, document = call(repository, "--polygraphy", file, *GIVEN)
    assert document["verdict"] == "INCONCLUSIVE"
    assert by_name(document)["y, iteration 2"]["reason"] == "unmatched: b left no y, iteration 2"


def test_runners_of_one_name_are_told_apart_and_each_is_compared(repository, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    write_runs(first, ("ort", [{"y": encode(ARRAY)}]))
    write_runs(second, ("ort", [{"y": encode(ARRAY)}]), ("trt", [{"y": encode(2 * ARRAY)}]))
    _, document = call(repository, "--polygraphy", first, "--polygraphy", second, *GIVEN)
    told = [(check["pair"], check["verdict"]) for check in document["checks"]]
    assert told == [("ort and ort #2", "PASS"), ("ort and trt", "FAIL")]


HUGE = b"\x93NUMPY\x01\x00v\x00" + (
    b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }".ljust(117) + b"\n"
)
OBJECTS = b"\x93NUMPY\x01\x00v\x00" + (
    b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\nxxxxxxxx"
)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (wrap(HUGE), "not a whole array"),
        (wrap(OBJECTS), "unpickled"),
        (wrap(b"not an array"), "not a whole array"),
        (encode(np.array(["cat", "dog"])), "not numbers"),
    ],
)
def test_a_damaged_array_is_a_line_with_its_key_and_leaves_nothing(
    repository, tmp_path, payload, said
):
    file = write_runs(tmp_path / "runs.json", ("a", [{"y": payload}]))
    told = repository.call("import", "--polygraphy", str(file))
    assert told.code == 2
    lines = told.err.splitlines()
    assert lines[-2].startswith("parityhub: runs.json: lst[0][1][0].outputs['y']: ")
    assert said in lines[-2]
    assert lines[-1].startswith("hint: ")
    assert list(repository.root.rglob("*.json")) == []


@pytest.mark.parametrize("name", ["nowhere.json", "/dev/null"])
def test_what_is_no_plain_file_is_not_read(repository, name):
    told = repository.call("import", "--polygraphy", name)
    assert told.code == 2
    assert f"parityhub: {name}: no such file" in told.err
    assert list(repository.root.rglob("*.json")) == []


def test_a_file_that_is_no_run_is_a_line_and_leaves_nothing(repository, tmp_path):
    file = tmp_path / "inputs.json"
    file.write_text("[]")
    told = repository.call("import", "--polygraphy", str(file))
    assert told.code == 2
    assert told.err.startswith("parityhub: inputs.json: no RunResults of Polygraphy: ")
    assert told.err.count("\n") == 2
    assert list(repository.root.rglob("*.json")) == []


@pytest.mark.parametrize("words", [[], ["folder", "--polygraphy", "x.json"]])
def test_one_thing_is_imported_at_a_time(repository, words):
    told = repository.call("import", *words)
    assert told.code == 2
    assert "one of them" in told.err
