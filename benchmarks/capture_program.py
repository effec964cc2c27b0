"""The training that benchmarks/capture.py measures: `ROUNDS STEPS LIMIT FOLDER`."""

import contextlib
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from torch import nn

from parityhub.capture import PatchStats

Record = Callable[[int, object], None]
BATCH, CHANNELS, SIZE = 16, 4, 64


def build_step() -> Callable[[], torch.Tensor]:
    """Return one step of a small network of images: 16 of 4 channels, 64 x 64, as patches are."""
    torch.manual_seed(0)
    layers = [nn.Conv2d(CHANNELS, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1)]
    net = nn.Sequential(*layers, nn.ReLU(), nn.Conv2d(32, CHANNELS, 3, padding=1))
    optimizer = torch.optim.Adam(net.parameters())
    x = torch.randn(BATCH, CHANNELS, SIZE, SIZE)

    def step() -> torch.Tensor:
        optimizer.zero_grad()
        patches: torch.Tensor = net(x)
        (patches - x).square().mean().backward()
        optimizer.step()
        return patches

    return step


def run_epoch(step: Callable[[], torch.Tensor], record: Record | None, steps: int) -> float:
    """Run some steps; return the seconds that one takes."""
    started = time.perf_counter()
    for index in range(steps):
        patches = step()
        if record is not None:
            record(index, patches)
    return (time.perf_counter() - started) / steps


def main() -> None:
    """Measure in turns and print shares of a step."""
    rounds, steps, limit = map(int, sys.argv[1:4])
    folder, step = Path(sys.argv[4]), build_step()
    run_epoch(step, None, 5)
    off = PatchStats(folder, limit=0).record
    seconds: dict[str, list[float]] = {"without": [], "off": [], "on": [], "each": []}
    for number in range(rounds):
        on = PatchStats(folder / str(number), limit=limit).record
        turns: list[tuple[str, Record | None]] = [("without", None), ("off", off), ("on", on)]
        for name, record in turns if number % 2 == 0 else turns[::-1]:
            with contextlib.redirect_stdout(io.StringIO()):
                seconds[name].append(run_epoch(step, record, steps))
        patches, alone = step(), PatchStats(folder / f"alone{number}", limit=1)
        started = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            alone.record(0, patches)
        seconds["each"].append(time.perf_counter() - started)
    started = time.perf_counter()
    for index in range(100_000):
        off(index, None)
    call = (time.perf_counter() - started) / 100_000
    bare, each = median(seconds["without"]), median(seconds["each"])
    shares = {name: median(taken) / bare - 1 for name, taken in seconds.items()}
    print(f"a step takes {bare * 1e3:.2f} ms")
    print(f"off: {call / bare:.6%} of a step a call; measured {shares['off']:+.2%}")
    spread = f"{each * limit / steps / bare:.2%} of a step; measured {shares['on']:+.2%}"
    print(f"on, {limit} of {steps} batches: {spread}")
    print(f"a batch that is recorded: {each / bare:.2%} of a step")


if __name__ == "__main__":
    main()
