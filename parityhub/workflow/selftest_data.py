"""What a self-test needs before it begins: a scan, two bundles of one training, inputs."""

from collections.abc import Mapping
from pathlib import Path

from parityhub.compare.selftest.pairs import CANVAS, GRIDSIZE
from parityhub.errors import DataError
from parityhub.run.processes import Command, run_command
from parityhub.run.setting import Tell

TIMEOUT = 600.0
GROUPS, IMAGES = 2, 4
EPOCHS = (1, 2)
"""the earlier bundle, and the one that both sides get"""


def train_bundles(
    python: str, folder: Path, inherited: Mapping[str, str], tell: Tell
) -> tuple[Path, Path]:
    """Simulate a scan and train PyTorch's side on it twice: for one epoch, and for two.

    Both trainings start alike, so the first bundle is of an earlier epoch of the second.

    Raises:
        DataError: a program failed.
    """
    tell("simulating a scan and training on it")
    call(
        python,
        folder,
        inherited,
        "parityhub.baselines.simulate",
        *("--out", str(folder), "--image", "camera", "--seed", "7", "--nphotons", "1e5"),
    )
    for epochs in EPOCHS:
        call(
            python,
            folder,
            {**inherited, "OMP_WAIT_POLICY": "PASSIVE"},
            "parityhub.baselines.ptycho_torch",
            *("train", "--train-data", str(folder / "train.npz")),
            *("--out", str(folder / f"trained_{epochs}"), "--gridsize", str(GRIDSIZE)),
            *("--n-groups", "32", "--epochs", str(epochs), "--seed", "7", "--threads", "2"),
        )
    earlier, bundle = (folder / f"trained_{epochs}" / "wts.h5.zip" for epochs in EPOCHS)
    return earlier, bundle


def make_groups(python: str, folder: Path, inherited: Mapping[str, str], seed: int) -> Path:
    """Choose groups of the scan: the input of the reference pair.

    Raises:
        DataError: the program failed.
    """
    out = folder / f"groups_{seed}.npz"
    call(
        python,
        folder,
        inherited,
        "parityhub.baselines.subject_inputs",
        *("--data", str(folder / "test.npz"), "--out", str(out), "--gridsize", str(GRIDSIZE)),
        *("--groups", str(GROUPS), "--seed", str(seed), "--canvas-size", str(CANVAS)),
    )
    return out


def make_images(python: str, folder: Path, inherited: Mapping[str, str], seed: int) -> Path:
    """Make images: the input of the small pair.

    Raises:
        DataError: the program failed.
    """
    out = folder / f"images_{seed}.npz"
    call(
        python,
        folder,
        inherited,
        "parityhub.baselines.small.inputs",
        *("--out", str(out), "--batch", str(IMAGES), "--seed", str(seed)),
    )
    return out


def call(
    python: str, folder: Path, inherited: Mapping[str, str], program: str, *options: str
) -> None:
    """Run one of the programs that come with parityhub.

    Raises:
        DataError: it failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(folder.glob("call_*.log")))
    log = folder / f"call_{number}.log"
    outcome = run_command(
        Command(
            argv=(python, "-m", program, *options),
            cwd=folder,
            # Unbuffered: what it says last, its error, is the last line of the log.
            env={**inherited, "PYTHONUNBUFFERED": "1"},
            log=log,
            timeout=TIMEOUT,
        )
    )
    if outcome.exit_code != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise DataError(
            f"{program} failed: {lines[-1] if lines else outcome.start_error or 'it said nothing'}",
            hint=f"run it by hand: {python} -m {program} {' '.join(options)}",
        )
