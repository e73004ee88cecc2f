"""Which purposes somebody who has a say does not want, and how the parents of a child answered, each for themself."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from hoofbeat.web.access.country_pack import majority_of
from hoofbeat.web.access.models import PatientLink
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import Role, Scope
from hoofbeat.web.records.models import Consent, Dissent, Record


def refused_purposes(record: Record) -> frozenset[str]:
    """The purposes to which a no stands."""
    return frozenset(
        record.dissents.filter(taken_back__isnull=True, resolved__isnull=True).values_list("purpose", flat=True)
    )


def is_minor(record: Record) -> bool:
    """Whether the patient is not of age yet; without a date of birth: no."""
    of_age = majority_of(record.birth_date)
    return of_age is not None and timezone.localdate() < of_age


@dataclass(frozen=True)
class Answer:
    """How one person answered: an agreement that holds, a no that stands, or neither."""

    agrees: tuple[Consent, ...] = ()
    dissent: Dissent | None = None


@dataclass(frozen=True)
class Answers:
    """One purpose: the child's answer, and one for each guardian who may decide. Nothing is added up or averaged."""

    purpose: str
    child: Answer
    guardians: tuple[Answer, ...]


def guardians_of(record: Record) -> list[PatientLink]:
    """Those who may decide for the patient now, in the order in which they were linked."""
    links = record.links.filter(lasting(), role=Role.PROXY, start__lte=timezone.now()).select_related("user")
    return [one for one in links.order_by("start", "pk") if Scope.DECIDE in one.scopes]


def answers(record: Record, guardians: list[PatientLink]) -> list[Answers]:
    """Each purpose on which anybody has said anything that holds today."""
    today = timezone.localdate()
    consents = [
        one
        for one in record.consents.filter(withdrawn__isnull=True).select_related("signed_by")
        if one.start <= today < one.end
    ]
    dissents = [one for one in record.dissents.select_related("said_by", "written_by") if one.stands]
    said = sorted({one.purpose for one in consents} | {one.purpose for one in dissents})

    def of(purpose: str, user: object) -> Answer:
        agreed = tuple(one for one in consents if one.purpose == purpose and one.signed_by_id == user)
        no = next((one for one in dissents if one.purpose == purpose and one.said_by_id == user), None)
        return Answer(agreed, no)

    def child(purpose: str) -> Answer:
        agreed = tuple(one for one in consents if one.purpose == purpose and one.signer_role == Role.PATIENT)
        no = next((one for one in dissents if one.purpose == purpose and one.voice == Dissent.Voice.CHILD), None)
        return Answer(agreed, no)

    return [Answers(one, child(one), tuple(of(one, link.user_id) for link in guardians)) for one in said]
