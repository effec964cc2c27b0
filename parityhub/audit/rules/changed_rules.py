"""Plans and data that have changed since a phase was judged by them."""

import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parityhub.audit.facts.gather import Facts
from parityhub.audit.findings import Finding
from parityhub.audit.rules.rule import HubRule, Said, spot_of
from parityhub.hub.records import AttemptRecord, Digest, PhaseRecord, Place

LARGEST = 1 << 30
"""bytes of a data set up to which it is digested again"""


class PlanChanged(HubRule):
    """A phase was judged by the plan that the hub goes by.

    Where the newest plan of a hub asks something else of a phase than the plan it ran with, its
    verdict answers a question that nobody asks any more.
    """

    code, slug, severity = "PH701", "stale", "warning"
    requires = frozenset({"manifest", "records"})
    example = "phase C1: PASS of a plan with five checks, where the hub's newest plan has seven"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        assert facts.manifest is not None
        newest = facts.manifest.plans[-1] if facts.manifest.plans else ""
        now = read_plan(newest, facts)
        for phase in facts.records.newest_phases() if now else ():
            was = {} if phase.plan_sha256 == newest else read_plan(phase.plan_sha256, facts)
            if was and find_phase(was, phase.phase) != find_phase(now, phase.phase):
                place = facts.records.phase_place(phase, "plan_sha256")
                yield self.find(
                    spot_of(place.file),
                    f"phase {phase.phase}",
                    Said(
                        found=f"it ran by plan {phase.plan_sha256[:12]}; the newest plan of the "
                        f"hub, {newest[:12]}, asks something else of it",
                        hint=f"run phase {phase.phase} again",
                        evidence=place,
                    ),
                )


class DataChanged(HubRule):
    """The data that a run was made with is the data that the repository holds now.

    Numbers of other data are no evidence of what is there.
    """

    code, slug, severity = "PH701", "stale", "warning"
    requires = frozenset({"records"})
    example = "an attempt that trained with `train.npz` of sha256 329f…, which is b41c… now"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Ask it of the hub."""
        told: set[tuple[str, str]] = set()
        for place, record in list_counted(facts):
            for digest in record.dataset_digests:
                key = (digest.path, digest.sha256)
                changed = describe_change(digest, facts) if key not in told else ""
                told.add(key)
                if changed:
                    yield self.find(
                        spot_of(place),
                        digest.path,
                        Said(
                            found=changed,
                            hint="run the phase again, or bring the data back",
                            evidence=Place(file=place, pointer="/dataset_digests"),
                        ),
                    )


def read_plan(sha256: str, facts: Facts) -> dict[str, Any]:
    """Read a plan that a hub keeps; empty where it keeps none of that digest."""
    file = f"plan/plan_{sha256[:12]}.toml"
    text = facts.texts.read(file) if sha256 and file in facts.table.files else None
    try:
        return {} if text is None else tomllib.loads(text.data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return {}


def find_phase(plan: dict[str, Any], name: str) -> Any:
    """Return what a plan asks of a phase; None where it has no such phase."""
    phases = plan.get("phase", ())
    return next((p for p in phases if isinstance(p, dict) and p.get("id") == name), None)


def list_counted(facts: Facts) -> Iterator[tuple[str, AttemptRecord]]:
    """Yield the attempts that count in the newest run of each phase, with their files."""
    assert facts.history is not None
    newest: list[PhaseRecord] = facts.records.newest_phases()
    counted = {(p.phase, side.name, side.counts) for p in newest for side in p.sides}
    for place, record in facts.history.attempts.items():
        if (record.phase, record.baseline, record.number) in counted:
            yield place, record


def describe_change(digest: Digest, facts: Facts) -> str:
    """Say how a file of a data set differs from what a record has; empty where it doesn't.

    A file that is not there, or larger than 1 GiB, says nothing.
    """
    root = facts.roots.repository
    if root is None or Path(digest.path).is_absolute():
        return ""
    file = root / digest.path
    try:
        if not facts.roots.admits(file) or not file.is_file():
            return ""
        size = file.stat().st_size
        if size != digest.size:
            return f"it has {size} bytes now, and had {digest.size}"
        if size > LARGEST:
            return ""
        with file.open("rb") as stream:
            now = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
    return "" if now == digest.sha256 else f"its sha256 is {now} now, and was {digest.sha256}"
