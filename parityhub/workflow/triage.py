"""triage: an unknown blocker gets a known issue's name, or an attempt that passed closes it."""

import difflib
import re
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from parityhub.capture.files import open_atomically
from parityhub.compare.blockers import (
    UNKNOWN,
    BlockerStanding,
    find_blocker,
    judge_blocker,
    list_blockers,
)
from parityhub.errors import PlanError, UsageError
from parityhub.hub import layout
from parityhub.hub.history import History, read_history
from parityhub.hub.ledger_records import TriageRecord
from parityhub.hub.lock import hold_hub
from parityhub.hub.records import BlockerRecord, Place
from parityhub.hub.store import Clock, Hub
from parityhub.plan.add_issue import add_issue
from parityhub.plan.model import KnownIssue
from parityhub.plan.read import LoadedPlan
from parityhub.run.git import read_git_state
from parityhub.run.logs import LogLine, Match, match_issue, read_lines
from parityhub.workflow.hubs import open_hub, refuse_other_plan
from parityhub.workflow.show import render_hub

LOOKED_AT = 4000
"""lines from the end of a log among which the nearest is looked for"""
SHOWN = 200
"""characters of it that are shown"""


@dataclass(frozen=True, kw_only=True)
class Triage:
    """A triage as it was asked for: a name (`issue`) or an end (`closed_by`)."""

    blocker: str
    issue: str | None
    pattern: str | None
    summary: str | None
    mitigation: str | None
    closed_by: int | None
    reports: Path
    hub: Path | None
    root: Path
    """the repository"""
    clock: Clock


@dataclass(frozen=True)
class Triaged:
    """What came of a triage."""

    hub: Hub
    record: TriageRecord
    plan: Path | None
    """the plan, where it was added to"""


def list_waiting(history: History) -> list[BlockerStanding]:
    """Return the blockers that somebody has to look at, the oldest first."""
    return [standing for standing in list_blockers(history) if standing.waits]


def require_blocker(name: str, history: History) -> BlockerRecord:
    """Return the blocker of a path or name.

    Raises:
        UsageError: the hub has none of that name.
    """
    blocker = find_blocker(name, history)
    if blocker is None:
        waiting = ", ".join(Path(found.record.path).stem for found in list_waiting(history))
        raise UsageError(f"no blocker {name} in the hub", hint=f"that wait: {waiting or 'none'}")
    return blocker


def triage_blocker(loaded: LoadedPlan, asked: Triage) -> Triaged:
    """Give a blocker a name, or close it.

    Raises:
        UsageError: what is asked for does not fit the blocker, its log or the plan.
        HubError: there is no hub, the plan was changed since, or somebody writes to the hub.
    """
    if (asked.issue is None) == (asked.closed_by is None):
        raise UsageError(
            "name it or close it", hint="give --issue ID, or --closed-by with an attempt's number"
        )
    hub = open_hub(loaded, asked.reports, asked.hub, asked.clock)
    since = layout.format_time(asked.clock())
    with hold_hub(hub.root, command="parityhub triage", since=since):
        hub = Hub.open(hub.root, asked.clock)
        hub.take_in_strays()
        history = read_history(hub)
        standing = judge_blocker(require_blocker(asked.blocker, history), history)
        if asked.closed_by is not None:
            record = close_blocker(hub, history, standing, asked)
            plan = loaded
        else:
            refuse_other_plan(hub, loaded)
            record, plan = name_blocker(hub, loaded, standing, asked)
        render_hub(hub, plan.plan, read_history(hub), asked.root)
    return Triaged(hub, record, None if plan is loaded else plan.path)


