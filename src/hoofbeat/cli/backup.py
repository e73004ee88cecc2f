"""`hoofbeat backup` and `hoofbeat restore`: everything of an installation as one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from hoofbeat.cli.progress import progress_bar

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("backup")
@click.argument("file", type=_FILE)
def backup_verb(file: Path) -> None:
    """Write everything (people, records, events, documents) to FILE, while the application runs.

    The file is as secret as the records themselves. It holds no session and not the installation's key.
    """
    from hoofbeat.web.running.start import need_tables, start

    start()
    need_tables()
    from hoofbeat.web.running.backup import back_up

    with progress_bar() as progress:
        made = back_up(file, progress=progress)
    click.echo(f"{file}: {made.rows:,} rows, {made.documents:,} documents, {file.stat().st_size:,} bytes")
    for name in made.missing:
        click.echo(f"note: the document {name} is named by a record, but its file is gone", err=True)


@click.command("restore")
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Give up what this installation holds now.")
@click.option("--despite-faults", is_flag=True, help="Restore even where the chain of events does not hold.")
def restore_verb(file: Path, replace: bool, despite_faults: bool) -> None:
    """Put back what `hoofbeat backup` wrote, into an empty installation; SQLite or PostgreSQL, whichever it was before.

    FILE is checked whole before anything is changed. Stop the application first.
    """
    from hoofbeat.web.running.start import migrate, start

    start()
    migrate()
    from hoofbeat.web.running.restore import restore

    with progress_bar() as progress:
        made = restore(file, replace=replace, despite_faults=despite_faults, progress=progress)
    click.echo(f"restored {made.rows:,} rows and {made.documents:,} documents of {made.taken}")
