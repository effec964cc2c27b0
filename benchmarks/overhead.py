"""What run-phase costs on top of its bare commands, gates and plots aside. Aim: at most 5 %.

Each round runs a phase in a new hub, and then the very commands that its attempts recorded, in the
same environment, with their output to a file. Plots are timed by rendering the hub anew, with its
pictures deleted and with them in place.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.timing import describe_seconds, take_turns, time_command
from parityhub.hub.history import History, read_history
from parityhub.hub.records import AttemptRecord
from parityhub.hub.store import Hub
from parityhub.plan.find_plan import find_plan
from parityhub.plan.model import Plan
from parityhub.plan.read import read_plan

AIM = 0.05
DONE = (0, 1)
"""exit codes of a phase that ran: PASS, and FAIL or INCONCLUSIVE"""


@dataclass(frozen=True)
class Bench:
    """What is measured, and where."""

    plan_file: Path
    plan: Plan
    phase: str
    work: Path
    """logs and hubs"""

    def call(self, *words: str) -> float:
        """Return the seconds that a command of parityhub takes."""
        argv = [sys.executable, "-m", "parityhub", *words, "--plan", str(self.plan_file)]
        log = self.work / "parityhub.log"
        seconds, code = time_command([*argv, "--reports", str(self.work / "reports")], log=log)
        if code not in DONE:
            raise SystemExit(f"{' '.join(words)}: exit code {code}\n{log.read_text()}")
        return seconds

    def run_phase(self) -> float:
        """Run the phase in a new hub; return the seconds without those of its gate."""
        seconds = self.call("run-phase", self.phase, "--new-hub", "--quiet")
        record = self.read_newest().last_phase(self.phase)
        assert record is not None
        return seconds - (record.gate.seconds if record.gate else 0.0)

    def newest(self) -> Path:
        """Return the newest hub."""
        return max(self.work.glob("reports/*/*/manifest.json"), key=os.path.getmtime).parent

    def read_newest(self) -> History:
        """Return the records of the newest hub."""
        return read_history(Hub.open(self.newest(), lambda: datetime.now(UTC)))

    def run_bare(self) -> float:
        """Run the commands of the newest hub's attempts, in order, and return their seconds."""
        total = 0.0
        for attempt in self.read_newest().attempts.values():
            env = build_bare_environment(self.plan, attempt)
            for step in attempt.steps:
                if step.status not in ("passed", "failed"):
                    continue
                cwd = Path(self.plan.baselines[attempt.baseline].cwd)
                seconds, code = time_command(
                    step.argv, log=self.work / "bare.log", cwd=cwd, env=env
                )
                if code != step.exit_code:
                    command = " ".join(step.argv)
                    raise SystemExit(f"{command}: exit code {code}, in the hub {step.exit_code}")
                total += seconds
        return total

    def time_plots(self) -> float:
        """Return the seconds that the newest hub's pictures take."""
        with_pictures = self.call("report")
        for picture in self.newest().rglob("*.png"):
            picture.unlink()
        return max(0.0, self.call("report") - with_pictures)


def build_bare_environment(plan: Plan, attempt: AttemptRecord) -> Mapping[str, str]:
    """Return the environment of an attempt as a person would set it in a shell."""
    asked = {name: value for name, value in attempt.asked_env.items() if value is not None}
    controlled = plan.controlled_variables()
    inherited = {name: value for name, value in os.environ.items() if name not in controlled}
    return {**inherited, **asked, "PYTHONUNBUFFERED": "1"}


def remove_outputs(bench: Bench) -> None:
    """Remove the working files of the hubs that were made here."""
    for manifest in bench.work.glob("reports/*/*/manifest.json"):
        stamp = Path(bench.plan.initiative.outputs) / manifest.parent.parent.name
        shutil.rmtree(stamp / manifest.parent.name)
        if not any(stamp.iterdir()):
            stamp.rmdir()


def measure(bench: Bench, rounds: int) -> None:
    """Measure both in turns, then the plots, and print what they come to."""
    # The first run makes the data and warms the caches; its commands are those that are rerun.
    bench.run_phase()
    seconds = take_turns({"run-phase": bench.run_phase, "bare commands": bench.run_bare}, rounds)
    plots = bench.time_plots()
    for name, taken in seconds.items():
        print(describe_seconds(name, taken))
    print(f"{'plots, aside':<24} {plots:15.3f} s")
    bare = median(seconds["bare commands"])
    overhead = median(seconds["run-phase"]) - plots - bare
    share = overhead / bare
    print(f"overhead {overhead:.3f} s, {share:.1%} of the bare commands, aim at most {AIM:.0%}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--plan", type=Path)
    parser.add_argument("--phase", default="C1")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    plan_file = given.plan or find_plan(Path())
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(plan_file, read_plan(plan_file).plan, given.phase, Path(work))
        try:
            measure(bench, given.rounds)
        finally:
            remove_outputs(bench)


if __name__ == "__main__":
    main()
