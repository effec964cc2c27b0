"""Decisions against the evidence that they rest on: what it said then, and what it says now."""

from collections.abc import Iterator
from dataclasses import dataclass

from parityhub.compare.blockers import find_blocker, find_later_pass
from parityhub.errors import Error, EvidenceError, UsageError
from parityhub.hub import layout
from parityhub.hub.digests import digest_file
from parityhub.hub.history import History
from parityhub.hub.ledger_records import DecisionRecord, EvidenceState
from parityhub.hub.records import AttemptRecord, BlockerRecord, Digest, PhaseRecord
from parityhub.hub.store import Hub
from parityhub.plan.model import Plan
from parityhub.plan.references import EvidenceReference, parse_criterion


@dataclass(frozen=True)
class Standing:
    """A decision, and why it no longer holds; it stands while there is no such reason."""

    record: DecisionRecord
    lapsed: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether it still holds."""
        return not self.lapsed


def list_standings(plan: Plan, history: History, hub: Hub) -> list[Standing]:
    """Return the newest decision of each id with whether it holds, the oldest first."""
    today = layout.format_time(hub.clock())[:10]
    return [
        Standing(decision, tuple(list_lapses(decision, plan, history, hub, today)))
        for decision in history.list_decisions()
    ]


def list_lapses(
    decision: DecisionRecord, plan: Plan, history: History, hub: Hub, today: str
) -> Iterator[str]:
    """Yield why a decision no longer holds.

    Args:
        decision: as it was made.
        plan: as it is now.
        history: of the hub.
        hub: whose files are digested again.
        today: the day in UTC, `YYYY-MM-DD`.
    """
    if decision.until is not None and today > decision.until:
        yield f"it held until {decision.until}"
    policy = next((policy for policy in plan.policies if policy.id == decision.policy), None)
    if policy is None:
        yield f"{decision.policy} is no longer in the plan"
    elif decision.lets not in policy.allows:
        yield f"{decision.policy} no longer allows {decision.lets}"
    for then in decision.evidence:
        try:
            now = read_state(then.reference, plan, history, hub)
        except Error as error:
            yield error.message
            continue
        yield from compare_states(then, now)


def compare_states(then: EvidenceState, now: EvidenceState) -> Iterator[str]:
    """Yield in what a piece of evidence has changed."""
    if then.says != now.says:
        yield f"{then.reference} is {now.says or 'silent'} now, it was {then.says or 'silent'}"
    elif then.kind in ("run", "artifact") and then.attempt != now.attempt:
        yield f"{then.reference}: {name_attempt(now)} counts now, it was {name_attempt(then)}"
    elif then.digest and now.digest and then.digest.sha256 != now.digest.sha256:
        yield f"{then.reference} has other bytes now"


def name_attempt(state: EvidenceState) -> str:
    """Write which attempt counts."""
    return "no attempt" if state.attempt is None else f"attempt {state.attempt}"


def read_state(reference: str, plan: Plan, history: History, hub: Hub) -> EvidenceState:
    """Return what a piece of evidence says now.

    Args:
        reference: a blocker's path or name, `PHASE/` and what ticks a sub-step, or a path in the
            hub.
        plan: whose phases it may name.
        history: of the hub.
        hub: the hub.

    Raises:
        UsageError: it names nothing that a decision can rest on.
        EvidenceError: it was evidence, and is gone.
    """
    if blocker := find_blocker(reference, history):
        return read_blocker_state(blocker, history, hub)
    criterion = parse_criterion(reference)
    if criterion and plan.find_phase(criterion[0]):
        record = history.last_phase(criterion[0])
        if record is None:
            raise UsageError(
                f"{reference}: {criterion[0]} has not run in this hub",
                hint=f"parityhub run-phase {criterion[0]}",
            )
        return read_phase_state(reference, criterion[1], record, history)
    return read_file_state(reference, hub)


def read_blocker_state(blocker: BlockerRecord, history: History, hub: Hub) -> EvidenceState:
    """Return whether what a blocker speaks of has passed since."""
    later = find_later_pass(blocker, history)
    return EvidenceState(
        reference=blocker.path,
        kind="blocker",
        says="passed" if later else "open",
        attempt=later.number if isinstance(later, AttemptRecord) else None,
        digest=digest_kept(hub, layout.blocker_record_path(blocker.path)),
    )


def read_phase_state(
    reference: str, wanted: EvidenceReference, record: PhaseRecord, history: History
) -> EvidenceState:
    """Return what the newest run of a phase says of a check, a side, its gate or an artifact.

    Raises:
        UsageError: the run has no such check, side, gate or artifact.
    """
    missing = UsageError(
        f"{reference}: run {record.run} of {record.phase} has no such evidence",
        hint=f"see `parityhub status` and `parityhub brief {record.phase}`",
    )
    if wanted.kind == "check":
        check = next((check for check in record.checks if check.id == wanted.name), None)
        if check is None:
            raise missing
        return EvidenceState(reference=reference, kind="check", says=check.verdict, run=record.run)
    if wanted.kind == "gate":
        if record.gate is None:
            raise missing
        return EvidenceState(
            reference=reference, kind="gate", says=record.gate.color, run=record.run
        )
    side = next((side for side in record.sides if side.name == wanted.name), None)
    if side is None:
        raise missing
    attempt = history.counting_attempt(record.phase, side.name)
    digest = find_artifact(attempt, wanted.artifact) if wanted.kind == "artifact" else None
    if wanted.kind == "artifact" and digest is None:
        raise missing
    return EvidenceState(
        reference=reference,
        kind=wanted.kind,
        says=side.status,
        run=record.run,
        attempt=attempt.number if attempt else None,
        digest=digest,
    )


def find_artifact(attempt: AttemptRecord | None, name: str) -> Digest | None:
    """Return the digest of an artifact that an attempt left."""
    items = (item for step in attempt.steps for item in step.artifacts) if attempt else ()
    return next((item.digest for item in items if item.name == name), None)


def read_file_state(reference: str, hub: Hub) -> EvidenceState:
    """Return a file of the hub by its bytes as they are.

    Raises:
        UsageError: it is no evidence of the hub.
        EvidenceError: it is evidence, and gone.
    """
    item = next((item for item in hub.manifest.artifacts if item.path == reference), None)
    if item is None:
        raise UsageError(
            f"{reference}: no file of the hub, no blocker, and no evidence of a phase",
            hint="give a path in the hub, PHASE/check:ID, PHASE/run:NAME, PHASE/gate or a blocker",
        )
    if item.role != "evidence":
        raise UsageError(
            f"{reference}: a view, which is rendered anew", hint="cite what it is rendered from"
        )
    return EvidenceState(
        reference=reference, kind="file", says="", digest=digest_kept(hub, reference)
    )


def digest_kept(hub: Hub, path: str) -> Digest:
    """Digest a file of the hub as it is now.

    Raises:
        EvidenceError: it cannot be read.
    """
    try:
        return digest_file(hub.path(path), path)
    except OSError as error:
        raise EvidenceError(
            f"{path}: is gone", hint="bring it back from a copy of the hub"
        ) from error
