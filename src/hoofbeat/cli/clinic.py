"""`hoofbeat clinic reanalyse`: the records of this installation looked at again, without waiting for the next month."""

from __future__ import annotations

import click

from hoofbeat.cli.presentation.wording import counted
from hoofbeat.cli.progress import progress_bar


@click.group("clinic")
def clinic() -> None:
    """What the application does by itself, done now."""


@clinic.command("reanalyse")
@click.option("--demo", is_flag=True, help="The clinic of `hoofbeat demo`, with its fictional patients.")
def reanalyse_verb(demo: bool) -> None:
    """Rank every open record again with the knowledge of today, and keep what has moved.

    The application does this once a month; call it after `hoofbeat knowledge update`. What moved, and because of which
    fact, stands under "What changed" on the pages of each team. Called again, it goes on where it was.
    """
    from hoofbeat.web.running.start import need_tables, start

    configuration = start(demo=demo)
    need_tables(else_try="" if demo else "for the demonstration add --demo")
    from hoofbeat.web.records.actions.reanalysis import look_again, not_looked_at
    from hoofbeat.web.records.models import Record
    from hoofbeat.web.records.reanalysis import ranked_with

    total = not_looked_at(Record.objects.all(), ranked_with()).count()
    looked = moved = asked = 0
    with progress_bar() as progress:
        for looked, (_record, kept) in enumerate(look_again(), 1):
            moved, asked = moved + kept.moved, asked + kept.asked
            progress(f"Looking again: {looked:,} of {total:,} records", min(1.0, looked / max(total, 1)))
    if not looked:
        click.echo(f"every open record in {configuration.folder} has been looked at with this knowledge already")
        return
    click.echo(f"{counted(looked, 'record')} looked at again: {moved:,} moved, {counted(asked, 'alert')} for the teams")
