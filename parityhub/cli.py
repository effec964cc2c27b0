"""The command line: its commands, in the order of a user's work."""

import click

from parityhub.commands import adopt, audits, guards, init, ledger, parity, phases, serve


class Group(click.Group):
    """Commands in the order of a user's work, and errors as a line and a hint."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List commands in the order in which they are defined."""
        return list(self.commands)


HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
    cls=Group,
    context_settings=HELP,
    epilog="Example: parityhub run-phase C1 && parityhub status",
)
@click.version_option(package_name="parityhub")
def cli() -> None:
    """Run the same model in TensorFlow and in PyTorch, and keep the evidence.

    A phase of the plan runs each baseline in its own process, keeps what it left in a hub under
    reports/, and renders summary.md from the records alone.
    """


for command in (
    init.init_command,
    adopt.import_command,
    phases.run_phase_command,
    phases.diff_stats_command,
    parity.compare_command,
    parity.localize_command,
    guards.guard_command,
    parity.selftest_command,
    audits.audit_command,
    audits.rule_command,
    ledger.note_command,
    ledger.decide_command,
    ledger.triage_command,
    phases.status_command,
    phases.brief_command,
    phases.report_command,
    serve.serve_command,
    phases.doctor_command,
):
    # click keeps the first help option that it makes, whoever asks: each command knows its own.
    command.context_settings.update(HELP)
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli(prog_name="parityhub")
