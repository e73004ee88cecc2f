"""Fills an installation with made-up patients and signs people in, for measurements of the application.

    python -m validation.clinic_world PATIENTS PEOPLE JOBS

Run inside an installation (validation.clinic_installation). Prints the sessions and the records that each may open.
"""

from __future__ import annotations

import json
import random
import sys

import django

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402

from hoofbeat.knowledge.errors import KnowledgeError  # noqa: E402
from hoofbeat.web.access.models import CareTeamMember, Clinic, Membership, User  # noqa: E402
from hoofbeat.web.mail import Kind, notify  # noqa: E402
from hoofbeat.web.records.models import Record, RecordedFinding  # noqa: E402
from hoofbeat.web.records.ranking import knowledge  # noqa: E402

TEAM = 3
FINDINGS = 7
SEED = 20261122


def made(patients: int, people: int, jobs: int) -> dict[str, list[dict[str, object]]]:
    """Make everything in one transaction; the sessions with the records that they open."""
    draw = random.Random(SEED)
    with transaction.atomic():
        clinic = Clinic.objects.create(name="Clinic of a measurement")
        staff = [_colleague(clinic, number) for number in range(people)]
        records = Record.objects.bulk_create(
            Record(clinic=clinic, name=f"Patient {number:05} Example", sex=draw.choice(("female", "male")))
            for number in range(patients)
        )
        teams = [(one, member) for one in records for member in draw.sample(staff, min(TEAM, len(staff)))]
        CareTeamMember.objects.bulk_create(
            CareTeamMember(record=one, user=member, role="clinician", added_by=member) for one, member in teams
        )
        RecordedFinding.objects.bulk_create(
            RecordedFinding(record=one, hpo=hpo, label=label, state="observed", said_by=staff[0])
            for one in records
            for hpo, label in _pattern(draw)
        )
        for _ in range(jobs):
            notify(Kind.NEWS, staff[0])
        opened: dict[object, list[str]] = {}
        for one, member in teams:
            opened.setdefault(member.pk, []).append(str(one.pk))
        return {"people": [{"session": _session(one), "records": opened.get(one.pk, [])} for one in staff]}


def _colleague(clinic: Clinic, number: int) -> User:
    user = User.objects.create(email=f"colleague{number}@example.org", name=f"Colleague {number}", is_fictional=True)
    Membership.objects.create(user=user, clinic=clinic, role="clinician")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


def _session(user: User) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def _pattern(draw: random.Random) -> list[tuple[str, str]]:
    """Findings of one disease of the release; none where none is built."""
    try:
        known = knowledge()
    except KnowledgeError:
        return []
    table, ontology = known.facts.annotations.findings, known.ontology
    disease = table.disease[draw.randrange(len(table.disease))]
    terms = sorted({int(term) for term in table.term[table.disease == disease] if ontology.is_phenotype[int(term)]})
    chosen = draw.sample(terms, min(FINDINGS, len(terms)))
    return [(ontology.id(one), ontology.name(one)) for one in chosen]


if __name__ == "__main__":
    print(json.dumps(made(*(int(word) for word in sys.argv[1:4]))))
