"""Where things lie in a hub. The only place that builds a path inside one.

All paths are relative to the hub, with forward slashes.
"""

import re
from datetime import UTC, datetime

MANIFEST = "manifest.json"
SUMMARY = "summary.md"
SUMMARY_PAGE = "summary.html"
INVENTORY = "analysis/artifact_inventory.txt"
IMPORTED = "imported"
"""folder of what was kept by hand and imported, as it lay: none of it is a record"""
IMPORT_RECORD = "import.json"
TEMPORARY = ".parityhub-tmp-"
"""how the name of a file starts that is not whole yet"""
IN_ATTEMPT = re.compile(r"/analysis/[^/]+_[^/]+_\d+/(?P<rest>.+)")
"""a path in an attempt's folder"""
PROSE = re.compile(r"(?:turns/turn|decisions/[A-Za-z0-9][A-Za-z0-9._-]*)_\d+\.md")
STAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z(-\d+)?")


def format_stamp(now: datetime) -> str:
    """Return the stamp of a moment: `YYYY-MM-DDTHHMMSSZ`, UTC."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")


def format_time(now: datetime) -> str:
    """Return a moment as records keep it: `YYYY-MM-DDTHH:MM:SSZ`, UTC."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def imported_path(path: str) -> str:
    """Return where a file is kept that was imported, by its path in the folder it came from."""
    return f"{IMPORTED}/{path}"


def is_imported(path: str) -> bool:
    """Tell whether a file was imported: whatever it is called, no run of parityhub made it."""
    return path.startswith(f"{IMPORTED}/")


def plan_path(sha256: str) -> str:
    """Return where a plan is kept as it was acted on."""
    return f"plan/plan_{sha256[:12]}.toml"


def brief_path(folder: str, phase: str, run: int) -> str:
    """Return where the brief is kept that a run acted on."""
    return f"{folder}/analysis/brief_{phase}_{run}.md"


def run_start_path(folder: str, phase: str, run: int) -> str:
    """Return where the start of a run is kept."""
    return f"{folder}/analysis/started_{phase}_{run}.json"


def phase_path(folder: str, phase: str, run: int) -> str:
    """Return where the record of a whole run of a phase is kept."""
    return f"{folder}/analysis/phase_{phase}_{run}.json"


def gate_log_path(folder: str, phase: str, run: int, color: str, tried: int = 1) -> str:
    """Return where a gate's output is kept: under green/ or red/.

    Args:
        folder: the phase's folder.
        phase: the phase.
        run: which run of the phase.
        color: green or red.
        tried: which try it is, from 1: a run that was killed in its gate tries it again.
    """
    return f"{folder}/{color}/pytest_gate_{phase}_{run}{suffix_try(tried)}.log"


def gate_env_path(folder: str, phase: str, run: int, tried: int = 1) -> str:
    """Return where the environment is kept that a gate's processes saw."""
    return f"{folder}/cli/env_capture_{phase}_gate_{run}{suffix_try(tried)}.json"


def suffix_try(tried: int) -> str:
    """Return what a name ends with where the same is tried again: nothing for the first try."""
    return "" if tried == 1 else f"_try{tried}"


def gate_path(folder: str, phase: str, run: int) -> str:
    """Return where a gate's record is kept."""
    return f"{folder}/analysis/gate_{phase}_{run}.json"


def attempt_folder(folder: str, phase: str, baseline: str, number: int) -> str:
    """Return the folder of what an attempt left."""
    return f"{folder}/analysis/{phase}_{baseline}_{number}"


def attempt_start_path(folder: str, phase: str, baseline: str, number: int) -> str:
    """Return where the start of an attempt is kept: it marks that the attempt began."""
    return f"{attempt_folder(folder, phase, baseline, number)}/started.json"


def attempt_path(folder: str, phase: str, baseline: str, number: int) -> str:
    """Return where the record of an attempt is kept."""
    return f"{attempt_folder(folder, phase, baseline, number)}/attempt.json"


