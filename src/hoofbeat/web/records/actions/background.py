"""Notes earlier tests, and what of life, surroundings and wishes matters; nothing noted is lost when it ends."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.records.actions.change import Change, RefusedError, at_most, changing
from hoofbeat.web.records.models import BackgroundNote, EarlierTest, StepMark

MAX_RESULT = 4_000
MAX_NOTE = 1_000
EARLIEST = 1900
_WHEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def add_test(*, actor: Actor, record: UUID, kind: str, name: str, when: str = "", result: str = "") -> EarlierTest:
    """Note a test that was done before. `when`: a year, a month or a day, as precisely as it is known."""
    with changing(actor, record, Permission.DESCRIBE, "test:add") as change:
        if kind not in EarlierTest.Kind.values:
            raise RefusedError(_("choose what sort of test it was"), field="kind")
        made = change.once(EarlierTest, **_stated(change, kind, name, when, result))
        change.detail = {"row": str(made.pk)}
    return made


def noted_test(change: Change, kind: str, name: str, when: str, result: str) -> EarlierTest:
    """The new row of a test that was done. Raises RefusedError without a name, or for a day that is none."""
    return EarlierTest.objects.create(record=change.record, **_stated(change, kind, name, when, result))


def _stated(change: Change, kind: str, name: str, when: str, result: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": _needed(name, "name", 200),
        "when": checked_when(when),
        "result": at_most(MAX_RESULT, result, "result"),
        "added_by": change.actor.user,
        "ended": None,
    }


def end_test(*, actor: Actor, record: UUID, test: UUID) -> None:
    """Take an earlier test off the list; it stays in the history. A step that was noted as done by it is not."""
    _set_end("test:end", actor, record, EarlierTest, test, ended=True)


def restore_test(*, actor: Actor, record: UUID, test: UUID) -> None:
    """Undo: put it back on the list."""
    _set_end("test:restore", actor, record, EarlierTest, test, ended=False)


def add_note(*, actor: Actor, record: UUID, kind: str, text: str) -> BackgroundNote:
    """Note one sentence on lifestyle, environment or what matters to the patient."""
    with changing(actor, record, Permission.DESCRIBE, "background:add") as change:
        if kind not in BackgroundNote.Kind.values:
            raise RefusedError(_("choose what the note is about"), field="kind")
        words = _needed(text, "text", MAX_NOTE)
        made = change.once(BackgroundNote, kind=kind, text=words, added_by=actor.user, ended=None)
        change.detail = {"row": str(made.pk)}
    return made


def end_note(*, actor: Actor, record: UUID, note: UUID) -> None:
    """Take a note off the list; it stays in the history."""
    _set_end("background:end", actor, record, BackgroundNote, note, ended=True)


def restore_note(*, actor: Actor, record: UUID, note: UUID) -> None:
    """Undo: put it back on the list."""
    _set_end("background:restore", actor, record, BackgroundNote, note, ended=False)


def checked_when(given: str) -> str:
    """`YYYY`, `YYYY-MM`, `YYYY-MM-DD` or nothing. Raises RefusedError for another form, or for the future."""
    text = given.strip()
    if not text:
        return ""
    found = _WHEN.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, month, day = (int(part) if part else 1 for part in found.groups())
        first = date(year, month, day)
    except ValueError:
        message = _("give a year, a month or a day: 2021, 2021-03 or 2021-03-14")
        raise RefusedError(message, field="when") from None
    if first > timezone.localdate():
        raise RefusedError(_("this lies in the future; a planned test belongs to a visit"), field="when")
    if year < EARLIEST:
        raise RefusedError(_("this lies too far back; look at the year"), field="when")
    return text


def _set_end(
    verb: str, actor: Actor, record: UUID, kind: type[EarlierTest] | type[BackgroundNote], row: UUID, *, ended: bool
) -> None:
    with changing(actor, record, Permission.DESCRIBE, verb) as change:
        found = _of(change, kind, row)
        if (found.ended is not None) == ended:
            raise RefusedError(_("somebody was quicker: it is so already"))
        change.detail = {"row": str(found.pk)}
        before, found.ended = found.ended, timezone.now() if ended else None
        found.ended_by = actor.user if ended else None
        found.save(update_fields=["ended", "ended_by"])
        if isinstance(found, EarlierTest) and (marks := _set_marks(found, before)):
            change.detail["marks"] = marks


def _set_marks(test: EarlierTest, before: datetime | None) -> list[str]:
    """Take off the decision "done" that became this test, or put back the one that went with it; what was changed.

    Where something else was decided about the step meanwhile, that stands.
    """
    own = test.marks.filter(ended=before)
    if before is not None:
        standing = StepMark.objects.filter(record=test.record, ended__isnull=True)
        own = own.exclude(step__in=standing.values("step"))
    changed = list(own.values_list("pk", flat=True))
    StepMark.objects.filter(pk__in=changed).update(ended=test.ended, ended_by=test.ended_by)
    return [str(one) for one in changed]


def _of(change: Change, kind: type[EarlierTest] | type[BackgroundNote], row: UUID) -> EarlierTest | BackgroundNote:
    found = kind.objects.filter(record=change.record, pk=row).first()
    if found is None:
        raise RefusedError(_("this is not in the record any more; look at the list again"))
    return found


def _needed(given: str, field: str, longest: int) -> str:
    text = at_most(longest, given, field)
    if not text:
        raise RefusedError(_("this cannot be empty"), field=field)
    return text