def close_blocker(
    hub: Hub, history: History, standing: BlockerStanding, asked: Triage
) -> TriageRecord:
    """Close a blocker with a later attempt of its side that passed.

    Raises:
        UsageError: there is no such attempt, it did not pass, or it came before.
    """
    blocker, number = standing.record, asked.closed_by
    if blocker.baseline is None:
        raise UsageError(
            f"{blocker.path}: of a red gate, which a green one closes by itself",
            hint=f"parityhub run-phase {blocker.phase}",
        )
    if standing.closed is not None:
        raise UsageError(
            f"{blocker.path}: closed by attempt {standing.closed.attempt_number} already",
            hint="there is nothing left to close",
        )
    side = f"{blocker.baseline} in {blocker.phase}"
    attempts = history.list_attempts(blocker.phase, blocker.baseline)
    later = [
        attempt.number
        for attempt in attempts
        if attempt.status == "passed" and attempt.number > (blocker.attempt or 0)
    ]
    hint = f"later attempts of {side} that passed: {', '.join(map(str, later)) or 'none'}"
    path = next(
        (p for p, a in history.attempts.items() if a in attempts and a.number == number), ""
    )
    if not path:
        raise UsageError(f"{side} has no attempt {number}", hint=hint)
    if history.attempts[path].status != "passed":
        status = history.attempts[path].status
        raise UsageError(f"attempt {number} of {side} has status {status}", hint=hint)
    if number not in later:
        raise UsageError(
            f"attempt {number} of {side} came before attempt {blocker.attempt}", hint=hint
        )
    git = read_git_state(asked.root)
    return keep_triage(
        hub,
        TriageRecord(
            blocker=blocker.path,
            number=number_triage(hub, blocker),
            time=layout.format_time(hub.clock()),
            kind="closed",
            attempt=path,
            attempt_number=number,
            git_commit=git.commit,
            git_dirty=git.dirty,
        ),
    )


def name_blocker(
    hub: Hub, loaded: LoadedPlan, standing: BlockerStanding, asked: Triage
) -> tuple[TriageRecord, LoadedPlan]:
    """Give a blocker the name of a known issue, which the plan gets where it lacks it.

    The hub takes the new plan for accepted: nothing that was run is judged otherwise by it.

    Raises:
        UsageError: the blocker has a name, or the pattern does not match its log.
        PlanError: the plan would not be one with the issue, or was changed meanwhile.
    """
    blocker = standing.record
    if standing.issue != UNKNOWN:
        raise UsageError(
            f"{blocker.path}: is {standing.issue} already", hint="a blocker has one name"
        )
    known = next((i for i in loaded.plan.known_issues if i.id == asked.issue), None)
    issue = choose_issue(asked, known)
    match = match_log(hub, blocker, issue)
    added = loaded if known else add_issue(loaded, issue)
    plan_path = layout.plan_path(added.sha256)
    if added is not loaded:
        # Accepted before it is there: a kill in between leaves a hub that goes on.
        hub.add_plan(added.sha256)
        shows = f"the plan with {issue.id}"
        hub.keep_bytes(plan_path, added.text.encode(), made_by="triage", shows=shows)
        hub.save_manifest()
        replace_plan(loaded, added)
    git = read_git_state(asked.root)
    record = TriageRecord(
        blocker=blocker.path,
        number=number_triage(hub, blocker),
        time=layout.format_time(hub.clock()),
        kind="named",
        issue=issue.id,
        pattern=issue.pattern,
        summary=issue.summary,
        mitigation=issue.mitigation,
        place=match[0],
        line=match[1].line.text,
        plan=plan_path if hub.has(plan_path) else None,
        plan_sha256=added.sha256,
        git_commit=git.commit,
        git_dirty=git.dirty,
    )
    return keep_triage(hub, record), added


