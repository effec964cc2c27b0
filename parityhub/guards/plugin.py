"""The pytest plugin: fixtures that hold a pair or a phase against what was accepted.

It is loaded by each pytest where parityhub is installed: nothing heavy is imported before a guard
runs. With pytest-xdist each pair and phase is run once, by the worker that comes first.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from parityhub.guards.held import Held

PROPERTY = "parityhub"
"""the property of a test's report that its guard is kept under"""
FORMAT = 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of guards."""
    group = parser.getgroup("parityhub")
    group.addoption(
        "--parity-update",
        action="store_true",
        help="Accept what guards find changed, for --parity-reason; a lost parity never.",
    )
    group.addoption("--parity-reason", metavar="WHY", help="Why a change is accepted; recorded.")
    group.addoption("--parity-report", metavar="FILE", help="Write what each guard found, as JSON.")


def pytest_configure(config: pytest.Config) -> None:
    """See that an update has its reason, and collect what guards find where it is asked for.

    Raises:
        pytest.UsageError: it has none.
    """
    reason = config.getoption("parity_reason") or ""
    if config.getoption("parity_update") and not reason.strip():
        raise pytest.UsageError('--parity-update needs a reason: --parity-reason "why"')
    if reason and not config.getoption("parity_update"):
        raise pytest.UsageError("--parity-reason goes with --parity-update")
    file = config.getoption("parity_report")
    # With xdist the controller hears of all tests; its workers write nothing.
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporter(Path(file)), "parityhub-report")


class Reporter:
    """Writes what each guard found."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: dict[str, Any] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a guard's findings from the report of its test."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                self.found[report.nodeid] = json.loads(str(value))

    def pytest_sessionfinish(self) -> None:
        """Write the report; no guard at all is no PASS."""
        verdicts = [found["verdict"] for found in self.found.values()]
        verdict = next((word for word in ("FAIL", "INCONCLUSIVE") if word in verdicts), "PASS")
        document = {
            "format": FORMAT,
            "verdict": verdict if verdicts else "INCONCLUSIVE",
            "reason": "" if verdicts else "no guard ran",
            "guards": [{"test": test, **found} for test, found in sorted(self.found.items())],
        }
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def parity_shared(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> "Callable[[str, Path, Hold], list[Held]]":
    """Return what runs something once in a session, whichever worker asks first."""
    base = tmp_path_factory.getbasetemp()
    # Not by the environment: a pytest that a worker starts is no worker.
    shared = base.parent if hasattr(request.config, "workerinput") else base
    reason = request.config.getoption("parity_reason")

    def share(kind: str, folder: Path, hold: Hold) -> "list[Held]":
        from hashlib import sha256

        from filelock import FileLock

        key = sha256(f"{kind}\0{folder.resolve()}".encode()).hexdigest()[:16]
        place = shared / f"parityhub-{kind}-{key}"
        with FileLock(f"{place}.lock"):
            return read_or_hold(Path(f"{place}.json"), lambda: hold(folder, place, reason))

    return share


Hold = Callable[[Path, Path, str | None], "list[Held]"]
"""holds a reference, working in a folder, and accepts a change for a reason"""


def read_or_hold(file: Path, hold: "Callable[[], list[Held]]") -> "list[Held]":
    """Return what a worker found before, or find it.

    A failure is kept too: others must not wait for the same failure again.
    """
    import msgspec

    from parityhub.errors import Error
    from parityhub.guards.held import Held

    if not file.exists():
        try:
            kept: dict[str, Any] = {"held": hold()}
        except Error as error:
            kept = {"error": error.message, "hint": error.hint}
        file.write_bytes(msgspec.json.encode(kept))
    found = msgspec.json.decode(file.read_bytes())
    if "error" in found:
        pytest.fail(f"{found['error']}\nhint: {found['hint']}", pytrace=False)
    return msgspec.convert(found["held"], list[Held])


def hold_one(folder: Path, work: Path, reason: str | None) -> "list[Held]":
    """Hold a pair."""
    from datetime import UTC, datetime

    from parityhub.guards.hold_pair import hold_pair

    return [hold_pair(folder, work, os.environ, lambda: datetime.now(UTC), reason)]


def hold_all(folder: Path, work: Path, reason: str | None) -> "list[Held]":
    """Hold each check of a phase."""
    from datetime import UTC, datetime

    from parityhub.guards.hold_phase import hold_phase

    held = hold_phase(folder, work, os.environ, lambda: datetime.now(UTC), reason)
    return list(held.values())


@pytest.fixture
def parity_pair(
    parity_shared: "Callable[[str, Path, Hold], list[Held]]",
) -> "Callable[[Path], Held]":
    """Return what holds a pair against the reference in a folder: `parity_pair(FOLDER)`."""

    def hold(folder: Path) -> "Held":
        [held] = parity_shared("pair", folder, hold_one)
        return held

    return hold


@pytest.fixture
def parity_phase(
    parity_shared: "Callable[[str, Path, Hold], list[Held]]",
) -> "Callable[[Path, str], Held]":
    """Return what holds a check of a phase's runs: `parity_phase(FOLDER, CHECK)`."""

    def hold(folder: Path, check: str) -> "Held":
        found = parity_shared("phase", folder, hold_all)
        named = [held for held in found if held.guard.endswith(f"/{check}")]
        if not named:
            pytest.fail(f"{folder}: nothing was accepted of a check {check!r}", pytrace=False)
        return named[0]

    return hold


@pytest.fixture
def parity_assert(request: pytest.FixtureRequest) -> "Callable[[Held], None]":
    """Return what fails a test whose guard does not hold, with all that it shows."""

    def check(held: "Held") -> None:
        import msgspec

        from parityhub.guards.held import describe_held

        found = msgspec.json.encode(held).decode()
        request.node.user_properties.append((PROPERTY, found))
        if held.verdict != "PASS":
            pytest.fail(describe_held(held), pytrace=False)

    return check
