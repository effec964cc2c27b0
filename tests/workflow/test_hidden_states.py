"""max |tf - torch| of each hidden state, at most 1e-5: arrays that both frameworks really made."""

import msgspec
import numpy as np
import pytest

from parityhub.hub.records import AttemptRecord
from tests.conftest import copy_plan

pytestmark = pytest.mark.slow
NAMES = {f"hidden-{number}": f"hidden_{number}.npy" for number in range(4)} | {
    "logits": "logits.npy"
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    repository = copy_plan("hidden", tmp_path_factory.mktemp("hidden") / "repo")
    told = repository.call("run-phase", "PORT", "--json")
    assert told.code == 0, told.err + told.out
    return repository


def load(repository, side, name):
    [array] = repository.hub().glob(f"port/analysis/PORT_{side}_1/{name}")
    return np.load(array)


def test_each_state_has_its_largest_deviation_and_its_tolerance(ran):
    document = ran.call("compare", "PORT", "--json").document()
    assert document["verdict"] == "PASS"
    outputs = {output["name"]: output for output in document["outputs"]}
    assert list(outputs) == list(NAMES)
    for name, file in NAMES.items():
        left, right = (load(ran, side, file) for side in ("tensorflow", "torch"))
        apart = np.abs(left.astype(np.float64) - right.astype(np.float64)).max()
        assert outputs[name]["max_abs"] == pytest.approx(apart)
        assert 0 < apart < outputs[name]["tolerance"] == pytest.approx(1e-5)
        assert outputs[name]["tolerance_kind"] == "override"
        assert "as in transformers' tests" in outputs[name]["tolerance_reason"]


def test_the_arrays_are_of_two_frameworks(ran):
    for side, module in (("tensorflow", "tensorflow"), ("torch", "pytorch")):
        record = (ran.hub() / f"port/analysis/PORT_{side}_1/attempt.json").read_bytes()
        assert msgspec.json.decode(record, type=AttemptRecord).framework == module


def test_an_epsilon_left_at_the_other_framework_s_fails_from_the_first_state(ran):
    told = ran.call("run-phase", "EPSILON", "--json")
    assert told.code == 1
    document = told.document()
    assert document["verdict"] == "FAIL"
    assert "hidden-0: max |difference|" in document["reason"]
    assert "beyond the override's 1e-05" in document["reason"]


def test_the_table_stands_in_the_summary_and_the_audit_bears_it_out(ran):
    summary = (ran.hub() / "summary.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in summary for name in NAMES)
    audited = ran.call("audit", "--json").document()
    assert audited["checked"]["refuted"] == 0