def step_path(folder: str, phase: str, baseline: str, number: int, step: str) -> str:
    """Return where the record of an attempt's step is kept."""
    return f"{attempt_folder(folder, phase, baseline, number)}/step_{step}.json"


def artifact_path(folder: str, phase: str, baseline: str, number: int, name: str) -> str:
    """Return where an artifact of an attempt is kept."""
    return f"{attempt_folder(folder, phase, baseline, number)}/{name}"


def dataset_log_path(folder: str, phase: str, run: int, dataset: str, tried: int = 1) -> str:
    """Return where the output of the command is kept that made a data set."""
    return f"{folder}/cli/make_data_{phase}_{run}_{dataset}{suffix_try(tried)}.log"


def log_path(folder: str, phase: str, baseline: str, number: int, step: str) -> str:
    """Return where a step's whole output is kept."""
    return f"{folder}/cli/{step}_{phase}_{baseline}_{number}.log"


def env_capture_path(folder: str, phase: str, baseline: str, number: int) -> str:
    """Return where the environment is kept that an attempt's processes saw."""
    return f"{folder}/cli/env_capture_{phase}_{baseline}_{number}.json"


def blocker_path(folder: str, now: datetime, slug: str) -> str:
    """Return where a blocker is kept."""
    return f"{folder}/red/blocked_{format_stamp(now)}_{make_slug(slug)}.md"


def blocker_record_path(blocker: str) -> str:
    """Return where the record behind a rendered blocker is kept."""
    return blocker.removesuffix(".md") + ".json"


def triage_path(blocker: str, number: int) -> str:
    """Return where the record of a blocker's triage is kept; `number`: which one, from 1."""
    folder, _, name = blocker.removesuffix(".md").rpartition("/")
    return f"{folder}/triaged_{name.removeprefix('blocked_')}_{number}.json"


def check_array_path(folder: str, phase: str, run: int, check: str, name: str) -> str:
    """Return where an array that a check computed is kept."""
    return f"{folder}/analysis/check_{phase}_{run}_{check}/{name}.npy"


def comparison_path(folder: str, phase: str, check: str, number: int) -> str:
    """Return where a comparison is kept; `number`: which one of that check, from 1."""
    return f"{folder}/analysis/compare_{phase}_{check}_{number}.json"


def localization_path(folder: str, phase: str, check: str, number: int) -> str:
    """Return where a localization is kept."""
    return f"{folder}/analysis/localize_{phase}_{check}_{number}.json"


def figures_path(folder: str, phase: str, run: int) -> str:
    """Return where what the pictures of a run show is kept."""
    return f"{folder}/analysis/figures_{phase}_{run}.json"


def pair_folder(comparison: str) -> str:
    """Return where the arrays of a comparison are kept, by the path of its record."""
    folder, _, name = comparison.rpartition("/")
    return f"{folder}/{name.removesuffix('.json').replace('compare_', 'pair_', 1)}"


def pair_output_path(folder: str, phase: str, check: str, number: int, side: str, name: str) -> str:
    """Return where an array is kept that a side of a pair gave for the shared input."""
    return f"{folder}/analysis/pair_{phase}_{check}_{number}/{side}/{name}"


def pair_given_path(folder: str, phase: str, check: str, number: int, what: str) -> str:
    """Return where the numbers are kept that both sides got: `inputs` or `weights`."""
    return f"{folder}/analysis/pair_{phase}_{check}_{number}/{what}.npz"


def pair_log_path(folder: str, phase: str, check: str, number: int, side: str) -> str:
    """Return where the output of a side's process is kept that held its model."""
    return f"{folder}/cli/pair_{phase}_{check}_{number}_{side}.log"


def pair_env_path(folder: str, phase: str, check: str, number: int, side: str) -> str:
    """Return where the environment is kept that this process saw."""
    return f"{folder}/cli/env_capture_pair_{phase}_{check}_{number}_{side}.json"


