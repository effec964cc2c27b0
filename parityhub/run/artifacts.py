"""What a step left: found, found whole, and kept in the hub."""

import json
import math
import os
import shutil
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parityhub.capture.parts import merge_parts
from parityhub.errors import EvidenceError, HubError
from parityhub.hub import bundles
from parityhub.hub.digests import digest_file
from parityhub.hub.records import Cause, Digest, KeptArtifact, Place
from parityhub.hub.store import Hub
from parityhub.plan.model import Artifact, Step
from parityhub.run import arrays

BLOCK = 1 << 18
"""elements screened at once"""


def find_artifact(out: Path, name: str) -> Path:
    """Return the path of an artifact below the output folder.

    Raises:
        EvidenceError: it is missing or may not be read, or a link leads out of the folder.
    """
    path = out / name
    if not path.is_file():
        raise EvidenceError(f"{name}: missing", hint="the program did not write it")
    if not path.resolve().is_relative_to(out.resolve()):
        raise EvidenceError(f"{name}: a link that leads out of the output folder", hint="copy it")
    if not os.access(path, os.R_OK):
        raise EvidenceError(f"{name}: may not be read", hint="see its permissions")
    return path


def refuse_damage(path: Path, kind: str) -> None:
    """Refuse an artifact that is not whole: arrays must be there and finite, bundles readable.

    Raises:
        EvidenceError: what is wrong with it.
    """
    if path.stat().st_size == 0:
        raise EvidenceError(f"{path.name}: empty", hint="the program was cut short")
    try:
        if kind == "bundle":
            bundles.read_params(path)
            bundles.count_weights(path)
        elif kind in ("array", "patches"):
            refuse_array_file(path, patches=kind == "patches")
        elif kind == "arrays":
            refuse_archive(path)
        elif kind == "json":
            json.loads(path.read_bytes())
        elif kind == "history":
            refuse_history(path)
        elif kind == "image":
            refuse_image(path)
    except (*bundles.DAMAGE, *arrays.DAMAGE, struct.error) as error:
        raise EvidenceError(
            f"{path.name}: not a whole {kind}: {error}", hint="the program was cut short"
        ) from error


def refuse_array_file(path: Path, *, patches: bool) -> None:
    """Refuse an .npy file that holds no whole array, or patches not of shape (n, H, W)."""
    array = arrays.open_array(path)
    if patches and array.ndim != 3:
        raise EvidenceError(
            f"{path.name}: patches of shape {array.shape}", hint="their shape is (n, H, W)"
        )
    refuse_array(array, path.name)


def refuse_archive(path: Path) -> None:
    """Refuse an .npz file that holds no array, or one that is not whole."""
    with path.open("rb") as stream:
        archive = np.load(stream, allow_pickle=False)
        if isinstance(archive, np.ndarray):
            raise EvidenceError(f"{path.name}: an array, no archive", hint="save it with np.savez")
        if not archive.files:
            raise EvidenceError(f"{path.name}: holds no array", hint="nothing was saved")
        for name in archive.files:
            refuse_array(np.asarray(archive[name]), f"{path.name}:{name}")


def refuse_history(path: Path) -> None:
    """Refuse a history without epochs, or with one whose loss is no finite number."""
    document = json.loads(path.read_bytes())
    epochs = document.get("epochs") if isinstance(document, dict) else None
    if not isinstance(epochs, list) or not epochs:
        raise EvidenceError(f"{path.name}: no list of `epochs`", hint="nothing was trained")
    for number, epoch in enumerate(epochs):
        loss = epoch.get("loss") if isinstance(epoch, dict) else None
        if isinstance(loss, bool) or not isinstance(loss, int | float) or not math.isfinite(loss):
            raise EvidenceError(
                f"{path.name}: epochs/{number}: the loss is {loss!r}", hint="the training diverged"
            )


