"""The summary: as a person reads it, and number by number against the records."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from parityhub.hub.records import Measured
from parityhub.report.artifact_groups import find_phase_path
from parityhub.report.links import describe_place
from parityhub.report.render import render_template
from parityhub.report.summary_view import build_summary_view
from tests.report.sample import Sample

NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?"
SOURCED = re.compile(rf"(?<![\w.#-])({NUMBER})(?: (s|[kMGT]B|bytes))? \[([^\]]+)\]\(([^)]+)\)")
SCALES = {"": 1.0, "s": 1.0, "bytes": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}


def render(sample: Sample, **changes: Any) -> str:
    view = build_summary_view(**sample.summary_arguments() | changes)
    return render_template("summary.md.j2", view)


def list_facts(sample: Sample) -> dict[str, object]:
    """List each value that a place of the sample's hub holds, by the place as text."""
    facts: dict[str, object] = {}

    def walk(place: str, node: Any) -> None:
        children = node.items() if isinstance(node, dict) else enumerate(node)
        for key, child in children:
            if isinstance(child, dict | list | tuple):
                walk(f"{place}/{key}", child)
            else:
                facts[f"{place}/{key}"] = child

    for path, attempt in sample.attempts.items():
        walk(f"{path}#", msgspec.to_builtins(attempt))
        sections: list[dict[str, Measured]] = [attempt.values, *attempt.stats.values()]
        for section in sections:
            for measured in section.values():
                assert measured.source is not None
                facts[describe_place(measured.source)] = measured.value
    for phase in sample.phases:
        walk(f"{find_phase_path(phase)}#", msgspec.to_builtins(phase))
        for check in phase.checks:
            for number in check.numbers:
                if number.source:
                    facts[describe_place(number.source)] = number.value
    return facts


def test_the_summary_as_a_reviewer_reads_it(
    sample: Sample, check_golden: Callable[[str, str], None]
) -> None:
    check_golden("summary.md", render(sample))


def test_each_number_is_what_its_source_holds(sample: Sample) -> None:
    facts = list_facts(sample)
    found = SOURCED.findall(render(sample))
    assert len(found) > 40
    for shown, unit, text, target in found:
        path = re.sub(r"#L\d+$", "", target)
        fact = facts[path + text.removeprefix(path.rsplit("/", 1)[-1])]
        assert isinstance(fact, int | float)
        digits = len(re.sub(r"e.*|\D", "", shown).lstrip("0")) or 1
        assert abs(float(shown) * SCALES[unit] - fact) <= abs(fact) * 10.0 ** (1 - digits)


def test_no_number_stands_without_a_source(sample: Sample) -> None:
    text = SOURCED.sub(" ", render(sample))
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"!?\[[^\]]*\]\([^)]*\)|`[^`]*`|<[^>]*>", " ", text)
    prose = [sample.plan.policies[0].text, *sample.next_steps]
    for phase in sample.phases:
        prose += [phase.reason, phase.title, phase.phase]
        for check in phase.checks:
            prose += [check.reason, check.tolerance, check.title]
        prose += [case.message for case in phase.gate.cases] if phase.gate else []
        prose += [phase.gate.reason] if phase.gate else []
    for attempt in sample.attempts.values():
        prose.append(attempt.rung_title)
    for blocker in sample.blockers.values():
        prose += [blocker.title, *(cause.text for cause in blocker.causes)]
    for step in [step for phase in sample.phases for step in phase.steps]:
        prose += step.evidence
    for words in sorted(filter(None, prose), key=len, reverse=True):
        text = text.replace(words.replace("`", "\\`"), " ")
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|Run \d+,|Attempt \d+ counts", " ", text)
    named = re.sub(r"\b(B2|C1|C2|C3|GS1|POLICY-001|sha1|sha256|attempt \d)\b", " ", text)
    assert re.findall(r".*\d.*", named) == []


def test_the_newest_phase_comes_first_whatever_the_order_given(sample: Sample) -> None:
    text = render(sample)
    assert re.findall(r"^## (\w+): (\w+)", text, re.MULTILINE) == [
        ("GS1", "INCONCLUSIVE"),
        ("C1", "FAIL"),
        ("B2", "PASS"),
    ]
    assert render(sample, phases=sample.phases[::-1]) == text


def test_a_red_gate_that_was_passed_over_is_said_first(sample: Sample) -> None:
    lines = [line for line in render(sample).splitlines() if line]
    assert lines[1].startswith("> **Red gate passed over.** The gate of phase GS1 is red")
    assert "`POLICY-001`: PyTorch is mandatory" in lines[2]


