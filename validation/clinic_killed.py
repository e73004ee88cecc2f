"""kill -9 of the web server, its processes and the worker in the middle of writes: is anything lost?

    python -m validation.clinic_killed [KILLS]

What the application acknowledged must be there, nothing may be there by half, the chain of events must hold, and every
job must be done in the end.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from validation.clinic_installation import Installation, children, free_port, until

KILLS = 50
JOBS = 200
WRITERS = 4
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

    @property
    def is_whole(self) -> bool:
        """Whether nothing was lost, halved or left undone."""
        return not self.lost and not self.twice and self.kept == self.events and not self.faults and self.all_done

    @property
    def all_done(self) -> bool:
        """Whether every job was done."""
        return self.jobs_done == self.jobs


class Writer(threading.Thread):
    """Somebody who sends one message after the other, and notes which were acknowledged."""

    def __init__(self, base: str, person: dict[str, object], name: str) -> None:
        super().__init__(daemon=True)
        self.web = httpx.Client(base_url=base, cookies={"sessionid": str(person["session"])}, timeout=30)
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


def measure(home: Path, kills: int, *, jobs: int = JOBS) -> Outcome:
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
        for writer in writers:
            writer.start()
        for _ in range(kills):
            time.sleep(draw.uniform(*PAUSE))
            before = sum(len(writer.acknowledged) for writer in writers)
            _kill_one(process.pid, draw)
            until("writing goes on", lambda before=before: _count(writers) > before, 60)
        for writer in writers:
            writer.stopping = True
        for writer in writers:
            writer.join(timeout=60)
        until("the jobs are done", lambda: not set(_counted(place)["jobs"]) & {"READY", "RUNNING"}, 60)
    found = _counted(place)
    acknowledged = {text for writer in writers for text in writer.acknowledged}
    texts = found["texts"]
    return Outcome(
        kills, len(acknowledged), len(acknowledged - set(texts)), len(texts), len(texts) - len(set(texts)),
        found["events"], tuple(found["faults"]), found["jobs"].count("SUCCESSFUL"), jobs,
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


def main() -> None:
    """Print what was found; status 1 where anything was lost."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = measure(Path(folder), kills)
    print(f"{outcome.kills} times kill -9 in {time.monotonic() - started:.0f} s")
    print(f"acknowledged messages: {outcome.acknowledged}; lost: {outcome.lost}; there twice: {outcome.twice}")
    print(f"messages kept: {outcome.kept}; their events: {outcome.events}; faults of the chain: {len(outcome.faults)}")
    print(f"jobs: {outcome.jobs}; done: {outcome.jobs_done}")
    sys.exit(0 if outcome.is_whole else 1)


if __name__ == "__main__":
    main()
