"""What rendering a summary costs. Aims: a demo under 1 s, a hub of 10,000 artifacts under 3 s.

The demo is phase C1 of the reference plan, run once in a folder of its own, or a hub that is named.
It is rendered from outside, as `parityhub report` does it: with the pictures of summary.md in
place, as they are after a run, and with none, as they are drawn for the first time. The large hub
has the demo's records and as many files more as make 10,000. Seconds are the processor's.
"""

import argparse
import resource
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from benchmarks.timing import describe_seconds, take_turns, time_command
from parityhub.hub.history import read_history
from parityhub.hub.store import Hub
from parityhub.plan.find_plan import find_plan
from parityhub.plan.read import read_plan
from parityhub.workflow.show import render_hub

AIM_DEMO, AIM_LARGE = 1.0, 3.0
"""seconds"""
ARTIFACTS = 10_000
FOLDER = "tf_baseline/phase_c1/analysis/C1_tensorflow_3/many"


def read_clock() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


def render_outside(plan: Path, hub: Path, log: Path) -> float:
    """Return the processor's seconds that the command takes, interpreter and imports included.

    On a machine that others use, the clock measures them too.
    """
    argv = [sys.executable, "-m", "parityhub", "report", "--plan", str(plan), "--hub", str(hub)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _, code = time_command(argv, log=log)
    if code:
        raise SystemExit(f"report: exit code {code}\n{log.read_text()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def render_within(plan: Path, hub: Path) -> float:
    """Return the seconds of rendering alone, in a process that has imported what it needs."""
    opened = Hub.open(hub, read_clock)
    history, loaded = read_history(opened), read_plan(plan)
    started = process_time()
    render_hub(opened, loaded.plan, history, Path.cwd())
    return process_time() - started


def drop_pictures(hub: Path) -> None:
    """Take the pictures out of a hub: they are views, and drawn again."""
    for picture in hub.rglob("*.png"):
        picture.unlink()


def enlarge(hub: Path, wanted: int) -> None:
    """Add small files until the hub lists as many artifacts as are wanted."""
    opened = Hub.open(hub, read_clock)
    for number in range(wanted - len(opened.manifest.artifacts)):
        opened.keep_bytes(
            f"{FOLDER}/part_{number:05}.json", b"{}\n", made_by="benchmark", shows=f"part {number}"
        )
    opened.save_manifest()


def make_demo(plan: Path, work: Path) -> Path:
    """Run phase C1 and return its hub."""
    argv = [sys.executable, "-m", "parityhub", "run-phase", "C1", "--quiet", "--new-hub"]
    log = work / "demo.log"
    _, code = time_command(
        [*argv, "--plan", str(plan), "--reports", str(work / "reports")], log=log
    )
    if code:
        raise SystemExit(f"run-phase C1: exit code {code}\n{log.read_text()}")
    return next(work.glob("reports/*/*/manifest.json")).parent


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hub", type=Path, help="a hub of the plan; default: run phase C1")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    plan = find_plan(Path())
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        source = options.hub or make_demo(plan, work)
        demo = shutil.copytree(source, work / "demo" / source.parent.name / source.name)
        log = work / "report.log"

        def draw_again() -> float:
            drop_pictures(demo)
            return render_outside(plan, demo, log)

        def draw_within() -> float:
            drop_pictures(demo)
            return render_within(plan, demo)

        seconds = take_turns(
            {
                "report, nothing drawn": draw_again,
                "rendering, nothing drawn": draw_within,
                "report": lambda: render_outside(plan, demo, log),
                "rendering alone": lambda: render_within(plan, demo),
            },
            options.rounds,
        )
        large = shutil.copytree(demo, work / "large" / source.parent.name / source.name)
        enlarge(large, ARTIFACTS)
        seconds |= take_turns(
            {
                "10,000 artifacts, report": lambda: render_outside(plan, large, log),
                "10,000, rendering alone": lambda: render_within(plan, large),
            },
            options.rounds,
        )
        for name, values in seconds.items():
            print(describe_seconds(name, values))
        for hub in (demo, large):
            size = (hub / "summary.html").stat().st_size
            print(f"{'summary.html':<24} {size / 1e6:8.3f} MB of {hub.parents[1].name}")
        print(f"aims: {AIM_DEMO} s for the demo, {AIM_LARGE} s for 10,000 artifacts")


if __name__ == "__main__":
    main()
