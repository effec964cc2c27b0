"""Turns, decisions and triage as a rendered report shows them, against their records."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of
from parityhub.hub import layout
from parityhub.hub.history import History
from parityhub.hub.ledger_records import DecisionRecord, EvidenceState
from parityhub.hub.records import Place

LINK = re.compile(r"\[(?P<label>[^\]\n]{1,400})\]\((?P<target>[^)\s#]{1,1000})(?:#[^)\s]{0,40})?\)")
SPAN = re.compile(r"`(?P<span>[^`]{1,200})`")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:]{1,20}Z|(?<=until )\d{4}-\d\d-\d\d")
SAYS = re.compile(r" said (?P<says>\S{1,40})")
RUN = re.compile(r" in run (?P<run>\d{1,9})")
LONGEST = 8192


@dataclass(frozen=True)
class Entry:
    """What a line about a record may hold."""

    record: str
    words: frozenset[str]
    """code spans and times"""
    paths: frozenset[str]
    """where its links may lead"""


class EntryShown(HubRule):
    """A line of a rendered report about a turn, a decision or a triage says what its record says.

    When something was decided, under which policy and on what evidence is what a reader goes by.
    """

    code, slug, severity = "PH801", "contradiction", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "`P1/run:a said passed in run 1` where the decision's record has failed"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.history is not None
        entries = list_entries(facts.history)
        decisions = {made.text.path: made for made in facts.history.decisions}
        for name in facts.rendered if entries else ():
            lines = facts.reports[name]
            for number, line in enumerate(lines, 1):
                for found, entry in find_strange(line[:LONGEST], dirname(name), entries):
                    yield self._tell(name, number, found, entry)
            for quote in facts.quotes.get(name, ()):
                made = decisions.get(quote.path)
                after = quote.first + len(quote.lines)
                for number, found in check_evidence(lines, after, made) if made else ():
                    yield self._tell(name, number, found, entries[quote.path])

    def _tell(self, name: str, line: int, found: str, entry: Entry) -> Finding:
        said = Said(
            found=f"{entry.record} has no {found}",
            hint="render it again with `parityhub report`",
            evidence=Place(file=entry.record),
        )
        return self.find(spot_of(name, line), found, said)


def list_entries(history: History) -> dict[str, Entry]:
    """Return what a line may hold that links to a turn, a decision or a triage, by its files."""
    entries: dict[str, Entry] = {}
    for turn in history.turns:
        path = layout.turn_path(turn.number)
        words = make_words(turn.time, turn.phase, turn.git_commit)
        entry = Entry(path, words, frozenset({path, turn.text.path}))
        entries |= dict.fromkeys(entry.paths, entry)
    for made in history.decisions:
        path = layout.decision_path(made.id, made.number)
        words = make_words(made.time, made.phase, made.until, made.id, made.policy, made.lets)
        entry = Entry(path, words, frozenset({path, made.text.path}))
        entries |= dict.fromkeys(entry.paths, entry)
    for triage in history.triages:
        path = layout.triage_path(triage.blocker, triage.number)
        files = {path, triage.attempt or "", triage.place.file if triage.place else ""}
        entries[path] = Entry(path, make_words(triage.time, triage.issue), frozenset(files))
    return entries


def make_words(*words: str | None) -> frozenset[str]:
    """Return words as a line shows them: a commit by its first 12 characters."""
    return frozenset(word[:12] if len(word) == 40 else word for word in words if word)


def find_strange(line: str, folder: str, entries: dict[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """Yield what a line about a record holds that the record does not."""
    links = [(found["label"], found["target"]) for found in LINK.finditer(line)]
    targets = [normpath(join(folder, target)) for _, target in links]
    about = [
        target
        for (label, _), target in zip(links, targets, strict=True)
        if label == "record" or layout.is_prose_path(target)
    ]
    entry = next((entries[target] for target in about if target in entries), None)
    if entry is None:
        return
    plain = LINK.sub(" ", line)
    held = [found["span"] for found in SPAN.finditer(plain)]
    held += [found.group() for found in TIME.finditer(plain)]
    for word in held:
        # A reader may have shortened a commit.
        if not any(
            true == word or (len(word) >= 7 and true.startswith(word)) for true in entry.words
        ):
            yield word, entry
    yield from ((target, entry) for target in targets if target not in entry.paths)


def check_evidence(
    lines: tuple[str, ...], after: int, made: DecisionRecord
) -> Iterator[tuple[int, str]]:
    """Yield what the list of a decision's evidence says that its record does not, by line."""
    states = iter(made.evidence)
    for number, line in enumerate(lines[after:], after + 1):
        if line.startswith("- "):
            state = next(states, None)
            if state is None or not shows_state(line[:LONGEST], state):
                yield number, line[2:200]
        elif line.startswith(("#", "`", "<")):
            return


def shows_state(line: str, state: EvidenceState) -> bool:
    """Tell whether a line shows a piece of evidence as it was."""
    says, run = SAYS.search(line), RUN.search(line)
    plain = line.replace("\\", "")
    return (
        state.reference in plain
        and (says["says"] if says else "") == state.says
        and (int(run["run"]) if run else None) == state.run
    )
