"""decide: what a policy lets happen, recorded with its evidence; it lapses when that changes."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from parityhub.compare.decisions import read_state
from parityhub.errors import UsageError
from parityhub.hub import layout
from parityhub.hub.history import History, read_history
from parityhub.hub.ledger_records import DecisionRecord, EvidenceState, Lets
from parityhub.hub.lock import hold_hub
from parityhub.hub.store import Clock, Hub
from parityhub.plan.model import Plan
from parityhub.plan.part import PLAIN_ID
from parityhub.plan.read import LoadedPlan
from parityhub.run.git import read_git_state
from parityhub.workflow.hubs import open_hub
from parityhub.workflow.prose import Judged, compose_prose, judge_prose
from parityhub.workflow.request import find_phase
from parityhub.workflow.show import render_hub


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision as it was asked for."""

    id: str
    policy: str
    lets: Lets
    phase: str
    evidence: tuple[str, ...]
    text: str
    until: str | None
    reports: Path
    hub: Path | None
    root: Path
    """the repository"""
    clock: Clock


@dataclass(frozen=True)
class Decided:
    """What came of a decision; without a record its text was refused and nothing was written."""

    hub: Hub
    judged: Judged
    record: DecisionRecord | None


def make_decision(loaded: LoadedPlan, asked: Decision) -> Decided:
    """Audit a decision's text, and keep and show the decision where nothing stands against it.

    Raises:
        UsageError: the plan has no such phase or policy, the policy does not allow it, or what is
            given as evidence is none.
        HubError: there is no hub, or somebody writes to it.
    """
    find_phase(loaded.plan, asked.phase)
    check_id(asked.id)
    check_policy(loaded.plan, asked.policy, asked.lets)
    check_until(asked)
    text = compose_prose(asked.text, f"decision {asked.id} under {asked.policy}", asked.phase)
    hub = open_hub(loaded, asked.reports, asked.hub, asked.clock)
    since = layout.format_time(asked.clock())
    with hold_hub(hub.root, command=f"parityhub decide {asked.id}", since=since):
        hub = Hub.open(hub.root, asked.clock)
        history = read_history(hub)
        evidence = gather_evidence(asked, loaded.plan, history, hub)
        number = number_decision(hub, asked.id)
        path = layout.decision_text_path(asked.id, number)
        judged = judge_prose(text, path, hub.root, loaded.plan, asked.root)
        if not judged.accepted:
            return Decided(hub, judged, None)
        hub.take_in_strays()
        record = keep_decision(hub, asked, evidence, judged, number)
        render_hub(hub, loaded.plan, read_history(hub), asked.root)
    return Decided(hub, judged, record)


def check_id(name: str) -> None:
    """See that an id can be part of a file's name.

    Raises:
        UsageError: it can't.
    """
    if not re.match(PLAIN_ID, name):
        raise UsageError(
            f"{name!r} is no plain id", hint="letters, digits, . _ and -; a letter or digit first"
        )


def check_policy(plan: Plan, name: str, lets: Lets) -> None:
    """See that the plan has a policy that allows what is to happen.

    Raises:
        UsageError: it has not.
    """
    policy = next((policy for policy in plan.policies if policy.id == name), None)
    allowing = ", ".join(policy.id for policy in plan.policies if lets in policy.allows)
    hint = f"policies that allow {lets}: {allowing or 'none'}"
    if policy is None:
        raise UsageError(f"no policy {name} in the plan", hint=hint)
    if lets not in policy.allows:
        raise UsageError(f"{name} does not allow {lets}", hint=hint)


def check_until(asked: Decision) -> None:
    """See that a last day is a day, and not over.

    Raises:
        UsageError: it is not.
    """
    if asked.until is None:
        return
    try:
        day = date.fromisoformat(asked.until).isoformat()
    except ValueError:
        day = ""
    if day != asked.until:
        raise UsageError(f"{asked.until!r} is no day", hint="write YYYY-MM-DD")
    if day < layout.format_time(asked.clock())[:10]:
        raise UsageError(f"{day} is over", hint="give a day to come, or leave --until out")


def gather_evidence(
    asked: Decision, plan: Plan, history: History, hub: Hub
) -> tuple[EvidenceState, ...]:
    """Return what each piece of evidence says now.

    Raises:
        UsageError: there is none, or one of them is no evidence.
    """
    if not asked.evidence:
        raise UsageError("no evidence", hint="give what it rests on with --evidence, once or more")
    inside = hub.root.resolve()
    references = []
    for reference in asked.evidence:
        path = Path(reference).resolve()
        # A path that a shell completed leads to the hub from here.
        if path.exists() and path.is_relative_to(inside):
            references.append(path.relative_to(inside).as_posix())
        else:
            references.append(reference)
    states = [read_state(name, plan, history, hub) for name in dict.fromkeys(references)]
    return tuple({state.reference: state for state in states}.values())


def number_decision(hub: Hub, name: str) -> int:
    """Return which decision of its id the next one is, from 1."""
    number = 1
    while hub.has(layout.decision_path(name, number)) or hub.has(
        layout.decision_text_path(name, number)
    ):
        number += 1
    return number


def keep_decision(
    hub: Hub, asked: Decision, evidence: tuple[EvidenceState, ...], judged: Judged, number: int
) -> DecisionRecord:
    """Keep a decision's prose and its record."""
    made_by = f"decide {asked.id}"
    git = read_git_state(asked.root)
    record = DecisionRecord(
        id=asked.id,
        number=number,
        time=layout.format_time(hub.clock()),
        phase=asked.phase,
        policy=asked.policy,
        lets=asked.lets,
        text=hub.keep_bytes(
            layout.decision_text_path(asked.id, number),
            judged.text.encode(),
            made_by=made_by,
            shows="prose of a decision",
        ),
        evidence=evidence,
        until=asked.until,
        git_commit=git.commit,
        git_dirty=git.dirty,
    )
    hub.keep_record(
        layout.decision_path(asked.id, number),
        record,
        made_by=made_by,
        shows="record of a decision",
    )
    hub.save_manifest()
    return record
