"""A hub in records: TensorFlow up its ladder beside PyTorch, a red gate passed over, a rerun owed.

Nothing here was run; the numbers are made so that each is unlike the others.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parityhub.hub.records import (
    AttemptRecord,
    BlockerRecord,
    Cause,
    CheckNumber,
    CheckRecord,
    DatasetNote,
    Digest,
    GateRecord,
    KeptArtifact,
    Manifest,
    ManifestItem,
    Measured,
    PhaseRecord,
    Place,
    SideRecord,
    StepRecord,
    GateCase,
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

GOLDEN = Path(__file__).parent / "golden"
STAMP = "2026-11-24T213000Z"
TF, TORCH = "tf_baseline/phase_c1", "scaling_alignment/phase_c1"
GS1 = "tf_baseline/phase_gs1"
XLA_LINES = (
    "2026-11-24 21:31:07 E op_kernel.cc: OP_REQUIRES failed",
    "InvalidArgumentError: tf2xla conversion failed: ImageProjectiveTransformV3 [Op:__inference]",
)


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

    def summary_arguments(self) -> dict[str, Any]:
        return dict(vars(self))

    def inventory_arguments(self) -> dict[str, Any]:
        names = ("plan", "manifest", "phases", "attempts")
        return {name: getattr(self, name) for name in names}


def make_digest(path: str, size: int) -> Digest:
    data = path.encode()
    return Digest(
        path=path,
        size=size,
        sha1=hashlib.sha1(data).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
    )


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


def make_stats(folder: str, factor: float) -> dict[str, dict[str, Measured]]:
    def read(section: str, metric: str, value: float | None, note: str = "") -> Measured:
        status = "finite" if value is not None else "missing" if not note else "not-finite"
        place = Place(file=f"{folder}/debug_dump/stats.json", pointer=f"/{section}/{metric}")
        return Measured(status=status, value=value, source=place, note=note)

    patch = {
        "mean": 0.7315824627876282 * factor,
        "std": 0.22871394455432892 * factor,
        "var_zero_mean": 0.015625719726085663 * factor,
    }
    canvas = {"mean": 0.6930179595947266 * factor, "var_zero_mean": None}
    return {
        section: {metric: read(section, metric, value) for metric, value in metrics.items()}
        for section, metrics in {"patch_amplitude": patch, "canvas_amplitude": canvas}.items()
    } | {"train_patch_amplitude": {"mean": read("0", "mean", None, "nan")}}


def make_step(
    name: str, log: str, seconds: float, folder: str, *, failed: bool = False
) -> StepRecord:
    bundle = f"{folder}/wts.h5.zip"
    artifacts = (
        KeptArtifact(
            name="wts.h5.zip",
            kind="bundle",
            shows="the trained model",
            digest=make_digest(bundle, 1234567),
            kept=True,
            members=(make_digest("weights.h5", 1200011), make_digest("params.json", 211)),
        ),
        KeptArtifact(
            name="patches.npy",
            kind="array",
            shows="the output patches",
            digest=make_digest("outputs/c1/patches.npy", 98765432),
            kept=False,
        ),
    )
    missing = KeptArtifact(
        name="wts.h5.zip", kind="bundle", shows="the trained model", digest=None, kept=False
    )
    return StepRecord(
        name=name,
        status="failed" if failed else "passed",
        argv=("python", "-m", "parityhub.baselines.ptycho_tf", name, "--gridsize", "2"),
        log=log,
        exit_code=1 if failed else 0,
        started="2026-11-24T21:31:00Z",
        seconds=seconds,
        peak_memory_bytes=int(seconds * 53_000_017),
        artifacts=(missing,) if failed else artifacts if name == "train" else (),
    )


def make_attempt(
    baseline: str,
    number: int,
    seconds: float,
    *,
    rung: str = "as is",
    phase: str = "C1",
    blocker: str | None = None,
    factor: float = 1.0,
) -> tuple[str, AttemptRecord]:
    base = {"tensorflow": TF, "torch": TORCH}[baseline].replace("c1", phase.lower())
    folder = f"{base}/analysis/{phase}_{baseline}_{number}"
    log = f"{base}/cli/train_{phase}_{baseline}_{number}.log"
    failed = blocker is not None
    scale = Measured(
        status="finite",
        value=9.882117688026186 + number * 1e-13,
        source=Place(file=log, line=26),
    )
    return f"{folder}/attempt.json", AttemptRecord(
        phase=phase,
        run=1,
        baseline=baseline,
        framework="pytorch" if baseline == "torch" else baseline,
        number=number,
        rung=rung.replace(" ", "-"),
        rung_title=rung,
        status="failed" if failed else "passed",
        steps=(make_step("train", log, seconds - 0.5, folder, failed=failed),),
        asked_env={"USE_XLA_TRANSLATE": "0"},
        options={"gridsize": 2},
        dataset="default",
        dataset_digests=(make_digest("outputs/datasets/default/train.npz", 7654321),),
        revision=None,
        proof="self-reported",
        started="2026-11-24T21:31:00Z",
        seconds=seconds,
        env_capture=f"{base}/cli/env_capture_{phase}_{baseline}_{number}.json",
        blocker=blocker,
        known_issue="XLA-DYN-DOT-001" if failed else None,
        stats={} if failed else make_stats(folder, factor),
        values={} if failed else {"trained_scale": scale},
    )


def make_blocker(path: str, number: int, rung: str, lines: tuple[str, ...]) -> BlockerRecord:
    phase = "GS1" if "gs1" in path else "C1"
    log = f"{TF.replace('c1', phase.lower())}/cli/train_{phase}_tensorflow_{number}.log"
    return BlockerRecord(
        path=path,
        title=f"TensorFlow training failed on rung {rung}",
        time="2026-11-24T21:31:09Z",
        phase=phase,
        baseline="tensorflow",
        attempt=number,
        rung=rung,
        signature="log-pattern:tf2xla conversion failed",
        known_issue="XLA-DYN-DOT-001",
        issue_summary="XLA has no kernel for ImageProjectiveTransformV3.",
        causes=(
            Cause(
                kind="log-pattern",
                text="a log line matches `tf2xla conversion failed`",
                place=Place(file=log, line=118),
                lines=lines,
            ),
            Cause(kind="exit-code", text="train ended with exit code 1"),
        ),
        exit_code=1,
        signal=None,
        asked_env={"TF_XLA_FLAGS": "--tf_xla_auto_jit=0", "USE_XLA_TRANSLATE": None},
        proof="self-reported",
        dataset="default",
        command=("python", "-m", "parityhub.baselines.ptycho_tf", "train", "--gridsize", "2"),
        mitigations=("no-xla-translate: explicit shift", "fallback: the other dataset"),
        on_exhausted="POLICY-001: PyTorch goes on alone",
        references=("known issue XLA-DYN-DOT-001", "https://www.tensorflow.org/xla"),
    )


def make_checks() -> tuple[CheckRecord, ...]:
    attempt = f"{TORCH}/analysis/C1_torch_1/attempt.json"
    scale = Place(file=attempt, pointer="/values/trained_scale/value")
    loaded = Place(file=f"{TORCH}/cli/infer_C1_torch_1.log", line=14)
    return (
        CheckRecord(
            id="torch-scale",
            kind="equal",
            title="the trained scale is the loaded scale",
            verdict="FAIL",
            reason="9.882117688026286 is not 9.88211768802629",
            numbers=(
                CheckNumber(name="trained", value=9.882117688026286, source=scale),
                CheckNumber(name="loaded", value=9.88211768802629, source=loaded),
            ),
            tolerance="none: bit for bit",
        ),
        CheckRecord(
            id="close-var",
            kind="close",
            title="patch var_zero_mean agrees",
            verdict="PASS",
            reason="ratio 1.0099999 is within 0.1 of 1",
            numbers=(CheckNumber(name="ratio", value=1.0099999904632568),),
            tolerance="0.1 of the other side: agreed before the port began",
            pictures=(f"{TF}/analysis/check_C1_1_close-var/pair.png",),
        ),
    )


def make_gate(phase: str, folder: str, *, red: bool, policy: str | None = None) -> GateRecord:
    return GateRecord(
        phase=phase,
        run=1,
        color="red" if red else "green",
        reason="1 test failed" if red else "2 tests passed",
        selectors=("tests/baselines/test_intensity_scale.py",),
        argv=("python", "-m", "pytest", "tests/baselines/test_intensity_scale.py"),
        passed=1 if red else 2,
        failed=1 if red else 0,
        errors=0,
        skipped=3,
        seconds=3.6712,
        exit_code=1 if red else 0,
        log=f"{folder}/{'red' if red else 'green'}/pytest_gate_{phase}_1.log",
        cases=(
            GateCase(name="test_scale[torch]", outcome="passed", seconds=1.0625),
            GateCase(
                name="test_scale[tensorflow]",
                outcome="failed" if red else "passed",
                seconds=2.25,
                message="assert 1.0 == 9.88" if red else "",
            ),
        ),
        continued_under=policy,
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


@pytest.fixture
def sample() -> Sample:
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
        next_steps=("run `parityhub run-phase C2`", "rerun torch of GS1 on dataset fallback"),
    )


@pytest.fixture
def check_golden() -> Callable[[str, str], None]:
    """Compare with a golden file; UPDATE_GOLDEN=1 writes it first, for a person to read."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN") == "1":
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
