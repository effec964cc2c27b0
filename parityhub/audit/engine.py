"""An audit from beginning to end: read the reports, extract, gather, ask each rule, conclude."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from parityhub.audit.claims import Claim, Spot
from parityhub.audit.digest_cache import DigestCache
from parityhub.audit.extract.extract import LINE_END, ReportContext, extract_claims
from parityhub.audit.extract.ignores import Ignore, find_ignores
from parityhub.audit.facts.files import FileTable, list_files
from parityhub.audit.facts.gather import Facts
from parityhub.audit.facts.quotes import leave_out, list_quotes
from parityhub.audit.findings import (
    AuditResult,
    Checked,
    Finding,
    JudgedClaim,
    SkippedRule,
    Standing,
    conclude,
)
from parityhub.audit.result_cache import describe_state, load_result, save_result
from parityhub.audit.roots import ReportText, Roots, load_report
from parityhub.audit.rules.registry import CLAIM_RULES, HUB_RULES
from parityhub.audit.rules.report_rules import find_ignore_faults, find_report_faults
from parityhub.audit.rules.rule import ClaimRule, HubRule, Rule, Said, missing_fact
from parityhub.errors import UsageError
from parityhub.hub import layout

ONCE = {"PH201", "PH102"}
"""codes of which a report needs to be told once for the same words"""


@dataclass(frozen=True)
class Outcome:
    """What one rule made of one claim."""

    claim: Claim
    standing: Standing | None
    finding: Finding | None


def audit_hub(
    target: Path,
    roots: Roots,
    *,
    context: ReportContext | None = None,
    cache: Path | None = None,
    paranoid: bool = False,
    previous: Path | None = None,
) -> AuditResult:
    """Audit a hub with all its reports, or one report against a hub.

    Args:
        target: a hub's folder, or a report file.
        roots: where to read; `roots.hub` is the hub whose evidence counts.
        context: what is known of the plan.
        cache: folder of this hub in which digests and the result are kept between audits.
        paranoid: digest each file again.
        previous: the hub of the same plan before this one.

    Raises:
        UsageError: the target is neither.
        EvidenceError: the target lies outside the roots or is not to be read.
    """
    table = list_files(roots.hub)
    kept = cache / "result.json" if cache else None
    outside = [] if target == roots.hub else [target]
    # A hub's manifest tells of each change to it.
    outside += [] if previous is None else [previous / layout.MANIFEST]
    state = describe_state(table, roots, outside, (target, context)) if kept else None
    if kept and state and not paranoid and (result := load_result(kept, state)):
        return result
    names = name_reports(target, roots, table)
    texts = {name: load_report(path, roots) for name, path in names.items()}
    facts = Facts(
        roots=roots,
        cache=DigestCache(roots.hub, cache / "digests.json" if cache else None, paranoid),
        reports={name: tuple(LINE_END.split(report.text)) for name, report in texts.items()},
        outside=frozenset(n for n, path in names.items() if not within(path, roots.hub)),
        previous=None if previous is None else gather_previous(previous),
    )
    facts.table = table
    set_quotes_apart(facts)
    facts.claims = tuple(extract_all(facts, context or read_context(facts)))
    result = judge(facts, texts, whole_hub=target.is_dir())
    facts.cache.save()
    if kept and state:
        save_result(kept, state, result)
    return result


def read_context(facts: Facts) -> ReportContext:
    """Return the names that the records of a hub know; none for a foreign hub."""
    if facts.history is None:
        return ReportContext()
    phases = [phase.phase for phase in facts.history.phases]
    sides = [side.name for phase in facts.history.phases for side in phase.sides]
    return ReportContext(phases=tuple(dict.fromkeys(phases)), baselines=tuple(dict.fromkeys(sides)))


def set_quotes_apart(facts: Facts) -> None:
    """Take the prose that rendered reports quote out of them: it is judged in its own file."""
    listed = facts.records.listed
    facts.quotes = {
        name: tuple(list_quotes(facts.reports[name], facts.texts, listed))
        for name in facts.rendered
    }
    facts.reports = {
        name: leave_out(lines, facts.quotes.get(name, ())) for name, lines in facts.reports.items()
    }


def extract_all(facts: Facts, context: ReportContext) -> Iterator[Claim]:
    """Yield the claims of all reports."""
    for name, lines in facts.reports.items():
        yield from extract_claims("\n".join(lines), name, context)


def name_reports(target: Path, roots: Roots, table: FileTable) -> dict[str, Path]:
    """Return the reports to read: name relative to the hub, where it lies there, and path.

    Raises:
        UsageError: the target is not there.
    """
    if target.is_dir():
        return {path: roots.hub / path for path in table.list_reports()}
    if not target.exists():
        raise UsageError(f"{target}: not there", hint="name a hub or a report")
    inside = within(target, roots.hub)
    real, hub = target.resolve(), roots.hub.resolve()
    return {real.relative_to(hub).as_posix() if inside else target.name: target}


def within(path: Path, hub: Path) -> bool:
    """Tell whether a report lies in the hub."""
    return path.resolve().is_relative_to(hub.resolve())


def gather_previous(hub: Path) -> Facts:
    """Return the facts of another hub; its reports are not read."""
    return Facts(roots=Roots(hub), cache=DigestCache(hub))


def judge(facts: Facts, texts: dict[str, ReportText], *, whole_hub: bool) -> AuditResult:
    """Ask each rule of each claim, and of the hub, and put it all together."""
    skipped = list_skipped(facts, whole_hub)
    off = {id(rule) for rule, _ in skipped}
    outcomes = ask_claim_rules(facts, off)
    findings = [o.finding for o in outcomes if o.finding is not None]
    ignores = {name: tuple(find_ignores(lines)) for name, lines in facts.reports.items()}
    findings += [*find_report_faults(texts), *find_ignore_faults(ignores)]
    findings += [f for rule in HUB_RULES if id(rule) not in off for f in rule.check(facts)]
    shown, silenced = silence(merge(findings), ignores)
    claims = stand(facts.claims, outcomes, {(f.code, f.spot) for f in silenced})
    checked = tally(claims, len(facts.table.files))
    verdict, reason = conclude(checked, shown)
    return AuditResult(
        verdict=verdict,
        reason=reason,
        checked=checked,
        findings=shown,
        claims=claims,
        silenced=silenced,
        skipped=tuple(SkippedRule(code=rule.code, reason=reason) for rule, reason in skipped),
        reports=tuple(texts),
        notes=list_notes(facts),
    )


def list_skipped(facts: Facts, whole_hub: bool) -> list[tuple[Rule, str]]:
    """List the rules that cannot be asked for want of facts, each with the reason."""
    skipped = []
    rules: list[Rule] = [*CLAIM_RULES, *HUB_RULES]
    for rule in rules:
        reasons = [missing_fact(kind, facts) for kind in sorted(rule.requires)]
        if isinstance(rule, HubRule) and not rule.of_reports and not whole_hub:
            reasons.append("asked of whole hubs only")
        if any(reasons):
            skipped.append((rule, "; ".join(filter(None, reasons))))
    return skipped


def ask_claim_rules(facts: Facts, off: set[int]) -> list[Outcome]:
    """Ask each rule of each claim it is for."""
    by_kind: dict[str, list[ClaimRule]] = defaultdict(list)
    for rule in CLAIM_RULES:
        if id(rule) not in off:
            for kind in rule.kinds:
                by_kind[kind].append(rule)
    outcomes = []
    for claim in facts.claims:
        for rule in by_kind[claim.kind]:
            for said in rule.check(claim, facts):
                if isinstance(said, Said):
                    finding = rule.find(claim.spot, claim.text, said)
                    outcomes.append(Outcome(claim, None, finding))
                else:
                    outcomes.append(Outcome(claim, said, None))
    return outcomes


def merge(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sort findings, drop repeats, and tell once what is wrong in the same way many times."""
    kept: dict[object, Finding] = {}
    for finding in sorted(findings, key=sort_key):
        spot = finding.spot
        key: object = (finding.code, spot.file, spot.line, finding.found)
        if finding.code in ONCE:
            key = (finding.code, spot.file, finding.found)
        first = kept.setdefault(key, finding)
        if first is not finding and spot.line != first.spot.line and finding.code in ONCE:
            kept[key] = replace(first, also=(*first.also, spot))
    return tuple(kept.values())


