"""What a site of a thousand hubs costs: to write, and to load. Aim: loaded within a second.

The tiny plan of the tests is run three times and copied under a thousand stamps. The site is
written from outside, as `parityhub report --site` does it; then a browser with an empty cache opens
it from disk and from a file server, until the ledger, the history or the oldest hub stands.
"""

import argparse
import functools
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.timing import describe_seconds, take_turns, time_command
from tests.browser import start_chromium
from tests.site_hubs import copy_hubs, move_out, run_hubs

AIM = 1.0
"""seconds until the ledger of a thousand hubs stands"""


class Quiet(SimpleHTTPRequestHandler):
    """A file server that keeps its log to itself."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve_files(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine."""
    handler = functools.partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def write_site(root: Path) -> float:
    """Return the seconds that the command takes, interpreter and imports included."""
    argv = [sys.executable, "-m", "parityhub", "report", "--site", "site"]
    seconds, code = time_command(argv, log=root / "report.log", cwd=root)
    if code:
        raise SystemExit((root / "report.log").read_text())
    return seconds


def load_view(browser: Browser, url: str, view: str, sign: str) -> float:
    """Return the seconds from the request until what a view shows is there."""
    context = browser.new_context()
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"{url}{view}", wait_until="commit")
    page.wait_for_selector(sign, state="attached")
    seconds = time.perf_counter() - started
    context.close()
    return seconds


def list_measures(browser: Browser, site: Path, base: str) -> dict[str, Callable[[], float]]:
    """Return what is measured."""
    oldest = sorted(path.name for path in (site.parent / "reports").iterdir())[0]
    disk, served = (site / "index.html").as_uri(), f"{base}/site/index.html"
    views = {
        "ledger": ("", "table.ledger tbody tr"),
        "history": ("#/history/FIT", "figure svg.chart"),
        "oldest hub": (f"#/hub/{oldest}", ".compared tbody tr"),
    }

    def measure(url: str, view: str, sign: str) -> Callable[[], float]:
        return lambda: load_view(browser, url, view, sign)

    measures = {f"{name}, served": measure(served, *view) for name, view in views.items()}
    return measures | {f"{name}, disk": measure(disk, *view) for name, view in views.items()}


def describe_sizes(site: Path) -> str:
    """Return a line: files of the site, and what the ledger loads of it."""
    files = [path for path in site.rglob("*") if path.is_file()]
    first = [*site.glob("data/index.*"), *site.glob("assets/*"), site / "index.html"]
    whole, start = (sum(path.stat().st_size for path in some) for some in (files, first))
    return f"{len(files)} files, {whole / 1e6:.2f} MB; at first {start / 1e3:.0f} kB"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hubs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        repository, hubs = run_hubs(Path(folder) / "repo")
        sources = move_out(hubs, Path(folder) / "sources")
        copy_hubs(sources, repository.root / "reports", options.hubs)
        seconds = take_turns({"written": lambda: write_site(repository.root)}, options.rounds)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        with serve_files(repository.root) as base, start_chromium() as browser:
            measures = list_measures(browser, repository.root / "site", base)
            seconds |= take_turns(measures, options.rounds)
        for name, values in seconds.items():
            print(describe_seconds(name, values))
        print(f"{options.hubs} hubs: {describe_sizes(repository.root / 'site')}")
        print(f"largest child {peak:.0f} MiB; aim: {AIM} s until the ledger stands")


if __name__ == "__main__":
    main()
