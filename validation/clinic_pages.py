"""What one answer of the application is made of, with nobody else at work: questions to the database, and milliseconds
of the database, the template, the ranking, the event, and the rest.

    python -m validation.clinic_pages [--patients 1000] [--freeze]

What an answer takes longer in `validation.clinic_load` is waiting for others: for a process, for the interpreter, for
the processor. A ranking is made anew for each look here, as for the first look at a patient. Runs on the database that
HOOFBEAT_DATABASE names, else on SQLite.
"""

# Models can only be imported once Django is set up, and that is done in the installation that is measured.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
import numpy as np

from hoofbeat.diagnosis.rank import Differential, rank
from validation.clinic_installation import Installation
from validation.clinic_knowledge import linked
from validation.clinic_load import LISTS, READS
from validation.machine import described
from validation.results_folder import freeze

ROUNDS = 30
PARTS = ("whole", "database", "template", "ranking", "event", "rest")
FIRST_OF_A_DAY = "first "  # before the name of a list: a day's first look at it writes a row for each line
_INSIDE = "inside"


@click.command()
@click.option("--patients", default=1000, show_default=True)
@click.option("--freeze", "kept", is_flag=True, help="Write the figures to validation/results.")
def main(patients: int, kept: bool) -> None:
    """Measure in an installation of its own, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        linked(Path(folder))
        place = Installation(Path(folder))
        place.run("migrate")
        world = place.python("validation.clinic_world", str(patients), "10", "0")
        pages = json.loads(place.python("validation.clinic_pages", _INSIDE, json.dumps(json.loads(world)["people"][0])))
    click.echo(f"{'median ms of':16}" + "".join(f"{part:>10}" for part in PARTS) + f"{'questions':>11}")
    for page, took in pages.items():
        click.echo(f"{page:16}" + "".join(f"{took[part]:10.1f}" for part in PARTS) + f"{took['questions']:11}")
    if kept:
        engine = "PostgreSQL" if "HOOFBEAT_DATABASE" in os.environ else "SQLite"
        machine = {**described(), "others_at_work": round(os.getloadavg()[1], 1)}
        content = {
            "command": "python -m validation.clinic_pages --freeze",
            "what": f"one person alone, {patients} patients, {engine}",
            "machine": machine,
            "pages": pages,
        }
        click.echo(f"written to {freeze(f'clinic_pages_{engine.lower()}.json', content)}")


class Clock:
    """How long the parts of one answer took; the database's time counts once, whichever part asked."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.questions = 0
        self.inside: list[str] = []

    def timed(self, part: str, of: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time noted less that of the parts within it."""

        def call(*arguments: Any, **named: Any) -> Any:
            with self.part(part):
                return of(*arguments, **named)

        return call

    @contextmanager
    def part(self, part: str) -> Iterator[None]:
        """Note the time of a block, and take it from the part around it."""
        started = time.perf_counter()
        self.inside.append(part)
        try:
            yield
        finally:
            took = time.perf_counter() - started
            self.inside.pop()
            self.spent[part] = self.spent.get(part, 0.0) + took
            if self.inside:
                self.spent[self.inside[-1]] = self.spent.get(self.inside[-1], 0.0) - took

    def database(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        """Django's wrapper around each question."""
        self.questions += 1
        with self.part("database"):
            return execute(*arguments)


def inside(person: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Medians of each page for one person, in this process."""
    import django

    django.setup()
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.template.backends.jinja2 import Template
    from django.test import Client

    from hoofbeat.web.audit import chain
    from hoofbeat.web.audit.models import Listed
    from hoofbeat.web.records import ranking
    from hoofbeat.web.records.actions import change

    web = Client(headers={"host": "localhost"})
    web.cookies["sessionid"] = person["session"]
    found: dict[str, list[Clock]] = {}
    for round_number in range(ROUNDS + 2):
        record = person["records"][round_number % len(person["records"])]
        paths = {FIRST_OF_A_DAY + name: path for name, (path, _) in LISTS.items()}
        paths |= {name: path for name, (path, _) in LISTS.items()}
        paths |= {name: f"/clinic/patients/{record}/{path}" for name, (path, _) in READS.items()}
        for name, path in paths.items():
            clock = Clock()
            ranking._ranked.cache_clear()
            if name.startswith(FIRST_OF_A_DAY):
                Listed.objects.all().delete()
            with ExitStack() as stack:
                stack.enter_context(connection.execute_wrapper(clock.database))
                commit = clock.timed("database", BaseDatabaseWrapper.commit)
                stack.enter_context(patch.object(BaseDatabaseWrapper, "commit", lambda self, do=commit: do(self)))
                render = clock.timed("template", Template.render)
                stack.enter_context(
                    patch.object(Template, "render", lambda self, *a, do=render, **n: do(self, *a, **n))
                )
                event = clock.timed("event", chain.add_event)
                for module in (change, chain):
                    stack.enter_context(patch.object(module, "add_event", event))
                stack.enter_context(patch.object(ranking, "rank", clock.timed("ranking", rank)))
                top = clock.timed("ranking", Differential.top)
                stack.enter_context(patch.object(Differential, "top", lambda self, n, do=top: do(self, n)))
                with clock.part("rest"):
                    started = time.perf_counter()
                    answer = web.get(path)
                    clock.spent["whole"] = time.perf_counter() - started
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            found.setdefault(name, []).append(clock)
    return {name: _medians(clocks[2:]) for name, clocks in found.items()}


def _medians(clocks: list[Clock]) -> dict[str, float]:
    medians = {part: float(np.median([1000 * one.spent.get(part, 0.0) for one in clocks])) for part in PARTS}
    return {part: round(value, 1) for part, value in medians.items()} | {"questions": clocks[-1].questions}


if __name__ == "__main__":
    if sys.argv[1:2] == [_INSIDE]:
        print(json.dumps(inside(json.loads(sys.argv[2]))))
    else:
        main()
