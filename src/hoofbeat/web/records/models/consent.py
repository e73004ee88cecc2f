"""What the patient agreed to, per purpose and recipient, and what left because of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hoofbeat.web.access.models import RecipientTerms, User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class Consent(Row):
    """One agreement. Default is none; it ends by itself, and a withdrawal holds at once."""

    field_classes: ClassVar = ROW_CLASSES | {
        "purpose": OPERATIONAL, "recipient": OPERATIONAL, "detail": OPERATIONAL, "text_version": OPERATIONAL,
        "language": OPERATIONAL, "signed_by": OPERATIONAL, "signer_role": OPERATIONAL, "start": OPERATIONAL,
        "end": OPERATIONAL, "withdrawn": OPERATIONAL, "withdrawn_by": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30)
    recipient = models.CharField(max_length=120)
    detail = models.PositiveSmallIntegerField()
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signer_role = models.CharField(max_length=20)
    start = models.DateField()
    end = models.DateField()
    withdrawn = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_consent_has_its_author",
            )
        ]


class Disclosure(Row):
    """That bytes left: for what, to whom, under which consent, which fields, and their hash."""

    field_classes: ClassVar = ROW_CLASSES | {
        "purpose": OPERATIONAL, "recipient": OPERATIONAL, "consent": OPERATIONAL, "form": OPERATIONAL,
        "fields": OPERATIONAL, "sha256": OPERATIONAL, "released_by": OPERATIONAL, "sentence": CLINICAL,
        "terms": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="disclosures")
    purpose = models.CharField(max_length=30)
    recipient = models.CharField(max_length=120)
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=20)
    fields = models.JSONField()
    sha256 = models.CharField(max_length=64)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sentence = models.TextField()
    # The recipient's terms of use that the sender accepted; none where the clinic keeps none of this recipient.
    terms = models.ForeignKey(RecipientTerms, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
