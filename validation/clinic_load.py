"""Fifty people at work at once: how long does a page take?

    python -m validation.clinic_load [--seconds 180] [--people 50] [--patients 1000]

Each opens pages of their patients, enters a finding now and then and writes a message, with the pauses that
people make. Reported are all pages together and each kind alone: median, 95th percentile, errors.
"""

from __future__ import annotations

import json
import os
import random
import re
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import click
import httpx
import numpy as np

from hoofbeat.knowledge.releases import home
from validation.clinic_installation import Installation, free_port
from validation.machine import described

PATIENTS = 1_000
PEOPLE = 50
SECONDS = 180.0
PAUSE_SECONDS = 5.0  # between two pages of one person, on average: a quick reader
BAR_SECONDS = 0.2  # 95 % of pages
# How often each is done, in a hundred.
READS = {
    "caseload": ("/clinic/patients/", 18), "inbox": ("/clinic/inbox/", 8), "record": ("", 22),
    "findings": ("findings/", 14), "differential": ("differential/", 14), "messages": ("messages/", 8),
    "visits": ("visits/", 4), "documents": ("documents/", 4),
}  # fmt: skip
WRITES = {"finding set": 5, "message sent": 3}
TERMS = ("HP:0001166", "HP:0001250", "HP:0000252", "HP:0004322", "HP:0000316", "HP:0001263", "HP:0000407")


@dataclass
class Seen:
    """How long everything took, by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, took: float, answer: httpx.Response) -> None:
        """One answer."""
        with self.lock:
            self.seconds[kind].append(took)
            if answer.status_code >= 400:
                self.errors.append(f"{kind}: {answer.status_code}")


class Person(threading.Thread):
    """Somebody at work."""

    def __init__(self, base: str, session: str, records: list[str], seen: Seen, until: float, number: int) -> None:
        super().__init__(daemon=True)
        self.web = httpx.Client(base_url=base, cookies={"sessionid": session}, timeout=30)
        self.records, self.seen, self.until, self.draw = records, seen, until, random.Random(number)

    def run(self) -> None:
        """Work until the time is over."""
        kinds = [*READS, *WRITES]
        weights = [weight for _, weight in READS.values()] + list(WRITES.values())
        time.sleep(self.draw.uniform(0, PAUSE_SECONDS))
        while time.monotonic() < self.until:
            try:
                self._do(self.draw.choices(kinds, weights)[0])
            except httpx.HTTPError as error:
                with self.seen.lock:
                    self.seen.errors.append(type(error).__name__)
            time.sleep(self.draw.expovariate(1 / PAUSE_SECONDS))

    def _do(self, kind: str) -> None:
        one = f"/clinic/patients/{self.draw.choice(self.records)}/"
        if kind in READS:
            path = READS[kind][0]
            self._timed(kind, "GET", path if path.startswith("/") else one + path)
            return
        page = self._timed("messages", "GET", f"{one}messages/")
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
        given = {"csrfmiddlewaretoken": found[1] if found else ""}
        if kind == "message sent":
            self._timed(kind, "POST", f"{one}messages/send/", {**given, "text": "A message of a made-up person."})
        else:
            chosen = {"hpo": self.draw.choice(TERMS), "state": "observed"}
            self._timed(kind, "POST", f"{one}findings/set/", {**given, **chosen})

    def _timed(self, kind: str, method: str, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        started = time.perf_counter()
        headers = {"Referer": str(self.web.base_url)}
        answer = self.web.request(method, path, data=data, headers=headers, follow_redirects=False)
        self.seen.note(kind, time.perf_counter() - started, answer)
        return answer


@click.command()
@click.option("--seconds", default=SECONDS, show_default=True)
@click.option("--people", default=PEOPLE, show_default=True)
@click.option("--patients", default=PATIENTS, show_default=True)
@click.option("--workers", default=max(2, os.cpu_count() or 2), show_default=True)
def main(seconds: float, people: int, patients: int, workers: int) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "knowledge").symlink_to(home() / "knowledge", target_is_directory=True)
        place = Installation(Path(folder))
        place.run("migrate")
        world = json.loads(place.python("validation.clinic_world", str(patients), str(people), "0"))
        port, seen = free_port(), Seen()
        with place.served(port, workers=workers):
            base, until = f"http://127.0.0.1:{port}", time.monotonic() + seconds
            everybody = [
                Person(base, one["session"], one["records"], seen, until, number)
                for number, one in enumerate(world["people"])
            ]
            for person in everybody:
                person.start()
            for person in everybody:
                person.join()
    _report(seen, people, patients, seconds)


def _report(seen: Seen, people: int, patients: int, seconds: float) -> None:
    every = [took for kind in seen.seconds.values() for took in kind]
    click.echo(f"{people} people, {patients} patients, {seconds:.0f} s; {described()}")
    for kind, took in [*sorted(seen.seconds.items()), ("all", every)]:
        median, late = np.percentile(took, [50, 95])
        click.echo(f"{kind:<14} {len(took):>6}   median {1000 * median:>6.0f} ms   95 % within {1000 * late:>6.0f} ms")
    click.echo(f"errors: {len(seen.errors)} {sorted(set(seen.errors))}")
    within = float(np.percentile(every, 95)) <= BAR_SECONDS and not seen.errors
    click.echo(f"bar of {1000 * BAR_SECONDS:.0f} ms: {'held' if within else 'NOT held'}")


if __name__ == "__main__":
    main()
