from pathlib import Path

import pytest

from parityhub.audit.engine import audit_hub
from parityhub.audit.roots import Roots

SEED_HUB = Path(__file__).resolve().parents[3] / "shared/seed_hub"
pytestmark = pytest.mark.skipif(not SEED_HUB.is_dir(), reason="no seed hub beside the repository")
B3 = "scaling_alignment/phase_b3/analysis"
C1 = "tf_baseline/phase_c1"


@pytest.fixture(scope="module")
def result():
    return audit_hub(SEED_HUB, Roots(SEED_HUB))


@pytest.mark.parametrize(
    ("code", "file", "line"),
    [
        ("PH301", f"{B3}/artifact_inventory.txt", 10),
        ("PH301", f"{B3}/artifact_inventory.txt", 32),
        ("PH301", f"{B3}/bundle_digest.txt", 9),
        ("PH301", "summary.md", 5),
        ("PH603", f"{B3}/artifact_inventory.txt", 5),
        ("PH603", "summary.md", 3),
        ("PH206", "analysis/artifact_inventory_v2.txt", 31),
        ("PH601", "analysis/phase_c2_pytorch_only_metrics.txt", 6),
        ("PH602", f"{C1}/green/pytest_tf_integration.log", 11),
        ("PH602", f"{C1}/analysis/artifact_inventory.txt", 9),
        ("PH602", f"{C1}/red/blocked_20251114T070500Z_tf_xla_still_active.md", 32),
        ("PH602", f"{C1}/red/blocked_20251114T071940Z_tf_xla_code_level.md", 31),
        ("PH602", f"{C1}/red/blocked_20251114T071940Z_tf_xla_code_level.md", 88),
        ("PH801", f"{C1}/analysis/artifact_inventory.txt", 9),
        ("PH801", f"{C1}/red/blocked_20251114T070500Z_tf_xla_still_active.md", 32),
        ("PH801", f"{C1}/red/blocked_20251114T070500Z_tf_xla_still_active.md", 46),
        ("PH801", f"{C1}/red/blocked_20251114T070500Z_tf_xla_still_active.md", 62),
        ("PH801", f"{C1}/analysis/artifact_inventory.txt", 36),
        ("PH801", f"{C1}/red/blocked_20251114T064950Z_tf_xla_error.md", 65),
        ("PH801", f"{C1}/red/blocked_20251114T071940Z_tf_xla_code_level.md", 74),
        ("PH801", f"{C1}/red/blocked_20251114T064950Z_tf_xla_error.md", 53),
        ("PH801", f"{C1}/red/blocked_20251114T070500Z_tf_xla_still_active.md", 47),
        ("PH201", f"{B3}/artifact_inventory.txt", 11),
        ("PH702", f"{C1}/analysis/artifact_inventory.txt", 2),
        ("PH702", f"{C1}/red/blocked_20251114T074039Z_tf_non_xla_shape_error.md", 3),
        ("PH703", "summary.md", 19),
        ("PH703", "summary.md", 109),
    ],
)
def test_each_known_fault_is_found_at_its_line(result, code, file, line):
    assert (code, file, line) in {(f.code, f.spot.file, f.spot.line) for f in result.findings}


def test_the_right_line_is_named(result):
    moved = [finding for finding in result.findings if finding.code == "PH301"]
    assert {finding.evidence.line for finding in moved} == {26}


def test_no_number_that_its_file_holds_is_an_error(result):
    errors = {f.code for f in result.findings if f.severity == "error"}
    assert errors == {"PH201", "PH206", "PH301", "PH601", "PH602", "PH603", "PH702"}
