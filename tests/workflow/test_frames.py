"""A hub's records as tidy data frames, and as a card."""

import math
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

import parityhub
from parityhub.errors import HubError, UsageError
from parityhub.hub import layout
from parityhub.hub.parity_records import LayerRecord, LocalizationRecord
from parityhub.hub.store import Hub
from parityhub.workflow.frame_rows import COLUMNS
from tests.conftest import Repository, copy_plan
from tests.documents import follow_page, read_blocks

PAGE = Path(__file__).resolve().parents[2] / "docs" / "frames.md"


def read_noon() -> datetime:
    return datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = copy_plan("tiny", tmp_path_factory.mktemp("tiny") / "repo")
    assert repository.call("run-phase", "FIT").code == 0
    return repository


def test_attempts_and_statistics_have_a_row_each(tiny: Repository) -> None:
    frames = parityhub.load(tiny.hub())
    assert list(frames.attempts["baseline"]) == ["a", "b"]
    assert set(frames.attempts["status"]) == {"passed"}
    assert frames.attempts["started"].dt.tz is not None
    stats = frames.stats.pivot_table(index="metric", columns="baseline", values="value")
    assert stats.loc["mean", "a"] == pytest.approx(stats.loc["mean", "b"], rel=1e-5)
    assert set(frames.stats["status"]) == {"finite"}
    logged = frames.stats[frames.stats["baseline"] == "b"]
    assert logged["line"].notna().all()
    assert list(frames.values["number"]) == [16.0, 16.0]
    assert "summary.md" in set(frames.artifacts["path"])


def test_a_check_has_its_verdict(tiny: Repository) -> None:
    checks = parityhub.load(tiny.hub()).checks.set_index("check")
    assert list(checks.index) == ["same-start", "same-samples", "alive", "close"]
    assert set(checks["verdict"]) == {"PASS"}
    assert not checks["deferred"].any()
    assert "256 u" in checks.loc["close", "tolerance"]


def test_a_claim_has_its_standing_in_an_audit(tiny: Repository, tmp_path: Path) -> None:
    claims = parityhub.load(tiny.hub()).claims
    assert set(claims["state"]) >= {"confirmed"}
    assert "refuted" not in set(claims["state"])
    assert set(claims["file"]) >= {"summary.md"}
    lie = copy_plan("tiny", tmp_path / "repo")
    assert lie.call("run-phase", "FIT").code == 0
    (lie.hub() / "notes.md").write_text("`fit/a/analysis/FIT_a_1/nothing.npy` is there.\n")
    [refuted] = parityhub.load(lie.hub()).claims.query("state == 'refuted'").to_dict("records")
    assert (refuted["file"], refuted["line"], refuted["kind"]) == ("notes.md", 1, "path")
    assert refuted["codes"]


def test_layers_are_in_their_order_in_both_directions(tmp_path: Path) -> None:
    hub = Hub.create(tmp_path, "hub", "I", read_noon)
    layers = (
        LayerRecord(tensorflow="a", pytorch="a", verdict="same", local=0.0, floor=1e-7, scale=2.0),
        LayerRecord(tensorflow="b", pytorch=None, verdict="unpaired"),
    )
    record = LocalizationRecord(
        pair="net", dtype="float32", verdict="FAIL", reason="b", divergences=(), layers=layers,
        gradient_layers=layers[:1],
    )  # fmt: skip
    path = layout.localization_path("p", "P_1", "the_check", 2)
    hub.keep_record(path, record, made_by="P_1 check the_check examination 2", shows="layers")
    hub.save_manifest()
    frame = parityhub.load(hub.root).layers
    assert list(frame["direction"]) == ["forward", "forward", "backward"]
    assert set(zip(frame["phase"], frame["check"], frame["localization"], strict=True)) == {
        ("P_1", "the_check", path)
    }
    assert frame.iloc[0][["tensorflow", "local", "floor", "scale"]].tolist() == ["a", 0, 1e-7, 2]
    assert pd.isna(frame["pytorch"].iloc[1])
    assert math.isnan(frame["local"].iloc[1])


@pytest.mark.parametrize("name", COLUMNS)
def test_a_frame_has_its_columns_and_types_with_rows_and_without(
    name: str, tiny: Repository, tmp_path: Path
) -> None:
    empty = Hub.create(tmp_path, "hub", "I", read_noon)
    empty.save_manifest()
    for root in (tiny.hub(), empty.root):
        frame = getattr(parityhub.load(root), name)
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == COLUMNS[name]


def test_parquet_gives_back_what_was_written(tiny: Repository, tmp_path: Path) -> None:
    frames = parityhub.load(tiny.hub())
    for _ in range(2):
        written = frames.to_parquet(tmp_path / "out")
    assert [file.stem for file in written] == [*COLUMNS]
    assert sorted(tmp_path.glob("out/*")) == sorted(written)
    assert sorted(tmp_path.glob("out/.*")) == []
    for file in written:
        frame = getattr(frames, file.stem)
        if file.stem == "values":
            frame = frame.astype({"value": "string"})
        again = pd.read_parquet(file)
        pd.testing.assert_frame_equal(again, frame, check_dtype=False)
        assert str(again.dtypes.iloc[0]).startswith("str")


def test_without_pyarrow_a_line_and_a_hint(
    tiny: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="needs pyarrow") as caught:
        parityhub.load(tiny.hub()).to_parquet(tmp_path / "out")
    assert caught.value.hint == "pip install 'parityhub[parquet]'"
    assert not (tmp_path / "out").exists()


def test_a_hub_is_shown_as_a_card_that_links_to_its_page(
    tiny: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny.root)
    root = tiny.hub().relative_to(tiny.root)
    card = parityhub.load(root)._repr_html_()
    assert "<strong>TINY: PASS</strong>" in card
    assert '<th scope="row">FIT</th>' in card
    [href] = re.findall(r'href="([^"]+)"', card)
    assert href == f"{root.as_posix()}/summary.html"
    assert Path(href).is_file()
    assert not re.search(r"<(script|style)", card)
    assert str(tiny.root) not in card
    assert repr(parityhub.load(root)).startswith(f"<parityhub hub {root.as_posix()}: PASS, 2 att")


def test_a_hub_in_which_nothing_ran_is_no_pass(tmp_path: Path) -> None:
    hub = Hub.create(tmp_path, "hub", "I", read_noon)
    hub.save_manifest()
    card = parityhub.load(hub.root)._repr_html_()
    assert "<strong>I: INCONCLUSIVE</strong>, no phase has run" in card
    assert "href" not in card


def test_what_is_no_hub_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HubError, match="no hub here"):
        parityhub.load(tmp_path)


def test_the_page_runs_as_it_says(make_repository: Callable[[str], Repository]) -> None:
    assert follow_page("frames.md", make_repository("tiny").root) == 2


def test_the_page_names_each_column() -> None:
    assert list(read_blocks("frames.md"))
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {name: re.findall(r"`(\w+)`", columns) for name, columns in rows}
    assert told == {name: [*columns] for name, columns in COLUMNS.items()}
