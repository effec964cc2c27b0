import pytest

from parityhub.audit.extract import extract, passages
from parityhub.audit.rules import unread_rules
from tests.audit.make_hub import audit_text, states, tell


def test_what_is_too_long_to_be_read_is_told(tmp_path):
    text = "# X\n\n" + "word " * 120_000 + "mean=1.5\n"
    (finding,) = tell(audit_text(tmp_path, text), "PH001")
    assert (finding.spot.line, finding.severity) == (3, "warning")
    assert f"{passages.LONGEST_LINE} of 600008 characters" in finding.found


def test_a_stretch_with_too_many_claims_is_told(tmp_path):
    result = audit_text(tmp_path, "mean=1.5 " * 2000 + "\n")
    (finding,) = tell(result, "PH001")
    assert f"{passages.MOST_IN_PIECE} claims" in finding.found
    assert len(states(result, "number")) == passages.MOST_IN_PIECE


def test_lines_beyond_the_last_that_is_read_are_told(tmp_path, monkeypatch):
    for module in (extract, unread_rules):
        monkeypatch.setattr(module, "MOST_LINES", 4)
    result = audit_text(tmp_path, "# X\n\nmean=1\n\nmean=2\n")
    (finding,) = tell(result, "PH001")
    assert "4 of 6 lines" in finding.found
    assert len(states(result, "number")) == 1


@pytest.mark.parametrize("ending", ["md", "txt"])
def test_an_ordinary_report_is_read_whole(tmp_path, ending):
    assert not tell(audit_text(tmp_path, "mean=1.5\n" * 300, f"summary.{ending}"), "PH001")
