"""The house holds its rules: put to parityhub/ each finds nothing, put to what breaks it, that."""

from collections.abc import Mapping

import pytest

from tests import house_rules as house
from tests.house_rules import (
    RULES,
    Modules,
    Rule,
    list_distributions,
    list_external,
    read_module,
    read_package,
    read_requirements,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_holds_its_rules(rule: Rule) -> None:
    assert len(read_package()) > 50
    assert list(rule(read_package())) == []


BROKEN: tuple[tuple[Rule, dict[str, str], str], ...] = (
    (house.find_wrong_ways, {"run.a": "import parityhub.report.b"}, "run imports report"),
    (house.find_wrong_ways, {"hub.a": "from parityhub.plan import model"}, "hub imports plan"),
    (house.find_wrong_ways, {"errors": "from parityhub import load"}, "errors imports __init__"),
    (
        house.find_wrong_ways,
        {"baselines.a": "from parityhub.run import b"},
        "baselines imports run",
    ),
    (
        house.find_wrong_ways,
        {"cli": "def f():\n    import parityhub.frameworks.a"},
        "imports frameworks",
    ),
    (house.find_wrong_ways, {"utils": "import os"}, "utils is no room"),
    (
        house.find_wrong_ways,
        {"plan.a": "if TYPE_CHECKING:\n    from parityhub.run.b import C"},
        "plan imports run",
    ),
    (house.find_stray_frameworks, {"compare.a": "def f():\n    import torch"}, "imports torch"),
    (house.find_stray_frameworks, {"hub.a": "import_module('keras.ops')"}, "imports tensorflow"),
    (house.find_stray_frameworks, {"baselines.a": "import keras, torch.nn"}, "two frameworks"),
    (house.find_stray_processes, {"hub.a": "from subprocess import run"}, "imports subprocess.run"),
    (house.find_stray_processes, {"workflow.a": "os.execvp('a', [])"}, "calls os.execvp"),
    (house.find_stray_templates, {"workflow.a": "from jinja2 import Template"}, "imports jinja2"),
    (house.find_stray_prints, {"hub.a": "print('done')"}, "print"),
    (house.find_stray_prints, {"run.a": "sys.stderr.write('done')"}, "sys.stderr"),
    (house.find_stray_prints, {"report.a": "from click import echo\nclick.echo()"}, "click.echo"),
    (house.find_run_data, {"hub.a": "import pickle"}, "imports pickle"),
    (house.find_run_data, {"hub.a": "np.load('a', allow_pickle=True)"}, "allow_pickle=True"),
    (house.find_run_data, {"run.a": "subprocess.run('a', shell=wanted)"}, "shell=wanted"),
    (house.find_run_data, {"plan.a": "eval('1')"}, "calls eval"),
    (
        house.find_cycles,
        {"hub.a": "from parityhub.hub import b", "hub.b": "import parityhub.hub.a"},
        "hub.a -> hub.b -> hub.a",
    ),
    (house.find_length, {"hub.a": "\n" * 351}, "351 lines"),
    (house.find_length, {"hub.a": "def f():\n" + "    a = 1\n" * 60}, "f: 61 lines"),
    (house.find_eager_imports, {"cli": "import msgspec"}, "cli imports msgspec at once"),
    (
        house.find_eager_imports,
        {"cli": "from parityhub.run import a", "run.a": "import rich.table"},
        "run.a.py:1: cli imports rich at once",
    ),
    (house.find_eager_imports, {"__init__": "import numpy"}, "__init__ imports numpy at once"),
    (house.find_undeclared, {"report.a": "import PIL.nothing_here, lxml"}, "lxml is no dependency"),
)


def make_modules(sources: Mapping[str, str]) -> Modules:
    return {name: read_module(name, f"{name}.py", text) for name, text in sources.items()}


@pytest.mark.parametrize(("rule", "sources", "finding"), BROKEN)
def test_a_source_that_breaks_a_rule_is_found(
    rule: Rule, sources: Mapping[str, str], finding: str
) -> None:
    found = list(rule(make_modules(sources)))
    assert any(finding in line for line in found), found


def test_each_rule_is_broken_once() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_what_the_rules_allow_is_not_found() -> None:
    allowed = make_modules(
        {
            "errors": "class Error(Exception): pass",
            "run.a": "import subprocess\nfrom parityhub.hub.b import keep",
            "hub.b": "def keep():\n    from parityhub.hub import c",
            "hub.c": "from parityhub.hub.b import keep\nnp.load('a', allow_pickle=False)",
            "baselines.a": "import keras\nfrom parityhub.capture import b\nprint()",
            "cli": "import click\nif TYPE_CHECKING:\n    import rich\nprint()",
            "__init__": "def __getattr__(name):\n    from parityhub.run.a import load",
        }
    )
    assert [finding for rule in RULES for finding in rule(allowed)] == []


def test_each_dependency_is_imported() -> None:
    tops = {top for module in read_package().values() for top, _ in list_external(module)}
    imported = {name for top in tops for name in list_distributions(top)}
    assert read_requirements(extras=False) - imported == set()
