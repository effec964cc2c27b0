"""A hub in outline: the newest run of each phase, what counts, and damage that is told."""

import shutil
from pathlib import Path

import pytest

from parityhub.hub.outline import read_outline
from tests.site_hubs import keep_json, read_json

PHASE = "fit/analysis/phase_FIT_1.json"
ATTEMPT = "fit/a/analysis/FIT_a_1/attempt.json"


@pytest.fixture
def hub(tmp_path: Path, ran_hubs: tuple[Path, list[Path]]) -> Path:
    source = ran_hubs[1][0]
    return Path(shutil.copytree(source, tmp_path / source.parent.name / source.name))


def add_record(hub: Path, path: str, record: dict) -> None:
    """Keep a record that the manifest lists."""
    manifest = read_json(hub / "manifest.json")
    items = [item for item in manifest["artifacts"] if item["path"] != path]
    item = {"path": path, "role": "evidence", "made_by": "FIT", "shows": "", "time": ""}
    (hub / path).parent.mkdir(parents=True, exist_ok=True)
    items.append(item | keep_json(hub / path, record))
    keep_json(hub / "manifest.json", manifest | {"artifacts": items})


def test_a_hub_in_outline(hub: Path) -> None:
    outline = read_outline(hub, "TINY")
    assert outline is not None
    assert (outline.stamp, outline.unreadable) == (hub.parent.name, "")
    found = outline.phases["FIT"]
    assert (found.path, found.record.verdict) == (PHASE, "PASS")
    assert {side: path for side, (path, _) in found.attempts.items()} == {
        "a": ATTEMPT,
        "b": "fit/b/analysis/FIT_b_1/attempt.json",
    }
    assert outline.opened == {}


def test_another_initiative_is_none(hub: Path) -> None:
    assert read_outline(hub, "OTHER") is None


def test_the_newest_run_counts_and_an_open_one_is_told(hub: Path) -> None:
    record = read_json(hub / PHASE) | {"run": 10, "verdict": "INCONCLUSIVE"}
    # Run 10 is newer than run 9, though its name comes first.
    add_record(hub, "fit/analysis/phase_FIT_10.json", record)
    add_record(hub, "fit/analysis/phase_FIT_9.json", record | {"run": 9, "verdict": "FAIL"})
    start = read_json(hub / "fit/analysis/started_FIT_1.json")
    add_record(hub, "fit/analysis/started_FIT_11.json", start | {"run": 11})
    outline = read_outline(hub, "TINY")
    assert outline is not None
    assert outline.phases["FIT"].record.verdict == "INCONCLUSIVE"
    assert outline.opened["FIT"].run == 11


@pytest.mark.parametrize("path", [PHASE, ATTEMPT])
def test_a_record_that_was_changed_by_hand_is_not_shown(hub: Path, path: str) -> None:
    text = (hub / path).read_text(encoding="utf-8")
    (hub / path).write_text(text.replace('"run": 1', '"run": 1 '), encoding="utf-8")
    outline = read_outline(hub, "TINY")
    assert outline is not None
    assert outline.unreadable == f"{path}: not the file that the manifest lists"
    assert outline.phases == {}


@pytest.mark.parametrize("path", [PHASE, ATTEMPT, "manifest.json"])
def test_what_is_damaged_or_missing_is_told_without_the_way_to_it(hub: Path, path: str) -> None:
    (hub / path).write_bytes(b'{"run": ')
    damaged = read_outline(hub, "TINY")
    assert damaged is not None
    assert damaged.unreadable.startswith(path)
    (hub / path).unlink()
    gone = read_outline(hub, "TINY")
    assert gone is not None
    assert gone.unreadable
    assert str(hub.parent) not in damaged.unreadable + gone.unreadable


def test_an_attempt_that_is_not_listed_is_told(hub: Path) -> None:
    manifest = read_json(hub / "manifest.json")
    manifest["artifacts"] = [i for i in manifest["artifacts"] if i["path"] != ATTEMPT]
    keep_json(hub / "manifest.json", manifest)
    outline = read_outline(hub, "TINY")
    assert outline is not None
    assert outline.unreadable == f"{ATTEMPT}: the attempt that counts is not in the manifest"
