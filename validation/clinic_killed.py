"""kill -9 of the web server, its processes and the worker in the middle of writes: is anything lost?

    python -m validation.clinic_killed [--kills 50] [--freeze]

What the application acknowledged must be there, nothing may be there by half, the chain of events must hold, and every
job must be done in the end. Meanwhile backups are made, and each must be whole. On the
PostgreSQL that `scripts/with-postgres` made, the server itself is killed too: once a process of it, once all of it.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx

from validation.clinic_installation import Installation, children, free_port, until
from validation.clinic_postgres import PostgresServer
from validation.machine import described
from validation.measures import Measure
from validation.results_folder import freeze

KILLS = 50
JOBS = 200
WRITERS = 4
BACKUP_PAUSE_SECONDS = 1.0
PAUSE = (0.05, 0.6)  # seconds between two kills, drawn at random
_COUNT = """
import json, django
django.setup()
from django_tasks_db.models import DBTaskResult
from hoofbeat.web.audit.chain import faults
from hoofbeat.web.audit.models import Event
from hoofbeat.web.records.models import Message
from hoofbeat.web.mail import send_mail
jobs = DBTaskResult.objects.filter(task_path=send_mail.module_path)
print(json.dumps({
    "texts": list(Message.objects.values_list("text", flat=True)),
    "events": Event.objects.filter(verb="message:send").count(),
    "faults": [str(fault) for fault in faults()],
    "jobs": sorted(jobs.values_list("status", flat=True)),
}))
"""


@dataclass(frozen=True)
class Outcome:
    """What was found afterwards."""

    kills: int
    acknowledged: int
    lost: int
    kept: int
    twice: int
    events: int
    faults: tuple[str, ...]
    jobs_done: int
    jobs: int
    backups: int = 0
    backups_whole: int = 0
    server_kills: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost, halved or left undone."""
        nothing_wrong = not self.lost and not self.twice and not self.faults and self.kept == self.events
        return nothing_wrong and self.all_done and self.backups == self.backups_whole

    @property
    def all_done(self) -> bool:
        """Whether every job was done."""
        return self.jobs_done == self.jobs


class Writer(threading.Thread):
    """Somebody who sends one message after the other, and notes which were acknowledged."""

    def __init__(self, base: str, person: dict[str, object], name: str) -> None:
        super().__init__(daemon=True)
        self.web = httpx.Client(base_url=base, cookies={"sessionid": str(person["session"])}, timeout=10)
        records = person["records"]
        assert isinstance(records, list)
        self.page = f"/clinic/patients/{records[0]}/messages/"
        self.label = name
        self.acknowledged: list[str] = []
        self.stopping = False

    def run(self) -> None:
        """Write until told to stop."""
        with self.web:
            self._write()

    def _write(self) -> None:
        token, number = "", 0
        while not self.stopping:
            try:
                if not token:
                    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.web.get(self.page).text)
                    token = found[1] if found else ""
                    continue
                number += 1
                text = f"{self.label} {number}"
                headers = {"Referer": str(self.web.base_url)}
                answer = self.web.post(
                    f"{self.page}send/", data={"csrfmiddlewaretoken": token, "text": text}, headers=headers
                )
                if answer.status_code in (302, 303):
                    self.acknowledged.append(text)
            except httpx.HTTPError:
                time.sleep(0.05)


class Saver(threading.Thread):
    """Makes one backup after the other while everything else happens; each that is said to be made must be whole."""

    def __init__(self, place: Installation) -> None:
        super().__init__(daemon=True)
        self.place, self.made, self.whole, self.stopping = place, 0, 0, False

    def run(self) -> None:
        """Back up until told to stop."""
        path = self.place.home / "while.backup"
        while not self.stopping:
            if self.place.run("backup", str(path)).returncode == 0:
                self.made += 1
                self.whole += zipfile.ZipFile(path).testzip() is None
                time.sleep(BACKUP_PAUSE_SECONDS)


