"""Data sets: made where they are missing, digested before they are used."""

from pathlib import Path

from parityhub.errors import DataError
from parityhub.hub import layout
from parityhub.hub.digests import digest_file
from parityhub.hub.records import Digest
from parityhub.run.environment import build_environment
from parityhub.run.expand import Places, choose_python, expand_text, locate_data
from parityhub.run.hiding import make_hider
from parityhub.run.processes import Command, Outcome, run_command
from parityhub.run.setting import Setting

MAKE_TIMEOUT = 3600.0


def provide_dataset(setting: Setting, name: str | None) -> tuple[Digest, ...]:
    """Make a data set where a file of it is missing or half made, and digest its files.

    Raises:
        DataError: a file is missing and cannot be made.
    """
    files = locate_data(setting.plan, name, setting.root)
    if name is not None and files and not is_whole(name, files):
        make_dataset(setting, name, files)
    return tuple(
        digest_file(path, setting.plan.datasets[name].files[key])
        for key, path in files.items()
        if name is not None
    )


def mark_making(name: str, files: dict[str, Path]) -> Path:
    """Return the file that lies beside a data set while it is made: what is left is half made."""
    return next(iter(files.values())).parent / f".{name}.making"


def is_whole(name: str, files: dict[str, Path]) -> bool:
    """Say whether each file of a data set is there, and none half made."""
    return all(path.is_file() for path in files.values()) and not mark_making(name, files).exists()


def make_dataset(setting: Setting, name: str, files: dict[str, Path]) -> None:
    """Run the command that makes a data set, and see that its files are there."""
    dataset, mark = setting.plan.datasets[name], mark_making(name, files)
    missing = next((path for path in files.values() if not path.is_file()), mark)
    shown = missing.relative_to(setting.root) if missing.is_relative_to(setting.root) else missing
    if not dataset.make:
        raise DataError(
            f"data set {name}: {shown} is missing",
            hint=f"put it there, or give dataset.{name} a `make` command in the plan",
        )
    setting.tell(f"data set {name}: making it")
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    log, outcome = run_maker(setting, name, missing.parent, files)
    left = all(path.is_file() for path in files.values())
    if outcome.exit_code != 0 or outcome.timed_out or not left:
        reason = f"left no {shown}" if outcome.exit_code == 0 and not left else tell_end(outcome)
        raise DataError(
            f"data set {name}: its make command {reason}", hint=f"read {setting.hub.path(log)}"
        )
    mark.unlink()


def run_maker(
    setting: Setting, name: str, out: Path, files: dict[str, Path]
) -> tuple[str, Outcome]:
    """Run a data set's make command; return where its output is kept, and how it ended."""
    key = (setting.phase.folder, setting.phase.id, setting.number, name)
    tried = 1
    while setting.hub.has(log := layout.dataset_log_path(*key, tried)):
        tried += 1
    out.mkdir(parents=True, exist_ok=True)
    python = choose_python(setting.plan, None, setting.python, setting.root)
    places = Places(python=python, root=setting.root, out=out, data=files)
    env = build_environment(
        setting.inherited,
        setting.plan.controlled_variables(),
        {},
        setting.outputs / "capture",
        setting.root,
    )
    outcome = run_command(
        Command(
            argv=tuple(
                expand_text(word, places, setting.plan.options)
                for word in setting.plan.datasets[name].make
            ),
            cwd=setting.root,
            env=env,
            log=setting.hub.path(log),
            timeout=MAKE_TIMEOUT,
            replace=make_hider(env, setting.root).pairs,
        ),
        setting.tick,
    )
    setting.hub.adopt(
        log, made_by=f"{setting.phase.id} data set {name}", shows=f"making data set {name}"
    )
    setting.hub.save_manifest()
    return log, outcome


def tell_end(outcome: Outcome) -> str:
    """Say how a command ended that did not end well."""
    if outcome.start_error is not None:
        return f"could not be started: {outcome.start_error}"
    if outcome.timed_out:
        return f"was ended after its time limit of {MAKE_TIMEOUT:g} s"
    if outcome.signal is not None:
        return f"was ended by {outcome.signal}"
    return f"failed with exit code {outcome.exit_code}"
