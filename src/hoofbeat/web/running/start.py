"""Sets Django up in this process for one verb of the command line, and says clearly when that cannot be done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from hoofbeat.interchange.report import InputError
from hoofbeat.web.configuration import DATABASE_VARIABLE, DEMO_VARIABLE, Configuration, ConfigurationError

SETTINGS = "hoofbeat.web.settings"


def start(*, demo: bool = False) -> Configuration:
    """Set Django up from the environment. Raises InputError for a setting that cannot be used."""
    if demo:
        os.environ[DEMO_VARIABLE] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        configuration = Configuration.read(os.environ)
        configuration.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (configuration.folder / "static").mkdir(exist_ok=True)
        keep_database_private(configuration)
        django.setup()
    except ConfigurationError as error:
        raise InputError(str(error), code="bad-setting", repair="see `hoofbeat config check --help`") from None
    except OSError as error:
        raise InputError(
            f"{error.filename}: {error.strerror}", code="no-folder", repair="name a folder of yours in HOOFBEAT_HOME"
        ) from None
    return configuration


def keep_database_private(configuration: Configuration) -> None:
    """Let nobody else on the machine read a file of SQLite; what SQLite writes beside it gets the same mode."""
    if configuration.database.engine != "sqlite" or configuration.database.name.startswith(":"):
        return
    path = Path(configuration.database.name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    for one in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if one.exists() and one.stat().st_mode & 0o077:
            one.chmod(0o600)


@contextmanager
def database_answers() -> Iterator[None]:
    """Turn a database that does not answer into a message. Raises InputError."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(
            f"the database does not answer: {first}", code="no-database", repair=f"see to it, or to {DATABASE_VARIABLE}"
        ) from None
    yield


def waiting_migrations() -> list[str]:
    """The changes of the tables that are not made yet, in order. Raises InputError."""
    with database_answers():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> list[str]:
    """Make the tables what this version needs; what was changed. Raises InputError."""
    waiting = waiting_migrations()
    if waiting:
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return waiting


def need_tables(*, else_try: str = "") -> None:
    """Raises InputError where the tables are not those of this version; `else_try` is one more way to repair that."""
    if waiting := waiting_migrations():
        name = connection.settings_dict["NAME"]
        raise InputError(
            f"the database is not set up for this version ({name}): {len(waiting)} changes wait, the first is "
            f"{waiting[0]}",
            code="not-migrated",
            repair="run `hoofbeat migrate`" + (f"; {else_try}" if else_try else ""),
        )
