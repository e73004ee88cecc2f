"""What the team has to see to, and who of the team sees to what waits in the inbox."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.base import OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class Task(Row):
    """One thing that the application itself puts before the team. `about` names what it concerns (a link, a dissent, a
    day, an alert), so that the same thing is asked for once.
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "kind": OPERATIONAL, "about": OPERATIONAL, "due": OPERATIONAL, "done": OPERATIONAL, "done_by": OPERATIONAL,
    }  # fmt: skip

    class Kind(models.TextChoices):
        """What is to be seen to."""

        RIGHTS_END = "rights_end", _("somebody's rights to act for the patient end soon")
        MAJORITY = "majority", _("the patient comes of age: ask what may still be shared")
        SHARED_CONTACT = "shared_contact", _("the patient and somebody who acts for them share an address")
        DISSENT = "dissent", _("somebody who has a say does not want a sharing")
        ASSENT = "assent", _("a child asked something about a sharing, or is not sure")
        MOVED = "moved", _("new knowledge makes a disease likely")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    about = models.CharField(max_length=60)
    due = models.DateField(null=True, blank=True)
    done = models.DateTimeField(null=True, blank=True)
    # Empty where it was done by itself, such as a dissent that was taken back.
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["created"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "kind", "about"], name="a_thing_is_asked_for_once")
        ]
        indexes: ClassVar = [models.Index(fields=["record"], condition=Q(done__isnull=True), name="task_waits")]


class Assignment(Row):
    """That one person of the team sees to one thing of the inbox. Another assignment of the same thing ends it."""

    field_classes: ClassVar = ROW_CLASSES | {
        "thing": OPERATIONAL, "to": OPERATIONAL, "by": OPERATIONAL, "ended": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="assignments")
    # The identifier of a message, a told finding, a story entry or a task: random, so that one column names any.
    thing = models.UUIDField()
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assigned")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["thing"], condition=Q(ended__isnull=True), name="one_person_sees_to_a_thing"
            )
        ]
