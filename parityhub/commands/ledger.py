"""note, decide, triage."""

import sys
from pathlib import Path
from typing import Any

import click

from parityhub.commands.shared import (
    EXIT_NOT_PASS,
    common_options,
    load_hub,
    load_plan,
    print_json,
    read_clock,
    with_errors,
)


def add_note(text: str | None, options: dict[str, Any]) -> int:
    """Add a turn, or print what the evidence says against it."""
    from parityhub import terminal
    from parityhub.commands import journal_lines
    from parityhub.workflow.journal_documents import describe_note
    from parityhub.workflow.note import Note, add_turn

    noted = add_turn(
        load_plan(options),
        Note(
            text=read_text(text, options["file"]),
            title=options["title"],
            phase=options["phase"],
            reports=options["reports"],
            hub=options["hub"],
            root=Path.cwd(),
            clock=read_clock,
        ),
    )
    if options["as_json"]:
        print_json(describe_note(noted))
    else:
        terminal.print_lines(journal_lines.list_note_lines(noted))
    return EXIT_NOT_PASS if noted.record is None else 0


def decide(name: str, options: dict[str, Any]) -> int:
    """Make a decision, or print what the evidence says against its text."""
    from parityhub import terminal
    from parityhub.commands import journal_lines
    from parityhub.workflow.decide import Decision, make_decision
    from parityhub.workflow.journal_documents import describe_decision

    decided = make_decision(
        load_plan(options),
        Decision(
            id=name,
            policy=options["policy"],
            lets=options["lets"],
            phase=options["phase"],
            evidence=options["evidence"],
            text=options["text"],
            until=options["until"],
            reports=options["reports"],
            hub=options["hub"],
            root=Path.cwd(),
            clock=read_clock,
        ),
    )
    if options["as_json"]:
        print_json(describe_decision(decided))
    else:
        terminal.print_lines(journal_lines.list_decision_lines(decided))
    return EXIT_NOT_PASS if decided.record is None else 0


def triage(blocker: str | None, options: dict[str, Any]) -> int:
    """List the blockers that wait, show one, or say what became of it."""
    from parityhub import terminal
    from parityhub.commands import journal_lines
    from parityhub.compare.blockers import judge_blocker
    from parityhub.errors import UsageError
    from parityhub.workflow.journal_documents import describe_blockers, describe_triage
    from parityhub.workflow.triage import Triage, list_waiting, require_blocker, triage_blocker

    names = ("issue", "pattern", "summary", "mitigation", "closed_by")
    given = {name: options[name] for name in names}
    if all(value is None for value in given.values()):
        _, hub, history = load_hub(options)
        waiting = list_waiting(history)
        if blocker is not None:
            waiting = [judge_blocker(require_blocker(blocker, history), history)]
        document = describe_blockers(hub, waiting)
        if options["as_json"]:
            print_json(document)
        else:
            terminal.print_lines(journal_lines.list_blocker_lines(document))
        return 0
    if blocker is None:
        raise UsageError("which blocker?", hint="`parityhub triage` lists those that wait")
    asked = Triage(
        **given,
        blocker=blocker,
        reports=options["reports"],
        hub=options["hub"],
        root=Path.cwd(),
        clock=read_clock,
    )
    done = triage_blocker(load_plan(options), asked)
    if options["as_json"]:
        print_json(describe_triage(done))
    else:
        terminal.print_lines(journal_lines.list_triage_lines(done))
    return 0


def read_text(text: str | None, file: Path | None) -> str:
    """Return prose from the command line, a file, or standard input for `-`.

    Raises:
        UsageError: both or none is given, or a file that is not UTF-8 text.
    """
    from parityhub.errors import UsageError

    if (text is None) == (file is None):
        raise UsageError(
            "give the text as an argument, or with --file", hint="TEXT may be -: standard input"
        )
    if file is None and text != "-":
        return text or ""
    try:
        data = sys.stdin.buffer.read() if file is None else file.read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}", hint="name a text file") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file or 'standard input'}: byte 0x{data[error.start]:02x} is not UTF-8",
            hint="save the text as UTF-8",
        ) from error


@click.command("note", epilog="Example: parityhub note --file turn.md --phase C1")
@click.argument("text", required=False)
@click.option("--file", type=click.Path(path_type=Path), help="Take the text from a file.")
@click.option("--phase", help="The phase that it is about.")
@click.option("--title", default="", help="A title, in a few words.")
@common_options
def note_command(text: str | None, **options: Any) -> None:
    """Add a turn of prose to the summary.

    It is held against the evidence first. A number, status, digest or path that the evidence does
    not bear out is refused with what is true, and nothing is written. TEXT is Markdown; - reads it
    from standard input. Paths in it are relative to the hub.
    """
    with_errors(options, lambda: add_note(text, options))


@click.command(
    "decide",
    epilog="Example: parityhub decide C1-ALONE --policy POLICY-001 --phase C1 "
    "--evidence C1/run:tensorflow --text no-kernel",
)
@click.argument("name", metavar="ID")
@click.option("--policy", required=True, help="The policy of the plan that allows it.")
@click.option("--phase", required=True, help="The phase that it is about.")
@click.option(
    "--lets",
    type=click.Choice(["one-sided", "red-gate"]),
    default="one-sided",
    show_default=True,
    help="What the policy is to allow.",
)
@click.option(
    "--evidence",
    multiple=True,
    help="What it rests on: a file of the hub, PHASE/check:ID, PHASE/run:NAME, PHASE/gate, a "
    "blocker. May be given again.",
)
@click.option("--text", required=True, help="The reason, in Markdown; held against the evidence.")
@click.option("--until", metavar="YYYY-MM-DD", help="The last day on which it holds, in UTC.")
@common_options
def decide_command(name: str, **options: Any) -> None:
    """Record a decision with its policy and evidence.

    It lapses when its evidence changes: another attempt counts, a verdict or a file is another, or
    its last day is over. It turns no verdict: a one-sided phase that it accepts stays INCONCLUSIVE.
    """
    with_errors(options, lambda: decide(name, options))


@click.command(
    "triage", epilog="Example: parityhub triage blocked_STAMP_c1_tensorflow_1 --issue XLA-001"
)
@click.argument("blocker", required=False)
@click.option("--issue", metavar="ID", help="The known issue that it is.")
@click.option("--pattern", metavar="REGEX", help="Of a new issue: what finds it in a log.")
@click.option("--summary", help="Of a new issue: what goes wrong, and why.")
@click.option("--mitigation", help="Of a new issue: what helps.")
@click.option(
    "--closed-by",
    type=click.IntRange(min=1),
    metavar="ATTEMPT",
    help="The number of the later attempt of that side that passed.",
)
@common_options
def triage_command(blocker: str | None, **options: Any) -> None:
    """Give an unknown blocker a name, or close it.

    Without an argument it lists the blockers that wait. A new issue is added to the plan, whose
    comments stay, if its pattern matches the blocker's own log; the hub accepts the new plan.
    """
    with_errors(options, lambda: triage(blocker, options))
