"""init: from two models to a plan."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parityhub.commands.shared import common_options, print_json, with_errors

if TYPE_CHECKING:
    from parityhub.workflow.init import Initiated


def init(directory: Path, yes: bool, options: dict[str, Any]) -> int:
    """Write a plan, and say what was found and what comes next."""
    from parityhub.adopt.choose import Wishes
    from parityhub.errors import UsageError
    from parityhub.workflow.init import init_example, init_plan

    given = ("tensorflow", "torch", "drawn", "inputs", "axes")
    if options["example"]:
        if any(options[name] for name in given):
            raise UsageError("--example brings its models and inputs", hint="leave the rest out")
        made = init_example(directory, options["example"], options["name"])
    else:
        targets = {"tensorflow": options["tensorflow"], "pytorch": options["torch"]}
        wishes = Wishes(
            name=options["name"],
            targets={side: target for side, target in targets.items() if target},
            drawn=options["drawn"],
            inputs=options["inputs"],
            axes=dict(map(parse_axes, options["axes"])),
        )
        asked = not yes and not options["as_json"] and sys.stdin.isatty()
        made = init_plan(directory, wishes, ask if asked else None)
    if options["as_json"]:
        print_json(describe_init(made))
    else:
        for line in list_init_lines(directory, made):
            click.echo(line)
    return 0


def ask(question: str, *, choices: Sequence[str], default: str) -> str:
    """Ask a person; what was found is offered."""
    for number, choice in enumerate(choices, start=1):
        click.echo(f"  {number}  {choice}", err=True)
    answer = str(click.prompt(question, default=default or None, err=True)).strip()
    if answer.isdecimal() and 0 < int(answer) <= len(choices):
        return choices[int(answer) - 1]
    return answer


def parse_axes(text: str) -> tuple[str, tuple[int, ...]]:
    """Read `NAME=0,3,1,2`.

    Raises:
        UsageError: it has another form, or is no order of axes.
    """
    from parityhub.errors import UsageError

    name, _, order = text.partition("=")
    axes = tuple(int(axis) for axis in order.split(",") if axis.isdecimal())
    if not name or sorted(axes) != list(range(order.count(",") + 1)):
        raise UsageError(f"--axes {text}: no order of axes", hint="as image=0,3,1,2: each once")
    return name, axes


def describe_init(made: "Initiated") -> dict[str, Any]:
    """Return the document of init."""
    survey = made.survey
    return {
        "plan": made.plan,
        "written": list(made.written),
        "next": tell_next(made),
        "builders": [
            {"target": builder.target, "side": builder.side}
            for builder in survey.builders
            if not builder.needs
        ],
        "programs": [{"path": path, "frameworks": names} for path, names in survey.programs],
        "data": list(survey.data),
        "checkpoints": list(survey.checkpoints),
        "tests": list(survey.tests),
    }


def list_init_lines(directory: Path, made: "Initiated") -> list[str]:
    """Say what was written, what was found beside it, and what comes next."""
    survey = made.survey
    lines = [f"wrote  {(directory / path).as_posix()}" for path in made.written]
    lines += [
        f"found  {path}, a program ({names}): a baseline of the plan could run it"
        for path, names in survey.programs[:3]
    ]
    for files, use in (
        (survey.data, "--inputs puts an .npz to both models"),
        (survey.checkpoints, "weights of a model"),
        (survey.tests, "a gate could run these first"),
    ):
        if files:
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            lines.append(f"found  {files[0]}{more}: {use}")
    enter = f"cd {directory.as_posix()} && " if directory != Path() else ""
    lines.append(f"next   {enter}{tell_next(made)}")
    return lines


def tell_next(made: "Initiated") -> str:
    """Return the command that comes next; it names the plan where there are others."""
    others = [plan for plan in made.survey.plans if plan != made.plan]
    return f"parityhub run-phase {made.run}" + (f" --plan {made.plan}" if others else "")


@click.command(
    "init", epilog="Example: parityhub init --tensorflow tf.py:build --torch pt.py:build"
)
@click.argument(
    "directory", type=click.Path(path_type=Path, file_okay=False), default=Path(), metavar="[DIR]"
)
@click.option(
    "--example", type=click.Choice(("mlp", "cnn", "ptycho")), help="Write a working pair."
)
@click.option("--name", help="Name of the plan.  [default: that of the folder]")
@click.option("--tensorflow", metavar="TARGET", help="What builds TensorFlow's: file.py:function.")
@click.option("--torch", metavar="TARGET", help="What builds PyTorch's: file.py:function.")
@click.option(
    "--input",
    "drawn",
    multiple=True,
    metavar="NAME=SHAPE",
    help="An input to draw, batch first: x=4,8 or ids=4,16:int32:0..100.",
)
@click.option("--inputs", metavar="FILE", help="An .npz to put to both models instead.")
@click.option(
    "--axes", multiple=True, metavar="NAME=ORDER", help="An input's axes for PyTorch: x=0,3,1,2."
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; take what is found.")
@common_options
def init_command(directory: Path, yes: bool, **options: Any) -> None:
    """Write a plan for two models of your own.

    What builds them and what they take is looked for in the sources, and asked where there is
    somebody to ask. Nothing is overwritten, and nothing of yours is run.
    """
    with_errors(options, lambda: init(directory, yes, options))
