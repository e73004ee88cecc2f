"""`hoofbeat config check`: whether an installation is ready to be relied on."""

from __future__ import annotations

import click

from hoofbeat.interchange.report import InputError


@click.group("config")
def config() -> None:
    """How this installation is set up."""


@config.command("check")
def check_verb() -> None:
    """Look over settings, database, knowledge, files and mail, and say what to repair.

    \b
    HOOFBEAT_HOME        folder of records, documents and knowledge
    HOOFBEAT_DATABASE    postgresql://user:password@host:port/name; default: a file in that folder
    HOOFBEAT_HOSTS       names under which the application is reached, with commas between
    HOOFBEAT_MAIL        host of the mail server
    HOOFBEAT_PLAIN_HTTP  1: without HTTPS, on this machine alone
    HOOFBEAT_PROXIES     1: one server that speaks HTTPS in front, whose X-Forwarded-For and -Proto are believed
    HOOFBEAT_DEMO        1: a demonstration with fictional people
    """
    from hoofbeat.web.running.start import start

    start()
    from hoofbeat.web.running.checks import remarks

    errors = 0
    for remark in remarks():
        errors += remark.error
        click.echo(f"{'error' if remark.error else 'note'}: {remark.what}\n  repair: {remark.repair}")
    if errors:
        raise InputError(
            f"{errors} thing{'s' if errors > 1 else ''} must be repaired before people rely on this",
            code="not-ready",
            repair="see each above",
        )
    click.echo("ready to serve")
