"""What status, note, decide and triage say at a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from parityhub.hub import layout
from parityhub.hub.records import TickRecord
from parityhub.report.escape import show_controls
from parityhub.terminal import COLORS, color_word, make_table
from parityhub.workflow.decide import Decided
from parityhub.workflow.note import Noted
from parityhub.workflow.prose import Judged
from parityhub.workflow.status import Status
from parityhub.workflow.triage import Triaged


def list_status_lines(status: Status) -> Iterator[RenderableType]:
    """Say where the initiative stands."""
    yield Text(f"hub  {status.hub.root}")
    if status.imported:
        yield Text(f"imported  {show_controls(status.imported)}")
    table = make_table("phase", "state", "verdict", "when", "blockers", "reason")
    for row in status.rows:
        accepted = f"accepted by {row.accepted}; " if row.accepted else ""
        table.add_row(
            row.id,
            color_word(row.state),
            color_word(row.verdict),
            row.when or "–",
            str(len(row.blockers)) if row.blockers else "–",
            Text(accepted + row.reason),
        )
    yield table
    for row in status.rows:
        for tick in row.steps:
            yield write_tick(tick)
    for tick in status.criteria:
        yield write_tick(tick)
    for blocker in status.blockers:
        yield Text(f"{blocker['state']}  {blocker['name']}  known issue {blocker['known_issue']}")
    for standing in status.decisions:
        why = f"lapsed: {'; '.join(standing.lapsed)}" if standing.lapsed else "stands"
        made = standing.record
        yield Text(show_controls(f"decision {made.id}  {made.phase} under {made.policy}  {why}"))
    if status.turn is not None:
        title = f"  {status.turn.title}" if status.turn.title else ""
        yield Text(show_controls(f"turn {status.turn.number}  {status.turn.time}{title}"))
    for step in status.next_steps:
        yield Text(f"next  {step}")


def write_tick(tick: TickRecord) -> Text:
    """Write a sub-step or exit criterion with what ticks it, or what does not."""
    evidence = f"  ({'; '.join(tick.evidence)})" if tick.evidence else ""
    mark = "x" if tick.ticked else " "
    return Text(show_controls(f"[{mark}] {tick.id}: {tick.text}{evidence}"))


def list_note_lines(noted: Noted) -> Iterator[RenderableType]:
    """Say what came of a turn."""
    yield from list_objection_lines(noted.judged)
    if noted.record is not None:
        checked = noted.judged.result.checked
        yield Text(f"turn {noted.record.number}  {noted.hub.root / noted.record.text.path}")
        yield Text(f"{checked.confirmed} claims confirmed, {checked.unverifiable} unverifiable")
        yield Text(f"summary  {noted.hub.root / layout.SUMMARY}")


def list_decision_lines(decided: Decided) -> Iterator[RenderableType]:
    """Say what came of a decision."""
    yield from list_objection_lines(decided.judged)
    if decided.record is not None:
        made = decided.record
        yield Text(f"decision {made.id}  {decided.hub.root / made.text.path}")
        for state in made.evidence:
            yield Text(f"rests on  {state.reference}  {state.says}".rstrip())
        yield Text(f"summary  {decided.hub.root / layout.SUMMARY}")


def list_blocker_lines(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """List blockers with what became of them and what to do next."""
    for item in document["blockers"]:
        passed = f", {item['passed_by']} passed since" if item["passed_by"] else ""
        line = Text(item["state"], style=COLORS["blocked"] if item["state"] == "open" else "")
        yield line.append(f"  {item['name']}{passed}", style="default")
        yield Text(show_controls(f"    {item['title']}"))
        yield Text(show_controls(f"    {item['signature']}"))
        yield Text(f"    known issue  {item['known_issue']}")
        for log in item["logs"]:
            yield Text(f"    log  {document['hub']}/{log}")
        for command in item["next"]:
            yield Text(f"    next  {command}", style="dim")
    if not document["blockers"]:
        yield Text("no blocker waits")


def list_triage_lines(done: Triaged) -> Iterator[RenderableType]:
    """Say what came of a triage."""
    record = done.record
    if record.issue is not None and record.place is not None:
        yield Text(f"named {record.issue}  {done.hub.root / record.blocker}")
        place = f"{record.place.file}:{record.place.line}"
        yield Text(show_controls(f"matches  {place}: {record.line.strip()[:200]}"))
    else:
        yield Text(f"closed by attempt {record.attempt_number}  {done.hub.root / record.blocker}")
    if done.plan is not None:
        yield Text(f"plan  {done.plan}, accepted by the hub")
    yield Text(f"summary  {done.hub.root / layout.SUMMARY}")


def list_objection_lines(judged: Judged) -> Iterator[RenderableType]:
    """Say what the evidence has against prose."""
    for finding in judged.objections:
        line = Text(f"{finding.code} {finding.slug}  ", style=COLORS.get(finding.severity, ""))
        yield line.append(show_controls(finding.claim), style="default")
        artifact = f"  ({finding.artifact})" if finding.artifact else ""
        yield Text(show_controls(f"    true: {finding.found}{artifact}"))
        yield Text(show_controls(f"    hint: {finding.hint}"), style="dim")
    if judged.objections:
        yield Text("refused; nothing was written")
