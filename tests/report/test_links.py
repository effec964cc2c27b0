from parityhub.hub.records import CheckNumber, Measured, Place
from parityhub.report.links import (
    describe_place,
    is_path,
    link_file,
    link_place,
    list_values,
    place_in,
    show_check_number,
    show_measured,
    show_recorded,
    weave_links,
)

HERE = Place(file="a/attempt.json", pointer="/values/x/value")


def test_a_link_is_relative_to_the_folder_of_the_report() -> None:
    assert link_file("tf/cli/train.log", start="tf/red")["target"] == "../cli/train.log"
    assert link_file("tf/cli/train.log")["target"] == "tf/cli/train.log"


def test_a_place_is_named_shortly_and_linked_wholly() -> None:
    assert link_place(Place(file="tf/stats.json", pointer="/a/mean")) == {
        "text": "stats.json#/a/mean",
        "target": "tf/stats.json",
        "fragment": "",
    }
    assert link_place(Place(file="cli/train.log", line=26)) == {
        "text": "train.log:26",
        "target": "cli/train.log",
        "fragment": "L26",
    }


def test_a_place_as_text_names_the_whole_path() -> None:
    assert describe_place(Place(file="tf/stats.json", pointer="/a")) == "tf/stats.json#/a"
    assert describe_place(Place(file="tf/stats.npy")) == "tf/stats.npy"


def test_a_pointer_is_escaped_as_its_standard_says() -> None:
    assert place_in("f.json", "a/b", "c~d", 0).pointer == "/a~1b/c~0d/0"


def test_a_measured_value_is_cited_where_it_was_read() -> None:
    source = Place(file="cli/train.log", line=3)
    read = show_measured(Measured(status="finite", value=2.0, source=source), HERE)
    assert (read["value"], read["source"]["text"]) == (2.0, "train.log:3")


def test_a_value_that_stands_in_no_file_is_cited_where_it_is_recorded() -> None:
    lost = show_measured(Measured(status="missing", value=None, source=None, note="gone"), HERE)
    assert lost["source"]["text"] == "attempt.json#/values/x/value"
    assert (lost["status"], lost["note"]) == ("missing", "gone")
    array = Measured(status="finite", value=1.0, source=Place(file="a/patches.npy"))
    assert show_measured(array, HERE)["source"]["text"] == "attempt.json#/values/x/value"
    computed = show_check_number(CheckNumber(name="ratio", value=1.5), HERE)
    assert computed["source"]["text"] == "attempt.json#/values/x/value"


def test_the_status_of_a_recorded_value_says_what_it_is() -> None:
    statuses = [show_recorded(value, HERE)["status"] for value in (1, None, "nan")]
    assert statuses == ["finite", "missing", "text"]


def test_values_of_a_row_leave_out_sides_that_have_none() -> None:
    assert list_values([show_recorded(1, HERE), None]) == [1]


def test_paths_in_a_text_become_links_and_the_text_stays() -> None:
    prose = weave_links("blocked (a/b.md, a/c.md). a/b", {"a/b.md", "a/c.md"})
    assert prose == [
        "blocked (",
        link_file("a/b.md"),
        ", ",
        link_file("a/c.md"),
        "). a/b",
    ]


def test_only_a_bare_path_is_a_path() -> None:
    texts = ("cli/train.log", "train.log", "see cli/train.log", "https://x.example/a")
    assert [is_path(text) for text in texts] == [True, False, False, False]
