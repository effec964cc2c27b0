"""Checks of artifacts: same-artifact, archived."""

from pathlib import Path

from parityhub.compare.evidence import Evidence, Missing
from parityhub.compare.findings import Finding, Judgement, conclude
from parityhub.compare.readings import defer
from parityhub.errors import EvidenceError
from parityhub.hub.digests import digest_file
from parityhub.hub.records import CheckNumber, Digest, KeptArtifact, Place, StepRecord, Verdict
from parityhub.plan.model import ArchivedCheck, SameArtifactCheck


def judge_same_artifact(check: SameArtifactCheck, evidence: Evidence) -> Judgement:
    """Judge whether runs left byte-identical files of one name, by their recorded sha256."""
    findings: list[Finding] = []
    digests: dict[str, Digest] = {}
    for ref in check.of:
        found = evidence.find_artifact(ref, check.path)
        if isinstance(found, Missing):
            findings.append(defer(found))
        elif not (digest := found[1].digest) or digest.size == 0:
            findings.append(Finding("INCONCLUSIVE", f"{check.path} of {ref} is empty"))
        else:
            digests[evidence.name_run(ref)] = digest
    if len(digests) >= 2:
        findings.append(_judge_digests(check.path, digests))
    else:
        reason = f"{check.path} of {len(digests)} runs is there: two are needed to compare"
        findings.append(Finding("INCONCLUSIVE", reason))
    return conclude(check, findings)


def judge_archived(check: ArchivedCheck, evidence: Evidence) -> Judgement:
    """Judge whether artifacts are in the hub, as recorded, with the commands that made them."""
    findings = []
    for ref in check.of:
        for name in check.artifacts:
            found = evidence.find_artifact(ref, name)
            if isinstance(found, Missing):
                verdict: Verdict = "INCONCLUSIVE" if found.deferred else "FAIL"
                findings.append(Finding(verdict, found.reason, deferred=found.deferred))
            else:
                findings.append(_judge_kept(f"{name} of {ref}", *found, evidence))
    return conclude(check, findings)


def _judge_digests(name: str, digests: dict[str, Digest]) -> Finding:
    numbers = tuple(
        CheckNumber(name=f"sha256 of {name}, {run}", value=d.sha256, source=Place(file=d.path))
        for run, d in digests.items()
    )
    runs = ", ".join(f"{run} {digest.sha256[:12]}" for run, digest in digests.items())
    if len({(digest.sha256, digest.size) for digest in digests.values()}) == 1:
        return Finding("PASS", f"{name} is byte-identical: {runs}", numbers)
    return Finding("FAIL", f"{name} differs: {runs}", numbers)


def _judge_kept(name: str, step: StepRecord, artifact: KeptArtifact, evidence: Evidence) -> Finding:
    try:
        path = evidence.locate(artifact)
    except EvidenceError as error:
        return Finding("FAIL", f"{name}: {error.message}")
    if not step.argv:
        return Finding("FAIL", f"{name}: the command that made it is not recorded")
    if fault := _find_fault(path, artifact):
        return Finding("FAIL", f"{name} {fault}")
    return Finding("PASS", f"{name} is kept, with the command of step {step.name}")


def _find_fault(path: Path, artifact: KeptArtifact) -> str:
    try:
        found = digest_file(path, "")
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    recorded = artifact.digest
    return "" if recorded and found.sha256 == recorded.sha256 else "is not what was recorded"
