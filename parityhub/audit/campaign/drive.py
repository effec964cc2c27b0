"""A campaign: make a copy of a true hub false in one thing at a time, and see what an audit says.

An audit is given as a function from a hub's folder to what it tells of it. A mutant is caught by
something told that was not told of the true hub, at the changed line, with a code that fits the
form of the mutant.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, relpath
from random import Random
from typing import Literal

from parityhub.audit.campaign.mutate import change_byte, list_forms, mutate
from parityhub.audit.campaign.oracle import prove_true
from parityhub.audit.campaign.rewordings import Rewording, reword
from parityhub.audit.campaign.scan import Form, Place, scan_hub

SOURCE = frozenset({"PH301", "PH302", "PH401", "PH404"})
PATH = SOURCE | {"PH201", "PH101", "PH206", "PH801"}
VALUE = frozenset({"PH401", "PH402", "PH403", "PH404", "PH206", "PH801"})
FITTING: dict[Form, frozenset[str]] = {
    "number": VALUE,
    "digest": frozenset({"PH101", "PH102", "PH103"}),
    "digest-half": frozenset({"PH101", "PH102", "PH103"}),
    "digest-whole": frozenset({"PH101", "PH102", "PH103"}),
    "commit": frozenset({"PH101", "PH102", "PH103", "PH701"}),
    "line": frozenset({"PH301", "PH302"}),
    "pointer": SOURCE,
    "path": PATH,
    "path-other": PATH,
    "status": frozenset({"PH502", "PH601", "PH602", "PH603", "PH801"}),
    "environment": frozenset({"PH501", "PH502", "PH801"}),
    "time": frozenset({"PH701", "PH702", "PH703", "PH801"}),
    "quoted": SOURCE | {"PH201", "PH602"},
    "command": frozenset({"PH201", "PH401", "PH501", "PH801"}),
    "byte": frozenset({"PH203", "PH205"}),
}
"""codes that say of a mutant what is wrong with it"""
ELSEWHERE = frozenset({"PH801"})
"""codes that may be told of the other place of two that disagree"""
OF_FILES = frozenset({"PH202", "PH203", "PH205"})
"""codes of a file's bytes, told of any change to a listed report"""
TELL_EACH = 10

Outcome = Literal["caught", "misnamed", "missed", "true"]


@dataclass(frozen=True)
class Told:
    """What an audit says against a line of a file of the hub; line 1 of a file as a whole."""

    code: str
    file: str
    lines: tuple[int, ...]


Audit = Callable[[Path], Iterable[Told]]


@dataclass(frozen=True)
class Mutant:
    """One change, and what came of it."""

    form: Form
    file: str
    line: int
    old: str
    new: str
    outcome: Outcome
    codes: tuple[str, ...]
    """what the audit said of it"""
    why_true: str = ""


@dataclass(frozen=True)
class Alarm:
    """A rewording that the audit took for a lie."""

    rewording: str
    code: str
    file: str


@dataclass(frozen=True)
class Share:
    """How many mutants of a form were caught by a fitting code, by another, or not at all."""

    form: Form
    caught: int
    misnamed: int
    missed: int
    true: int

    @property
    def false(self) -> int:
        """Mutants that say something false."""
        return self.caught + self.misnamed + self.missed


@dataclass(frozen=True)
class CampaignResult:
    """What a campaign came to."""

    mutants: tuple[Mutant, ...]
    rewordings: tuple[Rewording, ...]
    alarms: tuple[Alarm, ...]
    known: int
    """what the audit told of the hub as it is: a true one gives it nothing to tell"""

    @property
    def shares(self) -> tuple[Share, ...]:
        """Return the caught share of each form, in the order of FITTING."""
        tally = Counter((mutant.form, mutant.outcome) for mutant in self.mutants)
        return tuple(
            Share(
                form=form,
                caught=tally[form, "caught"],
                misnamed=tally[form, "misnamed"],
                missed=tally[form, "missed"],
                true=tally[form, "true"],
            )
            for form in FITTING
            if any(mutant.form == form for mutant in self.mutants)
        )

    @property
    def caught_share(self) -> float:
        """Return the share of false mutants that were caught by a fitting code; 0 for none."""
        false = sum(share.false for share in self.shares)
        return sum(share.caught for share in self.shares) / false if false else 0.0

    def list_mutants(self, outcome: Outcome) -> tuple[Mutant, ...]:
        """Return the mutants of one outcome."""
        return tuple(mutant for mutant in self.mutants if mutant.outcome == outcome)


