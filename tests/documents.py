"""Pages of the documentation, done as they say: files written, commands run, output looked at."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
FENCE = re.compile(
    r'^```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE
)
FAILS = "  # fails"
"""how a command ends that must not end well"""


@dataclass(frozen=True)
class Block:
    kind: str
    title: str
    text: str


def read_blocks(page: str) -> Iterator[Block]:
    for found in FENCE.finditer((DOCS / page).read_text(encoding="utf-8")):
        yield Block(found["kind"], found["title"] or "", found["text"])


def follow_page(page: str, folder: Path) -> int:
    """Do what a page says in a folder; return how many commands were run.

    A titled block is a file. Each line of a `sh` block is a command that must end well, unless it
    says that it fails. A `text` block behind one is found in its output, line by line, with
    `…` for anything.
    """
    told, count = "", 0
    for block in read_blocks(page):
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.kind == "sh":
            told = ""
            for line in block.text.splitlines():
                told += run_line(line, folder)
                count += 1
        elif block.kind == "text":
            for line in block.text.splitlines():
                pattern = ".*".join(map(re.escape, line.split("…")))
                assert re.search(pattern, told), f"{page}: {line!r} is not in:\n{told}"
    return count


def run_line(line: str, folder: Path) -> str:
    command = line.removesuffix(FAILS)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == line.endswith(FAILS), f"{line}\n{done.stdout}"
    return done.stdout
