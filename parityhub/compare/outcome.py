"""What a phase comes to: its state, its verdict and the reason, from all that it left."""

from collections.abc import Sequence
from dataclasses import dataclass

from parityhub.compare.verdict import combine_verdicts
from parityhub.hub.records import (
    CheckRecord,
    DatasetNote,
    GateRecord,
    PhaseRecord,
    SideRecord,
    State,
    Verdict,
)

EXIT_PASS, EXIT_NOT_PASS, EXIT_BLOCKED = 0, 1, 3


@dataclass(frozen=True)
class Outcome:
    """State, verdict and reason of a phase, and the exit code that says so."""

    state: State
    verdict: Verdict
    reason: str
    exit_code: int


def conclude_phase(
    gate: GateRecord | None,
    sides: Sequence[SideRecord],
    checks: Sequence[CheckRecord],
    note: DatasetNote | None,
    blockers: Sequence[str],
) -> Outcome:
    """Conclude a phase. FAIL beats INCONCLUSIVE beats PASS, and nothing asked is never PASS.

    Args:
        gate: the gate's record, if the phase has a gate.
        sides: each baseline that the phase ran.
        checks: the answers.
        note: in what the sides differ, if they do.
        blockers: paths of the blockers filed.
    """
    filed = f" ({', '.join(blockers)})" if blockers else ""
    if gate is not None and gate.color == "red" and gate.continued_under is None:
        return Outcome("blocked", "FAIL", f"the gate is red: {gate.reason}{filed}", EXIT_BLOCKED)
    lost = [side for side in sides if side.status == "failed"]
    stuck = [side for side in lost if side.exhausted_under is None]
    if stuck:
        names = ", ".join(side.name for side in stuck)
        reason = f"every rung of {names} failed{filed}"
        return Outcome("blocked", "INCONCLUSIVE", reason, EXIT_BLOCKED)
    limits = list_limits(gate, lost, checks, note, filed)
    verdicts: list[Verdict] = [check.verdict for check in checks if not check.deferred]
    if gate is not None and gate.color == "green":
        verdicts.append("PASS")
    verdicts += ["INCONCLUSIVE" for _ in limits]
    verdict = combine_verdicts(verdicts)
    state = choose_state(sides, lost, checks)
    reason = explain(verdict, gate, checks, limits)
    return Outcome(state, verdict, reason, EXIT_PASS if verdict == "PASS" else EXIT_NOT_PASS)


def conclude_runs(runs: Sequence[PhaseRecord]) -> tuple[Verdict, str]:
    """Conclude several phases: the worst verdict, and the phases that it is due to.

    Args:
        runs: the newest run of each phase. Of none the verdict is INCONCLUSIVE.
    """
    if not runs:
        return "INCONCLUSIVE", "no phase has run"
    verdict = combine_verdicts(run.verdict for run in runs)
    due = [run for run in runs if run.verdict == verdict]
    if verdict == "PASS" and len(due) > 1:
        return verdict, "each phase that ran passes"
    return verdict, "; ".join(f"{run.phase}: {run.reason}" for run in due)


def list_limits(
    gate: GateRecord | None,
    lost: Sequence[SideRecord],
    checks: Sequence[CheckRecord],
    note: DatasetNote | None,
    filed: str,
) -> list[str]:
    """Return each reason for which the verdict cannot be PASS whatever the checks say."""
    limits = []
    if gate is not None and gate.color == "red":
        limits.append(f"the gate is red, passed under {gate.continued_under}")
    for side in lost:
        limits.append(f"one-sided under {side.exhausted_under}: {side.name} is blocked{filed}")
    if note is not None and not note.settled:
        owed = f"; a rerun is owed by {', '.join(note.owed)}" if note.owed else ""
        limits.append(f"the sides differ: {'; '.join(note.differences)}{owed}")
    limits += [f"{check.id} is deferred: {check.reason}" for check in checks if check.deferred]
    return limits


def choose_state(
    sides: Sequence[SideRecord], lost: Sequence[SideRecord], checks: Sequence[CheckRecord]
) -> State:
    """Return the state of a phase that is not blocked."""
    if lost:
        return "deferred" if len(lost) == len(sides) else "one-sided"
    if any(check.deferred for check in checks):
        return "deferred"
    return "done"


def explain(
    verdict: Verdict,
    gate: GateRecord | None,
    checks: Sequence[CheckRecord],
    limits: Sequence[str],
) -> str:
    """Say in a line why the verdict is what it is."""
    failed = [f"{check.id}: {check.reason}" for check in checks if check.verdict == "FAIL"]
    if verdict == "FAIL":
        return "; ".join(failed)
    open_checks = [
        f"{check.id}: {check.reason}"
        for check in checks
        if check.verdict == "INCONCLUSIVE" and not check.deferred
    ]
    if verdict == "INCONCLUSIVE":
        return "; ".join([*limits, *open_checks]) or "nothing was asked of the evidence"
    parts = []
    if gate is not None:
        parts.append(f"the gate is green: {gate.reason}")
    if checks:
        parts.append(f"{len(checks)} of {len(checks)} checks pass")
    return "; ".join(parts)
