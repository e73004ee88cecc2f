"""Ends what others may do for a patient no later than the law says, where a date of birth turns out to be another."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from hoofbeat.web.access.country_pack import Basis, last_day
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import Role
from hoofbeat.web.records.actions.tasks import ask_team
from hoofbeat.web.records.models import Record, Task


def end_what_age_ends(record: Record) -> int:
    """End what others may do for the patient no later than the law says for the date of birth that is known now, and
    have the team see to it. Nothing lasts longer because of it. How many rights end earlier.
    """
    now, today = timezone.now(), timezone.localdate()
    shortened = 0
    for link in record.links.filter(lasting(), role=Role.PROXY).exclude(basis=""):
        last = last_day(Basis(link.basis), record.birth_date, timezone.localdate(link.start))
        if last is None or link.end is None or link.end <= midnight(last):
            continue
        link.end = max(now, midnight(last))
        link.save(update_fields=["end"])
        ask_team(record, Task.Kind.RIGHTS_END, f"link {link.pk} 0 {last}", due=max(today, last))
        shortened += 1
    return shortened


def midnight(day: date) -> datetime:
    """When a day begins, in the clinic's time zone: rights until a day end then."""
    return timezone.make_aware(datetime.combine(day, time.min))
