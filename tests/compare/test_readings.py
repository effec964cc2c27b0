import pytest

from parityhub.compare.evidence import Missing
from parityhub.compare.findings import Finding
from parityhub.compare.readings import Reading, refuse_same, take_number, take_value
from parityhub.hub.records import CheckNumber, Measured
from tests.compare.builders import make_evidence, measure


def test_a_number_is_taken_with_its_source():
    found = measure(9.5, "/scale")
    reading = take_number("torch.scale", found)
    assert reading == Reading("torch.scale", 9.5, found.source)
    assert reading.used == (CheckNumber(name="torch.scale", value=9.5, source=found.source),)


@pytest.mark.parametrize(
    ("found", "verdict", "reason", "deferred"),
    [
        (Missing("C1:x: blocked", deferred=True), "INCONCLUSIVE", "C1:x: blocked", True),
        (Missing("C1:x has no y", deferred=False), "INCONCLUSIVE", "C1:x has no y", False),
        (measure(None), "INCONCLUSIVE", "x.y is missing (no such entry)", False),
        (measure("one"), "INCONCLUSIVE", "x.y is the text 'one'", False),
        (measure(float("nan")), "FAIL", "x.y is nan", False),
    ],
)
def test_what_is_no_number_is_a_finding(found, verdict, reason, deferred):
    finding = take_number("x.y", found)
    assert isinstance(finding, Finding)
    assert (finding.verdict, finding.reason, finding.deferred) == (verdict, reason, deferred)


def test_a_record_that_contradicts_itself_is_no_number():
    found = Measured(status="finite", value=float("nan"), source=None)
    assert take_number("x", found).verdict == "FAIL"
    assert take_value("x", found).verdict == "FAIL"


def test_a_text_is_a_value_unless_it_is_blank():
    assert take_value("x", measure("relu")).value == "relu"
    assert take_value("x", measure(7)).value == 7
    assert take_value("x", measure(" ")).verdict == "INCONCLUSIVE"
    assert take_value("x", measure(float("inf"))).verdict == "FAIL"


def test_a_thing_is_not_put_to_itself():
    evidence = make_evidence()
    assert refuse_same(evidence, "torch", "C1:torch").verdict == "INCONCLUSIVE"
    assert refuse_same(evidence, "torch", "B3:torch") is None
