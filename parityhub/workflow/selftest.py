"""selftest: known faults seeded into one side of a pair, one at a time, and runs without any."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from parityhub.capture.files import write_arrays
from parityhub.compare.probe import Probe
from parityhub.compare.referee.ask import compare_pair
from parityhub.compare.referee.numbers import read_arrays
from parityhub.compare.referee.request import PairRequest
from parityhub.compare.selftest.faults import FAULTS, Arrays, Fault
from parityhub.compare.selftest.memory import RememberingProbe
from parityhub.compare.selftest.pairs import PAIRS
from parityhub.compare.weights.bundle import name_as_tensorflow
from parityhub.compare.weights.convert import share_weights
from parityhub.compare.weights.pairs import WeightPair
from parityhub.errors import UsageError
from parityhub.hub.parity_records import ComparisonRecord, FaultRecord, SelftestRecord
from parityhub.plan.pair import Side
from parityhub.run.pair_sides import Workplace
from parityhub.run.setting import Tell, Tick
from parityhub.workflow.pair import Prepared, prepare_pair, share_numbers
from parityhub.workflow.pair_localize import localize_pair
from parityhub.workflow.pair_weights import WeightPlace, read_bundle_weights
from parityhub.workflow.selftest_data import make_groups, make_images, train_bundles

REFERENCE_RUNS = 5
"""of this many runs without a fault, one is of the reference pair; the others of the small one"""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where a self-test works, and with whose environment."""

    root: Path
    folder: Path
    inherited: Mapping[str, str]
    python: str
    tell: Tell
    tick: Tick


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A pair without a fault, its sides under way."""

    name: str
    probes: Mapping[Side, Probe]
    request: PairRequest
    mapping: tuple[WeightPair, ...]
    honest: ComparisonRecord
    earlier: Arrays
    """PyTorch's weights of an earlier epoch; none: of the small pair"""


def run_selftest(ground: Ground, runs: int, only: Sequence[str]) -> SelftestRecord:
    """Seed each fault, compare, localize, and run without a fault over seeds and inputs.

    Args:
        ground: where it works.
        runs: how many runs without a fault.
        only: names of the faults to seed; empty: all.

    Raises:
        UsageError: there is no such fault.
        EvidenceError: a pair could not be built: nothing is tested then.
    """
    started = time.monotonic()
    chosen = choose_faults(only)
    found: list[FaultRecord] = []
    alarms: list[str] = []
    for name in PAIRS:
        faults = [fault for fault in chosen if fault.pair == name]
        count = count_runs(name, runs)
        if not faults and not count:
            continue
        with open_subject(ground, name) as subject:
            for fault in faults:
                ground.tell(f"{name}: {fault.name}: {fault.says}")
                found.append(try_fault(subject, fault))
            for number in range(count):
                ground.tell(f"{name}: without a fault, {number + 1} of {count}")
                alarms += try_honest(ground, subject, number)
    return SelftestRecord(
        faults=tuple(found),
        false_alarms=len(alarms),
        runs=runs,
        alarms=tuple(alarms),
        seconds=round(time.monotonic() - started, 3),
    )


def choose_faults(only: Sequence[str]) -> list[Fault]:
    """Return the faults of those names; all where none is named.

    Raises:
        UsageError: there is no such fault.
    """
    known = {fault.name: fault for fault in FAULTS}
    for name in only:
        if name not in known:
            raise UsageError(f"no fault {name!r}", hint=f"known: {', '.join(known)}")
    return [fault for fault in FAULTS if not only or fault.name in only]


def count_runs(pair: str, runs: int) -> int:
    """Return how many of the runs without a fault are of a pair."""
    of_reference = runs // REFERENCE_RUNS
    return of_reference if pair == "reference" else runs - of_reference


@contextmanager
def open_subject(ground: Ground, name: str) -> Iterator[Subject]:
    """Start both sides of a pair and compare them without a fault."""
    pair = PAIRS[name]
    folder = ground.folder / name
    bundle = earlier = None
    if name == "reference":
        earlier, bundle = train_bundles(ground.python, folder, ground.inherited, ground.tell)
        inputs = make_groups(ground.python, folder, ground.inherited, 0)
    else:
        inputs = make_images(ground.python, folder, ground.inherited, 0)
    place = Workplace(
        root=ground.root,
        folder=folder / "sides",
        data={pair.inputs: inputs},
        inherited=ground.inherited,
        controlled=frozenset(),
        pythons={"tensorflow": ground.python, "pytorch": ground.python},
        tell=ground.tell,
        tick=ground.tick,
    )
    with prepare_pair(name, pair, place, WeightPlace(bundle=bundle)) as prepared:
        probes: dict[Side, Probe] = {
            "tensorflow": RememberingProbe(prepared.probes["tensorflow"]),
            "pytorch": prepared.probes["pytorch"],
        }
        request = replace(prepared.request, folder=folder / "honest")
        honest = compare_pair(probes["tensorflow"], probes["pytorch"], request)
        yield Subject(
            name=name,
            probes=probes,
            request=request,
            mapping=prepared.mapping,
            honest=honest,
            earlier=read_earlier(prepared, earlier),
        )


