"""A small hub kept by hand: logs, statistics, captures, and a report whose text a test gives."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from parityhub.audit.engine import audit_hub
from parityhub.audit.findings import AuditResult, Finding
from parityhub.audit.roots import Roots

STATS = {
    "patch_amplitude": {"mean": 0.125, "std": 0.5, "var_zero_mean": 8965544960.0},
    "canvas_amplitude": {"mean": 1.5, "std": 0.25},
}
TRAIN = """2025-11-14 06:29:57.515285: E cuda_fft.cc:467] a line
E0000 00:00:1763130597.526652 3020776 cuda_dnn.cc:8579] another
starting
mean_input_scale=1.000000
loss=0.250000
max_epochs=10 reached
Training completed successfully
2025-11-14 06:30:20.000000: I done
"""
INFER = """Test data: test.npz
Loaded intensity_scale from bundle: 9.882118
Restored params.cfg (N=64, gridsize=2)
Torch patch stats (inference batch 0): mean=0.125000 std=0.500000
Inference completed successfully!
"""
GREEN = """============================= test session starts ==============================
collected 2 items

tests/test_a.py::test_one PASSED [ 50%]
tests/test_a.py::test_two PASSED [100%]

============================== 2 passed in 3.67s ===============================
"""
RED = """============================= test session starts ==============================
collected 1 item

tests/test_b.py::test_cycle FAILED [100%]
"""
BUNDLE = b"a trained model\n" * 64
FILES: Mapping[str, str | bytes] = {
    "side/phase_b3/analysis/dump/stats.json": json.dumps(STATS),
    "side/phase_b3/analysis/torch_stats.json": json.dumps([{"mean": 0.5, "batch_size": 4}]),
    "side/phase_b3/analysis/model.zip": BUNDLE,
    "side/phase_b3/analysis/bundle_digest.txt": (
        "01c1a83acee88d3bb1ca1e4f458c59fc8cc45e5d  outputs/wts.h5.zip\n"
    ),
    "side/phase_b3/cli/train_b3.log": TRAIN,
    "side/phase_b3/cli/infer_b3.log": INFER,
    "side/phase_b3/green/pytest_b3.log": GREEN,
    "side/phase_b3/green/env_capture.txt": "TF_XLA_FLAGS=--tf_xla_auto_jit=0\n",
    "other/phase_c1/cli/train_c1.log": "starting\nTraceback (most recent call last):\n",
    "other/phase_c1/green/pytest_c1.log": RED,
    "other/phase_c1/cli/env_capture_c1.txt": "",
}
DIGEST = hashlib.sha1(BUNDLE).hexdigest()


def write_hub(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def audit_text(
    root: Path, text: str, name: str = "summary.md", more: Mapping[str, str | bytes] | None = None
) -> AuditResult:
    """Audit the small hub with one report in it."""
    hub = write_hub(root / "hub", {**FILES, name: text, **(more or {})})
    return audit_hub(hub, Roots(hub))


def tell(result: AuditResult, code: str) -> list[Finding]:
    """Return the findings of a code."""
    return [finding for finding in result.findings if finding.code == code]


def states(result: AuditResult, kind: str, file: str = "summary.md") -> list[str]:
    """Return where the claims of a kind in a report stand, in their order."""
    return [
        judged.state
        for judged in result.claims
        if judged.claim.kind == kind and judged.claim.spot.file == file
    ]
