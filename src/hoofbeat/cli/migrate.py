"""`hoofbeat migrate`: the tables as this version needs them."""

from __future__ import annotations

import click


@click.command("migrate")
def migrate_verb() -> None:
    """Bring the database up to date. Make a backup first; `hoofbeat serve` does this by itself."""
    from hoofbeat.web.running.start import migrate, start

    start()
    changes = migrate()
    for change in changes:
        click.echo(f"done: {change}")
    if not changes:
        click.echo("the database is up to date")
