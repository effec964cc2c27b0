"""localize on MobileNetV2, its pairs and floors known: against two bare forward passes. Aim: 5.

All in one run, in turns, on the models that both children hold; the gradient is left aside.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.timing import describe_seconds, take_turns
from parityhub.compare.localize.localize import localize
from parityhub.compare.referee.ask import compare_pair
from parityhub.compare.referee.request import SIDES, name_key
from parityhub.plan.read import read_plan
from parityhub.run.datasets import MAKE_TIMEOUT
from parityhub.run.pair_sides import Workplace
from parityhub.run.processes import Command, run_command
from parityhub.workflow.pair import prepare_pair
from parityhub.workflow.pair_localize import make_request
from parityhub.workflow.pair_weights import WeightPlace

AIM = 5.0
PAIR = Path(__file__).resolve().parents[1] / "tests" / "pairs" / "mobilenet"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), rounds)


def measure(folder: Path, rounds: int) -> None:
    """Open the pair, localize once to know its pairs and floors, and time what comes after."""
    shutil.copytree(PAIR, folder / "repo")
    plan = read_plan(folder / "repo" / "plan.toml").plan
    pair = plan.pairs["mobilenet"]
    inputs = make_inputs(folder)
    place = Workplace(
        root=folder / "repo",
        folder=folder / "sides",
        data={pair.inputs: inputs},
        inherited=os.environ,
        controlled=frozenset(),
        pythons=dict.fromkeys(SIDES, sys.executable),
        tell=print,
        tick=lambda *_: None,
    )
    with prepare_pair("mobilenet", pair, place, WeightPlace()) as prepared:
        probes = prepared.probes
        comparison = compare_pair(probes["tensorflow"], probes["pytorch"], prepared.request)
        asked = make_request(prepared.request, prepared.mapping, comparison, gradient=False)
        known = localize(probes["tensorflow"], probes["pytorch"], asked).known

        def run_bare() -> float:
            seconds = 0.0
            for side in SIDES:
                request = {
                    "do": "run",
                    "key": name_key("mobilenet", pair.dtype),
                    "inputs": str(asked.inputs[side]),
                    "out": str(folder / "bare" / side),
                    "repeats": 1,
                }
                (folder / "bare" / side).mkdir(parents=True, exist_ok=True)
                seconds += probes[side].ask(request)["seconds"][0]
            return seconds

        def run_localize() -> float:
            started = time.perf_counter()
            record = localize(
                probes["tensorflow"], probes["pytorch"], replace(asked, known=known)
            ).record
            assert record.verdict == "PASS", record.reason
            return time.perf_counter() - started

        seconds = take_turns(
            {"two forward passes": run_bare, "localize, floors known": run_localize}, rounds
        )
    for name, measured in seconds.items():
        print(describe_seconds(name, measured))
    ratio = median(seconds["localize, floors known"]) / median(seconds["two forward passes"])
    print(f"localize takes {ratio:.2f} times two forward passes (aim: at most {AIM:g})")


def make_inputs(folder: Path) -> Path:
    """Make the images that both models get."""
    out = folder / "inputs.npz"
    outcome = run_command(
        Command(
            argv=(sys.executable, str(PAIR / "make_inputs.py"), str(out)),
            cwd=folder,
            env=os.environ,
            log=folder / "inputs.log",
            timeout=MAKE_TIMEOUT,
        )
    )
    assert outcome.exit_code == 0
    return out


if __name__ == "__main__":
    main()