def refuse_array(array: npt.NDArray[Any], name: str) -> None:
    """Refuse an array that is empty, not of numbers, or not finite."""
    if array.size == 0:
        raise EvidenceError(f"{name}: an array of no element", hint="nothing was computed")
    if array.dtype.kind not in "biufc":
        raise EvidenceError(f"{name}: dtype {array.dtype}, not numbers", hint="save numbers")
    # In the order of memory: a copy of the whole is never made.
    flat = array.ravel(order="K")
    for start in range(0, flat.size, BLOCK):
        finite = np.isfinite(flat[start : start + BLOCK])
        if not finite.all():
            place = start + int(np.argmin(finite))
            raise EvidenceError(
                f"{name}: element {place} is {flat[place]}", hint="NaN or infinity in an output"
            )


def refuse_image(path: Path) -> None:
    """Refuse a picture that cannot be decoded whole."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.load()
    except Image.DecompressionBombError as error:
        raise EvidenceError(f"{path.name}: {error}", hint="leave a smaller picture") from error


def collect_artifacts(
    step: Step, out: Path, hub: Hub, prefix: str, made_by: str, root: Path
) -> tuple[tuple[KeptArtifact, ...], tuple[Cause, ...]]:
    """Keep what a step left; return it, and a cause for each artifact missing or not whole.

    What several processes recorded with parityhub.capture is put together first. A damaged artifact
    is kept too: it is evidence of the failure.
    """
    kept: list[KeptArtifact] = []
    causes: list[Cause] = []
    try:
        merge_parts(out)
    except EvidenceError as error:
        causes.append(Cause(kind="artifact", text=error.message))
    for artifact in step.list_artifacts():
        digest: Digest | None = None
        members: tuple[Digest, ...] = ()
        try:
            path = find_artifact(out, artifact.path)
            digest = keep_artifact(artifact, path, hub, f"{prefix}/{artifact.path}", made_by, root)
            refuse_damage(path, artifact.kind)
            if artifact.kind == "bundle":
                members = bundles.digest_members(path)
        except EvidenceError as error:
            # An artifact that is not required may be missing, but not damaged.
            if artifact.required or (out / artifact.path).exists():
                place = Place(file=digest.path) if digest and artifact.keep else None
                text = f"artifact {artifact.path}: {error.message}"
                causes.append(Cause(kind="artifact", text=text, place=place))
        kept.append(
            KeptArtifact(
                name=artifact.path,
                kind=artifact.kind,
                shows=artifact.shows,
                digest=digest,
                kept=artifact.keep and digest is not None,
                members=members,
            )
        )
    return tuple(kept), tuple(causes)


def keep_artifact(
    artifact: Artifact, path: Path, hub: Hub, target: str, made_by: str, root: Path
) -> Digest:
    """Keep an artifact's bytes, or only their digests where the plan says so.

    Raises:
        EvidenceError: an earlier step left another file under its name.
    """
    if artifact.keep:
        try:
            digest = hub.keep_copy(path, target, made_by=made_by, shows=artifact.shows)
        except HubError as error:
            raise EvidenceError(
                f"{artifact.path}: not the file that an earlier step left under this name",
                hint="let each step write files of its own",
            ) from error
        if artifact.kind == "bundle":
            hub.replace_sidecar(digest, made_by=made_by)
        return digest
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return digest_file(path, name)


def restore_artifacts(artifacts: Iterable[KeptArtifact], hub: Hub, out: Path, root: Path) -> None:
    """Lay the artifacts of an earlier step into a new output folder, checked against the record.

    Raises:
        EvidenceError: one is gone, or no longer what it was.
    """
    for artifact in artifacts:
        if artifact.digest is None:
            continue
        source = hub.path(artifact.digest.path) if artifact.kept else root / artifact.digest.path
        target = out / artifact.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not source.is_file():
            raise EvidenceError(f"{source}: gone", hint="run the phase again without --resume")
        shutil.copyfile(source, target)
        if digest_file(target, "").sha256 != artifact.digest.sha256:
            raise EvidenceError(
                f"{source}: changed since it was recorded", hint="the hub was altered; make another"
            )
