"""A hub in records: TensorFlow up its ladder beside PyTorch, a red gate, a rerun owed."""

from dataclasses import dataclass, field
from typing import Any

from parityhub.hub.figure_records import FiguresRecord
from parityhub.hub.parity_records import ComparisonRecord, LocalizationRecord
from parityhub.hub.records import (
    AttemptRecord,
    BlockerRecord,
    DatasetNote,
    EnvironmentRecord,
    Manifest,
    ManifestItem,
    PhaseRecord,
    SideRecord,
    TickRecord,
)
from parityhub.plan.model import (
    Baseline,
    Initiative,
    Phase,
    Plan,
    Policy,
    Run,
    Step,
)
from tests.report.sample_records import (
    GS1,
    TF,
    TORCH,
    XLA_LINES,
    make_attempt,
    make_blocker,
    make_checks,
    make_digest,
    make_gate,
)

STAMP = "2026-11-24T213000Z"


@dataclass(frozen=True)
class Sample:
    """All that a report is built from."""

    plan: Plan
    manifest: Manifest
    phases: tuple[PhaseRecord, ...]
    attempts: dict[str, AttemptRecord]
    blockers: dict[str, BlockerRecord]
    criteria: tuple[TickRecord, ...]
    next_steps: tuple[str, ...]
    comparisons: dict[str, ComparisonRecord] = field(default_factory=dict)
    localizations: dict[str, LocalizationRecord] = field(default_factory=dict)
    figures: dict[str, FiguresRecord] = field(default_factory=dict)
    environments: dict[str, EnvironmentRecord] = field(default_factory=dict)

    def summary_arguments(self) -> dict[str, Any]:
        return dict(vars(self))

    def inventory_arguments(self) -> dict[str, Any]:
        names = ("plan", "manifest", "phases", "attempts")
        return {name: getattr(self, name) for name in names}


def make_plan() -> Plan:
    step = Step(name="train", command=("{python}", "train.py"))
    return Plan(
        format=1,
        initiative=Initiative(id="FORWARD-PARITY", title="Forward parity", hub="forward_parity"),
        policies=(
            Policy(
                id="POLICY-001",
                text="PyTorch is mandatory and may proceed alone where a blocker says why.",
                allows=("one-sided", "red-gate"),
            ),
            Policy(id="CONFIG-001", text="Both sides get their options from one configuration."),
        ),
        baselines={
            "tensorflow": Baseline(framework="tensorflow", steps=(step,)),
            "torch": Baseline(framework="pytorch", steps=(step,)),
        },
        phases=(
            Phase(id="B2", title="Scale survives", folder="scaling_alignment/phase_b2"),
            Phase(
                id="C1",
                title="The pair, gridsize 2",
                folder=TF,
                runs=(Run(baseline="tensorflow"), Run(baseline="torch", folder=TORCH)),
            ),
            Phase(
                id="GS1",
                title="The pair, gridsize 1",
                folder=GS1,
                runs=(
                    Run(baseline="tensorflow"),
                    Run(baseline="torch", folder="scaling_alignment/phase_gs1"),
                ),
            ),
            Phase(id="C2", title="Comparison of what stands", folder="comparison/phase_c2"),
        ),
    )


def make_phase(phase: str, folder: str, ended: str, **fields: Any) -> PhaseRecord:
    run = fields.get("run", 1)
    blank: dict[str, Any] = {
        "title": phase,
        "run": run,
        "state": "done",
        "verdict": "PASS",
        "reason": "every check passed",
        "started": "2026-11-24T21:30:05Z",
        "ended": ended,
        "seconds": 61.0625,
        "plan": "plan/plan_0a1b2c3d4e5f.toml",
        "plan_sha256": "0a1b2c3d4e5f",
        "brief": f"{folder}/analysis/brief_{phase}_{run}.md",
        "git_commit": "e7a1ea5b6f2f4d0c9a8b7c6d5e4f3a2b1c0d9e8f",
        "git_dirty": False,
        "gate": None,
        "sides": (),
        "checks": (),
        "dataset_note": None,
        "steps": (),
        "blockers": (),
        "exit_code": 0,
    }
    return PhaseRecord(phase=phase, **(blank | fields))


