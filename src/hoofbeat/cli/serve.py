"""`hoofbeat serve`: the clinic's application and its worker, until Ctrl-C."""

from __future__ import annotations

import click

from hoofbeat.interchange.report import InputError

DEFAULT_PORT = 8000


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="The port.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
def serve_verb(host: str, port: int, workers: int) -> None:
    """Serve the clinic's application, with the worker that does its jobs.

    Brings the database up to date first. A clinic puts a server that speaks HTTPS in front; on this machine alone, set
    HOOFBEAT_PLAIN_HTTP=1.
    """
    from hoofbeat.web.running.serve import LOOPBACK, Server, collect_static_files
    from hoofbeat.web.running.start import migrate, start

    configuration = start()
    if configuration.plain_http and host not in LOOPBACK:
        raise InputError(
            f"HOOFBEAT_PLAIN_HTTP is for this machine alone, and {host} is for others",
            code="plain-http",
            repair="leave HOOFBEAT_PLAIN_HTTP away, and put a server that speaks HTTPS in front",
        )
    if changes := migrate():
        click.echo(f"the database was brought up to date ({len(changes)} changes)", err=True)
    collect_static_files()
    address = f"http://{host}:{port}"
    if not configuration.plain_http:
        click.echo("pages are for HTTPS alone: put a server in front (or HOOFBEAT_PLAIN_HTTP=1 to try it)", err=True)
    Server(host, port, workers).run(lambda: click.echo(f"Hoofbeat is at {address} (Ctrl-C ends it)"))
