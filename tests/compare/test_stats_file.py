import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parityhub.capture.debug_dump import DebugDump
from parityhub.compare.stats_file import read_stats_json
from parityhub.errors import EvidenceError
from parityhub.plan.model import METRICS
from parityhub.run.measure import read_pointer
from tests.compare.builders import make_image


@pytest.fixture
def write(tmp_path):
    def write_stats(data):
        path = tmp_path / "stats.json"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write_stats


def test_values_come_with_their_pointers(write):
    path = write('{"patch_amplitude": {"mean": 0.5, "std": 2, "extra": 1e-3}}')
    section = read_stats_json(path)["patch_amplitude"]
    assert (section["mean"].value, section["std"].value, section["extra"].value) == (0.5, 2, 1e-3)
    assert section["mean"].source.file == path.as_posix()
    assert section["mean"].source.pointer == "/patch_amplitude/mean"
    assert section["var_zero_mean"].status == "missing"
    assert section["var_zero_mean"].value is None


def test_what_a_debug_dump_writes_is_read_back(tmp_path):
    image = make_image()
    DebugDump(tmp_path).write_canvas(image, coverage=np.ones(image.shape))
    section = read_stats_json(tmp_path / "stats.json")["canvas_amplitude"]
    assert section["count"].value == image.size
    assert all(section[metric].status == "finite" for metric in METRICS)


def test_nan_and_infinity_are_not_finite_and_null_is_missing(write):
    section = read_stats_json(
        write('{"a": {"mean": NaN, "std": -Infinity, "min": null, "max": 1e999}}')
    )["a"]
    found = {name: (value.status, value.value) for name, value in section.items()}
    assert found["mean"] == found["std"] == found["max"] == ("not-finite", None)
    assert found["min"] == ("missing", None)
    assert section["mean"].note == "nan"


@pytest.mark.parametrize("digits", [300, 301, 309, 310, 5000])
def test_integers_of_any_length(write, digits):
    mean = read_stats_json(write(f'{{"a": {{"mean": {"1" * digits}}}}}'))["a"]["mean"]
    assert mean.status == ("finite" if digits <= 309 else "not-finite")


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pointers_are_escaped(write, key):
    path = write(json.dumps({key: {"mean": 0.5}}))
    pointer = read_stats_json(path)[key]["mean"].source.pointer
    assert read_pointer(json.loads(path.read_text()), pointer) == 0.5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"a": {"mean": 1},\n "b": }', ":2: not JSON"),
        ('{"a":\n\n {"mean": 1}', ":3: not JSON"),
        ("", ":1: not JSON"),
        (b'{"a":\n {"\xff": 1}}', ":2: not UTF-8"),
        ('﻿{"a": {}}', ": not JSON"),
        ("[]", ": expected an object of sections, found list"),
        ("3", ": expected an object of sections, found int"),
        ('{"a": [1]}', ": a: expected an object, found list"),
        ('{"a": {"mean": "1"}}', ": a.mean: expected a number, found str"),
        ('{"a": {"mean": true}}', ": a.mean: expected a number, found bool"),
        ('{"a": {"mean": [1]}}', ": a.mean: expected a number, found list"),
        ('{"a": {"mean": 1, "mean": 2}}', "key 'mean' is there twice"),
        ('{"a": {}, "b": {}, "a": {}}', "key 'a' is there twice"),
        ('{"\\ud800": {}}', "cannot be printed"),
        ('{"a\\nb": {}}', "cannot be printed"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
    ],
)
def test_damage_is_refused_in_one_line_that_names_the_file(write, data, message):
    path = write(data)
    with pytest.raises(EvidenceError) as caught:
        read_stats_json(path)
    assert message in caught.value.message
    assert caught.value.message.startswith(path.as_posix())
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_no_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(EvidenceError, match="no such file"):
            read_stats_json(path)


@given(st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_statistics_or_a_refusal(write, data):
    path = write(data)
    try:
        sections = read_stats_json(path)
    except EvidenceError as error:
        sections = {}
        told = error.message
    else:
        told = path.as_posix()
    assert told.startswith(path.as_posix())
    for section in sections.values():
        for value in section.values():
            number = value.value is not None and math.isfinite(value.value)
            assert (value.status == "finite") == number
