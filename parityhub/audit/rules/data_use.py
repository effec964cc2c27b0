"""Which data set the reports, and the commands that they keep, say that a phase used."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from parityhub.audit.claims import Spot
from parityhub.audit.extract.passages import MOST_LINES
from parityhub.audit.facts.gather import Facts

DATA_FILE = re.compile(r"[\w./-]*\w\.(?:npz|h5|hdf5|npy|csv|parquet|pt)\b")
DATA_NAME = re.compile(
    r"\b(?P<name>[A-Za-z]\w*_\w+)`? (?:(?:train|test)\w* )?(?:split|data ?set)\b"
)
USED = re.compile(r"\b(?:used|uses|using|trained (?:on|with)|based on)\b", re.IGNORECASE)
THIS = re.compile(
    r"\b(?:this|that|the same) (?:is the )?data ?set\b.{0,40}?\b(?:used|trained)\b", re.IGNORECASE
)
COMMAND = re.compile(r"--train[\w-]{0,20}(?:file|data|path)[ =]+(?P<path>[^\s`]{1,400})")
PHASE = re.compile(r"\bphase[ _-]?([A-Za-z]{1,3}\d{0,3})\b", re.IGNORECASE)
PHASE_FOLDER = re.compile(r"(?:^|/)phase_(?P<name>[a-z]{1,3}\d{0,3})/")
SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z])")
MAY_TELL = re.compile(r"phase|--train", re.IGNORECASE)
LONGEST = 4096


@dataclass(frozen=True)
class Statement:
    """One thing that a report says of a quantity."""

    spot: Spot
    words: str
    value: str


def list_datasets(facts: Facts) -> dict[str, list[Statement]]:
    """List which data set the reports say that each phase used, by its phase.

    A name without an ending is that of the folder of a command of the phase, where one has it.
    """
    found: dict[str, list[Statement]] = defaultdict(list)
    commands: dict[str, str] = {}
    for name, lines in facts.reports.items():
        for number, line in enumerate(lines[:MOST_LINES], 1):
            short = line[:LONGEST]
            if not MAY_TELL.search(short):
                continue
            above = lines[number - 2][:LONGEST] if number > 1 else ""
            spot = Spot(file=name, line=number, column=1, end_column=1)
            for phase, words, data in list_uses_of_line(short, above):
                found[phase].append(Statement(spot, words, data))
            folder, command = PHASE_FOLDER.search(name), COMMAND.search(short)
            if folder and command:
                phase = folder["name"].upper()
                commands[phase] = command["path"]
                value = command["path"].rsplit("/", 1)[-1]
                found[phase].append(Statement(spot, command[0], value))
    return {
        phase: [name_file(s, commands.get(phase, "")) for s in of] for phase, of in found.items()
    }


def name_file(statement: Statement, command: str) -> Statement:
    """Give a statement that names a folder the file that the phase's command took from it."""
    folders = command.split("/")[:-1]
    if statement.value in folders:
        return replace(statement, value=command.rsplit("/", 1)[-1])
    return statement


def list_uses_of_line(line: str, above: str) -> Iterator[tuple[str, str, str]]:
    """Yield phase, words and data set of each use that a line tells.

    `This dataset trained phase B3` speaks of the one that the line above names.
    """
    for sentence in SENTENCE.split(line):
        phase, data = read_use(sentence)
        this = THIS.search(sentence)
        if this:
            behind = PHASE.search(sentence, this.end())
            phase, data = (behind[1].upper() if behind else ""), find_named(above)
        if phase and data:
            yield phase, sentence, data


def find_named(line: str) -> str:
    """Return the data set that a line names: the first file, or the first name of a data set."""
    file = DATA_FILE.search(line)
    name = DATA_NAME.search(line)
    return file[0].rsplit("/", 1)[-1] if file else name["name"] if name else ""


def read_use(sentence: str) -> tuple[str, str]:
    """Read `phase B3 ... used DATA` from a sentence: phase and file name, or nothing."""
    used = USED.search(sentence)
    if used is None:
        return "", ""
    behind = DATA_FILE.search(sentence, used.end())
    phases = [m for m in PHASE.finditer(sentence) if m.start() < used.start()]
    if behind is None or not phases:
        return "", ""
    if "not" in sentence[used.end() : behind.start()].split():
        return "", ""
    return phases[-1][1].upper(), behind.group().rsplit("/", 1)[-1]
