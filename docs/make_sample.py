"""Makes the sample hub under reports/: a real run of a part of the reference plan, kept small.

`make sample` runs it. The plan is the reference plan's own text, narrowed: phase C1, and of C2 what
is asked about it; of large arrays the hub has the digests alone.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

import tomlkit

ROOT = Path(__file__).resolve().parents[1]
PLAN = ROOT / "outputs" / "sample" / "plan.toml"
PHASES = ("C1", "C2")
CHECKS = ("trained-gridsize-2", "same-weights-gridsize-2")
"""of C2"""
LARGE = ("debug_dump/patches.npy", "initial_weights.npz")
BUNDLE = "wts.h5.zip"
"""kept of PyTorch alone, whose weights C2 puts to both sides"""
GROUPS = "2"


def narrow_plan(text: str) -> str:
    """Return the text of the sample's plan."""
    plan: Any = tomlkit.parse(text)
    plan["initiative"].update({"id": "SAMPLE", "hub": "sample"})
    plan["initiative"]["title"] = "A sample: the reference pair at gridsize 2"
    plan["phase"] = [phase for phase in plan["phase"] if phase["id"] in PHASES]
    for phase in plan["phase"]:
        if phase["id"] == "C2":
            phase["checks"] = [check for check in phase["checks"] if check["id"] in CHECKS]
            phase["requires"] = ["C1"]
            phase["purpose"] = "The two as C1 trained them, and both with the same weights."
        for check in phase["checks"]:
            if check["kind"] == "archived":
                check["artifacts"] = [
                    name for name in check["artifacts"] if name not in (*LARGE, BUNDLE)
                ]
                check["title"] = "numbers and canvas of both sides are kept, with their commands"
    make = plan["dataset"]["groups-of-4"]["make"]
    make[make.index("--groups") + 1] = GROUPS
    for name, baseline in plan["baseline"].items():
        for step in baseline["steps"]:
            for artifact in step["artifacts"]:
                left = (*LARGE, BUNDLE) if name == "tensorflow" else LARGE
                if artifact["path"] in left:
                    artifact["keep"] = False
    plan["pair"] = {"gridsize-2": plan["pair"]["gridsize-2"]}
    plan["exit_criterion"] = [
        criterion
        for criterion in plan["exit_criterion"]
        if all(item.partition("/")[0] in PHASES for item in criterion["evidence"])
    ]
    plan["dataset"]["groups-of-4"]["note"] = f"{GROUPS} groups of 4 patterns of the test data"
    return tomlkit.dumps(plan)


def main() -> None:
    """Write the plan and run its phases in a new hub."""
    source = ROOT / "plans" / "forward-parity" / "plan.toml"
    PLAN.parent.mkdir(parents=True, exist_ok=True)
    PLAN.write_text(narrow_plan(source.read_text(encoding="utf-8")), encoding="utf-8")
    for phase, more in (("C1", ["--new-hub"]), ("C2", [])):
        words = ["run-phase", phase, "--plan", str(PLAN.relative_to(ROOT)), *more]
        subprocess.run([sys.executable, "-m", "parityhub", *words], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