def measure(home: Path, kills: int, *, jobs: int = JOBS, server: PostgresServer | None = None) -> Outcome:
    """Serve an installation in a folder, write, kill, and count."""
    place = Installation(home)
    place.run("migrate")
    world = json.loads(place.python("validation.clinic_world", str(WRITERS), str(WRITERS), str(jobs)))
    port, draw = free_port(), random.Random(kills)
    with place.served(port, workers=2) as process:
        writers = [
            Writer(f"http://127.0.0.1:{port}", person, f"writer {number}")
            for number, person in enumerate(world["people"])
        ]
        saver = Saver(place)
        for thread in (*writers, saver):
            thread.start()
        for number in range(kills):
            time.sleep(draw.uniform(*PAUSE))
            before = sum(len(writer.acknowledged) for writer in writers)
            if server is not None and number == kills // 3:
                server.kill_backend()
            if server is not None and number == 2 * kills // 3:
                server.kill()
                server.start()
            _kill_one(process.pid, draw)
            until("writing goes on", lambda before=before: _count(writers) > before, 60)
        for writer in writers:
            writer.stopping = True
        saver.stopping = True
        for thread in (*writers, saver):
            thread.join(timeout=60)
        until("the jobs are done", lambda: not set(_counted(place)["jobs"]) & {"READY", "RUNNING"}, 60)
    found = _counted(place)
    acknowledged = {text for writer in writers for text in writer.acknowledged}
    texts = found["texts"]
    return Outcome(
        kills, len(acknowledged), len(acknowledged - set(texts)), len(texts), len(texts) - len(set(texts)),
        found["events"], tuple(found["faults"]), found["jobs"].count("SUCCESSFUL"), jobs, saver.made, saver.whole,
        0 if server is None else 2,
    )  # fmt: skip


def _count(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def _kill_one(server: int, draw: random.Random) -> None:
    """Kill the web server's first process, one of its workers, or the worker of the jobs."""
    direct = children(server)
    everything = [pid for pid, _ in direct] + [grand for pid, _ in direct for grand, _ in children(pid)]
    if everything:
        try:
            os.kill(draw.choice(everything), signal.SIGKILL)
        except ProcessLookupError:
            return


def _counted(place: Installation) -> dict[str, Any]:
    return json.loads(place.code(_COUNT))  # type: ignore[no-any-return]


@click.command()
@click.option("--kills", default=KILLS, show_default=True)
@click.option("--freeze", "kept", is_flag=True, help="Write the figures to validation/results.")
def main(kills: int, kept: bool) -> None:
    """Print what was found; status 1 where anything was lost."""
    started = time.monotonic()
    server = PostgresServer.of_environment()
    # Should something end the measurement, a process that is still ending may write into the folder.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        outcome = measure(Path(folder), kills, server=server)
    engine = "PostgreSQL" if "HOOFBEAT_DATABASE" in os.environ else "SQLite"
    click.echo(f"{engine}: {outcome.kills} times kill -9 in {time.monotonic() - started:.0f} s")
    if outcome.server_kills:
        click.echo("and the database's server: one of its processes, and all of it")
    for one in figures(outcome):
        click.echo(one.line())
    if kept:
        content = {
            "command": f"python -m validation.clinic_killed --kills {kills} --freeze",
            "what": f"{kills} kills of web server, web processes and worker, {WRITERS} writers, {engine}"
            + (f" (its server killed {outcome.server_kills} times too)" if outcome.server_kills else ""),
            "machine": described(),
            "measures": [one.to_json() for one in figures(outcome)],
        }
        click.echo(f"written to {freeze(f'clinic_killed_{engine.lower()}.json', content)}")
    sys.exit(0 if outcome.is_whole else 1)


def figures(outcome: Outcome) -> list[Measure]:
    """What was found, beside what must be."""
    return [
        Measure("messages acknowledged", outcome.acknowledged, "", 1, at_least=True),
        Measure("acknowledged and lost", outcome.lost, "", 0),
        Measure("there twice", outcome.twice, "", 0),
        Measure("messages without their event, or the reverse", abs(outcome.kept - outcome.events), "", 0),
        Measure("faults of the chain of events", len(outcome.faults), "", 0),
        Measure(f"jobs not done, of {outcome.jobs}", outcome.jobs - outcome.jobs_done, "", 0),
        Measure(
            f"backups made meanwhile and not whole, of {outcome.backups}",
            outcome.backups - outcome.backups_whole,
            "",
            0,
        ),
    ]


if __name__ == "__main__":
    main()
