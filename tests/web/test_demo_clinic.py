"""The demonstration clinic: complete, all fictional, with a past; and never where real people are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.monkeypatch import MonkeyPatch
from django.db import transaction
from django.http import Http404, HttpRequest
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from hoofbeat.interchange.report import InputError
from hoofbeat.knowledge.knowledge import Knowledge
from hoofbeat.web.access.models import User
from hoofbeat.web.access.roles import STAFF_ROLES
from hoofbeat.web.access.second_step import has_second_step
from hoofbeat.web.audit.chain import faults
from hoofbeat.web.audit.models import Event
from hoofbeat.web.configuration import Configuration
from hoofbeat.web.demo.fill import fill, is_filled, refuse_real_people
from hoofbeat.web.demo.people import PATIENTS, STAFF, Point
from hoofbeat.web.demo.sign_in import be, people
from hoofbeat.web.records.models import (
    Document,
    Genome,
    Message,
    RankingSnapshot,
    Record,
    RecordedFinding,
    SharedDifferential,
)
from hoofbeat.web.records.ranking import differential_of
from tests.web import world as build
from tests.web.conftest import use
from tests.web.world import World
from validation.clinic_installation import Installation, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Settings) -> Configuration:
    configuration = Configuration.read({"HOOFBEAT_DEMO": "1"})
    settings.CONFIGURATION = configuration
    return configuration


@pytest.fixture(scope="class")
def filled_clinic(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    bundled_knowledge: Knowledge,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The demonstration, filled once for the tests of a class and taken back after them: filling takes seconds."""
    configuration = Configuration.read({"HOOFBEAT_DEMO": "1"})
    folder = tmp_path_factory.mktemp("demonstration")
    with (
        MonkeyPatch.context() as patch,
        override_settings(CONFIGURATION=configuration, MEDIA_ROOT=folder),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        use(bundled_knowledge, patch)
        assert not is_filled()
        fill()
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("filled_clinic", "demo", "whole_knowledge")
class TestFilled:
    def test_the_clinic_is_filled_with_fictional_people_along_the_path(self) -> None:
        assert is_filled()
        refuse_real_people()
        assert list(faults()) == []
        assert Record.objects.count() == len(PATIENTS) >= 12
        statuses = Counter(Record.objects.values_list("status", flat=True))
        points = Counter(patient.point for patient in PATIENTS)
        assert statuses["diagnosed"] == points[Point.CONFIRMED]
        assert statuses["suspected"] == points[Point.SUSPECTED]
        assert all(count >= 1 for count in points.values())
        assert set(points) == set(Point)
        assert RecordedFinding.objects.filter(standing="told", ended__isnull=True).count() >= 4
        assert Message.objects.filter(from_team=False, read_at__isnull=True).exists()
        assert Document.objects.filter(kind="pdf").count() >= 4
        assert {colleague.role for colleague in STAFF} == {role.value for role in STAFF_ROLES}, "one can be everybody"
        onsets = RecordedFinding.objects.exclude(onset="").values_list("record").distinct()
        assert onsets.count() >= 4, "the time line of findings is there to be seen"
        shared = SharedDifferential.objects.get(record__name="Tomás Ficción")
        assert "confirmed" in shared.candidates[0], "his family is told the diagnosis as one"
        for colleague in STAFF:
            assert has_second_step(User.objects.get(email=colleague.email))

    def test_the_pattern_of_each_diagnosed_patient_ranks_their_disease_high(self) -> None:
        for patient in PATIENTS:
            if patient.point is Point.CONFIRMED:
                differential = differential_of(Record.objects.get(name=patient.name))
                assert differential is not None
                candidate = differential.explained(patient.disease)
                assert candidate is not None
                assert candidate.rank <= 5, patient.name

    def test_one_patient_has_a_genome_that_was_read_and_counts(self) -> None:
        (patient,) = [one for one in PATIENTS if one.genome]
        record = Record.objects.get(name=patient.name)
        genome = record.genomes.get()
        assert (genome.state, set(genome.matched)) == (Genome.State.READ, {"child", "father", "mother"})
        verbs = set(Event.objects.filter(record=record.pk).values_list("verb", flat=True))
        assert {"genome:add", "genome:match", "genome:analyse"} <= verbs
        found = differential_of(record)
        assert found is not None
        assert found.genotype is not None
        candidate = found.explained(patient.disease)
        assert candidate is not None
        assert candidate.rank <= 2, "another disease of the same gene is as near"
        assert any("new (de novo)" in row.label for row in candidate.contributions), (
            "the made-up variant is new in the child"
        )

    def test_the_past_is_not_all_today(self) -> None:
        moments = RankingSnapshot.objects.values_list("created", flat=True)
        assert max(moments) <= timezone.now()
        assert (max(moments) - min(moments)).days > 300


def test_it_refuses_a_database_with_a_person_who_is_not_fictional(demo: Configuration, world: World) -> None:
    refuse_real_people()
    User.objects.create(email="real@example.org", name="Somebody Real")
    with pytest.raises(InputError, match="not fictional"):
        fill()
    User.objects.filter(email="real@example.org").delete()
    Record.objects.create(clinic=world.clinic, name="Somebody Real")
    with pytest.raises(InputError, match="not fictional"):
        fill()


@pytest.mark.parametrize(
    ("meta", "in_demo"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, False),
        ({"REMOTE_ADDR": "192.0.2.7"}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, True),
    ],
)
def test_signing_in_by_a_click_is_for_demonstrations_on_this_machine_alone(
    meta: dict[str, str], in_demo: bool, settings: Settings
) -> None:
    configuration = Configuration.read({"HOOFBEAT_DEMO": "1" if in_demo else "0"})
    settings.CONFIGURATION = configuration
    somebody = build.user()
    request = HttpRequest()
    request.META.update(meta)
    request.method = "GET"
    with pytest.raises(Http404):
        people(request)
    request.method = "POST"
    with pytest.raises(Http404):
        be(request, somebody.pk)


def test_outside_a_demonstration_the_address_does_not_exist(anonymous: Client) -> None:
    assert anonymous.get("/demo/").status_code == 404


@pytest.mark.skipif("HOOFBEAT_DATABASE" in os.environ, reason="runs on files of its own, on SQLite")
def test_the_command_fills_serves_and_says_who_one_can_be(knowledge_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "knowledge").symlink_to(knowledge_home / "knowledge", target_is_directory=True)
    place = Installation(home, ())
    port = free_port()
    walk = (
        "import httpx, re, sys\n"
        "web = httpx.Client(base_url=sys.argv[1], follow_redirects=True, timeout=60)\n"
        "first = web.get('/').text\n"
        'who = re.search(r\'action="(/demo/[^"]+)".*?value="([^"]+)"\', first, re.S)\n'
        "page = web.post(who[1], data={'csrfmiddlewaretoken': who[2]}, headers={'Referer': sys.argv[1] + '/'})\n"
        "assert page.status_code == 200, page.status_code\n"
        "print(page.url.path)\n"
    )
    process = subprocess.Popen(
        place.command("demo", "--port", str(port)), env=place.environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "Their password is" in line:
                break
        assert "clinician@demo.example" in said
        address = f"http://127.0.0.1:{port}"
        walked = subprocess.run([sys.executable, "-c", walk, address], capture_output=True, text=True, timeout=60)
        assert walked.returncode == 0, walked.stderr
        assert walked.stdout.startswith(("/clinic/", "/my/"))
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()
