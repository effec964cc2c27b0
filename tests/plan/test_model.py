from typing import Any

import msgspec

from parityhub.plan.model import Plan, Step
from parityhub.plan.situation import Situation, resolve_situations


def make_plan(*, rungs: list[dict[str, Any]] | None = None, **phase: Any) -> Plan:
    """Return a plan of one phase P and one run, of baseline `side`."""
    run = phase.pop("run", {})
    ladders = {} if rungs is None else {"up": {"rungs": rungs}}
    document = {
        "format": 1,
        "initiative": {"id": "T", "title": "t", "hub": "t"},
        "options": {"seed": 1, "epochs": 1, "size": 1, "rate": 1},
        "default_dataset": "first",
        "dataset": {name: {"files": {"train": name}} for name in ("first", "second", "third")},
        "baseline": {
            "side": {
                "framework": "other",
                "steps": [{"name": "s", "command": ["c"]}],
                "env": {"MODE": "base", "KEEP": "1"},
                "options": {"epochs": 2, "size": 2, "rate": 2},
            }
        },
        "ladder": ladders,
        "phase": [
            {
                "id": "P",
                "title": "p",
                "folder": "p",
                "options": {"size": 3, "rate": 3},
                "runs": [{"baseline": "side", **({"ladder": "up"} if ladders else {}), **run}],
                **phase,
            }
        ],
    }
    return msgspec.convert(document, Plan)


def resolve(plan: Plan) -> tuple[Situation, ...]:
    return resolve_situations(plan, plan.phases[0], plan.phases[0].runs[0])


def test_without_a_ladder_a_run_is_tried_once_as_it_is() -> None:
    (only,) = resolve(make_plan())
    assert (only.rung, only.title, only.begin_at, only.revision) == ("as-is", "as is", None, None)
    assert only.env == {"MODE": "base", "KEEP": "1"}
    assert only.dataset == "first"


def test_the_later_option_wins_plan_baseline_phase_run_rung() -> None:
    rungs = [{"id": "a", "title": "a"}, {"id": "b", "title": "b", "options": {"seed": 5}}]
    first, second = resolve(make_plan(rungs=rungs, run={"options": {"rate": 4}}))
    assert first.options == {"seed": 1, "epochs": 2, "size": 3, "rate": 4}
    assert second.options == {"seed": 5, "epochs": 2, "size": 3, "rate": 4}


def test_a_phase_has_its_own_data() -> None:
    assert [s.dataset for s in resolve(make_plan(dataset="second"))] == ["second"]


def test_rungs_add_to_those_before_them() -> None:
    rungs = [
        {"id": "a", "title": "a"},
        {"id": "b", "title": "b", "env": {"FLAG": "1"}, "revision": "fix"},
        {"id": "c", "title": "c", "env": {"MODE": "c"}, "dataset": "second"},
        {"id": "d", "title": "d", "unset": ["KEEP", "FLAG"], "options": {"seed": 9}},
    ]
    a, b, c, d = resolve(make_plan(rungs=rungs))
    assert a.env == {"MODE": "base", "KEEP": "1"}
    assert b.env == {"MODE": "base", "KEEP": "1", "FLAG": "1"}
    assert c.env == {"MODE": "c", "KEEP": "1", "FLAG": "1"}
    assert d.env == {"MODE": "c", "KEEP": None, "FLAG": None}
    assert [s.revision for s in (a, b, c, d)] == [None, "fix", "fix", "fix"]
    assert [s.dataset for s in (a, b, c, d)] == ["first", "first", "second", "second"]
    assert [s.options["seed"] for s in (a, b, c, d)] == [1, 1, 1, 9]


def test_reset_drops_what_earlier_rungs_changed_and_later_rungs_add_to_it() -> None:
    changed = {"env": {"FLAG": "1"}, "dataset": "second", "revision": "fix", "options": {"seed": 9}}
    rungs = [
        {"id": "a", "title": "a", **changed},
        {"id": "b", "title": "b", "reset": True, "env": {"OTHER": "2"}},
        {"id": "c", "title": "c", "dataset": "third"},
    ]
    a, b, c = resolve(make_plan(rungs=rungs))
    assert (a.dataset, a.revision, a.options["seed"]) == ("second", "fix", 9)
    assert b.env == {"MODE": "base", "KEEP": "1", "OTHER": "2"}
    assert (b.dataset, b.revision, b.options["seed"]) == ("first", None, 1)
    assert c.env == b.env
    assert c.dataset == "third"


def test_an_unset_variable_can_be_set_again() -> None:
    rungs = [
        {"id": "a", "title": "a", "unset": ["MODE"]},
        {"id": "b", "title": "b", "env": {"MODE": "b"}},
    ]
    assert [s.env["MODE"] for s in resolve(make_plan(rungs=rungs))] == [None, "b"]


def test_where_an_attempt_begins_is_its_own_rungs_alone() -> None:
    rungs = [
        {"id": "a", "title": "a", "begin_at": "s"},
        {"id": "b", "title": "b"},
    ]
    assert [s.begin_at for s in resolve(make_plan(rungs=rungs))] == ["s", None]


def test_resolving_leaves_the_plan_as_it_was() -> None:
    rungs = [{"id": "a", "title": "a", "env": {"FLAG": "1"}, "options": {"seed": 9}}]
    plan = make_plan(rungs=rungs)
    before = msgspec.json.encode(plan)
    resolve(plan)
    assert msgspec.json.encode(plan) == before


def test_a_variable_that_the_plan_speaks_of_is_controlled() -> None:
    rungs = [{"id": "a", "title": "a", "env": {"FLAG": "1"}, "unset": ["GONE"]}]
    gate = {"selectors": ["tests"], "env": {"STRICT": "1"}}
    plan = make_plan(rungs=rungs, gate=gate)
    assert plan.controlled_variables() == {"MODE", "KEEP", "FLAG", "GONE", "STRICT"}


def test_a_step_must_leave_what_is_listed_and_what_it_reads_numbers_from() -> None:
    listed = [{"path": "a.json", "kind": "history", "shows": "losses"}]
    stats = [
        {"section": "x", "array": "x.npy"},
        {"section": "y", "log": "(?P<mean>.)"},
    ]
    values = [{"name": "v", "json": "a.json"}, {"name": "w", "json": "b.json"}]
    document = {"name": "s", "command": ["c"], "artifacts": listed, "stats": stats}
    step = msgspec.convert({**document, "values": values}, Step)
    left = [(item.path, item.kind) for item in step.list_artifacts()]
    assert left == [("a.json", "history"), ("x.npy", "array"), ("b.json", "json")]


def test_finds_phases_runs_and_their_folders() -> None:
    plan = make_plan(run={"folder": "elsewhere"})
    phase = plan.find_phase("P")
    assert phase is not None
    assert plan.find_phase("Q") is None
    run = phase.find_run("side")
    assert run is not None
    assert phase.find_run("other") is None
    assert phase.folder_of(run) == "elsewhere"
    assert make_plan().phases[0].folder_of(make_plan().phases[0].runs[0]) == "p"
