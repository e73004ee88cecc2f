"""What a child said about a sharing after the three picture screens, word by word, and who was there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class Assent(Row):
    """One answer. A yes lets nothing leave: somebody who may decide agrees; a no is a dissent beside it."""

    field_classes: ClassVar = ROW_CLASSES | {
        "purpose": OPERATIONAL, "answer": OPERATIONAL, "words": CLINICAL, "present": CLINICAL, "said_by": OPERATIONAL,
        "written_by": OPERATIONAL,
    }  # fmt: skip

    class Answer(models.TextChoices):
        """What a child can say."""

        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNSURE = "unsure", _("I am not sure")
        QUESTION = "question", _("I have a question")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="assents")
    purpose = models.CharField(max_length=30)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    words = models.TextField(blank=True)
    present = models.CharField(max_length=200)
    # Empty where a child without an account said it to `written_by`.
    said_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
