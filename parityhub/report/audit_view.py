"""What a page shows of an audited report: its lines in parts, each claim with where it stands."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

from parityhub.audit.claims import Claim
from parityhub.audit.extract.extract import LINE_END
from parityhub.audit.findings import (
    AuditResult,
    Finding,
    JudgedClaim,
    Severity,
    State,
    describe_place,
)
from parityhub.hub.records import Place
from parityhub.report.escape import quote_target

WORST: tuple[State, ...] = ("refuted", "unverifiable", "confirmed")
"""of claims that stand on the same characters, the first of these is shown"""
SIGNS: Mapping[str, str] = {"confirmed": "✓", "refuted": "✗", "unverifiable": "?"}
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
INDEX = "index.html"
FOLDER = "reports"


class Link(TypedDict):
    """A link within the pages, or from them into the hub."""

    text: str
    href: str


class Tag(TypedDict):
    """The word that stands behind a claim."""

    state: State
    sign: str
    codes: str
    title: str
    href: str
    """where its evidence is; empty where there is none"""


class Part(TypedDict):
    """Characters of a line on which the same claims stand, and the tags of those that end there."""

    text: str
    state: State | None
    tags: list[Tag]


class Mark(TypedDict):
    """A finding as it is named at its line."""

    number: int
    code: str
    severity: str


class Line(TypedDict):
    """A line of a report."""

    number: int
    parts: list[Part]
    marks: list[Mark]


class Item(TypedDict):
    """A finding as it is listed."""

    number: int
    severity: str
    code: str
    slug: str
    place: Link
    claim: str
    found: str
    evidence: Link | None
    hint: str
    also: list[Link]
    silenced: str


class Linker:
    """Where links of one page lead."""

    def __init__(self, page: str, hub: str, reports: Sequence[str]) -> None:
        """Take the page's own path, the way from the folder of pages to the hub, the reports."""
        self.up = "../" * page.count("/")
        self.hub = f"{hub.rstrip('/')}/" if hub else ""
        self.reports = frozenset(reports)

    def link_place(self, place: Place) -> Link:
        """Link to evidence: to the page of a report, else into the hub."""
        fragment = f"L{place.line}" if place.line is not None else place.pointer or ""
        if place.file in self.reports and place.line is not None:
            path = f"{self.up}{name_page(place.file)}"
        else:
            path = f"{self.up}{self.hub}{place.file}"
        return Link(text=describe_place(place), href=quote_target(path, fragment))

    def link_line(self, file: str, line: int) -> Link:
        """Link to a line of a report on its page; to the file where it has none."""
        return {**self.link_place(Place(file=file, line=line)), "text": f"{file}:{line}"}


def name_page(file: str) -> str:
    """Return the path of a report's page below the folder of pages."""
    return f"{FOLDER}/{file}.html"


def make_report_view(result: AuditResult, file: str, text: str, hub: str) -> dict[str, Any]:
    """Return what the page of a report shows.

    Args:
        result: of the audit.
        file: the report, as the result names it.
        text: of the report, as it was audited.
        hub: relative path from the folder of pages to the hub, `/` between its parts.
    """
    linker = Linker(name_page(file), hub, result.reports)
    claims = [judged for judged in result.claims if judged.claim.spot.file == file]
    findings = sort_findings([f for f in result.findings if f.spot.file == file])
    items = [make_item(finding, n, linker) for n, finding in enumerate(findings, 1)]
    silenced = [f for f in result.silenced if f.spot.file == file]
    return {
        "title": file,
        "index": quote_target(f"{linker.up}{INDEX}"),
        "source": Link(text=file, href=quote_target(f"{linker.up}{linker.hub}{file}")),
        "verdict": result.verdict,
        "reason": result.reason,
        "counts": count_states(claims),
        "signs": SIGNS,
        "severities": count_severities(findings),
        "items": items,
        "silenced": [make_item(f, n, linker) for n, f in enumerate(silenced, len(items) + 1)],
        "lines": make_lines(text, claims, findings, linker),
    }


