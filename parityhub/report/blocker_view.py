"""What a blocker shows: the failure, the lines that prove it, and what is tried next."""

from collections.abc import Sequence
from posixpath import dirname
from typing import TypedDict

from parityhub.hub.layout import blocker_record_path, triage_path
from parityhub.hub.ledger_records import TriageRecord
from parityhub.hub.records import BlockerRecord, Cause
from parityhub.plan.model import Initiative
from parityhub.report.links import Link, Prose, is_path, link_file, link_place


class CauseView(TypedDict):
    """A cause, with its log lines as they were, each with its number."""

    text: str
    kind: str
    source: Link | None
    lines: list[str]


class TriageView(TypedDict):
    """What became of a blocker: a name, and the line that shows it, or what closed it."""

    time: str
    record: Link
    issue: str | None
    summary: str
    mitigation: str
    place: Link | None
    line: str
    attempt: Link | None


class BlockerView(TypedDict):
    """What `red/blocked_*.md` shows."""

    initiative: str
    record: Link
    title: str
    time: str
    phase: str
    baseline: str | None
    attempt: int | None
    rung: str | None
    signature: str
    known_issue: str
    issue_summary: str
    causes: list[CauseView]
    exit_code: int | None
    signal: str | None
    env: dict[str, str | None]
    proof: str | None
    dataset: str | None
    command: list[str]
    mitigations: list[str]
    on_exhausted: str
    references: list[Prose]
    triage: list[TriageView]


def build_blocker_view(
    record: BlockerRecord, initiative: Initiative, triages: Sequence[TriageRecord] = ()
) -> BlockerView:
    """Build the view of a blocker; links are relative to the folder it lies in."""
    start = dirname(record.path)
    return BlockerView(
        initiative=initiative.id,
        record=link_file(blocker_record_path(record.path), start=start),
        title=record.title,
        time=record.time,
        phase=record.phase,
        baseline=record.baseline,
        attempt=record.attempt,
        rung=record.rung,
        signature=record.signature,
        known_issue=record.known_issue,
        issue_summary=record.issue_summary,
        causes=[build_cause(cause, start) for cause in record.causes],
        exit_code=record.exit_code,
        signal=record.signal,
        env=record.asked_env,
        proof=record.proof,
        dataset=record.dataset,
        command=list(record.command),
        mitigations=list(record.mitigations),
        on_exhausted=record.on_exhausted,
        references=[_build_reference(text, start) for text in record.references],
        triage=[build_triage(triage, start) for triage in triages],
    )


def build_triage(triage: TriageRecord, start: str = "") -> TriageView:
    """Build what a triage said; links are relative to `start`."""
    return TriageView(
        time=triage.time,
        record=link_file(triage_path(triage.blocker, triage.number), text="record", start=start),
        issue=triage.issue,
        summary=triage.summary,
        mitigation=triage.mitigation,
        place=link_place(triage.place, start=start) if triage.place else None,
        line=triage.line,
        attempt=link_file(triage.attempt, text=f"attempt {triage.attempt_number}", start=start)
        if triage.attempt
        else None,
    )


def build_cause(cause: Cause, start: str) -> CauseView:
    """Build the view of a cause; its link is relative to the folder `start`."""
    return CauseView(
        text=cause.text,
        kind=cause.kind,
        source=link_place(cause.place, start=start) if cause.place else None,
        lines=_number_lines(cause),
    )


def _build_reference(text: str, start: str) -> Prose:
    return [link_file(text, start=start) if is_path(text) else text]


def _number_lines(cause: Cause) -> list[str]:
    """Number lines that follow each other from the cause's place on."""
    if cause.place is None or cause.place.line is None:
        return list(cause.lines)
    first = cause.place.line
    width = len(str(first + len(cause.lines)))
    return [f"{number:>{width}}: {line}" for number, line in enumerate(cause.lines, first)]
