"""What a command has to say at its end, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from parityhub.hub import layout
from parityhub.hub.parity_records import SelftestRecord
from parityhub.hub.records import PhaseRecord
from parityhub.hub.stat_records import DiffRecord
from parityhub.hub.store import Hub
from parityhub.report import audit_text
from parityhub.terminal.console import COLORS, color_word, make_table
from parityhub.workflow.audit import Audited


def list_run_lines(hub: Hub, record: PhaseRecord) -> Iterator[RenderableType]:
    """Say what came of a phase."""
    yield color_word(record.verdict).append(
        f" {record.phase} ({record.state}): {record.reason}", style="default"
    )
    for blocker in record.blockers:
        yield Text(f"blocker  {hub.root / blocker}")
    yield Text(f"page     {hub.root / layout.SUMMARY_PAGE}")
    # The last line is the summary's: scripts take it from there.
    yield Text(f"summary  {hub.root / layout.SUMMARY}")


def list_diff_lines(record: DiffRecord, artifacts: Sequence[str]) -> Iterator[RenderableType]:
    """Say how two sets of statistics compare."""
    yield Text(f"baseline   {record.baseline}")
    yield Text(f"candidate  {record.candidate}")
    table = make_table("statistic", "baseline", "candidate", "delta", "ratio", "status")
    for row in record.rows:
        numbers = (row.baseline, row.candidate, row.delta, row.ratio)
        status = Text(f"{row.status}, collapsed", style=COLORS["FAIL"])
        table.add_row(
            f"{row.section}.{row.metric}",
            *("–" if number is None else f"{number:.6g}" for number in numbers),
            status if row.collapsed else color_word(row.status),
        )
    yield table
    yield color_word(record.verdict).append(f" {record.reason}", style="default")
    for path in artifacts:
        yield Text(f"written  {path}")


def list_import_lines(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Say what a folder was taken for, and what was made of it."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in document["kinds"].items())
    yield Text(f"{document['files']} files, {document['bytes'] / (1 << 20):.1f} MiB: {kinds}")
    table = make_table("phase", "files", "told by")
    for phase in document["phases"]:
        table.add_row(
            phase["id"], str(phase["files"]), ", ".join(phase["folders"]) or "names of files"
        )
    table.add_row("–", str(document["without_phase"]), "of the hub as a whole")
    yield table
    for left in document["left_out"]:
        yield Text(f"left out  {left.path}: {left.reason}")
    if document["imported"]:
        yield Text(f"hub   {document['hub']}")
    there = "is there already" if document["plan_is_there"] else "made for it"
    yield Text(f"plan  {document['plan']} ({there})")
    if document["imported"]:
        yield Text(f"next  parityhub status --plan {document['plan']}")
        yield Text(f"next  parityhub audit {document['hub']}")


def list_doctor_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[RenderableType]:
    """Say which phases can run here, and what the others lack."""
    for row in rows:
        word = color_word("PASS" if row["ready"] else "FAIL")
        yield word.append(f" {row['phase']} {row['message']}", style="default")
        if row["hint"]:
            yield Text(f"hint: {row['hint']}")


def list_comparison_lines(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Say how far apart the outputs are, and how far they may be."""
    table = make_table("output", "verdict", "largest deviation", "tolerance", "margin", "how")
    for output in document["outputs"]:
        numbers = (output.get("max_abs"), output.get("tolerance"), output.get("margin"))
        table.add_row(
            f"{output['check']}: {output['name']}",
            color_word(output["verdict"]),
            *("–" if number is None else f"{number:.3g}" for number in numbers),
            Text(output.get("tolerance_kind") or ""),
        )
    yield table
    for check in document["checks"]:
        yield color_word(check["verdict"]).append(
            f" {check['id']}: {check['reason']}", style="default"
        )
        if check["record"]:
            yield Text(f"record  {document['hub']}/{check['record']}")


def list_runs_lines(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Say how runners compare that were imported, and what was made of them."""
    for check in document["checks"]:
        yield Text(f"{check['id']}: {check['pair']}")
    if document["checks"]:
        yield from list_comparison_lines(document)
    else:
        yield color_word(document["verdict"]).append(f" {document['reason']}", style="default")
    for note in document["notes"]:
        yield Text(f"note  {note}")
    yield Text(f"hub   {document['hub']}")
    yield Text(f"plan  {document['plan']}")


def list_localization_lines(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Say where the two sides part."""
    for pair in document["pairs"]:
        yield color_word(pair["verdict"]).append(
            f" {pair['pair']}: {pair['reason']}", style="default"
        )
        for item in (*pair["divergences"], *pair["gradient"]):
            yield Text(f"{item['found_in']}: tensorflow {item['tensorflow']}")
            yield Text(f"{' ' * len(item['found_in'])}  pytorch    {item['torch']}")
            yield Text(f"cause  {item['cause']}: {item['detail']}")
        table = make_table("tensorflow", "pytorch", "verdict", "local", "inherited", "floor")
        for layer in pair["layers"]:
            if layer["verdict"] not in ("same", "rounding"):
                numbers = (layer["local"], layer["inherited"], layer["floor"])
                table.add_row(
                    layer["tensorflow"] or "–",
                    layer["torch"] or "–",
                    color_word(layer["verdict"]),
                    *("–" if number is None else f"{number:.3g}" for number in numbers),
                )
        if table.row_count:
            yield table
        yield Text(f"record  {document['hub']}/{pair['record']}")


def list_selftest_lines(record: SelftestRecord) -> Iterator[RenderableType]:
    """Say which fault was caught by what, and what localize named."""
    table = make_table("fault", "verdict", "caught by", "sits in", "localize named")
    for fault in record.faults:
        named = Text(fault.named or "–", style="" if fault.localized is not False else "red")
        table.add_row(
            f"{fault.name} ({fault.pair})",
            color_word("equivalent" if fault.equivalent else fault.verdict),
            ", ".join(fault.caught_by) or "–",
            fault.sits_in or "–",
            named,
        )
    yield table
    yield Text(f"{record.false_alarms} false alarms in {record.runs} runs without a fault")
    for alarm in record.alarms:
        yield Text(f"alarm  {alarm}")


def list_audit_lines(audited: Sequence[Audited], unverifiable: bool) -> Iterator[RenderableType]:
    """Say what an audit found, grouped by file, like a linter."""
    for entry in audited:
        yield Text(str(entry.target), style="bold underline")
        for pieces in audit_text.list_audit_lines(entry.result, unverifiable=unverifiable):
            line = Text()
            for style, text in pieces:
                line.append(text, style=COLORS.get(style, ""))
            yield line


def list_campaign_lines(document: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Say which lies an audit saw, by what they were, and name those that it did not."""
    table = make_table("form", "lies", "caught", "misnamed", "missed", "still true")
    for row in document["forms"]:
        counts = (row[key] for key in ("false", "caught", "misnamed", "missed", "still_true"))
        table.add_row(row["form"], *map(str, counts))
    yield table
    for outcome in ("missed", "misnamed", "still_true"):
        for item in document[outcome]:
            said = f"{item['file']}:{item['line']} {item['old']!r} -> {item['new']!r}"
            why = item["why_true"] or ", ".join(item["codes"])
            yield Text(f"{outcome.replace('_', ' ')}  {item['form']}  {said}  {why}")
    for alarm in document["alarms"]:
        yield Text(f"false alarm  {alarm['code']} {alarm['file']}: {alarm['rewording']}")
    yield color_word(document["verdict"]).append(f" {document['reason']}", style="default")
