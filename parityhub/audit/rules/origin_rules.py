"""Commits and times in reports against records and the repository."""

import re
from collections.abc import Iterator

from parityhub.audit.claims import Claim, Spot
from parityhub.audit.facts.digests import ALGORITHM
from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding, Standing
from parityhub.audit.rules.record_times import judge_time
from parityhub.audit.rules.rule import ClaimRule, HubRule, Said, confirmed, unverifiable

SHORTEST = 6
CODE = re.compile(r"(?<!`)`(?P<word>[^`\n]{1,80})`(?!`)")
IDENTIFIER = re.compile(r"[A-Za-z]+[A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)+|[^`]*\w[ :]+\w[^`]*")
CITED = re.compile(r"\w\.\w{1,8}(?::\d+(?:-\d+)?|#/.*)$")
"""a citation in code, which other rules ask about"""
STATIC = frozenset({"wall time", "peak memory"})
"""what templates set in code themselves"""


class Origin(ClaimRule):
    """Code, plan and time that a report names are those that the records have.

    Numbers of another revision are numbers of another program.
    """

    code, slug, severity = "PH701", "stale", "error"
    kinds = frozenset({"commit", "time"})
    example = "`Commit fe45f876` where the record of the run has 614ab1f8"

    def check(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        """Ask it of a claim."""
        if claim.kind == "time":
            if facts.is_rendered(claim):
                yield from judge_time(claim, facts)
        else:
            yield from self._check_commit(claim, facts)

    def _check_commit(self, claim: Claim, facts: Facts) -> Iterator[Said | Standing]:
        value = claim.value.lower()
        recorded = next((c for c in facts.records.commits if c.startswith(value)), None)
        if recorded is not None and len(value) >= SHORTEST:
            yield confirmed("a record has it", facts.records.commits[recorded])
        elif facts.digests.starting(value, ALGORITHM.values()):
            fact = facts.digests.starting(value, ALGORITHM.values())[0]
            yield confirmed(f"the {fact.algorithm} of {fact.path} starts so", fact.place)
        elif facts.is_rendered(claim) and facts.records.commits:
            yield Said(
                found=f"the records have {list_commits(facts)}",
                hint="render the report again",
                evidence=next(iter(facts.records.commits.values())),
            )
        elif facts.roots.repository is not None:
            whole = facts.commit(value)
            if whole:
                yield confirmed(f"the repository has {whole}")
            else:
                yield Said(
                    found="the declared repository has no such commit",
                    hint="name a commit that is there",
                    severity="warning",
                )
        else:
            yield unverifiable("no repository was declared")


class Name(HubRule):
    """A name that a rendered report sets in code is one of its plan or records.

    Ids of steps, rungs, known issues and policies lead a reader to what was asked for.
    """

    code, slug, severity = "PH701", "stale", "error"
    requires = frozenset({"records"})
    of_reports = True
    example = "known issue `XLA-DYN-DOT-002` where plan and records know `XLA-DYN-DOT-001` only"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        known = facts.records.words
        for name, lines in facts.reports.items():
            if name not in facts.rendered or not name.endswith(".md"):
                continue
            for number, line in enumerate(lines, 1):
                for found in CODE.finditer(line[:8192]):
                    word = found["word"]
                    if CITED.search(word) or word in known or word in STATIC:
                        continue
                    if IDENTIFIER.fullmatch(word):
                        spot = Spot(
                            file=name,
                            line=number,
                            column=found.start("word") + 1,
                            end_column=found.end("word") + 1,
                        )
                        yield self.find(
                            spot,
                            word,
                            Said(
                                found="neither the plan nor a record knows the name",
                                hint="render the report again",
                            ),
                        )


def list_commits(facts: Facts) -> str:
    """Say which commits the records have."""
    return ", ".join(commit[:12] for commit in list(facts.records.commits)[:3])
