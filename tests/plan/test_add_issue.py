"""A known issue goes into a plan; each comment, and what it stands at, stays."""

from pathlib import Path

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from parityhub.errors import PlanError
from parityhub.plan.add_issue import add_issue
from parityhub.plan.model import KnownIssue
from parityhub.plan.read import parse_plan

PATH = Path("plan.toml")
HEAD = """# a plan
format = 1

[initiative] # the effort
id = "I"
title = "t"
hub = "h"
"""
TAIL = """[baseline.a]
framework = "other"

[[baseline.a.steps]]
name = "run"
command = ["true"]

[[phase]]
id = "P"
title = "t"
folder = "p"
runs = [{ baseline = "a" }]
"""
FIRST = """# the first
[[known_issue]]
id = "A-1" # as the team calls it
pattern = 'a\\d'
summary = "s"
mitigation = "m"
"""
NEW = KnownIssue(id="N-1", pattern=r"no kernel\s+for", summary='it\'s "new"', mitigation="wait")


def add(text: str, issue: KnownIssue = NEW) -> str:
    added = add_issue(parse_plan(PATH, text.encode()), issue)
    assert added.plan.known_issues[-1] == issue
    assert parse_plan(PATH, added.text.encode()) == added
    return added.text


def test_it_stands_behind_the_others_and_each_comment_where_it_was() -> None:
    text = add(f"{HEAD}\n{FIRST}# of the first\n\n# the sides\n{TAIL}")
    assert text == (
        f"{HEAD}\n{FIRST}# of the first\n\n"
        "[[known_issue]]\n"
        'id = "N-1"\n'
        "pattern = 'no kernel\\s+for'\n"
        'summary = "it\'s \\"new\\""\n'
        'mitigation = "wait"\n'
        f"\n# the sides\n{TAIL}"
    )


def test_the_first_one_of_a_plan_stands_at_its_end() -> None:
    text = HEAD + TAIL
    assert add(text).startswith(f"{text}\n[[known_issue]]\n")
    assert add(text.rstrip("\n")).startswith(f"{text}\n[[known_issue]]\n")


def test_a_list_of_inline_tables_gets_one_more() -> None:
    inline = "known_issue = [{ id = 'A', pattern = 'a', summary = 's', mitigation = 'm' }] # ours\n"
    text = add(inline + HEAD + TAIL)
    assert text.count("\n") == (inline + HEAD + TAIL).count("\n")
    assert "# ours" in text


def test_the_same_is_added_twice_by_other_ids_only() -> None:
    text = add(
        add(HEAD + FIRST + TAIL), KnownIssue(id="N-2", pattern="b", summary="s", mitigation="m")
    )
    assert text.count("[[known_issue]]") == 3
    with pytest.raises(PlanError, match="N-1"):
        add(text)


@pytest.mark.parametrize(
    ("issue", "says"),
    [
        (KnownIssue(id="no id", pattern="a", summary="s", mitigation="m"), "known_issue"),
        (KnownIssue(id="N", pattern="(", summary="s", mitigation="m"), "pattern"),
        (KnownIssue(id="N", pattern="a", summary=" ", mitigation="m"), "summary"),
    ],
)
def test_what_would_be_no_plan_is_refused_by_file_line_and_key(
    issue: KnownIssue, says: str
) -> None:
    with pytest.raises(PlanError, match=r"^plan\.toml:\d+: ") as caught:
        add(HEAD + FIRST + TAIL, issue)
    assert says in caught.value.message


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(str.strip)
FILLER = st.sampled_from(["", "\n", "# c\n", "\n# c\n", "# c\n\n", "\n\n# d\n# e\n\n"])


@given(pattern=TEXT, summary=TEXT, before=FILLER, behind=FILLER, issues=st.integers(0, 2))
def test_any_text_is_kept_and_nothing_else_changes(
    pattern: str, summary: str, before: str, behind: str, issues: int
) -> None:
    firsts = "".join(FIRST.replace("A-1", f"A-{at}") + before for at in range(issues))
    old = parse_plan(PATH, (HEAD + before + firsts + behind + TAIL).encode())
    escaped = "".join(f"\\{char}" if char in r"\[](){}?*+^$|." else char for char in pattern)
    issue = KnownIssue(id="N-1", pattern=escaped, summary=summary, mitigation="m")
    added = add_issue(old, issue)
    assert added.plan.known_issues == (*old.plan.known_issues, issue)
    comments = [line for line in old.text.splitlines() if line.startswith("#")]
    assert [line for line in added.text.splitlines() if line.startswith("#")] == comments
    assert tomlkit.parse(added.text).as_string() == added.text
