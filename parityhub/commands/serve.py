"""serve: the site over all hubs, with what is running."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from parityhub.commands.shared import common_options, load_plan, print_json, with_errors


def serve(host: str, port: int, options: dict[str, Any]) -> int:
    """Serve until somebody ends it, having said where."""
    from parityhub.errors import UsageError
    from parityhub.workflow import serve as service
    from parityhub.workflow.page import find_templates
    from parityhub.workflow.progress import ProgressReader
    from parityhub.workflow.served_site import ServedSite

    if options["hub"] is not None:
        raise UsageError("serve shows every hub of the plan", hint="leave --hub out")
    service.import_server()
    plan, reports = load_plan(options).plan, options["reports"]
    site = ServedSite(plan, reports, find_templates(plan, Path.cwd()))
    site.refresh()
    bound = service.open_socket(host, port)
    token = service.make_token(bound)
    address = service.describe_address(host, bound, token)
    running = service.Service(site, ProgressReader(plan, reports), token, bound.getsockname()[1])
    # Ctrl-C ends it whether the server has begun or not; once it has, connections are closed first.
    with suppress(KeyboardInterrupt):
        print_address(address, token, options)
        service.run_service(running, bound)
    return 0


def print_address(address: str, token: str | None, options: dict[str, Any]) -> None:
    """Say where it serves, and the token this once."""
    if options["as_json"]:
        print_json({"url": address, "token": token})
        return
    click.echo(f"serving  {address}")
    if token:
        click.echo("the token is shown once; whoever has this address can read every hub")
    click.echo("Ctrl-C ends it")


@click.command("serve", epilog="Example: parityhub serve --port 8400")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to serve at; one that others reach demands a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8400,
    show_default=True,
    help="The port; 0: one that is free.",
)
@common_options
def serve_command(host: str, port: int, **options: Any) -> None:
    """Serve the site over all hubs, with what is running now.

    To this machine alone, unless --host says otherwise. Needs the extra `serve`.
    """
    with_errors(options, lambda: serve(host, port, options))
