"""A backup taken while people write is whole, and moves an installation from SQLite to PostgreSQL and back."""

from __future__ import annotations

import json
import os
import resource
import secrets
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from validation.clinic_installation import Installation, free_port, until
from validation.clinic_killed import Writer

DOCUMENTS = """
import django
django.setup()
from pathlib import Path
from django.conf import settings
from hoofbeat.web.access.models import User
from hoofbeat.web.records.models import Document, Record
folder = Path(settings.MEDIA_ROOT)
folder.mkdir(parents=True, exist_ok=True, mode=0o700)
for number, record in enumerate(Record.objects.all()[:5]):
    name = f"document{number}"
    (folder / name).write_bytes(b"%PDF-1.4 of a made-up person " * 1000)
    Document.objects.create(record=record, file=name, title="Letter", kind="pdf", size=29000, sha256="0" * 64,
                            added_by=User.objects.first())
"""
KILLED = """
import os, sys, django
django.setup()
from pathlib import Path
from hoofbeat.web.running.restore import restore

def die(what, share):
    if what.startswith(sys.argv[2]) and share > 0.3:
        os.kill(os.getpid(), 9)

restore(Path(sys.argv[1]), replace=True, progress=die)
"""


def placed(folder: Path, database: str = "") -> Installation:
    folder.mkdir(exist_ok=True)
    return Installation(folder, (("HOOFBEAT_PLAIN_HTTP", "1"), ("HOOFBEAT_DATABASE", database)))


def copied(home: Path, folder: Path) -> Installation:
    shutil.copytree(home, folder)
    return placed(folder)


@pytest.fixture
def other_database() -> Iterator[str]:
    """An empty database of the server that the tests run on; without one, a file of SQLite."""
    address = os.environ.get("HOOFBEAT_DATABASE", "")
    if not address:
        yield ""
        return
    name = f"across_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def filled(home_with_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A home with people, records and documents, to copy; and its people."""
    home = tmp_path_factory.mktemp("filled") / "home"
    made = copied(home_with_tables, home)
    people = json.loads(made.python("validation.clinic_world", "6", "2", "3"))["people"]
    made.code(DOCUMENTS)
    return home, people


@pytest.fixture
def place(filled: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> Installation:
    return copied(filled[0], tmp_path / "first")


def content(path: Path) -> dict[str, Any]:
    """What a backup holds: rows without their order, which is not the same in every database, and documents."""
    with zipfile.ZipFile(path) as file:
        found: dict[str, Any] = {}
        for name in file.namelist():
            if name.startswith("rows/"):
                rows = file.read(name).splitlines()
                found[name] = sorted(json.dumps(json.loads(row), sort_keys=True) for row in rows)
            elif name.startswith("documents/"):
                found[name] = file.read(name)
    return found


def backed_up(place: Installation, path: Path) -> dict[str, Any]:
    done = place.run("backup", str(path))
    assert done.returncode == 0, done.stderr
    return content(path)


def test_from_one_database_to_another_and_back_everything_is_there(
    place: Installation,
    filled: tuple[Path, list[dict[str, Any]]],
    other_database: str,
    tmp_path: Path,
) -> None:
    people = filled[1]
    port, first = free_port(), tmp_path / "first.backup"
    with place.served(port) as process:
        writers = [Writer(f"http://127.0.0.1:{port}", one, f"writer {n}") for n, one in enumerate(people)]
        for writer in writers:
            writer.start()
        until("they write", lambda: all(writer.acknowledged for writer in writers))
        before = {text for writer in writers for text in writer.acknowledged}
        taken = backed_up(place, first)
        refused = place.run("restore", str(first), "--replace")
        assert (refused.returncode, "stop `hoofbeat serve` first" in refused.stderr) == (2, True)
        for writer in writers:
            writer.stopping = True
        for writer in writers:
            writer.join(timeout=60)
        assert process.poll() is None
    written = {json.loads(row)["text"] for row in taken["rows/records.message.jsonl"]}
    assert before <= written
    assert len([name for name in taken if name.startswith("documents/")]) == 5

    other = placed(tmp_path / "other", other_database)
    assert other.run("restore", str(first)).returncode == 0
    assert other.run("audit", "verify").returncode == 0
    second = tmp_path / "second.backup"
    assert backed_up(other, second) == taken

    back = placed(tmp_path / "back")
    assert back.run("restore", str(second)).returncode == 0
    assert back.run("audit", "verify").stdout == other.run("audit", "verify").stdout
    assert backed_up(back, tmp_path / "third.backup") == taken


@pytest.mark.same_on_any_database("a file of SQLite in either case")
@pytest.mark.parametrize("stage", ["documents", "rows"])
def test_a_restore_that_is_killed_leaves_what_was_there(
    stage: str, place: Installation, home_with_tables: Path, tmp_path: Path
) -> None:
    path = tmp_path / "clinic.backup"
    backed_up(place, path)
    other = copied(home_with_tables, tmp_path / "other")
    added = ("user", "add", "--clinic", "Before", "--name", "Before Example", "--email", "before@example.org")
    assert other.run(*added, given="a long walk along the river\n").returncode == 0
    before = backed_up(other, tmp_path / "before.backup")
    done = subprocess.run(
        [*other.command()[:1], "-c", KILLED, str(path), stage],
        env={**other.environment, "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings"}, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert backed_up(other, tmp_path / "after.backup") == before
    assert other.run("audit", "verify").returncode == 0
    assert other.run("restore", str(path), "--replace").returncode == 0
    assert backed_up(other, tmp_path / "restored.backup") == content(path)


@pytest.mark.same_on_any_database("a file of SQLite in either case")
def test_a_backup_for_which_there_is_no_room_says_so_and_leaves_nothing(place: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "clinic.backup").write_text("the one of yesterday")
    done = subprocess.run(
        place.command("backup", str(folder / "clinic.backup")), env=place.environment, capture_output=True, text=True,
        timeout=120, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "repair:" in done.stderr
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("clinic.backup", "the one of yesterday")]


@pytest.mark.same_on_any_database("a file of SQLite in either case")
def test_what_is_no_database_is_told(place: Installation) -> None:
    (place.home / "clinic" / "clinic.sqlite3").write_bytes(b"\0" * 8192)
    done = place.run("serve", "--port", str(free_port()))
    assert done.returncode == 2
    assert "the database does not answer: file is not a database" in done.stderr
