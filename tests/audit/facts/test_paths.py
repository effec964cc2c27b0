import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.audit.facts.files import list_files
from parityhub.audit.facts.paths import PathFacts
from parityhub.audit.roots import Roots
from tests.audit.make_hub import FILES, write_hub

REPORT = "side/phase_b3/analysis/inventory.txt"


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    root = write_hub(
        tmp_path_factory.mktemp("paths") / "hub", {**FILES, REPORT: "x", "cli/a.log": ""}
    )
    return PathFacts(list_files(root), Roots(root))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("side/phase_b3/cli/train_b3.log", "side/phase_b3/cli/train_b3.log"),
        ("cli/train_b3.log", "side/phase_b3/cli/train_b3.log"),
        ("bundle_digest.txt", "side/phase_b3/analysis/bundle_digest.txt"),
        ("../cli/train_b3.log", "side/phase_b3/cli/train_b3.log"),
        ("$HUB/cli/a.log", "cli/a.log"),
        ("[hub]/cli/a.log", "cli/a.log"),
        ("$BASE/cli/train_c1.log", "other/phase_c1/cli/train_c1.log"),
        ("cli/train_*.log", "side/phase_b3/cli/train_b3.log"),
        ("cli/train_<phase>.log", "side/phase_b3/cli/train_b3.log"),
        ("dump/", "side/phase_b3/analysis/dump"),
        ("cli/train_b3.log#L3", "side/phase_b3/cli/train_b3.log"),
    ],
)
def test_a_path_is_found_as_a_reader_would(paths, written, found):
    assert paths.resolve(written, REPORT).files == (found,)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("../cli/a.log", "misplaced"),
        ("cli/missing.log", "missing"),
        ("$HUB/missing.json", "missing"),
        ("docs/plan.md", "unknown"),
        ("red/blocked_<timestamp>.md", "unknown"),
        ("/etc/passwd", "outside"),
        ("../../../../etc/passwd", "outside"),
        ("https://example.org/a.log", "outside"),
    ],
)
def test_a_path_that_leads_nowhere_says_how(paths, written, state):
    assert paths.resolve(written, REPORT).state == state


def test_the_name_by_which_reports_call_the_hub_is_learnt(paths):
    outer = "plans/x/reports/2025-11-13T000000Z/forward_parity"
    written = [f"{outer}/cli/a.log", f"{outer}/side/phase_b3/cli/train_b3.log"]
    learnt = PathFacts(paths.table, paths.roots)
    learnt.learn_prefixes(written)
    assert learnt.resolve(written[0], "").files == ("cli/a.log",)
    assert learnt.resolve(f"{outer}/cli/gone.log", "").state == "missing"


@given(st.text(alphabet="./~$<>*[]{}!abHUB\\\0", max_size=40))
def test_no_path_leads_out_of_the_hub(paths, written):
    for file in paths.resolve(written, REPORT).files:
        assert file == "" or paths.table.has(file)
