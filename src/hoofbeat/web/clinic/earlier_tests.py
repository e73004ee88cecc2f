"""Earlier tests, and what of lifestyle, environment and wishes matters for the path."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.records.actions.background import (
    add_note,
    add_test,
    end_note,
    end_test,
    restore_note,
    restore_test,
)
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.models import BackgroundNote, EarlierTest


@require_safe
@signed_in(Permission.CASELOAD)
def tests(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The lists and their forms."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def add_one_test(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Note an earlier test."""
    given = {name: request.POST.get(name, "") for name in ("kind", "name", "when", "result")}
    return _done(request, actor, record, lambda: add_test(actor=actor, record=record, **given), _("The test is noted."))


@require_POST
@signed_in(Permission.CASELOAD)
def change_test(request: HttpRequest, actor: Actor, record: UUID, test: UUID, what: str) -> HttpResponse:
    """End an earlier test, or put it back."""
    act, words = {
        "end": (end_test, _("Taken off the list. You can put it back below.")),
        "restore": (restore_test, _("Back on the list.")),
    }[what]
    return _done(request, actor, record, lambda: act(actor=actor, record=record, test=test), words)


@require_POST
@signed_in(Permission.CASELOAD)
def add_one_note(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Note a sentence on life, surroundings or wishes."""

    def act() -> None:
        try:
            add_note(
                actor=actor, record=record, kind=request.POST.get("note_kind", ""), text=request.POST.get("note", "")
            )
        except RefusedError as refusal:
            # Two forms are on the page; the reason belongs to the field as it is called there.
            raise RefusedError(
                refusal.message, field={"kind": "note_kind", "text": "note"}.get(refusal.field, "")
            ) from refusal

    return _done(request, actor, record, act, _("The note is kept."))


@require_POST
@signed_in(Permission.CASELOAD)
def change_note(request: HttpRequest, actor: Actor, record: UUID, note: UUID, what: str) -> HttpResponse:
    """End a note, or put it back."""
    act, words = {
        "end": (end_note, _("Taken off the list. You can put it back below.")),
        "restore": (restore_note, _("Back on the list.")),
    }[what]
    return _done(request, actor, record, lambda: act(actor=actor, record=record, note=note), words)


def _done(request: HttpRequest, actor: Actor, record: UUID, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, words)
    return redirect("tests", record)


def _page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.READ, "test:read", what="tests and background")
    done = list(found.tests.select_related("added_by", "ended_by"))
    done.sort(key=lambda one: one.when, reverse=True)
    notes = list(found.background.select_related("added_by", "ended_by"))
    context = {
        "tests": [one for one in done if one.ended is None],
        "ended_tests": [one for one in done if one.ended is not None],
        "notes": [
            (kind, [one for one in notes if one.kind == kind and one.ended is None]) for kind in BackgroundNote.Kind
        ],
        "ended_notes": [one for one in notes if one.ended is not None],
        "kinds": EarlierTest.Kind.choices,
        "note_kinds": BackgroundNote.Kind.choices,
    }
    return answer(request, actor, found, "clinic/tests.html", context, refusal)