def touched_path(folder: str, phase: str, run: int) -> str:
    """Return where is kept which files were touched before a run of a phase."""
    return f"{folder}/analysis/touched_{phase}_{run}.json"


def turn_path(number: int) -> str:
    """Return where the record of a turn is kept."""
    return f"turns/turn_{number:04}.json"


def turn_text_path(number: int) -> str:
    """Return where the prose of a turn is kept."""
    return f"turns/turn_{number:04}.md"


def decision_path(name: str, number: int) -> str:
    """Return where the record of a decision is kept; `number`: which one of that id, from 1."""
    return f"decisions/{name}_{number}.json"


def decision_text_path(name: str, number: int) -> str:
    """Return where the prose of a decision is kept."""
    return f"decisions/{name}_{number}.md"


def is_prose_path(path: str) -> bool:
    """Tell whether a file of a hub is prose that a person added."""
    return PROSE.fullmatch(path) is not None


def picture_path(artifact: str) -> str:
    """Return where the picture of an array lies: beside it."""
    return re.sub(r"\.(npy|json)$", "", artifact) + ".png"


def check_picture_path(folder: str, phase: str, run: int, check: str) -> str:
    """Return where the picture of a check lies."""
    return f"{folder}/analysis/check_{phase}_{run}_{check}/pair.png"


def curves_path(folder: str, phase: str, run: int) -> str:
    """Return where the picture of a phase's training curves lies."""
    return f"{folder}/analysis/training_curves_{phase}_{run}.png"


def metrics_path(folder: str, baseline: str, candidate: str) -> str:
    """Return where a diff-stats table lies; `folder` is empty for the hub's own analysis/."""
    name = f"{make_label(baseline)}_vs_{make_label(candidate)}_metrics.txt"
    return f"{folder}/analysis/{name}" if folder else f"analysis/{name}"


def sidecar_path(path: str) -> str:
    """Return the path of a file's sha1 sidecar."""
    return path + ".sha1"


def make_slug(text: str) -> str:
    """Return text as part of a file name: lower case letters, digits, underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def make_label(name: str) -> str:
    """Return a phase or `PHASE:BASELINE` as part of a file name."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", name)


def split_record_path(path: str) -> str | None:
    """Return which kind of record lies at a path: `attempt`, `phase`, `comparison`, or none.

    What an attempt left or what was imported is no record, whatever a program called it.
    """
    if is_imported(path):
        return None
    if path == IMPORT_RECORD:
        return "import"
    name = path.rsplit("/", 1)[-1]
    if not name.endswith(".json"):
        return None
    if attempt := IN_ATTEMPT.search("/" + path):
        found = re.fullmatch(r"(attempt|started|step)(_[^/]+)?\.json", attempt["rest"])
        return found[1] if found else None
    if found := re.search(r"/analysis/(phase|gate|started|touched)_[^/]+\.json$", "/" + path):
        return {"started": "run-start"}.get(found[1], found[1])
    if re.fullmatch(r"turns/turn_\d+\.json", path):
        return "turn"
    if re.fullmatch(r"decisions/[^/]+_\d+\.json", path):
        return "decision"
    if found := re.search(r"/analysis/(compare|localize|figures)_[^/]+\.json$", "/" + path):
        kinds = {"compare": "comparison", "localize": "localization", "figures": "figures"}
        return kinds[found[1]]
    if re.search(r"/red/blocked_[^/]+\.json$", "/" + path):
        return "blocker"
    if re.search(r"/red/triaged_[^/]+\.json$", "/" + path):
        return "triage"
    return None


def is_log(path: str) -> bool:
    """Tell whether a path is that of the output of a step or a process."""
    return re.search(r"/cli/[^/]+\.log$", "/" + path) is not None


def split_folder(path: str) -> str:
    """Return the phase folder that a record's path starts with."""
    return path.rsplit("/analysis/", 1)[0]