def sort_key(finding: Finding) -> tuple[str, int, int, str]:
    """Return by what findings are sorted."""
    return finding.spot.file, finding.spot.line, finding.spot.column, finding.code


def silence(
    findings: Sequence[Finding], ignores: Mapping[str, Sequence[Ignore]]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Part the findings that a report asks to ignore, with a reason, from the others."""
    asked = {
        (name, ignore.covers, code): ignore.reason
        for name, of in ignores.items()
        for ignore in of
        for code in ignore.codes
        if ignore.reason
    }
    shown, silenced = [], []
    for finding in findings:
        reason = asked.get((finding.spot.file, finding.spot.line, finding.code))
        if reason is None:
            shown.append(finding)
        else:
            silenced.append(replace(finding, silenced=reason))
    return tuple(shown), tuple(silenced)


def stand(
    claims: Sequence[Claim], outcomes: Sequence[Outcome], silenced: set[tuple[str, Spot]]
) -> tuple[JudgedClaim, ...]:
    """Say where each claim stands: an error refutes it; else one rule's word bears it out."""
    of: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        of[id(outcome.claim)].append(outcome)
    return tuple(stand_claim(claim, of[id(claim)], silenced) for claim in claims)


def stand_claim(
    claim: Claim, outcomes: Sequence[Outcome], silenced: set[tuple[str, Spot]]
) -> JudgedClaim:
    """Say where one claim stands."""
    findings = [o.finding for o in outcomes if o.finding is not None]
    codes = tuple(dict.fromkeys(finding.code for finding in findings))
    standings = [o.standing for o in outcomes if o.standing is not None]
    errors = [f for f in findings if f.severity == "error" and (f.code, f.spot) not in silenced]
    good = next((s for s in standings if s.state == "confirmed"), None)
    if errors:
        first = errors[0]
        return JudgedClaim(
            claim=claim,
            state="refuted",
            reason=first.found,
            evidence=first.evidence,
            codes=codes,
            moved_to=first.moved_to,
        )
    if good is not None and not any(f.severity != "note" for f in findings):
        return JudgedClaim(
            claim=claim, state="confirmed", reason=good.reason, evidence=good.evidence, codes=codes
        )
    open_ = next((s for s in standings if s.state == "unverifiable"), None)
    reason = findings[0].found if findings else open_.reason if open_ else "no rule speaks of it"
    return JudgedClaim(
        claim=claim,
        state="unverifiable",
        reason=reason,
        evidence=findings[0].evidence if findings else open_.evidence if open_ else None,
        codes=codes,
    )


def tally(claims: Sequence[JudgedClaim], artifacts: int) -> Checked:
    """Count the claims by where they stand."""
    states = [judged.state for judged in claims]
    return Checked(
        claims=len(claims),
        artifacts=artifacts,
        confirmed=states.count("confirmed"),
        refuted=states.count("refuted"),
        unverifiable=states.count("unverifiable"),
    )


def list_notes(facts: Facts) -> tuple[str, ...]:
    """Say what bounds cut short."""
    notes = []
    if "searched" in facts.__dict__ and not facts.whole_search:
        notes.append(f"only {len(facts.searched)} files were searched for numbers by name")
    if facts.table.links:
        notes.append(f"{len(facts.table.links)} links were not followed")
    return tuple(notes)
