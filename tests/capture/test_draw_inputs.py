import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parityhub.capture.draw_inputs import DTYPES, Drawn, draw_inputs, main, parse_drawn
from parityhub.errors import OptionError

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)


@given(st.sampled_from(DTYPES), SHAPES)
def test_what_is_written_is_read_again_and_drawn(dtype: str, shape: tuple[int, ...]):
    asked = parse_drawn(f"x={','.join(map(str, shape))}:{dtype}")
    assert parse_drawn(str(asked)) == asked
    array = draw_inputs([asked], 7)["x"]
    assert array.dtype == dtype
    assert array.shape == shape
    assert np.array_equal(array, draw_inputs([asked], 7)["x"])


@given(st.integers(-100, 100), st.integers(1, 100))
def test_a_range_is_kept(low: int, width: int):
    for dtype in ("int32", "float32"):
        array = draw_inputs([parse_drawn(f"x=50:{dtype}:{low}..{low + width}")], 3)["x"]
        assert low <= array.min()
        assert array.max() < low + width or dtype == "float32"
        assert array.max() <= low + width


def test_another_array_leaves_an_array_as_it_was():
    x = Drawn("x", (4, 8))
    alone, beside = draw_inputs([x], 7), draw_inputs([Drawn("y", (2,)), x], 7)
    assert np.array_equal(alone["x"], beside["x"])
    assert not np.array_equal(alone["x"], draw_inputs([x], 8)["x"])


@pytest.mark.parametrize(
    "text",
    ["", "x", "x=", "x=0", "x=2,0", "1=2", "x=2:float16", "x=2:int32:3..3", "x=2:int32:0..1.5",
     "x=2:uint8:0..300", "x=99999,99999", "x=1,1,1,1,1,1,1,1,1", "x=2:complex64:0..1",
     "x=2:float32:0..1e999", "x=2:float32:-..1", "x=-1"],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(text: str):
    with pytest.raises(OptionError):
        parse_drawn(text)


def test_the_same_bytes_each_time_and_no_array_is_lost(tmp_path: Path):
    for name in ("a.npz", "b.npz"):
        main([str(tmp_path / name), "file=3", "x=2,2:int64:0..9"])
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert set(arrays.files) == {"file", "x"}


@pytest.mark.parametrize("words", [["x=2", "x=3"], ["x=0"], ["x=2", "--seed=-1"]])
def test_a_mistake_is_a_line_and_a_hint(tmp_path: Path, words: list[str]):
    done = subprocess.run(
        [sys.executable, "-m", "parityhub.capture.draw_inputs", str(tmp_path / "a.npz"), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "hint:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())