def read_earlier(prepared: Prepared, bundle: Path | None) -> Arrays:
    """Read the weights of an earlier epoch, by PyTorch's names; none where there is no bundle."""
    if bundle is None:
        return {}
    arrays = read_bundle_weights(bundle, prepared.request.pair)
    named = name_as_tensorflow(arrays, prepared.listed["tensorflow"])
    return share_weights(named, prepared.mapping, "tensorflow")[1]


def try_fault(subject: Subject, fault: Fault) -> FaultRecord:
    """Seed a fault into PyTorch's side, and say what came of it."""
    request = seed_fault(subject, fault)
    record = compare_pair(subject.probes["tensorflow"], subject.probes["pytorch"], request)
    named, cause = name_layer(subject, fault, request, record)
    return FaultRecord(
        name=fault.name,
        pair=fault.pair,
        verdict=record.verdict,
        caught_by=list_catches(record),
        equivalent=changes_nothing(subject.honest, record),
        sits_in=fault.layer,
        localized=named == fault.layer if fault.layer else None,
        named=named,
        cause=cause,
    )


def seed_fault(subject: Subject, fault: Fault) -> PairRequest:
    """Return what the pair is compared with when PyTorch's side has a fault."""
    request = replace(subject.request, folder=subject.request.folder.parent / fault.name)
    if fault.edit is None:
        options = {**request.options["pytorch"], "fault": fault.name}
        return replace(request, options={**request.options, "pytorch": options})
    weights = read_arrays(request.weights["pytorch"])
    file = request.folder / "faulty_pytorch.npz"
    write_arrays(file, fault.edit(weights, subject.earlier))
    return replace(request, weights={**request.weights, "pytorch": file})


def list_catches(record: ComparisonRecord) -> tuple[str, ...]:
    """Return what told that an output is wrong: `max_abs`, `rms`, `referee`, `nonfinite`."""
    told = (
        by
        for output in record.outputs
        if output.verdict == "FAIL"
        for by in str(output.metrics.get("caught_by") or "").split(", ")
    )
    return tuple(dict.fromkeys(by for by in told if by))


def changes_nothing(honest: ComparisonRecord, faulty: ComparisonRecord) -> bool:
    """Tell whether PyTorch's float64 outputs are what they are without the fault, bit for bit."""
    digests = [
        {output.right: output.metrics.get("referee_sha256") for output in record.outputs}
        for record in (honest, faulty)
    ]
    return None not in digests[0].values() and digests[0] == digests[1]


def name_layer(
    subject: Subject, fault: Fault, request: PairRequest, record: ComparisonRecord
) -> tuple[str, str]:
    """Return the layer at which localize says the sides part, by PyTorch's path, and the cause."""
    if not fault.layer:
        return "", ""
    found = localize_pair(subject.probes, request, subject.mapping, record, gradient=False)
    first = next(iter(found.divergences), None)
    return (first.pytorch, first.cause) if first else ("", "")


def try_honest(ground: Ground, subject: Subject, number: int) -> list[str]:
    """Compare without a fault, with another input and, of the small pair, other weights."""
    folder = ground.folder / subject.name
    request, probes = subject.request, subject.probes
    if subject.name == "reference":
        inputs = make_groups(ground.python, folder, ground.inherited, number + 1)
        request = replace(request, inputs=inputs, folder=folder / f"run_{number}")
    else:
        inputs = make_images(ground.python, folder, ground.inherited, number + 1)
        options = {**request.options, "tensorflow": {"seed": number + 1}}
        asked = replace(request, inputs=inputs, options=options, folder=folder / f"run_{number}")
        request = share_numbers(probes, asked, WeightPlace()).request
    record = compare_pair(probes["tensorflow"], probes["pytorch"], request)
    if record.verdict == "PASS":
        return []
    return [f"{subject.name}, seed {number + 1}: {record.reason}"]
