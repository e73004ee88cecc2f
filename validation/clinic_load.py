"""Fifty people at work at once: how long does a page take?

    python -m validation.clinic_load [--seconds 180] [--people 50] [--patients 1000]

Refused beforehand (exit status 2) where the knowledge cannot be used: pages would say so, and their time would tell
nothing. Where anything failed nothing is frozen, and the exit status is 2. Each looks at their list or inbox, takes one
patient, opens some pages of theirs, enters a finding or writes now and then, and goes on to the next, with the pauses
that people make; with `--pages-per-patient 1` they hop at random, where no kept ranking helps. The first list of each
person and day is told apart: it writes a row for each of its lines. Reported are all answers together and each kind
alone, what a page costs the processor, and the memory of each process. Runs on the database that HOOFBEAT_DATABASE
names, else on SQLite.
"""

from __future__ import annotations

import json
import os
import random
import re
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click
import httpx
import numpy as np

from validation.clinic_installation import Installation, free_port
from validation.clinic_knowledge import VoidError, linked
from validation.clinic_processes import Used, used_by
from validation.machine import described
from validation.measures import Measure
from validation.results_folder import freeze

PATIENTS = 1_000
PEOPLE = 50
SECONDS = 180.0
# Between two pages of one person, on average. Who reads a page takes longer: fifty of these are some hundred and fifty.
PAUSE_SECONDS = 5.0
PAGES_PER_PATIENT = 6.0  # on average, between two looks at the list
BAR_SECONDS = 0.2  # 95 % of answers
# How often each is opened of the patient that somebody is at, in a hundred.
LISTS = {"caseload": ("/clinic/patients/", 70), "inbox": ("/clinic/inbox/", 30)}
READS = {
    "record": ("", 10), "findings": ("findings/", 20), "differential": ("differential/", 20),
    "messages": ("messages/", 12), "visits": ("visits/", 6), "documents": ("documents/", 6),
}  # fmt: skip
# After a finding the browser asks for the differential beside it; a message is written on the page of messages.
WRITES = {"finding set": 8, "message sent": 4}
TERMS = ("HP:0001166", "HP:0001250", "HP:0000252", "HP:0004322", "HP:0000316", "HP:0001263", "HP:0000407")


