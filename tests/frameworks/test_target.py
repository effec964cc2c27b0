import sys
from pathlib import Path

import pytest

from parityhub.errors import Error, UsageError
from parityhub.frameworks.target import call_target, load_target

MODULE = """
import helper_of_target
NUMBER = 3
def build(size, scale=2):
    return size * scale * helper_of_target.FACTOR
def typed(dtype, size=1):
    return dtype, size
def failing():
    raise RuntimeError("no such probe\\nmore")
def leaving():
    raise SystemExit(3)
"""


@pytest.fixture
def target_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "helper_of_target.py").write_text("FACTOR = 5\n", encoding="utf-8")
    path = tmp_path / f"target_{tmp_path.name}.py"
    path.write_text(MODULE, encoding="utf-8")
    return str(path)


def refuse(target: str) -> Error:
    with pytest.raises(UsageError) as caught:
        load_target(target)
    assert "\n" not in caught.value.message + caught.value.hint
    return caught.value


def test_file_is_imported_with_its_neighbours_and_called(target_file: str) -> None:
    assert call_target(load_target(f"{target_file}:build"), {"size": 3}, "float32") == 30


def test_file_is_imported_once(target_file: str) -> None:
    assert load_target(f"{target_file}:build") is load_target(f"{target_file}:build")


def test_relative_file_is_below_the_working_folder(
    target_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(target_file)
    monkeypatch.chdir(path.parent)
    assert load_target(f"{path.name}:build")(1) == 10


def write_package(root: Path, init: bool) -> Path:
    """Write `root/src/NAME/torch/model.py`, which imports from beside and above it."""
    package = root / "src" / f"pkg_{root.name}"
    model = package / "torch" / "model.py"
    model.parent.mkdir(parents=True)
    (package / "sizes.py").write_text("SIZE = 5\n", encoding="utf-8")
    (package / "torch" / "block.py").write_text(
        "from ..sizes import SIZE\ndef block(): return SIZE\n", encoding="utf-8"
    )
    model.write_text(
        "import importlib.util\nfrom .block import block\n"
        "def build(): return block(), importlib.util.find_spec('torch').origin\n",
        encoding="utf-8",
    )
    if init:
        (package / "__init__.py").touch()
        (package / "torch" / "__init__.py").touch()
    return model


@pytest.mark.parametrize("init", [True, False])
def test_file_of_a_package_imports_relatively(
    init: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    path = write_package(tmp_path, init).relative_to(tmp_path)
    size, framework = load_target(f"{path}:build")()
    assert size == 5
    # The package's own `torch` does not hide the framework.
    assert "site-packages" in framework
    assert load_target(f"{path}:build") is load_target(f"{path}:build")
    assert load_target(f"{path.with_name('block.py')}:block")() == 5


def test_package_that_is_called_as_an_installed_one_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", list(sys.path))
    path = tmp_path / "pytest" / "model_beside_pytest.py"
    path.parent.mkdir()
    (path.parent / "__init__.py").touch()
    path.write_text("def build(): return 7\n", encoding="utf-8")
    assert load_target(f"{path}:build")() == 7


def test_module_is_imported() -> None:
    assert load_target("parityhub.capture.sketch:list_orders")(2) == ("01",)


def test_dtype_is_given_where_it_is_a_parameter(target_file: str) -> None:
    assert call_target(load_target(f"{target_file}:typed"), {}, "float64") == ("float64", 1)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("nonsense", "does not name a function"),
        ("a.b:c d", "does not name a function"),
        (":build", "does not name a function"),
        ("no/such/file.py:build", "there is no file no/such/file.py"),
        ("no_such_package.module:build", "there is no module 'no_such_package'"),
        ("parityhub.no_such:build", "there is no module 'parityhub.no_such'"),
        ("parityhub.errors:no_such", "there is no function 'no_such'"),
    ],
)
def test_target_that_is_not_there_is_refused(target: str, words: str) -> None:
    assert words in refuse(target).message


def test_functions_that_are_there_are_named(target_file: str) -> None:
    error = refuse(f"{target_file}:biuld")
    assert error.hint == "it has build, failing, leaving, typed"


def test_value_is_no_function(target_file: str) -> None:
    assert "no function but a value 'NUMBER'" in refuse(f"{target_file}:NUMBER").message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\ny = 1 / 0\n", "ZeroDivisionError: division by zero (broken.py:2)"),
        ("x = 1\ndef f(:\n", "SyntaxError: "),
        ("import no_such_thing\n", "ModuleNotFoundError: No module named 'no_such_thing'"),
        ("import sys\nsys.exit(1)\n", "SystemExit: 1 (broken.py:2)"),
    ],
)
def test_import_that_fails_names_the_line(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text, encoding="utf-8")
    error = refuse(f"{path}:build")
    assert words in error.message
    assert "(broken.py:" in error.message


def test_module_that_lacks_a_module_is_not_taken_for_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    path = tmp_path / "module_in_want.py"
    path.write_text("\nimport no_such_thing\n", encoding="utf-8")
    assert "(module_in_want.py:2)" in refuse("module_in_want:build").message


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("build", {}, "does not take the options given: missing a required argument: 'size'"),
        ("build", {"size": 1, "depth": 2}, "unexpected keyword argument 'depth'"),
        ("typed", {"dtype": "float16"}, "the option dtype cannot be set"),
        ("failing", {}, "failing fails: RuntimeError: no such probe ("),
        ("leaving", {}, "leaving fails: SystemExit: 3"),
    ],
)
def test_builder_that_cannot_build_is_refused(
    name: str, options: dict[str, object], words: str, target_file: str
) -> None:
    with pytest.raises(UsageError) as caught:
        call_target(load_target(f"{target_file}:{name}"), options, "float32")
    assert words in caught.value.message
    assert "\n" not in caught.value.message
