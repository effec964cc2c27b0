from pathlib import Path

import numpy as np
import pytest

from parityhub.errors import EvidenceError
from parityhub.guards.reference import (
    Reference,
    find_root,
    locate_files,
    read_reference,
    shorten,
    write_reference,
)
from parityhub.hub.digests import digest_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plans" / "net").mkdir(parents=True)
    (tmp_path / "plans" / "net" / "plan.toml").touch()
    folder = tmp_path / "tests" / "parity" / "reference" / "P" / "same"
    folder.mkdir(parents=True)
    np.savez(folder / "inputs.npz", x=np.arange(3.0))
    write_reference(
        folder, make(files={"inputs": digest_file(folder / "inputs.npz", "inputs.npz")})
    )
    return folder


def make(**changes: object) -> Reference:
    fields = {"plan": "plans/net/plan.toml", "phase": "P", "hub": "reports/1/net", "accepted": "T"}
    return Reference(**{**fields, "commit": None, "checks": (), **changes})


def test_what_is_written_is_read_and_found(folder: Path, tmp_path: Path):
    reference = read_reference(folder)
    assert reference.hub == "reports/1/net"
    assert find_root(folder, reference) == tmp_path
    assert locate_files(folder, reference) == {"inputs": folder / "inputs.npz"}


def test_files_of_a_hub_are_found_there(folder: Path, tmp_path: Path):
    hub = tmp_path / "reports" / "1" / "net"
    hub.mkdir(parents=True)
    (hub / "inputs.npz").write_bytes((folder / "inputs.npz").read_bytes())
    write_reference(folder, make(data="hub", files=read_reference(folder).files))
    assert locate_files(folder, read_reference(folder)) == {"inputs": hub / "inputs.npz"}


def test_what_was_changed_by_hand_is_refused(folder: Path):
    file = folder / "reference.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"T"', '"U"'), encoding="utf-8")
    with pytest.raises(EvidenceError, match="not what its sha1 sidecar says"):
        read_reference(folder)


def test_arrays_that_were_changed_are_refused(folder: Path):
    np.savez(folder / "inputs.npz", x=np.arange(4.0))
    with pytest.raises(EvidenceError, match="recorded is"):
        locate_files(folder, read_reference(folder))
    (folder / "inputs.npz").unlink()
    with pytest.raises(EvidenceError, match="No such file"):
        locate_files(folder, read_reference(folder))


@pytest.mark.parametrize("text", ["", "{", '{"format": 2}', "[]"])
def test_what_is_no_reference_is_a_line_and_a_hint(folder: Path, text: str):
    (folder / "reference.json").write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match="no reference of a guard") as refused:
        read_reference(folder)
    assert "parityhub guard" in refused.value.hint


def test_without_its_plan_a_guard_has_no_repository(folder: Path, tmp_path: Path):
    (tmp_path / "plans" / "net" / "plan.toml").unlink()
    with pytest.raises(EvidenceError, match="no folder above it has plans/net"):
        find_root(folder, read_reference(folder))


def test_a_path_is_told_from_the_repository(tmp_path: Path):
    assert shorten(tmp_path / "a" / "b", tmp_path) == "a/b"
    assert shorten(tmp_path / "a", tmp_path / "c") == "../a"
