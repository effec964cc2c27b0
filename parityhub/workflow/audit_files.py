"""What an audit writes: SARIF, JUnit, annotated pages, reports with their line numbers mended."""

import os
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from parityhub.audit.fix_citations import apply_fixes, plan_fixes
from parityhub.audit.roots import Roots, read_report
from parityhub.capture.files import open_atomically
from parityhub.hub import layout
from parityhub.report.html import render_audit_pages
from parityhub.report.junit import render_junit
from parityhub.report.sarif import render_sarif
from parityhub.workflow.audit import Audited


def write_outputs(
    audited: Sequence[Audited], sarif: Path | None, junit: Path | None, html: Path | None
) -> Iterator[Path]:
    """Write what was asked for, and yield each file.

    Raises:
        EvidenceError: a report cannot be read again.
    """
    if sarif is not None:
        results = [(relative_to_here(entry.hub), entry.result) for entry in audited]
        yield write_text(sarif, render_sarif(results, version("parityhub")))
    if junit is not None:
        yield write_text(junit, render_junit([(entry.hub.name, entry.result) for entry in audited]))
    if html is not None:
        for entry in audited:
            yield from write_pages(entry, html if len(audited) == 1 else html / name_hub(entry.hub))


def write_pages(audited: Audited, folder: Path) -> Iterator[Path]:
    """Write each report of an audit, annotated."""
    roots = Roots(hub=audited.hub, reports=(audited.target,) if audited.target.is_file() else ())
    texts = {
        name: read_report(locate_report(audited, name), roots) for name in audited.result.reports
    }
    hub = os.path.relpath(audited.hub, folder)
    for path, page in render_audit_pages(audited.result, texts, hub):
        yield write_text(folder / path, page)


def locate_report(audited: Audited, name: str) -> Path:
    """Return where a report lies: in the hub, or where it was named."""
    inside = audited.hub / name
    return inside if inside.is_file() or audited.target.is_dir() else audited.target


def fix_citations(audited: Audited) -> Iterator[Path]:
    """Mend the line numbers that moved in each report, and yield the reports that changed.

    A report that is not UTF-8 throughout is left as it is, and so is one that was imported: there
    it is evidence, to be mended where it came from.
    """
    plan = plan_fixes(audited.result)
    made = (audited.hub / layout.MANIFEST).is_file()
    for name in audited.result.reports:
        if made and layout.is_imported(name):
            continue
        path = locate_report(audited, name)
        fixes = [fix for fix in plan.fixes if fix.spot.file == name]
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        mended = apply_fixes(text, fixes) if fixes else None
        if mended is not None and mended.applied:
            yield write_text(path, mended.text)


def write_text(path: Path, text: str) -> Path:
    """Write a file, whole or not at all."""
    with open_atomically(path) as stream:
        stream.write(text.encode())
    return path


def relative_to_here(hub: Path) -> str:
    """Return a hub's path from the folder that the command was started in."""
    return os.path.relpath(hub)


def name_hub(hub: Path) -> str:
    """Return a folder's name for a hub: its stamp and its name."""
    return f"{hub.resolve().parent.name}_{hub.name}"
