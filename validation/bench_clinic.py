"""Measures how long a clinician waits while entering findings: the search, a finding stated, the differential moved.

    python -m validation.bench_clinic

Everything runs in this process, on SQLite in a folder of its own, over the installed HPO release; the time of a browser
and of the way to it is not in the figures. The patient is made up. Figures are printed and never tested.
"""

# Models can only be imported once Django is set up, and that is done when the figures are asked for.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from hoofbeat.knowledge.build import build
from hoofbeat.knowledge.sources import Sources
from validation.measures import Measure

SEARCHES = (
    "spder fingrs", "arachnodactily", "low muscle tone", "hearing loss", "ectopia lentsi", "clubfoot", "seizuers",
    "abnormal heart", "cleft palat", "short stature", "delayed speech", "wide set eyes", "s", "abnormality of the",
)  # fmt: skip
FINDINGS = ("HP:0001166", "HP:0001083", "HP:0002616", "HP:0002650", "HP:0001382", "HP:0000767", "HP:0000098")
CHANGES = 60


@click.command()
def main() -> None:
    """Measure, and print each figure beside its bar."""
    with tempfile.TemporaryDirectory() as folder:
        click.echo("building the knowledge", err=True)
        build(Sources.bundled(), Path(folder) / "knowledge" / "bench")
        os.environ |= {
            "HOOFBEAT_HOME": folder,
            "HOOFBEAT_PLAIN_HTTP": "1",
            "DJANGO_SETTINGS_MODULE": "hoofbeat.web.settings",
        }
        os.environ.pop("HOOFBEAT_DATABASE", None)
        for one in measured():
            click.echo(one.line())


def measured() -> list[Measure]:
    """All figures. Sets Django up, which a process does once."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, run_syncdb=True)
    call_command("createcachetable", verbosity=0)
    from hoofbeat.web.records.ranking import knowledge
    from hoofbeat.web.records.terms import TermIndex, term_index

    known = knowledge()
    made = milliseconds(lambda: TermIndex(known))
    index = term_index()
    searches = [milliseconds(lambda text=text: index.search(text)) for text in SEARCHES * 5]  # type: ignore[misc]
    stated, moved, page = clinic_milliseconds()
    return [
        Measure("index of all names of findings, once per process", made, "ms", 1000),
        Measure("search for a finding, with typing errors: median", float(np.median(searches)), "ms", 100),
        Measure("the same: longest", max(searches), "ms", 100),
        Measure("a finding stated and the list shown again: 95th percentile", percentile(stated), "ms", 150),
        Measure("the differential shown again: 95th percentile", percentile(moved), "ms", 150),
        Measure("both, one after the other: 95th percentile", percentile(np.add(stated, moved).tolist()), "ms", 300),
        Measure("the page of findings: 95th percentile", percentile(page), "ms", 200),
    ]


def clinic_milliseconds() -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of stating a finding, of the differential after it, and of the whole page, for a made-up patient."""
    from allauth.mfa.models import Authenticator
    from django.test import Client
    from django.urls import reverse

    from hoofbeat.web.access.models import CareTeamMember, Clinic, Membership, User
    from hoofbeat.web.records.models import Record

    place = Clinic.objects.create(name="Bench")
    doctor = User.objects.create(email="bench@example.org", name="Bench")
    Authenticator.objects.create(user=doctor, type=Authenticator.Type.TOTP, data={})
    Membership.objects.create(user=doctor, clinic=place, role="clinician")
    record = Record.objects.create(clinic=place, name="Made Up", is_fictional=True)
    CareTeamMember.objects.create(record=record, user=doctor, role="clinician", added_by=doctor)
    browser = Client(headers={"host": "localhost"})
    browser.force_login(doctor, backend="allauth.account.auth_backends.AuthenticationBackend")
    address, panel, whole = (
        reverse(name, args=[record.pk]) for name in ("finding_set", "differential_panel", "findings")
    )

    def state(finding: str, said: str) -> None:
        answer = browser.post(address, {"hpo": finding, "state": said}, headers={"hx-request": "true"})
        assert answer.status_code == 200, answer.status_code

    for finding in FINDINGS:
        state(finding, "observed")
    browser.get(panel)
    stated, moved, page = [], [], []
    for number in range(CHANGES):
        said = ("excluded", "observed")[number // len(FINDINGS) % 2]
        finding = FINDINGS[number % len(FINDINGS)]
        stated.append(milliseconds(lambda: state(finding, said)))  # noqa: B023
        moved.append(milliseconds(lambda: browser.get(panel)))
        page.append(milliseconds(lambda: browser.get(whole)))
    return stated, moved, page


def milliseconds(of: Callable[[], object]) -> float:
    """How long something takes, once."""
    started = time.perf_counter()
    of()
    return (time.perf_counter() - started) * 1000


def percentile(took: list[float]) -> float:
    """The 95th percentile."""
    return float(np.percentile(took, 95))


if __name__ == "__main__":
    main()
