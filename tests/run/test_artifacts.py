"""What a step left: found whole, kept as it is, and damage told with its reason."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from parityhub.capture.bundle import write_bundle
from parityhub.errors import EvidenceError
from parityhub.hub.digests import digest_bytes
from parityhub.hub.records import Cause, KeptArtifact
from parityhub.hub.store import Hub
from parityhub.plan.model import Artifact, ArtifactKind, Step
from parityhub.run.artifacts import (
    collect_artifacts,
    find_artifact,
    refuse_damage,
    restore_artifacts,
)
from tests.run.bench import read_noon

FOLDER = "p/analysis/P_side_1"


def write_npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


def write_npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def write_zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def write_png() -> bytes:
    buffer = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def write_trained(weight: float = 1.0) -> bytes:
    buffer = Path(os.environ["TMPDIR"]) / "b.zip"
    write_bundle(buffer, {"w": np.array([weight])}, {"scale": 1.5})
    return buffer.read_bytes()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def make_whole() -> dict[ArtifactKind, bytes]:
    return {
        "bundle": write_trained(),
        "array": write_npy(np.arange(6.0).reshape(2, 3)),
        "patches": write_npy(np.ones((2, 4, 4), dtype=np.complex64)),
        "arrays": write_npz(a=np.ones(3), b=np.zeros((2, 2), dtype=bool)),
        "json": b'{"mean": NaN}',
        "history": b'{"epochs": [{"loss": 2.5}, {"loss": 1}]}',
        "image": write_png(),
        "text": b"a",
        "file": b"\0",
    }


KINDS: tuple[ArtifactKind, ...] = (
    "bundle",
    "array",
    "patches",
    "arrays",
    "json",
    "history",
    "image",
    "text",
    "file",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_artifact_is_taken_and_an_empty_one_is_not(
    tmp_path: Path, kind: ArtifactKind
) -> None:
    path = tmp_path / "artifact"
    path.write_bytes(make_whole()[kind])
    refuse_damage(path, kind)
    path.write_bytes(b"")
    with pytest.raises(EvidenceError, match="artifact: empty"):
        refuse_damage(path, kind)


@pytest.mark.parametrize("kind", ["bundle", "array", "patches", "arrays", "image", "history"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_an_artifact_that_is_cut_short_is_refused(
    tmp_path: Path, kind: ArtifactKind, kept: float
) -> None:
    data = make_whole()[kind]
    path = tmp_path / "artifact"
    path.write_bytes(data[: max(1, int(kept * len(data)))])
    with pytest.raises(EvidenceError, match="artifact: not a whole"):
        refuse_damage(path, kind)


DAMAGED: tuple[tuple[ArtifactKind, bytes, str], ...] = (
    ("array", write_npy(np.array([1.0, 2.0, np.nan])), "element 2 is nan"),
    ("array", write_npy(np.array([[1.0, -np.inf]])), "element 1 is -inf"),
    ("array", write_npy(np.array([1, complex(0, np.nan)])), "element 1 is"),
    ("array", write_npy(np.asfortranarray([[1.0, np.nan], [1.0, 1.0]])), "is nan"),
    ("array", write_npy(np.ones((0, 3))), "no element"),
    ("array", write_npy(np.array(["text"])), "not numbers"),
    ("array", write_npy(np.array([{"a": 1}], dtype=object)), "not a whole array"),
    ("array", write_npz(a=np.ones(2)), "not a whole array: the magic string"),
    ("array", b"garbage that is no array", "not a whole array"),
    ("patches", write_npy(np.ones((4, 4))), "patches of shape"),
    ("arrays", write_npz(), "no array"),
    ("arrays", write_npz(good=np.ones(2), bad=np.array([np.nan])), ":bad: element 0 is nan"),
    ("arrays", write_npy(np.ones(2)), "an array, no archive"),
    ("arrays", write_zip(readme=b"text"), ":readme: dtype"),
    ("arrays", write_zip(**{"a.npy": b"garbage"}), ":a: dtype"),
    ("json", b"{'a': 1}", "not a whole json"),
    ("json", b"\xff\xfe", "not a whole json"),
    ("json", b"[" * 100_000, "not a whole json"),
    ("history", b"[1]", "no list of `epochs`"),
    ("history", b'{"epochs": []}', "no list of `epochs`"),
    ("history", b'{"epochs": [{"loss": 1}, {}]}', "epochs/1: the loss is None"),
    ("history", b'{"epochs": [{"loss": NaN}]}', "epochs/0: the loss is nan"),
    ("history", b'{"epochs": [3]}', "epochs/0: the loss is None"),
    ("image", b"\x89PNG\r\n\x1a\n and no more", "not a whole image"),
    ("bundle", write_zip(readme=b"text"), "not a whole bundle"),
)


@pytest.mark.parametrize(("kind", "data", "reason"), DAMAGED)
def test_damage_is_told_with_its_reason(
    tmp_path: Path, kind: ArtifactKind, data: bytes, reason: str
) -> None:
    path = tmp_path / "artifact"
    path.write_bytes(data)
    with pytest.raises(EvidenceError, match=reason):
        refuse_damage(path, kind)


def test_a_bundle_with_weights_that_diverged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "artifact"
    path.write_bytes(write_trained(float("nan")))
    with pytest.raises(EvidenceError, match="weight w holds NaN"):
        refuse_damage(path, "bundle")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(["bundle", "array", "arrays", "image", "history", "json"]),
    place=st.floats(0, 1, exclude_max=True),
    junk=st.binary(min_size=1, max_size=8),
)
def test_changed_bytes_are_an_error_of_the_evidence_or_harmless(
    tmp_path: Path, kind: ArtifactKind, place: float, junk: bytes
) -> None:
    data = bytearray(make_whole()[kind])
    start = int(place * len(data))
    data[start : start + len(junk)] = junk
    path = tmp_path / "artifact"
    path.write_bytes(data)
    refusal = EvidenceError("artifact: whole", hint="none")
    try:
        refuse_damage(path, kind)
    except EvidenceError as error:
        refusal = error
    assert refusal.message.startswith("artifact")
    assert refusal.hint


def test_an_artifact_must_lie_in_the_output_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "sub").mkdir(parents=True)
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (out / "link.txt").symlink_to(secret)
    (out / "folder").symlink_to(tmp_path)
    (out / "sub" / "real.txt").write_text("x", encoding="utf-8")
    (out / "inner.txt").symlink_to(out / "sub" / "real.txt")
    (out / "dangling").symlink_to(out / "nothing")
    os.mkfifo(out / "pipe")
    assert find_artifact(out, "sub/real.txt").is_file()
    assert find_artifact(out, "inner.txt").is_file()
    for name in ("link.txt", "folder/secret.txt"):
        with pytest.raises(EvidenceError, match="leads out of the output folder"):
            find_artifact(out, name)
    for name in ("nothing", "dangling", "sub", "pipe"):
        with pytest.raises(EvidenceError, match="missing"):
            find_artifact(out, name)


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub.create(tmp_path / "reports", "parity", "I", read_noon)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "outputs" / "side 1"
    folder.mkdir(parents=True)
    return folder


def collect(
    hub: Hub, out: Path, *artifacts: Artifact
) -> tuple[tuple[KeptArtifact, ...], tuple[Cause, ...]]:
    step = Step(name="train", command=("x",), artifacts=artifacts)
    return collect_artifacts(step, out, hub, FOLDER, "P side attempt 1", out.parents[1])


def test_what_a_step_left_is_kept_with_its_digests(hub: Hub, out: Path) -> None:
    write_bundle(out / "wts.h5.zip", {"w": np.ones(2)}, {"scale": 1.5})
    (out / "large.bin").write_bytes(b"large")
    kept, causes = collect(
        hub,
        out,
        Artifact(path="wts.h5.zip", kind="bundle", shows="weights"),
        Artifact(path="large.bin", kind="file", shows="large", keep=False),
        Artifact(path="maybe.txt", kind="text", shows="optional", required=False),
    )
    assert causes == ()
    bundle, large, maybe = kept
    assert bundle.digest is not None
    assert bundle.digest.path == f"{FOLDER}/wts.h5.zip"
    assert [member.path for member in bundle.members] == ["params.json", "weights.h5"]
    assert hub.has(f"{FOLDER}/wts.h5.zip.sha1")
    assert (large.kept, large.digest) == (False, digest_bytes(b"large", "outputs/side 1/large.bin"))
    assert not hub.has(f"{FOLDER}/large.bin")
    assert (maybe.kept, maybe.digest) == (False, None)


def test_what_is_missing_or_damaged_is_a_cause_and_damage_is_kept(hub: Hub, out: Path) -> None:
    (out / "a.npy").write_bytes(write_npy(np.array([np.nan])))
    (out / "b.json").write_bytes(b"{")
    kept, causes = collect(
        hub,
        out,
        Artifact(path="missing.npy", kind="array", shows="output"),
        Artifact(path="a.npy", kind="array", shows="output"),
        Artifact(path="b.json", kind="json", shows="optional", required=False),
    )
    assert [cause.kind for cause in causes] == ["artifact"] * 3
    assert causes[0].text == "artifact missing.npy: missing.npy: missing"
    assert causes[0].place is None
    assert "element 0 is nan" in causes[1].text
    assert causes[1].place is not None
    assert causes[1].place.file == f"{FOLDER}/a.npy"
    assert [artifact.kept for artifact in kept] == [False, True, True]
    assert hub.has(f"{FOLDER}/a.npy")


def test_a_link_out_of_the_folder_is_not_kept(hub: Hub, out: Path) -> None:
    (out.parent / "secret").write_text("secret", encoding="utf-8")
    (out / "link").symlink_to(out.parent / "secret")
    kept, causes = collect(hub, out, Artifact(path="link", kind="text", shows="x", required=False))
    assert "leads out" in causes[0].text
    assert kept[0].digest is None
    assert hub.list_files() == []


def test_a_later_step_may_leave_a_file_again_but_not_change_it(hub: Hub, out: Path) -> None:
    artifact = Artifact(path="history.json", kind="json", shows="loss")
    (out / "history.json").write_bytes(b"[1]")
    assert collect(hub, out, artifact)[1] == ()
    assert collect(hub, out, artifact)[1] == ()
    (out / "history.json").write_bytes(b"[2]")
    kept, causes = collect(hub, out, artifact)
    assert "not the file that an earlier step left" in causes[0].text
    assert not kept[0].kept
    assert hub.path(f"{FOLDER}/history.json").read_bytes() == b"[1]"


def test_artifacts_are_laid_out_again_and_checked(hub: Hub, out: Path, tmp_path: Path) -> None:
    (out / "sub").mkdir()
    (out / "sub" / "a.json").write_text(json.dumps([1]), encoding="utf-8")
    (out / "large.bin").write_bytes(b"large")
    kept, _ = collect(
        hub,
        out,
        Artifact(path="sub/a.json", kind="json", shows="x"),
        Artifact(path="large.bin", kind="file", shows="x", keep=False),
        Artifact(path="maybe", kind="file", shows="x", required=False),
    )
    target = tmp_path / "outputs" / "side 2"
    restore_artifacts(kept, hub, target, tmp_path)
    assert (target / "sub" / "a.json").read_text(encoding="utf-8") == "[1]"
    assert (target / "large.bin").read_bytes() == b"large"
    (out / "large.bin").write_bytes(b"other")
    with pytest.raises(EvidenceError, match="changed since it was recorded"):
        restore_artifacts(kept, hub, target, tmp_path)
    (out / "large.bin").unlink()
    with pytest.raises(EvidenceError, match="gone"):
        restore_artifacts(kept, hub, target, tmp_path)
