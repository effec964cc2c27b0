"""The engine of a campaign, with audits that see all, nothing, or the wrong thing."""

import shutil

from parityhub.audit.campaign.drive import FITTING, Told, run_campaign
from parityhub.audit.campaign.scan import list_reports


def find_differing(original):
    """An audit that knows the truth: it tells the code wanted of each line that differs."""

    def audit(copy):
        for path in original.rglob("*"):
            name = path.relative_to(original).as_posix()
            if not path.is_file() or path.read_bytes() == (copy / name).read_bytes():
                continue
            if name not in list_reports(original):
                yield Told("PH203", name, (1,))
                continue
            lines = zip(
                path.read_bytes().split(b"\n"),
                (copy / name).read_bytes().split(b"\n"),
                strict=False,
            )
            for number, (one, other) in enumerate(lines, 1):
                if one != other:
                    for code in sorted(set().union(*FITTING.values())):
                        yield Told(code, name, (number,))

    return audit


def test_an_audit_that_sees_all_catches_all_and_alarms_at_each_rewording(made):
    result = run_campaign(made, find_differing(made), 80, 1, rewordings=10)
    assert len(result.mutants) == 80
    assert result.known == 0
    assert result.caught_share == 1.0
    assert {alarm.rewording for alarm in result.alarms} == {one.name for one in result.rewordings}


def test_an_audit_that_sees_nothing_misses_all(made):
    result = run_campaign(made, lambda _: (), 40, 2, rewordings=5)
    assert result.caught_share == 0.0
    assert {m.outcome for m in result.mutants} <= {"missed", "true"}
    assert result.alarms == ()


def test_a_code_of_changed_bytes_says_nothing_of_a_changed_sentence(made):
    def audit(copy):
        changed = (copy / "summary.md").read_bytes() != (made / "summary.md").read_bytes()
        return [Told("PH203", "summary.md", (1,))] if changed else []

    result = run_campaign(made, audit, 60, 3, rewordings=5)
    reports = [m for m in result.mutants if m.form != "byte" and m.outcome != "true"]
    assert {m.outcome for m in reports} == {"missed"}


def test_a_true_audit_of_a_false_line_elsewhere_does_not_count(made):
    def audit(copy):
        changed = (copy / "summary.md").read_bytes() != (made / "summary.md").read_bytes()
        return [Told("PH401", "summary.md", (1,))] if changed else []

    result = run_campaign(made, audit, 60, 4, rewordings=1)
    numbers = [m for m in result.mutants if m.form == "number" and m.file == "summary.md"]
    assert numbers
    assert {m.outcome for m in numbers if m.line > 1} <= {"misnamed", "true"}


def test_the_hub_itself_is_not_changed(made, tmp_path):
    before = shutil.copytree(made, tmp_path / "before")
    run_campaign(made, lambda _: (), 30, 5, rewordings=5)
    files = {p.relative_to(made): p.read_bytes() for p in made.rglob("*") if p.is_file()}
    kept = {p.relative_to(before): p.read_bytes() for p in before.rglob("*") if p.is_file()}
    assert files == kept


def test_links_are_no_part_of_the_copy_and_nothing_behind_them_is_written(hub, tmp_path):
    outside = tmp_path / "outside.md"
    outside.write_text("Run 12 of 99 took 3.5 s\n")
    (hub / "linked.md").symlink_to(outside)
    (hub / "loop").symlink_to(hub)
    (hub / "nowhere.md").symlink_to(tmp_path / "gone")
    result = run_campaign(hub, lambda _: (), 60, 7, rewordings=3)
    assert "linked.md" not in {mutant.file for mutant in result.mutants}
    assert outside.read_text() == "Run 12 of 99 took 3.5 s\n"


def test_a_report_that_is_not_utf_8_is_tried_all_the_same(hub):
    (hub / "notes.md").write_bytes(b"\xff mean 0.25 [x.json#/a](x.json) caf\xe9\n    12: \xfe 7\n")
    result = run_campaign(hub, lambda _: (), 400, 8, rewordings=5)
    assert "notes.md" in {mutant.file for mutant in result.mutants}
    assert "notes.md" not in {one.file for one in result.rewordings}


def test_told_progress_now_and_then(made):
    told: list[str] = []
    run_campaign(made, lambda _: (), 20, 6, rewordings=10, tell=told.append)
    assert told == [
        "10 of 20 lies tried",
        "20 of 20 lies tried",
        "10 of 10 rewordings tried",
    ]
