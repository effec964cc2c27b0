"""diff-stats on the statistics of a real hub, where a total collapse was once called ok."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Repository

SEED = Path(__file__).resolve().parents[3] / "shared/seed_hub/scaling_alignment"
B3 = SEED / "phase_b3/analysis/forward_parity_debug_scaling/stats.json"
GS1 = SEED / "phase_c1_gs1/analysis/forward_parity_debug_gs1/stats.json"


@pytest.mark.skipif(not SEED.exists(), reason="the seed hub is not beside this checkout")
def test_a_total_collapse_fails_and_is_named(tmp_path: Path):
    told = Repository(tmp_path).call("diff-stats", str(B3), str(GS1), "--json")
    document = told.document()
    assert told.code == 1
    assert document["verdict"] == "FAIL"
    assert "variance collapse" in document["reason"]
    rows = {(row["section"], row["metric"]): row for row in document["rows"]}
    missing = rows["canvas_amplitude", "var_zero_mean"]
    assert (missing["status"], missing["baseline"], missing["ratio"]) == ("missing", None, None)
    assert rows["patch_amplitude", "min"]["status"] == "both-zero"
    assert rows["patch_amplitude", "mean"]["baseline"] == 51466.1953125
    assert document["artifacts"] == []
    assert list(tmp_path.iterdir()) == []


def write_stats(path: Path, mean: float) -> Path:
    section = {"mean": mean, "std": 1.0, "min": 0.0, "max": 3.0, "var_zero_mean": 1.0}
    document = {"patch_amplitude": section, "canvas_amplitude": section}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_two_files_are_written_only_where_told_to(tmp_path: Path):
    base, candidate = write_stats(tmp_path / "a.json", 1.0), write_stats(tmp_path / "b.json", 1.5)
    out = tmp_path / "table.txt"
    told = Repository(tmp_path).call("diff-stats", str(base), str(candidate), "--out", str(out))
    assert told.code == 0, told.err
    assert "1.5" in out.read_text(encoding="utf-8")


def test_a_phase_and_a_file_do_not_go_together(tmp_path: Path):
    base = write_stats(tmp_path / "a.json", 1.0)
    told = Repository(tmp_path).call("diff-stats", str(base), "GS1")
    assert told.code == 2
    assert len(told.err.strip().splitlines()) == 2
    assert told.err.splitlines()[1].startswith("hint: ")


def test_phases_are_mirrored_with_equal_digests(make_repository: Callable[[str], Repository]):
    repository = make_repository("sleepy")
    (repository.root / "go").touch()
    assert repository.call("run-phase", "P").code == 0
    told = repository.call("diff-stats", "P", "P", "--json")
    document = told.document()
    # The canvas of this pair is not measured: compared is what there is, never PASS.
    assert told.code == 1
    assert document["verdict"] == "INCONCLUSIVE"
    written = [repository.root / path for path in document["artifacts"]]
    assert len(written) == 2
    assert len({path.read_bytes() for path in written}) == 1
    sidecars = [path.with_name(path.name + ".sha1").read_text() for path in written]
    assert len(set(sidecars)) == 1


def test_a_phase_that_has_not_run_is_named_with_its_command(
    make_repository: Callable[[str], Repository],
):
    repository = make_repository("sleepy")
    told = repository.call("diff-stats", "P", "P")
    assert told.code == 2
    assert "run-phase P" in told.err
    assert "Traceback" not in told.err
