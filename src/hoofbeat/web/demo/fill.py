"""Fills the demonstration clinic through the actions, as people would over months; refuses where real people are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.utils import timezone

from hoofbeat.cases.finding import FindingState
from hoofbeat.interchange.report import InputError
from hoofbeat.web.access.actions.installation import add_staff_account
from hoofbeat.web.access.actions.law import confirm_pack
from hoofbeat.web.access.actions.people import accept, invite_to_record
from hoofbeat.web.access.actions.team import add_to_team
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import User
from hoofbeat.web.access.roles import Role, Scope
from hoofbeat.web.demo.clock import standing_at
from hoofbeat.web.demo.letter import letter
from hoofbeat.web.demo.people import CLINIC, PASSWORD, PATIENTS, STAFF, Patient, Point
from hoofbeat.web.records.actions.background import add_note, add_test
from hoofbeat.web.records.actions.consent import give_consent
from hoofbeat.web.records.actions.diagnosis import confirm_diagnosis, release_differential, withdraw_diagnosis
from hoofbeat.web.records.actions.documents import add_document
from hoofbeat.web.records.actions.family import Relative, add_relative
from hoofbeat.web.records.actions.findings import set_finding, tell_finding
from hoofbeat.web.records.actions.genome import add_genome, match_genome
from hoofbeat.web.records.actions.genome_reading import read_from_file
from hoofbeat.web.records.actions.messages import send_message
from hoofbeat.web.records.actions.record import Demographics, create_record
from hoofbeat.web.records.actions.status import set_status
from hoofbeat.web.records.actions.story import mark_story_read, tell_story
from hoofbeat.web.records.actions.visits import hold_visit, plan_visit
from hoofbeat.web.records.files import keeping
from hoofbeat.web.records.genome_upload import StoredUpload
from hoofbeat.web.records.genomes import PATIENT
from hoofbeat.web.records.models import Genome, Record

Progress = Callable[[str, float], None]
HOUR = timedelta(hours=1)
TOLD_AS_DIAGNOSIS = "We told you today what it is and what it means. Write to us what you want to ask."
TOLD_AS_A_THOUGHT = "We talked about this today: it explains most of what we see. A test shows if it holds."
HELD_POINTS = (Point.SUSPECTED, Point.CONFIRMED, Point.WITHDRAWN)


def refuse_real_people() -> None:
    """Raises InputError where the database holds anybody who is not marked as fictional."""
    if User.objects.filter(is_fictional=False).exists() or Record.objects.filter(is_fictional=False).exists():
        raise InputError(
            "this database holds people who are not fictional, so it is no place for a demonstration",
            code="real-people",
            repair="leave HOOFBEAT_DATABASE away, or name an empty database; and never set HOOFBEAT_DEMO for a clinic",
        )


def is_filled() -> bool:
    """Whether the demonstration is there."""
    return User.objects.exists()


def fill(progress: Progress = lambda what, share: None) -> None:
    """Make everybody and everything, or nothing. Raises InputError where real people are."""
    refuse_real_people()
    with transaction.atomic():
        now = timezone.now()
        with standing_at(now - timedelta(weeks=80)):
            staff = {one.key: _colleague(one.name, one.email, one.role) for one in STAFF}
        with standing_at(now - timedelta(weeks=79)):
            confirm_pack(actor=Actor.of(staff["admin"]))
        for number, patient in enumerate(PATIENTS):
            progress(f"fictional patient {patient.name}", number / len(PATIENTS))
            _Filling(patient, staff, now, number).run()


def _colleague(name: str, email: str, role: str) -> User:
    made = add_staff_account(clinic=CLINIC, name=name, email=email, password=PASSWORD, role=Role(role), fictional=True)
    TOTP.activate(made, generate_totp_secret())
    return made


@dataclass
class _Filling:
    """One patient's months, step by step: each step is a little later than the one before."""

    patient: Patient
    staff: dict[str, User]
    now: datetime
    number: int

    def run(self) -> None:
        """All that happened to the patient."""
        self.moments = self._moments()
        self.relatives: dict[str, str] = {}
        self.lead = Actor.of(self.staff[self.patient.team[0]])
        with self.later():
            given = Demographics(
                name=self.patient.name, preferred_name=self.patient.called, birth_date=self.patient.born,
                sex=self.patient.sex, local_number=f"DEMO-{self.number + 1:03}", language=self.patient.language,
                needs=self.patient.needs,
            )  # fmt: skip
            self.record = create_record(actor=self.lead, demographics=given)
        for key in self.patient.team[1:]:
            with self.later():
                add_to_team(actor=self.lead, record=self.record.pk, user=self.staff[key].pk)
        self.family = self._people()
        self._background()
        self._findings()
        self._genome()
        self._talk()
        self._diagnosis()
        self._visits()

    def later(self) -> AbstractContextManager[None]:
        """The next moment of this patient's months."""
        return standing_at(next(self.moments))

    def _moments(self) -> Iterator[datetime]:
        start = self.now - timedelta(weeks=self.patient.weeks) - timedelta(days=self.number)
        step = (self.now - start - timedelta(hours=2)) / 60
        for count in range(60):
            yield start + count * step
        while True:
            yield self.now - HOUR

    def _people(self) -> Actor | None:
        first = None
        for one in self.patient.people:
            with self.later():
                sent = invite_to_record(
                    actor=self.lead, record=self.record.pk, name=one.name, email=one.email,
                    role=Role.PATIENT if one.patient else Role.PROXY, relation=one.relation,
                    scopes=() if one.patient else tuple(Scope),
                )  # fmt: skip
                _, person = accept(token=sent.token, user=None, name=one.name, password=PASSWORD)
            first = first or Actor.of(person)
        return first

    def _background(self) -> None:
        record, lead = self.record.pk, self.lead
        if self.patient.story:
            with self.later():
                if self.family:
                    told = tell_story(actor=self.family, record=record, text=self.patient.story)
                    if self.patient.point is not Point.REFERRED:
                        mark_story_read(actor=lead, record=record, until=told.pk)
                else:
                    add_note(actor=lead, record=record, kind="lifestyle", text=self.patient.story)
        for kind, name, weeks, result in self.patient.tests:
            day = self.now - timedelta(weeks=weeks)
            with standing_at(day + timedelta(days=4)):
                when = day.strftime("%Y-%m")
                add_test(actor=lead, record=record, kind=kind, name=name, when=when, result=result)
        for kind, text in self.patient.notes:
            with self.later():
                add_note(actor=lead, record=record, kind=kind, text=text)
        for relation, label, sex, affected in self.patient.relatives:
            with self.later():
                somebody = Relative(label=label, sex=sex, affected=affected)
                made = add_relative(actor=lead, record=record, relation=relation, of="patient", relative=somebody)
                self.relatives[relation] = str(made.pk)
        if self.patient.document:
            with self.later():
                lines = (self.patient.document, "", f"Concerning: {self.patient.name}", "This letter is made up.")
                name = f"{self.patient.document}.pdf"
                add_document(actor=lead, record=record, data=letter(lines), filename=name, shared=bool(self.family))

    def _findings(self) -> None:
        states = [(one, FindingState.OBSERVED) for one in self.patient.findings]
        states += [(one, FindingState.EXCLUDED) for one in self.patient.excluded]
        for hpo, state in states:
            with self.later():
                onset = self.patient.onsets.get(hpo, "")
                set_finding(actor=self.lead, record=self.record.pk, hpo=hpo, state=state, onset=onset)
        for hpo, words in self.patient.told:
            if self.family:
                with self.later():
                    tell_finding(
                        actor=self.family, record=self.record.pk, hpo=hpo, state=FindingState.OBSERVED, words=words
                    )

    def _genome(self) -> None:
        """The file as if it had been sent through the form, its samples said to be the family's, and read at once."""
        if not self.patient.genome:
            return
        data = (files("hoofbeat") / "fictional" / self.patient.genome).read_bytes()
        with keeping() as keep:
            upload = StoredUpload(keep(data), self.patient.genome, len(data), hashlib.sha256(data).hexdigest())
            with self.later():
                made = add_genome(actor=self.lead, record=self.record.pk, upload=upload)
            whose = {"child": PATIENT} | {one: self.relatives[one] for one in ("father", "mother")}
            with self.later():
                matched = match_genome(
                    actor=self.lead, record=self.record.pk, genome=made.pk, whose=whose, test=Genome.Test.EXOME
                )
            with self.later():
                read_from_file(matched.pk, matched.turn)

    def _talk(self) -> None:
        for from_team, text in self.patient.messages:
            writer = self.lead if from_team else self.family
            if writer:
                # Who answers has read what was written before.
                theirs = self.record.messages.filter(from_team=False).order_by("created").last()
                answers = theirs.pk if from_team and theirs else None
                with self.later():
                    send_message(actor=writer, record=self.record.pk, text=text, answers=answers)

    def _diagnosis(self) -> None:
        record, patient = self.record.pk, self.patient
        if patient.point in (Point.CONFIRMED, Point.WITHDRAWN):
            with self.later():
                made = confirm_diagnosis(actor=self.lead, record=record, disease=patient.disease, reason=patient.reason)
            if patient.point is Point.WITHDRAWN:
                with self.later():
                    withdraw_diagnosis(actor=self.lead, record=record, confirmation=made.pk, reason=patient.withdrawn)
        if patient.point is Point.SUSPECTED:
            with self.later():
                set_status(actor=self.lead, record=record, status=Record.Status.SUSPECTED)
        if patient.point in HELD_POINTS and self.family:
            with self.later():
                release_differential(
                    actor=self.lead, record=record, diseases=[patient.disease], talked_on=timezone.localdate(),
                    words=TOLD_AS_DIAGNOSIS if patient.point is Point.CONFIRMED else TOLD_AS_A_THOUGHT,
                )  # fmt: skip
            with self.later():
                give_consent(
                    actor=self.family, record=record, purpose="matching", recipient="agreement:network", detail="3"
                )

    def _visits(self) -> None:
        record = self.record.pk
        if self.patient.weeks > 4:
            moment = (self.now - timedelta(days=10 + self.number)).replace(hour=20)
            with standing_at(moment - timedelta(days=20)):
                at = moment.strftime("%Y-%m-%dT10:00")
                visit = plan_visit(actor=self.lead, record=record, at=at, kind="clinic", purpose="Examination together")
            with standing_at(moment):
                hold_visit(actor=self.lead, record=record, visit=visit.pk)
        if self.number % 3 != 1:
            day = self.now + timedelta(days=2 + 5 * self.number)
            kind = ("clinic", "video", "phone")[self.number % 3]
            purpose = (
                "What the tests showed"
                if self.patient.tests
                else "How it goes on"
                if self.patient.weeks > 4
                else "First visit"
            )
            with standing_at(self.now - HOUR):
                plan_visit(
                    actor=self.lead, record=record, at=day.strftime("%Y-%m-%dT10:30"), kind=kind,
                    place="Room 2" if kind == "clinic" else "", purpose=purpose,
                )  # fmt: skip
