"""audit: whose evidence counts, what may be read, and what came of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parityhub.audit.engine import audit_hub
from parityhub.audit.extract.context import ReportContext
from parityhub.audit.findings import AuditResult, Finding
from parityhub.audit.roots import Roots
from parityhub.audit.targets import is_hub, list_hubs
from parityhub.compare.verdict import combine_verdicts
from parityhub.errors import Error, UsageError
from parityhub.hub.records import Verdict
from parityhub.hub.store import find_hubs, read_manifest
from parityhub.plan.model import Plan

Told = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Audit:
    """An audit as it was asked for."""

    target: Path
    hub: Path | None
    """whose evidence counts; None: the target's own"""
    root: Path | None
    """a repository that may be read"""
    reports: Path
    cache: Path | None
    paranoid: bool
    plan: Plan | None


@dataclass(frozen=True, kw_only=True)
class Audited:
    """What an audit of one hub, or of one report, came to."""

    hub: Path
    target: Path
    result: AuditResult


def run_audit(audit: Audit) -> tuple[Audited, ...]:
    """Audit a hub, each hub of a folder, or a report.

    Raises:
        UsageError: the target is not there, or it is a report and nobody said of which hub.
        EvidenceError: the target is not to be read.
    """
    if not audit.target.exists():
        raise UsageError(f"{audit.target}: not there", hint="name a hub, a report, or a folder")
    if audit.target.is_file():
        hub = audit.hub or find_hub_above(audit.target)
        return (audit_one(audit, hub, audit.target),)
    return tuple(audit_one(audit, audit.hub or hub, hub) for hub in list_hubs(audit.target))


def find_hub_above(report: Path) -> Path:
    """Return the hub that a report lies in.

    Raises:
        UsageError: it lies in none.
    """
    for folder in report.resolve().parents:
        if is_hub(folder):
            return folder
    raise UsageError(
        f"{report}: lies in no hub", hint="say whose evidence counts: --hub reports/STAMP/NAME"
    )


def audit_one(audit: Audit, hub: Path, target: Path) -> Audited:
    """Audit one hub, or one report against it."""
    roots = Roots(
        hub=hub,
        repository=audit.root,
        datasets=list_data_folders(audit.plan, audit.root),
        reports=(target,) if target.is_file() else (),
    )
    result = audit_hub(
        target,
        roots,
        context=make_context(audit.plan, hub),
        cache=name_cache(audit.cache, hub),
        paranoid=audit.paranoid,
        previous=find_previous(hub, audit.reports),
    )
    return Audited(hub=hub, target=target, result=result)


def make_context(plan: Plan | None, hub: Path) -> ReportContext | None:
    """Return the names that reports of a plan use; None: the hub is of no plan that is known."""
    try:
        initiative = read_manifest(hub).initiative
    except Error:
        return None
    if plan is None or initiative != plan.initiative.id:
        return None
    return ReportContext(
        phases=tuple(phase.id for phase in plan.phases), baselines=tuple(plan.baselines)
    )


def list_data_folders(plan: Plan | None, root: Path | None) -> tuple[Path, ...]:
    """Return the folders of a plan's data sets, below the repository."""
    if plan is None or root is None:
        return ()
    folders = {
        (root / file).parent
        for dataset in plan.datasets.values()
        for file in dataset.files.values()
    }
    return tuple(sorted(folder for folder in folders if folder.is_dir()))


def name_cache(cache: Path | None, hub: Path) -> Path | None:
    """Return where the digests of a hub are kept between audits: never in the hub."""
    if cache is None:
        return None
    return cache / hashlib.sha256(str(hub.resolve()).encode()).hexdigest()[:32]


def find_previous(hub: Path, reports: Path) -> Path | None:
    """Return the hub of the same plan before this one, where it can be told."""
    try:
        manifest = read_manifest(hub)
    except Error:
        return None
    hubs = [path.resolve() for path in find_hubs(reports, hub.name, manifest.initiative)]
    here = hub.resolve()
    place = hubs.index(here) if here in hubs else 0
    return hubs[place - 1] if place else None


def describe_audit(audited: Sequence[Audited], *, unverifiable: bool) -> Told:
    """Return the document of audit."""
    documents = [describe_one(entry, unverifiable=unverifiable) for entry in audited]
    if len(documents) == 1:
        return documents[0]
    verdict: Verdict = combine_verdicts(entry.result.verdict for entry in audited)
    counts: dict[str, int] = {}
    for document in documents:
        for name, number in document["checked"].items():
            counts[name] = counts.get(name, 0) + number
    return {
        "verdict": verdict,
        "checked": counts,
        "findings": [
            {"hub": document["hub"], **finding}
            for document in documents
            for finding in document["findings"]
        ],
        "hubs": documents,
    }


def describe_one(audited: Audited, *, unverifiable: bool) -> Told:
    """Return what came of one hub or report."""
    result = audited.result
    checked = result.checked
    document: Told = {
        "hub": str(audited.hub),
        "target": str(audited.target),
        "verdict": result.verdict,
        "reason": result.reason,
        "checked": {
            "claims": checked.claims,
            "artifacts": checked.artifacts,
            "confirmed": checked.confirmed,
            "refuted": checked.refuted,
            "unverifiable": checked.unverifiable,
        },
        "findings": [describe_finding(finding) for finding in result.findings],
        "silenced": [
            {**describe_finding(finding), "reason": finding.silenced} for finding in result.silenced
        ],
        "skipped": [{"code": rule.code, "reason": rule.reason} for rule in result.skipped],
        "reports": result.reports,
        "notes": result.notes,
    }
    if unverifiable:
        document["unverifiable"] = [
            {
                "file": judged.claim.spot.file,
                "line": judged.claim.spot.line,
                "column": judged.claim.spot.column,
                "kind": judged.claim.kind,
                "claim": judged.claim.text,
                "reason": judged.reason,
            }
            for judged in result.claims
            if judged.state == "unverifiable"
        ]
    return document


def describe_finding(finding: Finding) -> Mapping[str, Any]:
    """Return a finding as scripts read it."""
    return {
        "code": finding.code,
        "slug": finding.slug,
        "severity": finding.severity,
        "file": finding.spot.file,
        "line": finding.spot.line,
        "column": finding.spot.column,
        "claim": finding.claim,
        "found": finding.found,
        "artifact": finding.artifact,
        "hint": finding.hint,
        "also": [{"file": spot.file, "line": spot.line} for spot in finding.also],
    }
