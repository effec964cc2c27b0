"""The self-test: each known fault is caught, its layer named, and nothing honest alarms."""

from pathlib import Path

import pytest

from tests.conftest import Repository

NAMED = 20
"""faults that there are at least"""


@pytest.mark.slow
def test_the_short_form_catches_every_fault(tmp_path: Path):
    told = Repository(tmp_path).call("selftest", "--short", "--json", "-q")
    assert "Traceback" not in told.err
    document = told.document()
    assert document["missed"] == [], document["faults"]
    assert document["alarms"] == []
    assert (document["passed"], told.code) == (True, 0)
    assert (document["false_alarms"], document["runs"]) == (0, 10)
    assert len(document["faults"]) >= NAMED
    for fault in document["faults"]:
        assert fault["verdict"] == "FAIL", fault
        assert fault["caught_by"], fault
        assert not fault["equivalent"], fault
        assert fault["localized"] is (True if fault["sits_in"] else None), fault
    # Nothing is left behind where it was called.
    assert list(tmp_path.iterdir()) == []


@pytest.mark.campaign
def test_no_false_alarm_in_fifty_runs(tmp_path: Path):
    told = Repository(tmp_path).call("selftest", "--fault", "sign", "--json", "-q")
    document = told.document()
    assert (document["false_alarms"], document["runs"]) == (0, 50), document["alarms"]
    assert told.code == 0


def test_a_fault_that_is_not_known_is_refused(tmp_path: Path):
    told = Repository(tmp_path).call("selftest", "--fault", "gremlin")
    assert told.code == 2
    assert "no fault 'gremlin'" in told.err
    assert "leaky-slope" in told.err
