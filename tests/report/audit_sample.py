"""An audit's result written out by hand: each state, each severity, and words that are hostile."""

from parityhub.audit.claims import Claim, ClaimKind, Spot, Subject
from parityhub.audit.findings import (
    AuditResult,
    Checked,
    Finding,
    JudgedClaim,
    Severity,
    SkippedRule,
    State,
)
from parityhub.hub.records import Place

FILE = "side/phase_b3/notes.md"
LOG = "side/phase_b3/cli/train.log"
HOSTILE = (
    "<script>alert(1)</script> & \"quoted\" 'single' {0} [x](http://evil.example) "
    "\x1b[31m\x07\0\u202e\ufffe"
)
TEXT = f"""# Phase B3

loss is 0.25 (cli/train.log:29), mean 1.5, digest abcdef12
{HOSTILE}

set FLAG=1 and PASSED
"""


def make_spot(line: int, column: int = 1, end: int = 1, file: str = FILE) -> Spot:
    return Spot(file=file, line=line, column=column, end_column=end)


def make_claim(
    kind: ClaimKind,
    state: State,
    text: str,
    spot: Spot,
    *,
    reason: str = "the line shows it",
    evidence: Place | None = None,
    codes: tuple[str, ...] = (),
) -> JudgedClaim:
    claim = Claim(kind=kind, spot=spot, text=text, subject=Subject(), value=text)
    return JudgedClaim(claim=claim, state=state, reason=reason, evidence=evidence, codes=codes)


def make_finding(
    code: str,
    slug: str,
    severity: Severity,
    spot: Spot,
    *,
    claim: str = "cli/train.log:29",
    found: str = "line 29 says: 'done'; line 26 does show it",
    evidence: Place | None = None,
    also: tuple[Spot, ...] = (),
    silenced: str = "",
) -> Finding:
    return Finding(
        code=code,
        slug=slug,
        severity=severity,
        spot=spot,
        claim=claim,
        found=found,
        evidence=evidence,
        hint="cite train.log:26",
        also=also,
        silenced=silenced,
    )


def make_result() -> AuditResult:
    """Return a result with a refuted citation, a hostile claim, and findings of three files."""
    line = Place(file=LOG, line=26)
    claims = (
        make_claim("number", "confirmed", "0.25", make_spot(3, 9, 13), evidence=line),
        make_claim(
            "citation",
            "refuted",
            "cli/train.log:29",
            make_spot(3, 15, 31),
            reason="line 29 says: 'done'; line 26 does show it",
            evidence=line,
            codes=("PH301",),
        ),
        make_claim(
            "number",
            "confirmed",
            "1.5",
            make_spot(3, 39, 42),
            evidence=Place(file="side/phase_b3/analysis/stats.json", pointer="/mean"),
        ),
        make_claim(
            "digest", "unverifiable", "abcdef12", make_spot(3, 51, 59), reason="no file bears it"
        ),
        make_claim(
            "status", "refuted", HOSTILE, make_spot(4, 1, 26), reason=HOSTILE, codes=("PH602",)
        ),
        make_claim(
            "environment", "unverifiable", "FLAG=1", make_spot(6, 5, 11), reason="no capture has it"
        ),
    )
    findings = (
        make_finding(
            "PH301",
            "citation-mismatch",
            "error",
            make_spot(3, 15, 31),
            evidence=line,
            also=tuple(make_spot(line) for line in range(40, 50)),
        ),
        make_finding(
            "PH602",
            "status-contradicted",
            "error",
            make_spot(4, 1, 26),
            claim=HOSTILE,
            found=HOSTILE,
        ),
        make_finding("PH207", "artifact-unreported", "warning", make_spot(1), found="not named"),
        make_finding("PH703", "order", "note", make_spot(9, 1, 1, LOG), found="dated before"),
    )
    silenced = (
        make_finding(
            "PH502", "environment-unproven", "warning", make_spot(6, 5, 11), claim="FLAG=1",
            found="no capture has it", silenced="captured by hand",
        ),
    )  # fmt: skip
    return AuditResult(
        verdict="FAIL",
        reason="2 errors, 1 warning",
        checked=Checked(claims=6, artifacts=7, confirmed=2, refuted=2, unverifiable=2),
        findings=findings,
        claims=claims,
        silenced=silenced,
        skipped=(SkippedRule(code="PH202", reason="the hub has no manifest.json of parityhub"),),
        reports=(FILE, "empty.md"),
        notes=("2 links were not followed",),
    )
