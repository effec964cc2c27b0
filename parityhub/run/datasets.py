"""Data sets: made where they are missing, digested before they are used."""

from pathlib import Path

from parityhub.errors import DataError
from parityhub.hub import layout
from parityhub.hub.digests import digest_file
from parityhub.hub.records import Digest
from parityhub.run.environment import build_environment, list_replacements
from parityhub.run.expand import Places, expand_text, locate_data
from parityhub.run.processes import Command, run_command
from parityhub.run.setting import Setting

MAKE_TIMEOUT = 3600.0


def provide_dataset(setting: Setting, name: str | None) -> tuple[Digest, ...]:
    """Make a data set where a file of it is missing, and digest its files.

    Raises:
        DataError: a file is missing and cannot be made.
    """
    files = locate_data(setting.plan, name, setting.root)
    if name is not None and not all(path.is_file() for path in files.values()):
        make_dataset(setting, name, files)
    return tuple(
        digest_file(path, setting.plan.datasets[name].files[key])
        for key, path in files.items()
        if name is not None
    )


def make_dataset(setting: Setting, name: str, files: dict[str, Path]) -> None:
    """Run the command that makes a data set, and see that its files are there."""
    dataset = setting.plan.datasets[name]
    missing = next(path for path in files.values() if not path.is_file())
    shown = missing.relative_to(setting.root) if missing.is_relative_to(setting.root) else missing
    if not dataset.make:
        raise DataError(
            f"data set {name}: {shown} is missing",
            hint=f"put it there, or give dataset.{name} a `make` command in the plan",
        )
    setting.tell(f"data set {name}: making it")
    out = missing.parent
    out.mkdir(parents=True, exist_ok=True)
    places = Places(python=setting.python, root=setting.root, out=out, data=files)
    log = layout.dataset_log_path(setting.phase.folder, setting.phase.id, setting.number, name)
    if setting.hub.has(log):
        raise DataError(f"data set {name}: {shown} was made and is gone again", hint=f"see {log}")
    env = build_environment(setting.inherited, (), {}, setting.outputs / "capture", setting.root)
    outcome = run_command(
        Command(
            argv=tuple(expand_text(word, places, setting.plan.options) for word in dataset.make),
            cwd=setting.root,
            env=env,
            log=setting.hub.path(log),
            timeout=MAKE_TIMEOUT,
            replace=list_replacements(env, setting.root),
        ),
        setting.tick,
    )
    setting.hub.adopt(
        log, made_by=f"{setting.phase.id} data set {name}", shows=f"making data set {name}"
    )
    setting.hub.save_manifest()
    if outcome.exit_code != 0 or not all(path.is_file() for path in files.values()):
        raise DataError(
            f"data set {name}: its make command left no {shown} (exit code {outcome.exit_code})",
            hint=f"read {setting.hub.path(log)}",
        )
