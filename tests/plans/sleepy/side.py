"""Trains by writing numbers; infers only once a file named `go` is there, and waits until then."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

step, out = sys.argv[1], Path(sys.argv[2])
numbers = np.arange(64.0).reshape(1, 8, 8)
if step == "train":
    np.save(out / "weights.npy", numbers)
elif Path("go").exists():
    np.save(out / "output.npy", np.load(out / "weights.npy") * 2)
else:
    # A child that will not end when asked, in a session of its own: it must be ended all the same.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    waiting = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", waiting], start_new_session=True)
    Path("pids").write_text(f"{child.pid}\n", encoding="utf-8")
    print("waiting", flush=True)
    time.sleep(600)
