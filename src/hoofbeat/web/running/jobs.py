"""Work that outlives a request. Every job may run twice (its worker may be killed) and does no harm then."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from hoofbeat.web.access.actions.people import ask_about_shared_contact
from hoofbeat.web.access.country_pack import majority_of
from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.proxy_end import MOST_NOTICE_DAYS, notices_due
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.audit.models import Event
from hoofbeat.web.mail import Kind, notify
from hoofbeat.web.records.actions.genome import forget_ended_genomes
from hoofbeat.web.records.actions.tasks import ask_team
from hoofbeat.web.records.actions.telling import tell_family
from hoofbeat.web.records.files import remove_orphans
from hoofbeat.web.records.models import Consent, Record, Task
from hoofbeat.web.running.planned import plan

KEPT_JOBS_DAYS = 7
# Who was away for longer than this on the day that an access ended is not told any more.
ENDED_DAYS = 30
NOTICE_VERB = "proxy:end_notice"
MAJORITY_VERB = "consent:majority_notice"
MAJORITY_NOTICE_DAYS = 90  # network specification, section 2: asked 90 days before


@task()
def daily() -> None:
    """What is done once a day; plans its next day first."""
    plan_daily(timezone.now() + timedelta(days=1))
    tell_ending_proxies()
    ask_those_who_come_of_age()
    look_for_shared_contacts()
    forget_ended_genomes()
    remove_orphans()
    old = timezone.now() - timedelta(days=KEPT_JOBS_DAYS)
    DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()


def plan_daily(when: datetime | None = None) -> None:
    """Have the daily job in the queue exactly once; at a moment, or now where it is not there."""
    plan(daily, when)


def tell_ending_proxies() -> int:
    """Tell proxies, and put before the team, that rights to act for somebody end: 12, 6 and 1 months before, each once,
    and on the day. Of several that became due while nobody looked, the last one is told. How many were told.
    """
    now, today = timezone.now(), timezone.localdate()
    told = 0
    near = PatientLink.objects.filter(
        role=Role.PROXY.value, ended_by__isnull=True,
        end__gt=now - timedelta(days=ENDED_DAYS), end__lt=now + timedelta(days=MOST_NOTICE_DAYS),
    )  # fmt: skip
    for link in near.select_related("user", "record"):
        assert link.end is not None  # a proxy always has one
        last = timezone.localtime(link.end).date()
        if link.end <= now:
            step, kind = 0, Kind.PROXY_ENDED
        else:
            due = notices_due(last, timezone.localtime(link.start).date(), today)
            if not due:
                continue
            step, kind = due[-1], Kind.PROXY_ENDS_SOON
        detail = {"link": link.pk, "months": step, "end": last.isoformat()}
        with transaction.atomic():
            # The record's lock makes two workers take turns, so that nobody is told twice.
            record = Record.objects.select_for_update(of=("self",)).get(pk=link.record_id)
            if Event.objects.filter(verb=NOTICE_VERB, record=record.pk, detail=detail).exists():
                continue
            add_event(NOTICE_VERB, actor=None, record=record, detail=detail)
            if step:
                ask_team(record, Task.Kind.RIGHTS_END, f"link {link.pk} {step} {last}", due=last)
            notify(kind, link.user)
        told += 1
    return told


def ask_those_who_come_of_age() -> int:
    """90 days before majority: ask the patient, and put before the team, what may still be shared. How many records."""
    today = timezone.localdate()
    asked = 0
    for record in _records_with_consents_of_others():
        of_age = majority_of(record.birth_date)
        if of_age is None or not of_age - timedelta(days=MAJORITY_NOTICE_DAYS) <= today < of_age:
            continue
        with transaction.atomic():
            locked = Record.objects.select_for_update(of=("self",)).get(pk=record.pk)
            if not ask_team(locked, Task.Kind.MAJORITY, of_age.isoformat(), due=of_age):
                continue
            add_event(MAJORITY_VERB, actor=None, record=locked, detail={"day": of_age.isoformat()})
            tell_family(Kind.ABOUT_SHARING, locked, who_may=Permission.CONSENT, patient_alone=True)
        asked += 1
    return asked


def look_for_shared_contacts() -> int:
    """An address can change after an invitation: ask the team where the patient's leads to a proxy's mailbox now."""
    found = 0
    for record in Record.objects.filter(links__role=Role.PATIENT.value, links__end__isnull=True).distinct():
        with transaction.atomic():
            before = record.tasks.filter(kind=Task.Kind.SHARED_CONTACT).count()
            ask_about_shared_contact(record)
            if record.tasks.filter(kind=Task.Kind.SHARED_CONTACT).count() > before:
                add_event("people:shared_contact", actor=None, record=record)
                found += 1
    return found


def _records_with_consents_of_others() -> QuerySet[Record]:
    given = Consent.objects.filter(signer_role=Role.PROXY.value, withdrawn__isnull=True)
    return Record.objects.filter(birth_date__isnull=False, pk__in=given.values("record"))
