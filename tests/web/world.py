"""Clinics, people and records for tests, made in a line each, and browsers signed in as somebody.

`World.small()` is one clinic with one person of every role: those in the team of the record `record`, and `outsider`,
a clinician of the same clinic who is not. `World.two_clinics(seed)` is a generated world, the same for the same seed.
Everybody in it is fictional.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from hoofbeat.cases.subject import Sex
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.country_pack import EXAMPLE
from hoofbeat.web.access.models import CareTeamMember, Clinic, ConfirmedPack, Membership, PatientLink, User
from hoofbeat.web.access.roles import CARE_ROLES, Role, Scope
from hoofbeat.web.records.models import Record

PASSWORD = "a long walk along the river"
# Findings of tests/small_release.py.
ARACHNODACTYLY, ECTOPIA_LENTIS, NARROW_PALATE = "HP:0001166", "HP:0001083", "HP:0002705"
ALL_SCOPES = tuple(Scope)

_numbers = count(1)


def clinic(name: str = "") -> Clinic:
    """A clinic that has confirmed its country pack."""
    made = Clinic.objects.create(name=name or f"Clinic {next(_numbers)}", phone="+49 30 0000000")
    ConfirmedPack.objects.create(clinic=made, pack=EXAMPLE.key)
    return made


def user(name: str = "Somebody", *, email: str = "", second_factor: bool = False) -> User:
    """An account with PASSWORD; the second factor is one that nobody can enter."""
    address = email or f"person{next(_numbers)}@example.org"
    made = User.objects.create(email=address, name=name, is_fictional=True)
    if second_factor:
        Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={})
    return made


def staff(of: Clinic, role: Role = Role.CLINICIAN, name: str = "", *, second_factor: bool = True) -> User:
    """Somebody who works in a clinic."""
    made = user(name or f"{role.value.title()} {next(_numbers)}", second_factor=second_factor)
    Membership.objects.create(user=made, clinic=of, role=role.value)
    return made


def record(of: Clinic, name: str = "Mira Example", *, team: Iterable[User] = (), born: date | None = None) -> Record:
    """A patient's record, opened to a team."""
    made = Record.objects.create(
        clinic=of, name=name, birth_date=born or date(2019, 5, 4), sex=Sex.FEMALE.value, is_fictional=True
    )
    for member in team:
        join_team(made, member)
    return made


def join_team(of: Record, member: User) -> CareTeamMember:
    """Open a record to a staff member."""
    role = Membership.objects.get(user=member, end__isnull=True).role
    return CareTeamMember.objects.create(record=of, user=member, role=role, added_by=member)


def patient(of: Record, name: str = "") -> User:
    """The patient's own account."""
    made = user(name or of.name)
    PatientLink.objects.create(record=of, user=made, role=Role.PATIENT.value)
    return made


def proxy(
    of: Record,
    name: str = "Parent Example",
    *,
    scopes: Sequence[Scope] = ALL_SCOPES,
    days: int = 365,
    relation: str = "",
) -> User:
    """Somebody who acts for the patient, within scopes and for so many days (negative: it ended)."""
    made = user(name)
    now = timezone.now()
    PatientLink.objects.create(
        record=of, user=made, role=Role.PROXY.value, relation="parent", scopes=[s.value for s in scopes],
        start=now - timedelta(days=400), end=now + timedelta(days=days),
    )  # fmt: skip
    return made


def client(as_user: User) -> Client:
    """A browser in which somebody is signed in."""
    made = Client()
    made.force_login(as_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return made


def actor(of: User) -> Actor:
    """The actor that an account is now."""
    return Actor.of(of)


@dataclass
class World:
    """A clinic, its people and its records. `people` holds everybody by a word that says what they are."""

    clinic: Clinic
    records: list[Record] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)

    @property
    def record(self) -> Record:
        """The first record."""
        return self.records[0]

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"nobody in this world is {name!r}") from None

    def client(self, who: User | str) -> Client:
        """A browser signed in as somebody, named by their word or given."""
        return client(self.people[who] if isinstance(who, str) else who)

    def actor(self, who: User | str) -> Actor:
        """Somebody as the actor that they are now."""
        return actor(self.people[who] if isinstance(who, str) else who)

    @classmethod
    def small(cls) -> World:
        """One record; clinician, counsellor and coordinator in its team; `outsider`, `administrator` and `researcher`
        of the clinic who are not; `patient`, `parent` (every scope), `reader` (may only see), `former` (a proxy whose
        time is over) and `stranger` (an account without any relation).
        """
        place = clinic()
        people = {role.value: staff(place, role) for role in CARE_ROLES}
        made = record(place, team=people.values())
        people |= {
            "outsider": staff(place, Role.CLINICIAN, "Outsider Example"),
            "administrator": staff(place, Role.ADMINISTRATOR),
            "researcher": staff(place, Role.RESEARCHER),
            "patient": patient(made),
            "parent": proxy(made, "Parent Example"),
            "reader": proxy(made, "Reader Example", scopes=[Scope.SEE]),
            "former": proxy(made, "Former Example", days=-1),
            "stranger": user("Stranger Example"),
        }
        return cls(place, [made], people)

    @classmethod
    def two_clinics(cls, seed: int) -> tuple[World, World]:
        """Two generated clinics of one to four records, with teams, patients and proxies drawn at random."""
        draw = random.Random(seed)
        return cls._generated(draw), cls._generated(draw)

    @classmethod
    def _generated(cls, draw: random.Random) -> World:
        made = cls(clinic())
        carers = [staff(made.clinic, draw.choice(CARE_ROLES)) for _ in range(draw.randint(1, 4))]
        made.people = {f"staff{number}": somebody for number, somebody in enumerate(carers)}
        made.people["administrator"] = staff(made.clinic, Role.ADMINISTRATOR)
        for number in range(draw.randint(1, 4)):
            team = draw.sample(carers, draw.randint(1, len(carers)))
            one = record(made.clinic, f"Patient {next(_numbers)} Example", team=team)
            made.records.append(one)
            if draw.random() < 0.5:
                made.people[f"patient{number}"] = patient(one)
            if draw.random() < 0.7:
                scopes = draw.sample(ALL_SCOPES, draw.randint(1, len(ALL_SCOPES)))
                made.people[f"proxy{number}"] = proxy(one, scopes=scopes)
        return made
