"""What is wrong with a report as a file, and with what it asks to ignore."""

from collections.abc import Iterator, Mapping, Sequence

from parityhub.audit.extract.ignores import Ignore
from parityhub.audit.findings import Finding
from parityhub.audit.roots import ReportText
from parityhub.audit.rules.rule import spot_of


def find_report_faults(texts: Mapping[str, ReportText]) -> Iterator[Finding]:
    """Say which reports could not be read as they are (PH001 report-damaged)."""
    for name, report in texts.items():
        for fault in report.faults:
            yield Finding(
                code="PH001",
                slug="report-damaged",
                severity="warning",
                spot=spot_of(name),
                claim=name,
                found=fault,
                evidence=None,
                hint="write it as UTF-8 text of at most 32 MiB",
            )


def find_ignore_faults(ignores: Mapping[str, Sequence[Ignore]]) -> Iterator[Finding]:
    """Say where a finding is to be ignored without a code or reason (PH002)."""
    for name, asked in ignores.items():
        for ignore in asked:
            if ignore.codes and ignore.reason:
                continue
            lacking = "which" if not ignore.codes else "why"
            yield Finding(
                code="PH002",
                slug="ignore-without-reason",
                severity="error",
                spot=spot_of(name, ignore.line),
                claim="parityhub: ignore",
                found=f"findings are to be ignored, and nothing says {lacking}",
                evidence=None,
                hint="give code and reason: `parityhub: ignore[PH301] the log was cut since`",
            )
