"""Clinics, the people who sign in, and what relates them to a record."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hoofbeat.web.access.country_pack import Basis
from hoofbeat.web.access.fields import FieldClass
from hoofbeat.web.access.roles import CARE_ROLES, STAFF_ROLES, Role

IDENTIFYING, CLINICAL, OPERATIONAL = FieldClass.IDENTIFYING, FieldClass.CLINICAL, FieldClass.OPERATIONAL


class Clinic(models.Model):
    """One clinic. Several in one installation never see each other."""

    field_classes: ClassVar = {"id": OPERATIONAL, "name": OPERATIONAL, "phone": OPERATIONAL, "created": OPERATIONAL}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    phone = models.CharField(max_length=40, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes accounts; nobody is a superuser, because no role sees everything."""

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """An account that can sign in once it has a password or a passkey."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail, whatever its case."""
        return self.get(email__iexact=username)


class ConfirmedPack(models.Model):
    """That a clinic checked a country pack against its law: who, and when. Without it nobody acts for a patient."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "clinic": OPERATIONAL, "pack": OPERATIONAL, "confirmed_by": OPERATIONAL, "at": OPERATIONAL,
    }  # fmt: skip

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="packs")
    pack = models.CharField(max_length=40)
    confirmed_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "pack"], name="a_pack_is_confirmed_once")]


class RecipientTerms(models.Model):
    """One version of the terms of use of somebody to whom data go, as the clinic was given them. A version is never
    changed; a newer one follows it.
    """

    field_classes: ClassVar = {
        "id": OPERATIONAL, "created": OPERATIONAL, "clinic": OPERATIONAL, "recipient": OPERATIONAL,
        "version": OPERATIONAL, "in_force": OPERATIONAL, "link": OPERATIONAL, "text": OPERATIONAL,
        "added_by": OPERATIONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="recipient_terms")
    recipient = models.CharField(max_length=120)
    version = models.CharField(max_length=40)
    in_force = models.DateField()
    link = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    added_by = models.ForeignKey("User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["recipient", "-in_force", "-created"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "recipient", "version"], name="one_text_for_a_version")
        ]


class User(AbstractBaseUser):
    """Somebody who signs in: staff, patient or proxy. Everybody has their own credentials."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "password": IDENTIFYING, "last_login": OPERATIONAL, "email": IDENTIFYING,
        "name": IDENTIFYING, "language": OPERATIONAL, "is_active": OPERATIONAL, "is_fictional": OPERATIONAL,
        "created": OPERATIONAL,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    is_fictional = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That somebody works in a clinic, as what, from when to when."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "user": OPERATIONAL, "clinic": OPERATIONAL, "role": OPERATIONAL, "start": OPERATIONAL,
        "end": OPERATIONAL,
    }  # fmt: skip

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in STAFF_ROLES])
    start = models.DateTimeField(default=timezone.now)
    end = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "clinic"], condition=Q(end__isnull=True), name="one_current_membership"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="membership_ends_later"
            ),
        ]


class CareTeamMember(models.Model):
    """That a staff member belongs to a patient's team: what opens the record to them."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "record": OPERATIONAL, "user": OPERATIONAL, "role": OPERATIONAL, "start": OPERATIONAL,
        "end": OPERATIONAL, "added_by": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="teams")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in CARE_ROLES])
    start = models.DateTimeField(default=timezone.now)
    end = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "user"], condition=Q(end__isnull=True), name="once_in_a_team")
        ]


class PatientLink(models.Model):
    """That an account is the patient's own, or a proxy's with scopes and an end."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "record": OPERATIONAL, "user": OPERATIONAL, "role": OPERATIONAL, "relation": IDENTIFYING,
        "scopes": OPERATIONAL, "basis": OPERATIONAL, "basis_note": CLINICAL, "start": OPERATIONAL, "end": OPERATIONAL,
        "ended_by": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="links")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="links")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in (Role.PATIENT, Role.PROXY)])
    relation = models.CharField(max_length=40, blank=True)
    scopes = models.JSONField(default=list)
    # Why a proxy may act; for lacking capacity, how that was found out.
    basis = models.CharField(max_length=12, blank=True, choices=[(one.value, one.value) for one in Basis])
    basis_note = models.TextField(blank=True)
    start = models.DateTimeField(default=timezone.now)
    end = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(role=Role.PATIENT.value, end__isnull=True),
                name="one_account_of_the_patient",
            ),
            # A proxy always has an end: a child grows up.
            models.CheckConstraint(
                condition=~Q(role=Role.PROXY.value) | Q(end__isnull=False), name="a_proxy_has_an_end"
            ),
        ]


class BreakGlass(models.Model):
    """That somebody of the clinic opened a record without being in the team, why, and until when."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "record": OPERATIONAL, "user": OPERATIONAL, "reason": CLINICAL, "start": OPERATIONAL,
        "end": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey("records.Record", on_delete=models.CASCADE, related_name="broken_glass")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    start = models.DateTimeField(default=timezone.now)
    end = models.DateTimeField()


class Invitation(models.Model):
    """A letter that lets a person make their own account; the token is stored hashed, and holds once."""

    field_classes: ClassVar = {
        "id": OPERATIONAL, "token_hash": OPERATIONAL, "clinic": OPERATIONAL, "record": OPERATIONAL,
        "email": IDENTIFYING, "name": IDENTIFYING, "role": OPERATIONAL, "relation": IDENTIFYING,
        "scopes": OPERATIONAL, "basis": OPERATIONAL, "basis_note": CLINICAL, "proxy_until": OPERATIONAL,
        "created": OPERATIONAL, "expires": OPERATIONAL,
        "invited_by": OPERATIONAL, "accepted": OPERATIONAL, "withdrawn": OPERATIONAL,
    }  # fmt: skip

    token_hash = models.CharField(max_length=64, unique=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    record = models.ForeignKey("records.Record", null=True, blank=True, on_delete=models.CASCADE)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    relation = models.CharField(max_length=40, blank=True)
    scopes = models.JSONField(default=list)
    basis = models.CharField(max_length=12, blank=True, choices=[(one.value, one.value) for one in Basis])
    basis_note = models.TextField(blank=True)
    proxy_until = models.DateField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted = models.DateTimeField(null=True, blank=True)
    withdrawn = models.DateTimeField(null=True, blank=True)


class JobPutAside(models.Model):
    """That an administrator wants a background job not to be tried any more. It goes with the job, after a week."""

    field_classes: ClassVar = {"id": OPERATIONAL, "job": OPERATIONAL, "by": OPERATIONAL, "at": OPERATIONAL}

    job = models.OneToOneField("django_tasks_database.DBTaskResult", on_delete=models.CASCADE, related_name="put_aside")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
