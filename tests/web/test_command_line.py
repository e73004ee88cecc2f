"""The verbs that run an installation, called as people call them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
from django.db import OperationalError

from hoofbeat.cli import migrate
from hoofbeat.cli.main import run
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE
from hoofbeat.knowledge.store import write_store
from validation.clinic_installation import PASSWORD, SOURCE, Installation, children, free_port, until

# Each test has a database of its own in its home; the server that others share is left out.
pytestmark = pytest.mark.skipif("HOOFBEAT_DATABASE" in os.environ, reason="runs on files of its own, on SQLite")


# Verifies, while somebody writes an event between the look at the heads of the chains and that at their events.
AT_WORK = """
from threading import Thread
from hoofbeat.cli.main import run
from hoofbeat.web.running.start import start
start()
from django.db import connection
from hoofbeat.web.audit.chain import add_event

def write():
    add_event("sign_in:failed", actor=None)
    connection.close()

def at_work(execute, sql, *given):
    if sql.startswith("SELECT") and 'FROM "audit_event"' in sql:
        other = Thread(target=write)
        other.start()
        other.join()
    return execute(sql, *given)

write()
with connection.execute_wrapper(at_work):
    raise SystemExit(run(["audit", "verify"]))
"""


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    home = tmp_path / "home"
    home.mkdir()
    return Installation(home)


@pytest.fixture
def set_up(home_with_tables: Path, tmp_path: Path) -> Installation:
    """An installation that has its tables."""
    return Installation(Path(shutil.copytree(home_with_tables, tmp_path / "home")))


def add_user(place: Installation, *more: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    words = ("user", "add", "--clinic", "Clinic One", "--name", "Ada Example", "--email", "ada@example.org", *more)
    return place.run(*words, given=password + "\n")


def test_a_new_installation_is_set_up_in_two_commands(place: Installation) -> None:
    assert place.run("migrate").returncode == 0
    assert "up to date" in place.run("migrate").stdout
    added = add_user(place)
    assert added.returncode == 0, added.stderr
    assert "administrator of Clinic One" in added.stdout
    assert PASSWORD not in added.stdout + added.stderr
    again = add_user(place)
    assert again.returncode == 2
    assert "repair: change --email" in again.stderr


def test_a_weak_password_is_refused(set_up: Installation) -> None:
    refused = add_user(set_up, password="short")
    assert refused.returncode == 2
    assert "repair: change the password" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", "--clinic", "C", "--name", "N", "--email", "e@example.org"),
        ("audit", "verify"),
        ("backup", "b.zip"),
    ],
)
def test_without_tables_the_repair_is_told(words: tuple[str, ...], place: Installation) -> None:
    result = place.run(*words, given="x\n")
    assert result.returncode == 2
    assert "repair: run `hoofbeat migrate`" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HOOFBEAT_DATABASE", "mysql://somewhere", "HOOFBEAT_DATABASE is no database address"),
        ("HOOFBEAT_DATABASE", "postgresql://nobody@127.0.0.1:1/none", "the database does not answer"),
        ("HOOFBEAT_DEMO", "perhaps", "HOOFBEAT_DEMO is 'perhaps'"),
        ("HOOFBEAT_HOSTS", "*", "HOOFBEAT_HOSTS lets everybody say"),
        ("HOOFBEAT_HOSTS", "clinic.example.org, *", "HOOFBEAT_HOSTS lets everybody say"),
        ("HOOFBEAT_HOME", "/proc/nowhere", "repair: name a folder of yours in HOOFBEAT_HOME"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, told: str, place: Installation) -> None:
    result = Installation(place.home, ((name, value),)).run("migrate")
    assert result.returncode == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_the_production_profile_is_clean(set_up: Installation) -> None:
    without = (("HOOFBEAT_HOSTS", "clinic.example.org"), ("HOOFBEAT_PLAIN_HTTP", "0"))
    assert "no server that speaks HTTPS is set" in Installation(set_up.home, without).run("config", "check").stdout
    production = Installation(set_up.home, (*without, ("HOOFBEAT_PROXIES", "1")))
    result = production.run("config", "check")
    remarks = [line for line in result.stdout.splitlines() if line.startswith(("error:", "note:"))]
    assert [line for line in remarks if "knowledge" not in line and "mail" not in line] == []
    django = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={**production.environment, "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert django.returncode == 0, django.stderr


def test_config_check_finds_what_is_open_to_others(set_up: Installation) -> None:
    (set_up.home / "clinic" / "secret").chmod(0o644)
    result = set_up.run("config", "check")
    assert result.returncode == 2
    assert "others on this machine may read it" in result.stdout


def test_config_check_names_knowledge_that_this_version_cannot_read(set_up: Installation) -> None:
    """The newest release is the one in use, so that it is looked at, whatever else lies there."""
    write_store(set_up.home / "knowledge" / "2030-01-01" / KNOWLEDGE_FILE, {}, {})
    result = set_up.run("config", "check")
    assert result.returncode == 2
    assert "written by an earlier version of Hoofbeat" in result.stdout


def test_the_database_of_an_installation_is_for_its_owner_alone_also_where_it_was_not(place: Installation) -> None:
    place.run("migrate")
    database = place.home / "clinic" / "clinic.sqlite3"
    assert database.stat().st_mode & 0o777 == 0o600
    database.chmod(0o644)
    place.run("config", "check")
    assert database.stat().st_mode & 0o777 == 0o600


def test_the_migrations_are_those_of_the_models(place: Installation) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        env={**place.environment, "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout


def test_audit_verify_raises_no_alarm_while_people_work(set_up: Installation) -> None:
    result = subprocess.run(
        [sys.executable, "-c", AT_WORK], env=set_up.environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    assert "1 events" in result.stdout
    with sqlite3.connect(set_up.home / "clinic" / "clinic.sqlite3") as database:
        assert database.execute("SELECT max(number) FROM audit_event").fetchone()[0] > 1


def test_audit_verify_names_the_event_that_was_changed(set_up: Installation) -> None:
    add_user(set_up)
    whole = json.loads(set_up.run("audit", "verify", "--format", "json").stdout)
    assert [chain["events"] for chain in whole["chains"]] == [1]
    assert whole["faults"] == []
    database = sqlite3.connect(set_up.home / "clinic" / "clinic.sqlite3")
    with database:
        database.execute("UPDATE audit_event SET verb = 'nothing:happened'")
    database.close()
    result = set_up.run("audit", "verify")
    assert result.returncode == 2
    assert "event 1: was changed after it was written" in result.stderr


def test_a_backup_moves_an_installation_to_another_place(set_up: Installation, tmp_path: Path) -> None:
    add_user(set_up)
    file = tmp_path / "clinic.backup"
    made = set_up.run("backup", str(file))
    assert made.returncode == 0, made.stderr
    assert zipfile.is_zipfile(file)
    other = Installation(tmp_path / "other")
    other.home.mkdir()
    restored = other.run("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert other.run("audit", "verify").stdout == set_up.run("audit", "verify").stdout
    again = other.run("restore", str(file))
    assert again.returncode == 2
    assert "--replace" in again.stderr
    assert other.run("restore", str(file), "--replace").returncode == 0
    (tmp_path / "text.txt").write_text("no backup")
    assert other.run("restore", str(tmp_path / "text.txt"), "--replace").returncode == 2
    assert other.run("restore", str(tmp_path / "missing"), "--replace").returncode == 2


def test_serve_restarts_what_dies_backs_up_meanwhile_and_stops_cleanly(place: Installation, tmp_path: Path) -> None:
    port = free_port()
    with place.served(port) as process, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as web:
        assert web.get("/").headers["location"].startswith("/sign-in/")
        assert web.get("/static/hoofbeat/hoofbeat.css").status_code == 200
        assert place.run("backup", str(tmp_path / "while.backup")).returncode == 0
        taken = place.run("serve", "--port", str(port))
        assert taken.returncode == 2
        assert "give another --port" in taken.stderr
        before = children(process.pid)
        assert len(before) == 2
        for child, _ in before:
            os.kill(child, signal.SIGKILL)
        until(
            "both were started again",
            lambda: len({pid for pid, _ in children(process.pid)} - {p for p, _ in before}) == 2,
        )

        def answers() -> bool:
            try:
                return web.get("/sign-in/login/").status_code == 200
            except httpx.HTTPError:
                return False

        until("it answers again", answers)
        started = [pid for pid, _ in children(process.pid)]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]


def test_when_serve_itself_is_killed_its_children_end_too(place: Installation) -> None:
    with place.served(free_port()) as process:
        started = [pid for pid, _ in children(process.pid)]
        process.kill()
        process.wait()
        until("they ended", lambda: not [pid for pid in started if Path(f"/proc/{pid}").exists()])


def test_plain_http_is_not_for_others(place: Installation) -> None:
    result = place.run("serve", "--host", "0.0.0.0")
    assert result.returncode == 2
    assert "is for this machine alone" in result.stderr


def test_a_database_that_stays_locked_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def locked(*arguments: object, **named: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(migrate.migrate_verb, "callback", locked)
    assert run(["migrate"]) == 2
    said = capsys.readouterr().err
    assert "the database does not answer: database is locked\n  repair: see to it" in said


def test_help_and_other_verbs_never_import_django() -> None:
    code = (
        "import sys\n"
        "from hoofbeat.cli.main import run\n"
        "for words in ('--help', 'serve --help', 'backup --help', 'rank --help', 'knowledge status'):\n"
        "    run(words.split())\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('django', 'allauth')]\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
