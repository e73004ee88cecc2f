"""The states in which a page is looked at: a world where nothing was entered yet, one where everything was, and one
where every text is as long as it may be, without a place to break, and lists have many rows. Everybody is fictional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hoofbeat.cases.finding import FindingState
from hoofbeat.web.access.models import JobPutAside, PatientLink, User
from hoofbeat.web.access.roles import Scope
from hoofbeat.web.mail import send_mail
from hoofbeat.web.records.actions.diagnosis import confirm_diagnosis, release_differential, withdraw_diagnosis
from hoofbeat.web.records.actions.findings import set_finding, take_back_finding, tell_finding
from hoofbeat.web.records.actions.release import Asked, release
from hoofbeat.web.records.actions.status import set_status
from hoofbeat.web.records.actions.story import tell_story
from hoofbeat.web.records.models import (
    BackgroundNote,
    Disclosure,
    Document,
    EarlierTest,
    FamilyMember,
    Genome,
    GenomeQuestion,
    GenomeVariant,
    Message,
    Record,
    StoryEntry,
    Visit,
)
from tests.web import world as build
from tests.web.full_record import fill
from tests.web.world import World

# No place to break, longer than a phone is wide by far; then words that can break.
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 5 + " and then many more words" * 20
ROWS = 15
MANY = (
    *(BackgroundNote, Disclosure, Document, EarlierTest, FamilyMember, GenomeVariant, GenomeQuestion, Genome),
    *(Message, StoryEntry, Visit),
)
# Terms of the installed release: what was seen, what was not, and one of each other state.
OBSERVED = ("HP:0001166", "HP:0001083", "HP:0002705", "HP:0002616", "HP:0000545", "HP:0001519")
EXCLUDED = ("HP:0001250", "HP:0001249")
# Diseases of the installed release: one that is confirmed, one that was, one that was only spoken of.
STANDS, FALLS, SPOKEN_OF = "OMIM:154700", "OMIM:610168", "OMIM:609192"
# Where it shows whether a diagnosis stands.
OF_DIAGNOSIS = frozenset(("caseload", "record", "differential", "diagnosis", "portal_record", "portal_talked"))
STORY = "She's floppy and her eyes wobble. No seizures. Her mother is short-sighted. She gets tired. Maybe a murmur."
TOLD = ("HP:0000767", "HP:0001388")


@dataclass(frozen=True)
class State:
    """A world and what addresses are filled in with."""

    name: str
    world: World
    known: dict[str, Any]


def empty() -> State:
    """A record into which nobody has entered anything."""
    world = World.small()
    return State("empty", world, {"record": world.record.pk, "pk": world.record.pk})


def full() -> State:
    """A record with a row of every kind, findings of every state, and a differential."""
    world = World.small()
    known = fill(world, "Some words")
    _describe(world, known)
    _diagnose(world, "Some words")
    return State("full", world, known)


def long() -> State:
    """The same with texts and names as long as they may be, and lists of many rows."""
    world = World.small()
    for person in world.people.values():
        _stretch(person)
    world.clinic.name = LONG[:120]
    world.clinic.save()
    known = fill(world, LONG)
    _describe(world, known)
    _diagnose(world, LONG)
    _many_rows(world)
    return State("long", world, known)


def reopen(world: World) -> None:
    """The last diagnosis that stands is withdrawn: the search goes on, and the family still reads of it."""
    record = world.record
    for one in record.confirmations.filter(withdrawn__isnull=True):
        withdraw_diagnosis(actor=world.actor("clinician"), record=record.pk, confirmation=one.pk, reason=one.reason)


def _stretch(person: User) -> None:
    person.name = LONG[: User._meta.get_field("name").max_length or 100]
    person.save()


def _describe(world: World, known: dict[str, Any]) -> None:
    """What `fill` cannot know: findings that count, a second record of the parent, visits of every kind."""
    doctor, parent, record = world.actor("clinician"), world.actor("parent"), world.record.pk
    for number, hpo in enumerate(OBSERVED):
        onset = f"P{number}Y" if number else "HP:0003577"
        set_finding(actor=doctor, record=record, hpo=hpo, state=FindingState.OBSERVED, onset=onset, note="as seen")
    for hpo in EXCLUDED:
        set_finding(actor=doctor, record=record, hpo=hpo, state=FindingState.EXCLUDED)
    set_finding(actor=doctor, record=record, hpo="HP:0000486", state=FindingState.NOT_ASSESSED)
    unsure = set_finding(actor=doctor, record=record, hpo="HP:0001382", state=FindingState.UNCERTAIN)
    take_back_finding(actor=doctor, record=record, finding=unsure.pk)
    for hpo in TOLD:
        tell_finding(actor=parent, record=record, hpo=hpo, state=FindingState.OBSERVED, words="since the spring")
    known["story"] = tell_story(actor=parent, record=record, text=STORY).pk
    release(actor=world.actor("patient"), record=record, asked=Asked.own_copy())
    now, first = timezone.now(), Visit.objects.filter(record=record).first()
    assert first is not None
    for days, outcome in ((-3, ""), (-9, "held"), (-12, "cancelled")):
        visit = Visit(record_id=record, at=now + timedelta(days=days), planned_by=first.planned_by, place="Room 2")
        if outcome:
            setattr(visit, outcome, now)
        visit.save()
    _jobs(world)
    other = build.record(world.clinic, "Another Example", team=[world.people["clinician"]])
    world.records.append(other)
    PatientLink.objects.create(
        record=other, user=world.people["parent"], role="proxy", relation="parent",
        scopes=[s.value for s in Scope], start=now - timedelta(days=1), end=now + timedelta(days=400),
    )  # fmt: skip


def _diagnose(world: World, words: str) -> None:
    """Two diagnoses confirmed and told to the family, one of them withdrawn since; another record is closed."""
    doctor, record = world.actor("clinician"), world.record
    record.confirmations.all().delete()
    known = []
    for disease in (STANDS, FALLS):
        known.append(confirm_diagnosis(actor=doctor, record=record.pk, disease=disease, reason=words))
    release_differential(
        actor=doctor, record=record.pk, diseases=[STANDS, FALLS, SPOKEN_OF], words=words, talked_on=timezone.localdate()
    )
    withdraw_diagnosis(actor=doctor, record=record.pk, confirmation=known[-1].pk, reason=words)
    for one in known:
        record.confirmations.filter(pk=one.pk).update(disease_name=words[:240])
    for told in record.shared.all():
        told.candidates = [one | {"name": words} for one in told.candidates]
        told.save()
    set_status(actor=doctor, record=world.records[-1].pk, status=Record.Status.CLOSED)


def _jobs(world: World) -> None:
    """A background job that failed, one that waits after a failure, one for later, and one that was put aside."""
    now = timezone.now()
    for status, tries, later in (("FAILED", 5, None), ("READY", 1, 1), ("READY", 0, 24), ("FAILED", 2, None)):
        send_mail.enqueue("news", str(world.people["parent"].pk))
        job = DBTaskResult.objects.latest("enqueued_at")
        job.status, job.worker_ids = status, ["worker"] * tries
        if tries:
            job.exception_class_path, job.finished_at = "smtplib.SMTPServerDisconnected", now
        if later:
            job.run_after = now + timedelta(hours=later)
        job.save()
    JobPutAside.objects.create(job=job, by=world.people["administrator"])


def _many_rows(world: World) -> None:
    """More of each list than one screen holds."""
    for model in MANY:
        row = model.objects.filter(record=world.record).order_by("created").last()
        assert row is not None, model
        for number in range(1, ROWS + 1):
            row.pk = uuid4()
            if isinstance(row, Document | Genome):
                row.file = row.pk.hex
            if isinstance(row, GenomeVariant):
                row.place = number
            row.save(force_insert=True)
    for number in range(ROWS):
        build.record(
            world.clinic,
            f"{number} {LONG}"[: Record._meta.get_field("name").max_length or 100],
            team=[world.people["clinician"], world.people["coordinator"]],
        )
        build.staff(world.clinic, name=f"{number} {LONG}"[:100])