def run_campaign(
    hub: Path,
    audit: Audit,
    count: int,
    seed: int,
    *,
    rewordings: int = 200,
    tell: Callable[[str], None] = lambda _: None,
) -> CampaignResult:
    """Try an audit on mutants and rewordings of a true hub, in a copy of it.

    Args:
        hub: a hub that parityhub made; it is not changed.
        audit: what is tried.
        count: mutants at most, spread over all forms; fewer where the hub has fewer places.
        seed: what decides which.
        rewordings: harmless changes to its reports.
        tell: is given a line now and then, of how far it has come.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(hub, Path(folder) / hub.name, ignore=list_links))
        known = Counter(list_told(audit(copy)))
        mutants = []
        for mutant in try_mutants(copy, audit, known, count, Random(seed)):
            mutants.append(mutant)
            if len(mutants) % TELL_EACH == 0:
                tell(f"{len(mutants)} of {count} lies tried")
        done, alarms = try_rewordings(copy, audit, known, rewordings, Random(seed), tell)
        return CampaignResult(tuple(mutants), done, alarms, known.total())


def list_links(folder: str, names: list[str]) -> list[str]:
    """Return the links of a folder: what lies behind them is no part of a hub."""
    return [name for name in names if (Path(folder) / name).is_symlink()]


def try_mutants(
    hub: Path, audit: Audit, known: Counter[Told], count: int, rng: Random
) -> Iterator[Mutant]:
    """Yield mutants of a hub with what the audit made of each."""
    paths = sorted(p.relative_to(hub).as_posix() for p in hub.rglob("*") if p.is_file())
    made = 0
    for place, form in draw_places(scan_hub(hub), rng):
        if made == count:
            return
        file = hub / place.file
        data = file.read_bytes()
        if form == "byte":
            changed, mutant = None, change_byte(data, rng)
        else:
            near = write_paths(hub, place, paths)
            changed = mutate(place, form, rng, near)
            if changed is None:
                continue
            mutant = data[: place.start] + changed + data[place.end :]
        why = "" if changed is None else prove_true(hub, place, form, changed)
        told = [] if why else list_new(audit_changed(hub, audit, file, mutant), known)
        codes = tuple(dict.fromkeys(item.code for item in told))
        made += 1
        yield Mutant(
            form=form,
            file=place.file,
            line=place.line,
            old=place.text.decode(errors="replace"),
            new="" if changed is None else changed.decode(errors="replace"),
            outcome="true" if why else judge(place, form, told),
            codes=codes,
            why_true=why,
        )


def judge(place: Place, form: Form, told: Sequence[Told]) -> Outcome:
    """Say whether what an audit told of a mutant is about it."""
    near = [
        item
        for item in told
        if item.code in ELSEWHERE or (item.file == place.file and is_near(place, form, item))
    ]
    if any(item.code in FITTING[form] for item in near):
        return "caught"
    return "misnamed" if any(item.code not in OF_FILES for item in told) else "missed"


def is_near(place: Place, form: Form, item: Told) -> bool:
    """Tell whether something is told of the line of a place.

    A path and what is said of it may stand on two lines, one below the other.
    """
    reach = 1 if form in ("path", "path-other", "pointer") else 0
    return form == "byte" or any(abs(line - place.line) <= reach for line in item.lines)


def draw_places(places: Sequence[Place], rng: Random) -> Iterator[tuple[Place, Form]]:
    """Yield places in random order, each form in turn, until all are spent."""
    of: dict[Form, list[Place]] = {}
    for place in places:
        for form in list_forms(place):
            of.setdefault(form, []).append(place)
    for drawn in of.values():
        rng.shuffle(drawn)
    while of:
        for form in list(of):
            yield of[form].pop(), form
            if not of[form]:
                del of[form]


def write_paths(hub: Path, place: Place, paths: Sequence[str]) -> list[bytes]:
    """Return the files of a hub as a report names them: from the hub's folder, or its own."""
    if place.form != "path" or (hub / place.text.decode(errors="replace")).is_file():
        return [path.encode() for path in paths]
    return [relpath(path, dirname(place.file) or ".").encode() for path in paths]


def try_rewordings(
    hub: Path,
    audit: Audit,
    known: Counter[Told],
    count: int,
    rng: Random,
    tell: Callable[[str], None],
) -> tuple[tuple[Rewording, ...], tuple[Alarm, ...]]:
    """Return rewordings of the reports of a hub, and what the audit told of them all the same."""
    done, alarms = [], []
    for rewording in reword(hub, count, rng):
        done.append(rewording)
        if len(done) % TELL_EACH == 0:
            tell(f"{len(done)} of {count} rewordings tried")
        file = hub / rewording.file
        told = audit_changed(hub, audit, file, rewording.text.encode())
        alarms += [Alarm(rewording.name, *key) for key in list_more(told, known)]
    return tuple(done), tuple(alarms)


def audit_changed(hub: Path, audit: Audit, file: Path, data: bytes) -> list[Told]:
    """Audit a hub with other bytes in one file, and put back what was there."""
    before, status = file.read_bytes(), file.stat()
    file.write_bytes(data)
    try:
        return list_told(audit(hub))
    finally:
        file.write_bytes(before)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def list_told(told: Iterable[Told]) -> list[Told]:
    """Return what an audit told, each line apart."""
    return [Told(item.code, item.file, (line,)) for item in told for line in item.lines]


def list_new(told: Sequence[Told], known: Counter[Told]) -> list[Told]:
    """Return what was not told of the true hub."""
    return list((Counter(told) - known).elements())


def list_more(told: Sequence[Told], known: Counter[Told]) -> list[tuple[str, str]]:
    """Return which codes are told of which files more often; a rewording may move lines."""
    before = Counter((item.code, item.file) for item in known.elements())
    after = Counter((item.code, item.file) for item in told if item.code not in OF_FILES)
    return list((after - before).elements())