def choose_issue(asked: Triage, known: KnownIssue | None) -> KnownIssue:
    """Return the issue that the plan has, or the one that it is to get.

    Raises:
        UsageError: parts of it are missing, or are given of one that the plan has; or the pattern
            is no regular expression, or matches anything.
    """
    given = (asked.pattern, asked.summary, asked.mitigation)
    if known is not None:
        if any(part is not None for part in given):
            raise UsageError(
                f"the plan has {known.id}: its pattern is {known.pattern!r}",
                hint="leave --pattern, --summary and --mitigation out, or choose another id",
            )
        return known
    if asked.issue is None or not all(part and part.strip() for part in given):
        raise UsageError(
            f"the plan has no {asked.issue} yet",
            hint="say what it is: --pattern, --summary and --mitigation",
        )
    pattern, summary, mitigation = (part or "" for part in given)
    try:
        empty = re.compile(pattern).search("")
    except re.error as error:
        raise UsageError(
            f"{pattern!r} is no regular expression: {error}", hint="escape ( [ * + ? with \\"
        ) from error
    if empty:
        raise UsageError(
            f"{pattern!r} matches anything", hint="take words that only this failure prints"
        )
    return KnownIssue(id=asked.issue, pattern=pattern, summary=summary, mitigation=mitigation)


def match_log(hub: Hub, blocker: BlockerRecord, issue: KnownIssue) -> tuple[Place, Match]:
    """Return the line of the blocker's own log that the pattern of an issue matches.

    Raises:
        UsageError: none does; it says which line comes nearest.
    """
    logs = list_logs(hub, blocker)
    for log in logs:
        if match := match_issue(hub.path(log), [issue]):
            return Place(file=log, line=match.line.number), match
    nearest = [found for log in logs if (found := find_nearest(hub.path(log), issue.pattern))]
    if not nearest:
        raise UsageError(
            f"{blocker.path}: has no log that says anything", hint="look at its causes"
        )
    ratio, line = max(nearest, key=lambda found: found[0])
    log = logs[[found[0] for found in nearest].index(ratio)]
    raise UsageError(
        f"{issue.pattern!r} matches no line of {log}",
        hint=f"the nearest is line {line.number}: {line.text.strip()[:SHOWN]}",
    )


def list_logs(hub: Hub, blocker: BlockerRecord) -> list[str]:
    """Return the logs of what failed, its own first."""
    named = [*blocker.references, *(cause.place.file for cause in blocker.causes if cause.place)]
    return [path for path in dict.fromkeys(named) if path.endswith(".log") and hub.has(path)]


def find_nearest(log: Path, pattern: str) -> tuple[float, LogLine] | None:
    """Return the line of a log that is most like a pattern, of its last ones; and how like."""
    plain = re.sub(r"\\(.)|[][(){}?*+^$|.]", lambda found: found[1] or " ", pattern)
    lines = deque((line for line in read_lines(log) if line.text.strip()), maxlen=LOOKED_AT)
    matcher = difflib.SequenceMatcher(None, "", plain.lower(), autojunk=False)
    best: tuple[float, LogLine] | None = None
    for line in lines:
        matcher.set_seq1(line.text[:SHOWN].lower())
        least = best[0] if best else -1.0
        if matcher.quick_ratio() > least and (ratio := matcher.ratio()) > least:
            best = ratio, line
    return best


def replace_plan(loaded: LoadedPlan, added: LoadedPlan) -> None:
    """Put the new text of a plan in place of the old, whole or not at all.

    Raises:
        PlanError: the file was changed since it was read, or cannot be written.
    """
    path = loaded.path.resolve()
    try:
        if path.read_bytes() != loaded.text.encode():
            raise PlanError(f"{loaded.path}: was changed meanwhile", hint="triage again")
        with open_atomically(path) as stream:
            stream.write(added.text.encode())
    except OSError as error:
        raise PlanError(
            f"{loaded.path}: cannot be written: {error.strerror}", hint="make it writable"
        ) from error


def number_triage(hub: Hub, blocker: BlockerRecord) -> int:
    """Return which triage of a blocker the next one is, from 1."""
    number = 1
    while hub.has(layout.triage_path(blocker.path, number)):
        number += 1
    return number


def keep_triage(hub: Hub, record: TriageRecord) -> TriageRecord:
    """Keep the record of a triage."""
    what = f"named {record.issue}" if record.issue else f"closed by attempt {record.attempt_number}"
    hub.keep_record(
        layout.triage_path(record.blocker, record.number),
        record,
        made_by="triage",
        shows=f"triage of a blocker: {what}",
    )
    hub.save_manifest()
    return record