@dataclass
class Seen:
    """How long everything took, by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, took: float, answer: httpx.Response) -> None:
        """One answer."""
        with self.lock:
            self.seconds[kind].append(took)
            # A page that leads elsewhere, as to the sign-in, is none; after a form that is as it should be.
            if answer.status_code >= (300 if answer.request.method == "GET" else 400):
                self.errors[f"{kind}: {answer.status_code}"] += 1

    def fail(self, kind: str, error: Exception) -> None:
        """No answer."""
        with self.lock:
            self.errors[f"{kind}: {type(error).__name__}"] += 1


class Person(threading.Thread):
    """Somebody at work."""

    def __init__(
        self, base: str, session: str, records: list[str], seen: Seen, until: float, number: int, pages: float
    ) -> None:
        super().__init__(daemon=True)
        self.web = httpx.Client(base_url=base, cookies={"sessionid": session}, timeout=30)
        self.records, self.seen, self.until, self.draw, self.pages = records, seen, until, random.Random(number), pages

    def run(self) -> None:
        """Work until the time is over."""
        time.sleep(self.draw.uniform(0, PAUSE_SECONDS))
        lists, list_weights = list(LISTS), [weight for _, weight in LISTS.values()]
        acts = [*READS, *WRITES]
        weights = [weight for _, weight in READS.values()] + list(WRITES.values())
        with self.web:
            first = True
            while time.monotonic() < self.until:
                self._do(self.draw.choices(lists, list_weights)[0], first=first)
                first = False
                one = f"/clinic/patients/{self.draw.choice(self.records)}/"
                self._do("record", one)
                while self.draw.random() >= 1 / self.pages and time.monotonic() < self.until:
                    self._do(self.draw.choices(acts, weights)[0], one)

    def _do(self, kind: str, one: str = "", *, first: bool = False) -> None:
        try:
            if kind in LISTS:
                self._timed("first list of a person" if first else kind, "GET", LISTS[kind][0])
            elif kind in READS:
                self._timed(kind, "GET", one + READS[kind][0])
            elif kind == "message sent":
                page = self._timed("messages", "GET", f"{one}messages/")
                self._pause()
                self._timed(kind, "POST", f"{one}messages/send/", {**_token(page), "text": "Of a made-up person."})
            else:
                page = self._timed("findings", "GET", f"{one}findings/")
                self._pause()
                chosen = {"hpo": self.draw.choice(TERMS), "state": "observed"}
                self._timed(kind, "POST", f"{one}findings/set/", {**_token(page), **chosen}, part=True)
                self._timed("panel after it", "GET", f"{one}differential/panel/", part=True)
        except httpx.HTTPError as error:
            self.seen.fail(kind, error)
        self._pause()

    def _pause(self) -> None:
        time.sleep(self.draw.expovariate(1 / PAUSE_SECONDS))

    def _timed(
        self, kind: str, method: str, path: str, data: dict[str, str] | None = None, *, part: bool = False
    ) -> httpx.Response:
        headers = {"Referer": str(self.web.base_url), **({"HX-Request": "true"} if part else {})}
        started = time.perf_counter()
        answer = self.web.request(method, path, data=data, headers=headers, follow_redirects=False)
        self.seen.note(kind, time.perf_counter() - started, answer)
        return answer


def _token(page: httpx.Response) -> dict[str, str]:
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
    return {"csrfmiddlewaretoken": found[1] if found else ""}


@click.command()
@click.option("--seconds", default=SECONDS, show_default=True)
@click.option("--people", default=PEOPLE, show_default=True)
@click.option("--patients", default=PATIENTS, show_default=True)
@click.option("--workers", default=max(2, os.cpu_count() or 2), show_default=True)
@click.option("--pages-per-patient", default=PAGES_PER_PATIENT, show_default=True)
@click.option("--freeze", "kept", is_flag=True, help="Write the figures to validation/results.")
def main(seconds: float, people: int, patients: int, workers: int, pages_per_patient: float, kept: bool) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        linked(Path(folder))
        place = Installation(Path(folder))
        place.run("migrate")
        world = json.loads(place.python("validation.clinic_world", str(patients), str(people), "0"))
        port, seen = free_port(), Seen()
        with place.served(port, workers=workers) as process:
            before, base, until = used_by(process.pid), f"http://127.0.0.1:{port}", time.monotonic() + seconds
            everybody = [
                Person(base, one["session"], one["records"], seen, until, number, pages_per_patient)
                for number, one in enumerate(world["people"])
            ]
            for person in everybody:
                person.start()
            for person in everybody:
                person.join()
            after = used_by(process.pid)
    found = _found(seen, before, after, workers)
    engine = "PostgreSQL" if "HOOFBEAT_DATABASE" in os.environ else "SQLite"
    content = {
        "command": f"python -m validation.clinic_load --seconds {seconds:g} --freeze",
        "what": f"{people} people, {patients} patients, {seconds:g} s, {pages_per_patient:g} pages a patient, {engine}",
        "machine": {**described(), "others_at_work": round(os.getloadavg()[1], 1)},
        "errors": seen.errors.total(),
        "measures": [one.to_json() for one in found],
    }
    click.echo(f"{content['what']}; {content['machine']}")
    for one in found:
        click.echo(one.line())
    refuse_errors(seen)
    click.echo("errors: none")
    if kept:
        click.echo(f"written to {freeze(f'clinic_load_{engine.lower()}.json', content)}")


def refuse_errors(seen: Seen) -> None:
    """Raises VoidError, naming what failed by kind, where anything did."""
    if seen.errors:
        failed = ", ".join(f"{what} ({times})" for what, times in seen.errors.most_common())
        raise VoidError(f"errors: {failed}; such figures tell nothing, and none is frozen")


def _found(seen: Seen, before: Mapping[str, Used], after: Mapping[str, Used], workers: int) -> list[Measure]:
    every = [took for kind in seen.seconds.values() for took in kind]
    measures = [
        Measure("all answers: 95th percentile", 1000 * float(np.percentile(every, 95)), "ms", 1000 * BAR_SECONDS),
        Measure("the same: median", 1000 * float(np.median(every)), "ms"),
        Measure("errors", seen.errors.total(), "", 0),
        Measure("answers", len(every), ""),
    ]
    for kind, took in sorted(seen.seconds.items()):
        measures += [
            Measure(f"{kind}: 95th percentile of {len(took)}", 1000 * float(np.percentile(took, 95)), "ms"),
            Measure(f"{kind}: median", 1000 * float(np.median(took)), "ms"),
        ]
    web = after["web"].seconds - before["web"].seconds
    measures += [
        Measure("processor of the web processes, an answer", 1000 * web / len(every), "ms"),
        Measure(f"memory of the web server and its {workers} processes", after["web"].megabytes, "MB"),
        Measure("memory of the worker", after["worker"].megabytes, "MB"),
    ]
    return measures


if __name__ == "__main__":
    main()