def make_phases(attempts: dict[str, AttemptRecord]) -> tuple[PhaseRecord, ...]:
    def side(phase: str, name: str, counts: int | None, policy: str | None = None) -> SideRecord:
        paths = [p for p, a in attempts.items() if (a.phase, a.baseline) == (phase, name)]
        return SideRecord(
            name=name,
            framework="pytorch" if name == "torch" else name,
            folder=TF if name == "tensorflow" else TORCH,
            status="passed" if counts else "failed",
            counts=counts,
            attempts=tuple(paths),
            exhausted_under=policy,
        )

    def list_blockers(phase: str) -> tuple[str, ...]:
        return tuple(a.blocker for a in attempts.values() if a.phase == phase and a.blocker)

    b2 = "scaling_alignment/phase_b2"
    red = make_gate("GS1", GS1, red=True, policy="POLICY-001")
    return (
        make_phase("B2", b2, "2026-11-24T21:30:12Z", gate=make_gate("B2", b2, red=False), run=2),
        make_phase(
            "B2", b2, "2026-11-24T21:30:09Z", verdict="FAIL", state="blocked", reason="gate red"
        ),
        make_phase(
            "GS1",
            GS1,
            "2026-11-24T21:36:00Z",
            title="The pair, gridsize 1",
            state="one-sided",
            verdict="INCONCLUSIVE",
            reason=f"one-sided under POLICY-001: tensorflow is blocked ({list_blockers('GS1')[0]})",
            blockers=list_blockers("GS1"),
            gate=red,
            sides=(side("GS1", "tensorflow", None, "POLICY-001"), side("GS1", "torch", 1)),
            dataset_note=DatasetNote(
                differences=("tensorflow used dataset fallback, torch used default",),
                owed=("torch",),
                settled=False,
            ),
        ),
        make_phase(
            "C1",
            TF,
            "2026-11-24T21:34:30Z",
            title="The pair, gridsize 2",
            verdict="FAIL",
            reason="torch-scale: 9.882117688026286 is not 9.88211768802629",
            sides=(side("C1", "tensorflow", 3), side("C1", "torch", 1)),
            checks=make_checks(),
            steps=(
                TickRecord(
                    id="C1.1",
                    text="both sides trained",
                    ticked=True,
                    evidence=(
                        f"tensorflow attempt 3 passed ({TF}/cli/train_C1_tensorflow_3.log)",
                        "torch attempt 1 passed",
                    ),
                ),
                TickRecord(id="C1.2", text="scales agree", ticked=False, evidence=()),
            ),
            blockers=list_blockers("C1"),
        ),
    )


def make_manifest(attempts: dict[str, AttemptRecord]) -> Manifest:
    def item(path: str, size: int, shows: str, role: Any = "evidence") -> ManifestItem:
        digest = make_digest(path, size)
        return ManifestItem(
            path=path,
            size=size,
            sha1=digest.sha1,
            sha256=digest.sha256,
            role=role,
            made_by="report" if role == "derived" else "run",
            shows=shows,
            time="2026-11-24T21:34:30Z",
        )

    items = [item("plan/plan_0a1b2c3d4e5f.toml", 4099, "the plan as it was acted on")]
    for number, (path, attempt) in enumerate(attempts.items()):
        log = attempt.steps[0].log or ""
        items.append(item(path, 5003 + number, f"attempt {attempt.number} of {attempt.baseline}"))
        items.append(item(log, 20011 + number, "whole output of train"))
        if attempt.status == "passed":
            folder = path.removesuffix("/attempt.json")
            items.append(item(f"{folder}/wts.h5.zip", 1234567, "the trained model"))
            items.append(
                item(f"{folder}/patch_grid.png", 8209, "patches after training", "derived")
            )
    items += [
        item(f"{TF}/analysis/phase_C1_1.json", 9001, "record of the phase"),
        item(f"{TF}/analysis/training_curves_C1_1.png", 7001, "loss of both sides", "derived"),
        item(f"{TF}/analysis/check_C1_1_close-var/pair.png", 7013, "canvas of both", "derived"),
        *(item(a.blocker, 611, "blocker", "derived") for a in attempts.values() if a.blocker),
        item("summary.md", 999, "the summary", "derived"),
    ]
    return Manifest(
        format=1,
        initiative="FORWARD-PARITY",
        stamp=STAMP,
        created="2026-11-24T21:30:00Z",
        plans=("0a1b2c3d4e5f",),
        artifacts=tuple(items),
    )


def make_sample() -> Sample:
    blocked = [f"{TF}/red/blocked_2026-11-24T21310{n}Z_xla.md" for n in (1, 2)]
    blocked.append(f"{GS1}/red/blocked_2026-11-24T213505Z_xla.md")
    attempts = dict(
        [
            make_attempt("tensorflow", 1, 4.215, blocker=blocked[0]),
            make_attempt("tensorflow", 2, 4.341, rung="TF_XLA_FLAGS", blocker=blocked[1]),
            make_attempt("tensorflow", 3, 17.893, rung="explicit shift", factor=1.01),
            make_attempt("torch", 1, 12.482),
            make_attempt("tensorflow", 1, 5.127, phase="GS1", blocker=blocked[2]),
            make_attempt("torch", 1, 11.736, phase="GS1", factor=0.5),
        ]
    )
    return Sample(
        plan=make_plan(),
        manifest=make_manifest(attempts),
        phases=make_phases(attempts),
        attempts=attempts,
        blockers={
            path: make_blocker(path, number, rung, XLA_LINES)
            for path, number, rung in zip(
                blocked, (1, 2, 1), ("as-is", "TF_XLA_FLAGS", "as-is"), strict=True
            )
        },
        criteria=(
            TickRecord(id="scales", text="scales agree", ticked=False, evidence=()),
            TickRecord(id="guards", text="guards green", ticked=True, evidence=("C3: gate green",)),
        ),
        next_steps=("parityhub run-phase GS1 --rerun-owed", "parityhub run-phase C2"),
    )
