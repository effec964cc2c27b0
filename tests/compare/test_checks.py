from typing import get_args

import msgspec
import pytest

from parityhub.compare.checks import JUDGES, judge_check
from parityhub.hub.records import CheckRecord
from parityhub.plan.model import (
    AboveCheck,
    AliveCheck,
    AnyCheck,
    ArchivedCheck,
    CloseCheck,
    EqualCheck,
    LearnedCheck,
    OutputsCheck,
    SameArtifactCheck,
    SameWeightsCheck,
    StatsCheck,
    TrainedCheck,
)
from tests.compare.builders import make_evidence

CHECKS = (
    EqualCheck(id="1", title="t", left="torch.a", right="tensorflow.a"),
    LearnedCheck(id="2", title="t", initial="torch.a", final="torch.b"),
    AliveCheck(id="3", title="t", of=("torch",), sections=("patch",)),
    CloseCheck(id="4", title="t", metric="p.mean", left="torch", right="b", rel=0.1, reason="r"),
    AboveCheck(id="5", title="t", metric="p.mean", of=("torch",), bound=0, reason="r"),
    SameArtifactCheck(id="6", title="t", path="x", of=("torch", "tensorflow")),
    ArchivedCheck(id="7", title="t", of=("torch",), artifacts=("x",)),
    StatsCheck(id="8", title="t", baseline="torch", candidate="tensorflow"),
    TrainedCheck(id="9", title="t", left="torch", right="b", array="x", object="y", reason="r"),
)


def test_each_kind_of_check_has_its_judge():
    # Comparisons of outputs are kept as records of their own: workflow/ puts them.
    compared = {SameWeightsCheck, OutputsCheck}
    assert set(JUDGES) | compared == set(get_args(AnyCheck))
    assert set(JUDGES) == {type(check) for check in CHECKS}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: type(check).__name__)
def test_without_evidence_each_kind_defers_and_says_why(check):
    missing = {"C1:torch": "PyTorch of C1 is blocked: red/blocked_x.md"}
    judgement = judge_check(check, make_evidence(missing=missing))
    record = judgement.record
    assert record.id == check.id
    assert record.kind == msgspec.to_builtins(check)["kind"]
    assert (record.verdict, record.deferred) == ("INCONCLUSIVE", True)
    assert "C1:torch: PyTorch of C1 is blocked: red/blocked_x.md" in record.reason
    assert not judgement.arrays
    assert msgspec.json.decode(msgspec.json.encode(record), type=CheckRecord) == record
