"""Many hubs for a site: a few that were really run, and copies of them under other stamps.

A copy has its own stamp, times, commit and numbers; its manifest lists the bytes that it has.
"""

import hashlib
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from parityhub.hub.layout import format_stamp, format_time, split_record_path
from tests.conftest import Repository, copy_plan

START = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
WORSE = ("np.float32(0.5) *", "np.float32(0.5) * (epoch < 3) *")
"""a mistake in side_b.py: it stops training"""
BROKEN = ("generator = ", "raise SystemExit('no such device')\ngenerator = ")
"""another, with which it leaves nothing"""
Json = dict[str, Any]


def git(root: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all", "--", ":!reports")
    git(root, "commit", "-m", message)


def run_hubs(root: Path) -> tuple[Repository, list[Path]]:
    """Run the tiny plan in three commits: as it is, with a side that is worse, with one broken."""
    repository = copy_plan("tiny", root)
    side = repository.root / "side_b.py"
    text = side.read_text(encoding="utf-8")
    git(root, "init")
    hubs = []
    for message, (old, new), code in (
        ("as it is", ("", ""), 0),
        ("worse", WORSE, 1),
        ("broken", BROKEN, 3),
    ):
        assert old in text
        side.write_text(text.replace(old, new, 1), encoding="utf-8")
        (root / "note").write_text(message, encoding="utf-8")
        commit(root, message)
        told = repository.call("run-phase", "FIT", "--new-hub", "--quiet")
        assert told.code == code, told.err
        hubs.append(repository.hub())
    return repository, hubs


def move_out(hubs: Sequence[Path], folder: Path) -> list[Path]:
    """Move what was run out of the folder of hubs, to be copied from."""
    moved = []
    for hub in hubs:
        target = folder / hub.parent.name / hub.name
        target.parent.mkdir(parents=True)
        shutil.move(hub, target)
        # Its lock stays behind, as it does beside any hub.
        shutil.rmtree(hub.parent)
        moved.append(target)
    return moved


def copy_hubs(sources: Sequence[Path], reports: Path, count: int) -> list[Path]:
    """Copy hubs: good ones mostly, a bad spell, a broken one now and then."""
    noise = random.Random(7)
    copies = []
    for number in range(count):
        spell = number % 23
        source = sources[1] if spell in (9, 10, 11) else sources[2] if spell == 17 else sources[0]
        name = hashlib.sha1(f"commit {number // 3}".encode()).hexdigest()
        scale = 1.0 if number < count // 2 else 1.02
        change = vary_numbers(scale * (1 + 1e-6 * noise.gauss(0, 1)) if number % 4 == 0 else scale)
        moment = START + timedelta(hours=11 * number)
        copies.append(copy_hub(source, reports, moment, name, change))
    return copies


def vary_numbers(scale: float) -> Callable[[Json], None]:
    def change(sections: Json) -> None:
        for metrics in sections.values():
            for name in {"var_zero_mean", "mean"} & set(metrics):
                if isinstance(metrics[name]["value"], float):
                    metrics[name]["value"] *= scale

    return change


def regroup_numbers(phase: Json) -> Json:
    """Return the numbers of a phase's checks as sections of statistics, to be varied alike."""
    return {
        f"{check['id']} {number['name']}": {number["name"].rpartition("output.")[2]: number}
        for check in phase["checks"]
        for number in check["numbers"]
    }


def copy_hub(
    source: Path, reports: Path, moment: datetime, commit: str, change: Callable[[Json], None]
) -> Path:
    """Copy a hub under the stamp of another moment, its records changed and listed as they are."""
    stamp, time = format_stamp(moment), format_time(moment)
    target = reports / stamp / source.name
    shutil.copytree(source, target)
    manifest = read_json(target / "manifest.json")
    for item in manifest["artifacts"]:
        kind = split_record_path(item["path"])
        if kind not in ("phase", "attempt", "run-start"):
            continue
        record = read_json(target / item["path"])
        record |= {"started": time}
        if kind == "attempt":
            change(record["stats"])
        else:
            record |= {"git_commit": commit, "git_dirty": False}
        if kind == "phase":
            record["ended"] = format_time(moment + timedelta(seconds=5))
            change(regroup_numbers(record))
        item |= keep_json(target / item["path"], record)
    manifest |= {"stamp": stamp, "created": time}
    keep_json(target / "manifest.json", manifest)
    return target


def read_json(file: Path) -> Json:
    found: Json = msgspec.json.decode(file.read_bytes())
    return found


def keep_json(file: Path, value: Json) -> Json:
    data = msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
    file.write_bytes(data)
    return {
        "size": len(data),
        "sha1": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def follow_pointer(document: Any, pointer: str) -> Any:
    """Return the value at a JSON pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document
