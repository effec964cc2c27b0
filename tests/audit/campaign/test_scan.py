"""Places are found in bytes alone, each where it says."""

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.campaign.scan import list_reports, scan_bytes, scan_hub

FOLDER = Path(__file__).resolve().parents[3] / "parityhub" / "audit" / "campaign"
REPORT = b"""# A report

State: done. Run 1, 2026-11-24T21:30:00Z, 0.66 s [phase.json#/seconds](a/phase.json).
Commit `01c1a83b`; `USE_XLA_TRANSLATE=0` was set; see [train.log:26](cli/train.log#L26).
weights.npy 3849c008edbb17e7074ce5ea6e4ae864c81db32f

```text
    12: loss 0.5
```

```sh
python train.py --epochs 10
```
"""


def test_nothing_of_the_audit_is_imported():
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            own = [name for name in names if name.startswith("parityhub")]
            assert all(name.startswith("parityhub.audit.campaign") for name in own), file.name


def test_each_form_is_found_where_it_stands():
    found = {(place.form, place.text.decode(), place.line) for place in scan_bytes(REPORT, "s.md")}
    assert {
        ("status", "done", 3),
        ("number", "1", 3),
        ("time", "2026-11-24T21:30:00Z", 3),
        ("number", "0.66", 3),
        ("pointer", "/seconds", 3),
        ("path", "a/phase.json", 3),
        ("commit", "01c1a83b", 4),
        ("environment", "0", 4),
        ("line", "26", 4),
        ("path", "weights.npy", 5),
        ("digest", "3849c008edbb17e7074ce5ea6e4ae864c81db32f", 5),
        ("quoted", "0.5", 8),
        ("command", "10", 12),
    } <= found


@given(st.lists(st.sampled_from(REPORT.split()), max_size=40), st.binary(max_size=40))
def test_a_place_is_what_stands_in_the_bytes(words, noise):
    data = b" ".join(words) + noise
    last = 0
    for place in scan_bytes(data, "report.md"):
        assert data[place.start : place.end] == place.text
        assert place.text
        assert last <= place.start
        assert place.line == data[: place.start].count(b"\n") + 1
        last = place.end


def test_every_report_and_every_file_of_a_hub_has_its_places(made):
    places = scan_hub(made)
    reports = list_reports(made)
    assert "summary.md" in reports
    assert {place.file for place in places if place.form != "byte"} <= set(reports)
    evidence = {place.file for place in places if place.form == "byte"}
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert evidence == files - set(reports) - {"manifest.json"}