def make_index_view(result: AuditResult, hub: str) -> dict[str, Any]:
    """Return what the first page shows: the verdict, the reports, and what stands in none."""
    linker = Linker(INDEX, hub, result.reports)
    others = sort_findings([f for f in result.findings if f.spot.file not in linker.reports])
    claims: dict[str, list[JudgedClaim]] = defaultdict(list)
    for judged in result.claims:
        claims[judged.claim.spot.file].append(judged)
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        findings[finding.spot.file].append(finding)
    return {
        "title": "Audit",
        "verdict": result.verdict,
        "reason": result.reason,
        "checked": result.checked,
        "counts": count_states(result.claims),
        "signs": SIGNS,
        "reports": [
            {
                "page": Link(text=file, href=quote_target(name_page(file))),
                "counts": count_states(claims[file]),
                "severities": count_severities(findings[file]),
            }
            for file in result.reports
        ],
        "items": [make_item(finding, n, linker) for n, finding in enumerate(others, 1)],
        "silenced": [
            make_item(finding, n, linker)
            for n, finding in enumerate(result.silenced, len(others) + 1)
        ],
        "skipped": result.skipped,
        "notes": result.notes,
    }


def count_states(claims: Sequence[JudgedClaim]) -> dict[str, int]:
    """Count claims by where they stand."""
    states = Counter(judged.state for judged in claims)
    return {state: states[state] for state in ("confirmed", "refuted", "unverifiable")}


def count_severities(findings: Sequence[Finding]) -> dict[str, int]:
    """Count findings by severity; those that do not occur are left out."""
    severities = Counter(finding.severity for finding in findings)
    return {severity: severities[severity] for severity in SEVERITIES if severities[severity]}


def sort_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the worst findings first, and those of a severity in the order of their places."""
    return sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.spot.file, f.spot.line))


def make_item(finding: Finding, number: int, linker: Linker) -> Item:
    """Return a finding as it is listed."""
    evidence = finding.evidence
    return Item(
        number=number,
        severity=finding.severity,
        code=finding.code,
        slug=finding.slug,
        place=linker.link_line(finding.spot.file, finding.spot.line),
        claim=finding.claim,
        found=finding.found,
        evidence=None if evidence is None else linker.link_place(evidence),
        hint=finding.hint,
        also=[
            {**linker.link_line(spot.file, spot.line), "text": f"line {spot.line}"}
            for spot in finding.also
        ],
        silenced=finding.silenced,
    )


def make_lines(
    text: str, claims: Sequence[JudgedClaim], findings: Sequence[Finding], linker: Linker
) -> list[Line]:
    """Return the lines of a report with their claims and findings."""
    by_line: dict[int, list[JudgedClaim]] = defaultdict(list)
    for judged in claims:
        by_line[judged.claim.spot.line].append(judged)
    marks: dict[int, list[Mark]] = defaultdict(list)
    for number, finding in enumerate(findings, 1):
        mark = Mark(number=number, code=finding.code, severity=finding.severity)
        for line in dict.fromkeys(spot.line for spot in (finding.spot, *finding.also)):
            marks[line].append(mark)
    lines = LINE_END.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return [
        Line(number=n, parts=list(cut_line(line, by_line[n], linker)), marks=marks[n])
        for n, line in enumerate(lines, 1)
    ]


def cut_line(line: str, claims: Sequence[JudgedClaim], linker: Linker) -> Iterator[Part]:
    """Cut a line wherever a claim begins or ends."""
    begins: dict[int, list[State]] = defaultdict(list)
    ends: dict[int, list[JudgedClaim]] = defaultdict(list)
    for judged in claims:
        start, end = find_span(judged.claim, len(line))
        begins[start].append(judged.state)
        ends[end].append(judged)
    active: Counter[State] = Counter()
    at = 0
    for place in sorted({*begins, *ends, len(line)}):
        tags = [make_tag(judged, linker) for judged in ends[place]]
        if place > at or tags:
            state = next((state for state in WORST if active[state]), None)
            yield Part(text=line[at:place], state=state, tags=tags)
        # A claim without extent begins and ends here, behind the part that was told.
        active.update(begins[place])
        active.subtract(judged.state for judged in ends[place])
        at = place


def find_span(claim: Claim, length: int) -> tuple[int, int]:
    """Return where a claim begins and ends in its line, from 0; never beyond the line."""
    start = min(max(claim.spot.column - 1, 0), length)
    return start, min(max(claim.spot.end_column - 1, start), length)


def make_tag(judged: JudgedClaim, linker: Linker) -> Tag:
    """Return the word behind a claim, with why it is so."""
    codes = " ".join(judged.codes)
    evidence = judged.evidence
    where = f" ({describe_place(evidence)})" if evidence is not None else ""
    return Tag(
        state=judged.state,
        sign=SIGNS[judged.state],
        codes=codes,
        title=f"{judged.claim.kind} {judged.state}: {judged.reason}{where}",
        href="" if evidence is None else linker.link_place(evidence)["href"],
    )
