"""Opens a record, and changes who the patient is: as little as the care needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.cases.subject import Sex
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import CareTeamMember, Clinic
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.records.actions.change import RefusedError, changing, made_just_now, needs_in_clinic
from hoofbeat.web.records.actions.proxies import end_what_age_ends
from hoofbeat.web.records.actions.snapshot import ranking_moved
from hoofbeat.web.records.because import Because
from hoofbeat.web.records.models import Record

MAX_NEEDS = 2_000
MAX_AGE = 125  # years; nobody has lived longer, so an older date is a slip of the keyboard


@dataclass(frozen=True)
class Demographics:
    """Who a patient is. Empty where not known; only the name is needed."""

    name: str
    preferred_name: str = ""
    birth_date: str = ""
    sex: str = Sex.UNKNOWN.value
    local_number: str = ""
    language: str = "en"
    needs: str = ""
    phone: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Demographics:
        """From the fields of a form; what is missing there is empty."""
        return cls(**{name: given.get(name, "") for name in cls.__dataclass_fields__})


def create_record(*, actor: Actor, demographics: Demographics) -> Record:
    """Open a record; whoever opens it is the first of its team. Raises NotAllowedError, RefusedError."""
    own = needs_in_clinic(actor, Permission.CREATE_RECORD)
    with transaction.atomic():
        # One after the other, so that a form which was sent twice at once opens one record. Rows that only point to the
        # clinic, as each event does, need not wait for it.
        clinic = Clinic.objects.select_for_update(no_key=True).get(pk=own)
        made = Record(clinic=clinic, is_fictional=settings.CONFIGURATION.demo)
        _fill(made, demographics)
        stated = {name: getattr(made, name) for name in Demographics.__dataclass_fields__}
        mine = Record.objects.filter(clinic=clinic, team__added_by=actor.user)
        again = made_just_now(mine, **stated)
        if again is not None:
            return again
        _save(made)
        CareTeamMember.objects.create(record=made, user=actor.user, role=str(actor.role), added_by=actor.user)
        add_event("record:create", actor=actor, record=made)
    return made


def edit_record(*, actor: Actor, record: UUID, demographics: Demographics) -> Record:
    """Change who the patient is. A new birth date or sex moves the ranking, so the version grows; an earlier birth date
    ends what others may do for the patient earlier.
    """
    with changing(actor, record, Permission.DESCRIBE, "record:edit") as change:
        before = {name: getattr(change.record, name) for name in Demographics.__dataclass_fields__}
        _fill(change.record, demographics)
        _save(change.record)
        fields = sorted(name for name, value in before.items() if getattr(change.record, name) != value)
        if {"birth_date", "sex"} & set(fields):
            if "sex" in fields:
                change.record.family.filter(is_proband=True).update(sex=change.record.sex)
            ranking_moved(change.record, Because.DETAILS, "details")
        change.detail = {"fields": fields}
        if "birth_date" in fields and (shortened := end_what_age_ends(change.record)):
            change.detail["links_shortened"] = shortened
    return change.record


def _fill(record: Record, given: Demographics) -> None:
    record.name = _text(given.name, "name", 120)
    if not record.name:
        raise RefusedError(_("give the name; a letter and the local number are enough"), field="name")
    record.preferred_name = _text(given.preferred_name, "preferred_name", 60)
    record.birth_date = _birth_date(given.birth_date)
    if given.sex not in [sex.value for sex in Sex]:
        raise RefusedError(_("choose one of the answers"), field="sex")
    record.sex = given.sex
    record.local_number = _text(given.local_number, "local_number", 40)
    if given.language not in LANG_INFO or len(given.language) > 10:
        raise RefusedError(_("choose a language from the list"), field="language")
    record.language = given.language
    record.needs = _text(given.needs, "needs", MAX_NEEDS)
    record.phone = _text(given.phone, "phone", 40)


def _save(record: Record) -> None:
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        # The only thing two records cannot share; says no more of the other record than its number.
        raise RefusedError(
            _("this number is in use in your clinic; look for the patient first, or leave the number away"),
            field="local_number",
        ) from None


def _text(given: str, field: str, longest: int) -> str:
    text = given.strip()
    if len(text) > longest:
        raise RefusedError(_("at most %(count)d characters, please") % {"count": longest}, field=field)
    if any(sign < " " and sign not in "\r\n\t" for sign in text):
        raise RefusedError(_("there are characters in it that cannot be shown; type it anew"), field=field)
    return text


def _birth_date(given: str) -> date | None:
    if not given.strip():
        return None
    try:
        born = date.fromisoformat(given.strip())
    except ValueError:
        raise RefusedError(_("give the date as year-month-day, for instance 2019-05-04"), field="birth_date") from None
    today = timezone.localdate()
    if born > today:
        raise RefusedError(_("this date lies in the future"), field="birth_date")
    if born.year < today.year - MAX_AGE:
        raise RefusedError(_("this date lies too far back; look at the year"), field="birth_date")
    return born
