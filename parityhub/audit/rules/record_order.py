"""The order in which the phases of a hub were run."""

from collections.abc import Iterator

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of


class PhaseOrder(HubRule):
    """A phase is judged after the phases that it requires.

    What it builds on was not there when it ran.
    """

    code, slug, severity = "PH703", "order", "error"
    requires = frozenset({"records"})
    example = "C2 started at 06:00, and B3, which it requires, ended at 07:00"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.history is not None
        for phase in facts.history.phases:
            for name in facts.records.required(phase):
                ended = [p.ended for p in facts.history.phases if p.phase == name]
                if any(time <= phase.started for time in ended):
                    continue
                place = facts.records.phase_place(phase, "started")
                told = f"{name} first ended {min(ended)}" if ended else f"{name} has no whole run"
                yield self.find(
                    spot_of(place.file),
                    f"{phase.phase} started {phase.started}",
                    Said(
                        found=f"it requires {name}, and {told}",
                        hint=f"run {phase.phase} again after {name}",
                        evidence=place,
                    ),
                )
