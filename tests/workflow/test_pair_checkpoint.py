"""Where a checkpoint lies, what it is known by, and that it is the one that was read."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from parityhub.errors import EvidenceError
from parityhub.hub.parity_records import OriginRecord
from parityhub.plan.pair import WeightSource
from parityhub.workflow.pair_checkpoint import digest_checkpoint, find_checkpoint, restore_weights
from tests.workflow.test_pair_weights import make_pair

PAIR = make_pair(weights=WeightSource(checkpoint="models/net.pt", source="pytorch"))


def keep(root: Path, name: str = "models/net.pt", data: bytes = b"weights") -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


class Child:
    """Takes over any checkpoint; `write` is done while it reads."""

    def __init__(self, write: Any = lambda: None) -> None:
        self.write = write
        self.asked: list[Mapping[str, Any]] = []

    def ask(self, request: Mapping[str, Any]) -> Any:
        self.asked.append(request)
        self.write()
        return {"weights": 2, "format": "state dict", "prefix": "model."}


def test_a_checkpoint_is_found_in_the_repository(tmp_path: Path):
    path = keep(tmp_path)
    assert find_checkpoint(PAIR, tmp_path) == path
    assert find_checkpoint(make_pair(), tmp_path) is None


def test_one_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(EvidenceError, match=r"models/net\.pt: there is no such file"):
        find_checkpoint(PAIR, tmp_path)


@pytest.mark.parametrize("inside", ["", "/variables/index"])
def test_one_that_leads_out_of_the_repository_is_refused(tmp_path: Path, inside: str):
    outside = keep(tmp_path, "outside")
    link = tmp_path / "repo" / f"models/net.pt{inside}"
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    with pytest.raises(EvidenceError, match="leads out of the repository"):
        find_checkpoint(PAIR, tmp_path / "repo")


def test_a_link_within_the_repository_is_followed(tmp_path: Path):
    keep(tmp_path, "store/net.pt")
    (tmp_path / "models").mkdir()
    (tmp_path / "models/net.pt").symlink_to("../store/net.pt")
    found = find_checkpoint(PAIR, tmp_path)
    assert found is not None
    assert digest_checkpoint(found) == hashlib.sha256(b"weights").hexdigest()


def test_the_digest_of_a_folder_is_of_names_and_contents(tmp_path: Path):
    digests = set()
    for folder, name, data in (("a", "x", b"1"), ("b", "y", b"1"), ("c", "x", b"2")):
        keep(tmp_path, f"{folder}/sub/{name}", data)
        digests.add(digest_checkpoint(tmp_path / folder))
    assert len(digests) == 3
    one = hashlib.sha256(b"1").hexdigest()
    lines = f"{one}  sub/x\n".encode()
    assert digest_checkpoint(tmp_path / "a") == hashlib.sha256(lines).hexdigest()


def test_what_was_read_is_recorded(tmp_path: Path):
    child = Child()
    origin = restore_weights(child, PAIR, keep(tmp_path), "net/float32")
    assert origin == OriginRecord(
        kind="checkpoint",
        side="pytorch",
        source="models/net.pt",
        format="state dict",
        prefix="model.",
        sha256=hashlib.sha256(b"weights").hexdigest(),
    )
    file = str(tmp_path / "models/net.pt")
    assert child.asked == [{"do": "restore", "key": "net/float32", "file": file}]


def test_one_that_changes_while_it_is_read_is_refused(tmp_path: Path):
    path = keep(tmp_path)
    with pytest.raises(EvidenceError, match="changed while it was read"):
        restore_weights(Child(lambda: path.write_bytes(b"others")), PAIR, path, "net/float32")
