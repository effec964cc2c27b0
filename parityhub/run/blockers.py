"""Blockers: the record of a failed attempt or a red gate."""

from parityhub.hub import layout
from parityhub.hub.records import (
    AttemptRecord,
    BlockerRecord,
    Cause,
    GateRecord,
    Place,
)
from parityhub.plan.model import Run
from parityhub.plan.situation import resolve_situations
from parityhub.run.gate import GateResult
from parityhub.run.logs import match_issue
from parityhub.run.setting import Setting


def describe_attempt(setting: Setting, run: Run, attempt: AttemptRecord) -> BlockerRecord:
    """Make the blocker of an attempt that did not pass."""
    assert attempt.blocker is not None
    failed = next(step for step in attempt.steps if step.status == "failed")
    issue = next((i for i in setting.plan.known_issues if i.id == attempt.known_issue), None)
    causes = failed.causes
    if failed.log and issue and (match := match_issue(setting.hub.path(failed.log), [issue])):
        shown = Cause(
            kind="log-pattern",
            text=f"known issue {issue.id}: the log matches {issue.pattern!r}",
            place=Place(file=failed.log, line=match.line.number),
            lines=(match.line.text,),
        )
        causes = (*causes, shown)
    references = [failed.log, attempt.env_capture, *list_policies(setting, run)]
    return BlockerRecord(
        path=attempt.blocker,
        title=f"{attempt.phase}: {attempt.baseline} failed at {failed.name} ({attempt.rung_title})",
        time=layout.format_time(setting.hub.clock()),
        phase=attempt.phase,
        baseline=attempt.baseline,
        attempt=attempt.number,
        rung=attempt.rung,
        signature=causes[0].text if causes else "no cause recorded",
        known_issue=issue.id if issue else "unknown",
        issue_summary=issue.summary if issue else "",
        causes=causes,
        exit_code=failed.exit_code,
        signal=failed.signal,
        asked_env=attempt.asked_env,
        proof=attempt.proof,
        dataset=attempt.dataset,
        command=failed.argv,
        mitigations=list_mitigations(setting, run, attempt),
        on_exhausted=describe_end(setting, run),
        references=tuple(reference for reference in references if reference),
    )


def list_mitigations(setting: Setting, run: Run, attempt: AttemptRecord) -> tuple[str, ...]:
    """Return the rungs still to come."""
    situations = resolve_situations(setting.plan, setting.phase, run)
    rungs = [situation.rung for situation in situations]
    place = rungs.index(attempt.rung) + 1 if attempt.rung in rungs else len(rungs)
    return tuple(f"{rung.rung}: {rung.title}" for rung in situations[place:])


def describe_end(setting: Setting, run: Run) -> str:
    """Say what happens when every rung has failed."""
    policy = setting.plan.ladder_of(run).on_exhausted
    return f"{policy}: the phase goes on one-sided" if policy else "the phase is blocked"


def list_policies(setting: Setting, run: Run) -> list[str]:
    """Return the policy that the ladder speaks of, with its text."""
    named = setting.plan.ladder_of(run).on_exhausted
    return [f"{policy.id}: {policy.text}" for policy in setting.plan.policies if policy.id == named]


def describe_gate(setting: Setting, result: GateResult) -> BlockerRecord:
    """Make the blocker of a red gate."""
    gate: GateRecord = result.record
    assert gate.blocker is not None
    match = match_issue(setting.hub.path(gate.log), setting.plan.known_issues)
    under = gate.continued_under
    policies = [f"{p.id}: {p.text}" for p in setting.plan.policies if p.id == under]
    return BlockerRecord(
        path=gate.blocker,
        title=f"{gate.phase}: the gate is red",
        time=layout.format_time(setting.hub.clock()),
        phase=gate.phase,
        baseline=None,
        attempt=None,
        rung=None,
        signature=gate.reason,
        known_issue=match.issue.id if match else "unknown",
        issue_summary=match.issue.summary if match else "",
        causes=result.causes,
        exit_code=gate.exit_code,
        signal=None,
        asked_env={},
        proof=None,
        dataset=None,
        command=gate.argv,
        mitigations=(),
        on_exhausted=f"{under}: the phase goes on" if under else "the phase is blocked",
        references=(gate.log, *policies),
    )
