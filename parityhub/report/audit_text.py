"""What an audit says at a terminal: findings grouped by file, as plain pieces of styled text."""

from collections.abc import Iterator
from itertools import groupby

from parityhub.audit.findings import AuditResult, Finding, JudgedClaim, count
from parityhub.report.escape import show_controls

Piece = tuple[str, str]
"""a style and the text that bears it. Styles: a severity, a verdict, `unverifiable`, `file`,
`place`, `code`, `dim`, or empty for none"""
Line = tuple[Piece, ...]

INDENT = " " * 4
ALSO = 8
"""further lines of a finding that are named"""


def list_audit_lines(result: AuditResult, *, unverifiable: bool = False) -> Iterator[Line]:
    """Say what an audit found, in lines of pieces; no piece holds a line end or an escape code.

    Args:
        result: of one hub or report.
        unverifiable: list the claims that can be neither confirmed nor refuted as well.
    """
    for file, findings in groupby(result.findings, key=lambda finding: finding.spot.file):
        of_file = list(findings)
        yield (show("file", file), ("dim", f"  {count_severities(of_file)}"))
        width = max(len(write_place(finding)) for finding in of_file)
        for finding in of_file:
            yield from _list_finding(finding, width)
        yield ()
    if unverifiable:
        yield from _list_unverifiable(result)
    for finding in result.silenced:
        place = f"{finding.spot.file}:{finding.spot.line}"
        yield (("dim", "ignored  "), show("", f"{place} {finding.code}: {finding.silenced}"))
    # Rules that share a code may share the reason, too.
    for told in dict.fromkeys(f"{rule.code}: {rule.reason}" for rule in result.skipped):
        yield (("dim", "not asked  "), show("", told))
    for note in result.notes:
        yield (("note", "note  "), show("", note))
    yield (show(result.verdict, result.verdict), show("", f" {result.reason}"))
    yield (("dim", describe_checked(result)),)


def _list_finding(finding: Finding, width: int) -> Iterator[Line]:
    yield (
        ("place", f"{INDENT}{write_place(finding):<{width}}  "),
        (finding.severity, f"{finding.severity:<8}"),
        ("code", f"{finding.code} {finding.slug}"),
        show("", f"  {finding.claim}"),
    )
    inner = " " * (len(INDENT) + width + 2)
    artifact = f"  ({finding.artifact})" if finding.artifact else ""
    yield (("", inner), show("", finding.found), show("dim", artifact))
    if finding.also:
        lines = ", ".join(str(spot.line) for spot in finding.also[:ALSO])
        more = len(finding.also) - ALSO
        yield (("dim", f"{inner}also line {lines}{f' and {more} more' if more > 0 else ''}"),)
    yield (("dim", f"{inner}hint: "), show("dim", finding.hint))


def _list_unverifiable(result: AuditResult) -> Iterator[Line]:
    """List the claims that stand open, by file."""
    waiting = [judged for judged in result.claims if judged.state == "unverifiable"]
    waiting.sort(key=lambda judged: (judged.claim.spot.file, judged.claim.spot.line))
    for file, claims in groupby(waiting, key=_file_of):
        yield (show("file", file), ("dim", "  unverifiable"))
        for judged in claims:
            spot = judged.claim.spot
            yield (
                ("place", f"{INDENT}{spot.line}:{spot.column}  "),
                ("unverifiable", f"{judged.claim.kind} "),
                show("", judged.claim.text),
                show("dim", f"  {judged.reason}"),
            )
        yield ()


def _file_of(judged: JudgedClaim) -> str:
    return judged.claim.spot.file


def show(style: str, text: str) -> Piece:
    """Make a piece of text that comes from a report or a log: what does not print is shown."""
    return style, show_controls(text)


def write_place(finding: Finding) -> str:
    """Write line and column."""
    return f"{finding.spot.line}:{finding.spot.column}"


def count_severities(findings: list[Finding]) -> str:
    """Write how many findings there are of each severity."""
    severities = [finding.severity for finding in findings]
    return ", ".join(
        count(severities.count(severity), severity)
        for severity in ("error", "warning", "note")
        if severity in severities
    )


def describe_checked(result: AuditResult) -> str:
    """Write how much was looked at and how the claims stand."""
    checked = result.checked
    return (
        f"{count(checked.claims, 'claim')} in {count(len(result.reports), 'report')}: "
        f"{checked.confirmed} confirmed, {checked.refuted} refuted, "
        f"{checked.unverifiable} unverifiable; {count(checked.artifacts, 'file')} in the hub"
    )
