"""Throttling holds over processes: failures counted by one worker lock the account in another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKER = """
import django
django.setup()
from django.test import Client
from hoofbeat.web.access.models import User
what = __import__("sys").argv[1]
if what == "prepare":
    from django.core.management import call_command
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createcachetable", verbosity=0)
    User.objects.create_user("parent@example.org", "Parent Example", "a long walk along the river")
else:
    given = "wrong" if what == "fail" else "a long walk along the river"
    for _ in range(5 if what == "fail" else 1):
        browser = Client(SERVER_NAME="localhost")
        page = browser.post("/sign-in/login/", {"login": "parent@example.org", "password": given})
    print(page.status_code)
"""


@pytest.mark.same_on_any_database("its processes share a file of SQLite in either case")
def test_failures_in_one_process_lock_the_account_in_another(tmp_path: Path) -> None:
    (tmp_path / "clinic" / "static").mkdir(parents=True)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("HOOFBEAT_")},
        "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings",
        "HOOFBEAT_HOME": str(tmp_path),
        "HOOFBEAT_PLAIN_HTTP": "1",
    }

    def run(what: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", WORKER, what],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout.strip()

    run("prepare")
    assert run("try") == "302"
    assert run("fail") == "200"
    assert run("try") == "200", "the right password, too late"
