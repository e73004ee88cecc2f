"""Opens a record, and changes who the patient is."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoofbeat.cases.subject import Sex
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.record import Demographics, create_record, edit_record
from hoofbeat.web.records.models import Record


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.CREATE_RECORD)
def new_record(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form for a new patient; opens the record and leads to its family page, where the work goes on."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = create_record(actor=actor, demographics=Demographics.of(request.POST.dict()))
        except RefusedError as refusal:
            errors = {refusal.field: refusal.message}
        else:
            messages.success(request, _("The record is open, and you are in its team."))
            return redirect("team", made.pk)
    context = {"errors": errors, "given": request.POST, **_choices()}
    return show(request, "clinic/new_record.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.CASELOAD)
def demographics(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Who the patient is, each field with why it is asked."""
    refused = None
    if request.method == "POST":
        try:
            edit_record(actor=actor, record=record, demographics=Demographics.of(request.POST.dict()))
        except RefusedError as refusal:
            refused = refusal
        else:
            messages.success(request, _("The details are saved."))
            return redirect("demographics", record)
    found = read(actor, record, Permission.DESCRIBE, "record:read", what="demographics")
    context = {"given": request.POST if refused else _as_given(found), **_choices()}
    return answer(request, actor, found, "clinic/demographics.html", context, refused)


def _choices() -> Mapping[str, list[tuple[str, str]]]:
    words = {
        Sex.UNKNOWN: _("not known or not said"),
        Sex.FEMALE: _("female"),
        Sex.MALE: _("male"),
        Sex.OTHER: _("other"),
    }
    languages = [
        (code, " – ".join(dict.fromkeys((_(info["name"]), info["name_local"]))))  # English is called so in English
        for code, info in LANG_INFO.items()
        if "name" in info and len(code) <= 10
    ]
    return {
        "sexes": [(sex.value, text) for sex, text in words.items()],
        "language_choices": sorted(languages, key=lambda one: one[1].casefold()),
    }


def _as_given(record: Record) -> Mapping[str, str]:
    born = record.birth_date.isoformat() if record.birth_date else ""
    fields = {name: str(getattr(record, name)) for name in Demographics.__dataclass_fields__ if name != "birth_date"}
    return {**fields, "birth_date": born}
