"""The lines of an audit: grouped by file, plain pieces, nothing hidden and nothing active."""

from dataclasses import replace

from parityhub.audit.findings import AuditResult
from parityhub.report.audit_text import list_audit_lines
from tests.report.audit_sample import FILE, HOSTILE, LOG, make_result, make_spot


def write_lines(result: AuditResult, *, unverifiable: bool = False) -> list[str]:
    lines = list_audit_lines(result, unverifiable=unverifiable)
    return ["".join(text for _, text in line) for line in lines]


def test_findings_stand_under_their_file_with_place_severity_code_and_claim() -> None:
    lines = write_lines(make_result())
    assert lines[0] == f"{FILE}  2 errors, 1 warning"
    assert lines[1] == "    3:15  error   PH301 citation-mismatch  cli/train.log:29"
    assert lines[2] == f"{' ' * 10}line 29 says: 'done'; line 26 does show it  ({LOG}:26)"
    assert lines[3] == f"{' ' * 10}also line 40, 41, 42, 43, 44, 45, 46, 47 and 2 more"
    assert lines[4] == f"{' ' * 10}hint: cite train.log:26"
    assert f"{LOG}  1 note" in lines


def test_the_end_tells_verdict_counts_and_what_was_not_asked() -> None:
    assert write_lines(make_result())[-5:] == [
        f"ignored  {FILE}:6 PH502: captured by hand",
        "not asked  PH202: the hub has no manifest.json of parityhub",
        "note  2 links were not followed",
        "FAIL 2 errors, 1 warning",
        "6 claims in 2 reports: 2 confirmed, 2 refuted, 2 unverifiable; 7 files in the hub",
    ]


def test_unverifiable_claims_are_listed_on_request_only() -> None:
    asked = set(write_lines(make_result(), unverifiable=True))
    assert asked - set(write_lines(make_result())) == {
        f"{FILE}  unverifiable",
        "    3:51  digest abcdef12  no file bears it",
        "    6:5  environment FLAG=1  no capture has it",
    }


def test_pieces_bear_the_styles_that_are_promised() -> None:
    styles = {style for line in list_audit_lines(make_result(), unverifiable=True)
              for style, _ in line}  # fmt: skip
    assert styles == {
        "", "FAIL", "code", "dim", "error", "file", "note", "place", "unverifiable", "warning",
    }  # fmt: skip


def test_no_escape_code_or_line_end_of_a_report_gets_through() -> None:
    result = make_result()
    finding = replace(result.findings[0], spot=make_spot(1, file="a\x1b[2Jb\n.md"), hint=HOSTILE)
    lines = write_lines(replace(result, findings=(finding,), notes=(HOSTILE,)))
    assert r"a\x1b[2Jb\n.md  1 error" in lines
    assert [line for line in lines if not line.isprintable()] == []


def test_a_clean_audit_says_what_it_rests_on() -> None:
    clean = replace(
        make_result(), findings=(), silenced=(), skipped=(), notes=(), verdict="PASS", reason="all"
    )
    assert write_lines(clean)[0] == "PASS all"
    assert len(write_lines(clean)) == 2