def test_every_phase_of_the_plan_is_seen_at_a_glance(sample: Sample) -> None:
    view = build_summary_view(**sample.summary_arguments())
    assert [(row["id"], row["state"], row["verdict"]) for row in view["glance"]] == [
        ("B2", "done", "PASS"),
        ("C1", "done", "FAIL"),
        ("GS1", "one-sided", "INCONCLUSIVE"),
        ("C2", "pending", None),
    ]


def test_both_sides_stand_beside_each_other(sample: Sample) -> None:
    assert "| `patch_amplitude` | TensorFlow | PyTorch |" in render(sample)


def test_two_sides_of_one_framework_keep_their_names(sample: Sample) -> None:
    phases = list(sample.phases)
    sides = tuple(replace(side, framework="pytorch") for side in phases[3].sides)
    phases[3] = replace(phases[3], sides=sides)
    assert "| `patch_amplitude` | tensorflow | torch |" in render(sample, phases=phases)


def test_a_value_that_is_missing_or_not_finite_is_named(sample: Sample) -> None:
    text = render(sample)
    assert "| `var_zero_mean` | **missing** [stats.json#/canvas_amplitude/var_zero_mean]" in text
    assert "| `mean` | **not finite** (nan) [stats.json#/0/mean]" in text


def test_unequal_values_of_a_check_look_unequal(sample: Sample) -> None:
    text = render(sample)
    assert "`trained`: 9.882117688026286 [" in text
    assert "`loaded`: 9.88211768802629 [" in text


def test_only_pictures_of_the_attempts_that_count_are_shown(sample: Sample) -> None:
    view = build_summary_view(**sample.summary_arguments())
    phase = next(phase for phase in view["phases"] if phase["id"] == "C1")
    assert [link["target"] for _, link in phase["pictures"]] == [
        "tf_baseline/phase_c1/analysis/check_C1_1_close-var/pair.png",
        "tf_baseline/phase_c1/analysis/training_curves_C1_1.png",
        "tf_baseline/phase_c1/analysis/C1_tensorflow_3/patch_grid.png",
        "scaling_alignment/phase_c1/analysis/C1_torch_1/patch_grid.png",
    ]


def test_a_picture_that_the_hub_lacks_is_not_shown(sample: Sample) -> None:
    manifest = replace(sample.manifest, artifacts=())
    view = build_summary_view(**sample.summary_arguments() | {"manifest": manifest})
    assert [phase["pictures"] for phase in view["phases"]] == [[], [], []]


def test_a_blocker_without_its_record_is_said_to_lack_it(sample: Sample) -> None:
    text = render(sample, blockers={})
    assert text.count("- the record of this blocker is missing ([blocked_") == 3


def test_a_tick_is_a_tick_only_by_its_record(sample: Sample) -> None:
    text = render(sample)
    assert "- [x] `C1.1` both sides trained – tensorflow attempt 3 passed ([train_C1_" in text
    assert "- [ ] `C1.2` scales agree\n" in text


def test_a_settled_dataset_note_owes_nothing(sample: Sample) -> None:
    phases = list(sample.phases)
    owing = phases[2].dataset_note
    assert owing is not None
    note = replace(owing, settled=True, owed=())
    phases[2] = replace(phases[2], dataset_note=note)
    assert "A rerun is owed of: `torch`." in render(sample)
    text = render(sample, phases=phases)
    assert "Settled: the other side was rerun to match." in text
    assert "owed of" not in text


def test_a_hub_in_which_nothing_ran(sample: Sample) -> None:
    nothing: dict[str, Any] = {
        "manifest": replace(sample.manifest, artifacts=()),
        "phases": (),
        "attempts": {},
        "blockers": {},
        "criteria": (),
        "next_steps": (),
        "comparisons": {},
        "localizations": {},
    }
    text = render(sample, **nothing)
    assert text.count("| pending | – | no whole run in this hub |") == 4
    assert "PASS" not in text


def test_hostile_reasons_do_not_break_the_page(sample: Sample) -> None:
    phases = list(sample.phases)
    phases[3] = replace(phases[3], reason="a | b\n<script>\u202e`x`", title="[t](javascript:x)")
    text = render(sample, phases=phases)
    row = next(line for line in text.splitlines() if line.startswith("| [C1]"))
    assert row.endswith(r"| **FAIL** | a \| b\n&lt;script>\u202e\`x\` |")
    assert r"\[t\](javascript:x)" in text
    assert "<script" not in text
