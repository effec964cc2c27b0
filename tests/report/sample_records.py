"""The parts of a hub in records. Nothing here was run; each number is unlike the others."""

import hashlib
from typing import Any

from parityhub.hub.records import (
    AttemptRecord,
    BlockerRecord,
    Cause,
    CheckNumber,
    CheckRecord,
    Digest,
    GateCase,
    GateRecord,
    KeptArtifact,
    Measured,
    Place,
    StepRecord,
)

TF, TORCH = "tf_baseline/phase_c1", "scaling_alignment/phase_c1"
GS1 = "tf_baseline/phase_gs1"
XLA_LINES = (
    "2026-11-24 21:31:07 E op_kernel.cc: OP_REQUIRES failed",
    "InvalidArgumentError: tf2xla conversion failed: ImageProjectiveTransformV3 [Op:__inference]",
)


def make_digest(path: str, size: int) -> Digest:
    data = path.encode()
    return Digest(
        path=path,
        size=size,
        sha1=hashlib.sha1(data).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def make_stats(folder: str, factor: float) -> dict[str, dict[str, Measured]]:
    def read(section: str, metric: str, value: float | None, note: str = "") -> Measured:
        status: Any = "finite" if value is not None else "not-finite" if note else "missing"
        place = Place(file=f"{folder}/debug_dump/stats.json", pointer=f"/{section}/{metric}")
        return Measured(status=status, value=value, source=place, note=note)

    patch: dict[str, float | None] = {
        "mean": 0.7315824627876282 * factor,
        "std": 0.22871394455432892 * factor,
        "var_zero_mean": 0.015625719726085663 * factor,
    }
    canvas: dict[str, float | None] = {"mean": 0.6930179595947266 * factor, "var_zero_mean": None}
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
        references=(log, "POLICY-001", "https://www.tensorflow.org/xla"),
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
