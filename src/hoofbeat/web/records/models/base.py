"""What every row of a record has: a random identifier that says nothing, and when it was made."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from hoofbeat.web.access.fields import FieldClass

IDENTIFYING, CLINICAL, OPERATIONAL = FieldClass.IDENTIFYING, FieldClass.CLINICAL, FieldClass.OPERATIONAL
ROW_CLASSES = {"id": OPERATIONAL, "record": OPERATIONAL, "created": OPERATIONAL}


class Row(models.Model):
    """A row of a record."""

    field_classes: ClassVar[dict[str, FieldClass]]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
