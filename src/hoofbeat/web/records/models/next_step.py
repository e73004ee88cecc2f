"""What was decided about suggested steps, what the team asks the family, and the plan that the family may read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoofbeat.web.access.models import User
from hoofbeat.web.records.models.background import EarlierTest
from hoofbeat.web.records.models.base import CLINICAL, OPERATIONAL, ROW_CLASSES, Row
from hoofbeat.web.records.models.record import Record


class StepMark(Row):
    """What was decided about one procedure or test. It holds while `ended` is empty.

    A step that is done, declined or not possible is not suggested any more; one with a veto may be done all the same
    for the reason that is given. `test` is the earlier test that a step became when it was noted as done.
    """

    field_classes: ClassVar = ROW_CLASSES | {
        "step": CLINICAL, "label": CLINICAL, "what": CLINICAL, "reason": CLINICAL, "test": OPERATIONAL,
        "marked_by": OPERATIONAL, "ended": OPERATIONAL, "ended_by": OPERATIONAL,
    }  # fmt: skip

    class What(models.TextChoices):
        """What was decided."""

        DONE = "done", _("done")
        DECLINED = "declined", _("declined by the patient or family")
        NOT_POSSIBLE = "not_possible", _("not possible here")
        ALL_THE_SAME = "all_the_same", _("may be done although something speaks against it")

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="step_marks")
    step = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    what = models.CharField(max_length=16, choices=What.choices)
    reason = models.TextField(blank=True)
    test = models.ForeignKey(EarlierTest, null=True, blank=True, on_delete=models.SET_NULL, related_name="marks")
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "step"], condition=Q(ended__isnull=True), name="one_decision_about_a_step"
            ),
            models.CheckConstraint(
                condition=Q(ended__isnull=True, ended_by__isnull=True) | Q(ended__isnull=False, ended_by__isnull=False),
                name="an_ended_decision_has_its_author",
            ),
        ]


class AskedQuestion(Row):
    """A sign that the team asks the family about. It ends with the answer, or when the team takes it back."""

    field_classes: ClassVar = ROW_CLASSES | {
        "hpo": CLINICAL, "label": CLINICAL, "asked_by": OPERATIONAL, "answered": OPERATIONAL, "ended": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="asked")
    hpo = models.CharField(max_length=10)
    label = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered = models.BooleanField(default=False)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "hpo"], condition=Q(ended__isnull=True), name="asked_once"),
            models.CheckConstraint(
                condition=Q(answered=False) | Q(ended__isnull=False), name="what_is_answered_has_ended"
            ),
        ]


class SharedPlan(Row):
    """The work-up as a clinician released it to the family: the steps in codes, put into words where they are read."""

    field_classes: ClassVar = ROW_CLASSES | {
        "steps": CLINICAL, "words": CLINICAL, "released_by": OPERATIONAL, "ended": OPERATIONAL,
    }  # fmt: skip

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="plans")
    steps = models.JSONField()
    words = models.TextField(blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created"]
