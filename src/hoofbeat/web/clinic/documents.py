"""Letters and pictures of a record: keep, show, share with the family."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.download import download
from hoofbeat.web.guard import signed_in
from hoofbeat.web.records.actions.change import RefusedError, read, read_thing
from hoofbeat.web.records.actions.documents import add_document, end_document, restore_document, share_document
from hoofbeat.web.upload import MEGABYTES, sent_file


@require_safe
@signed_in(Permission.CASELOAD)
def documents(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """What is kept."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def add(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Keep a file."""
    try:
        file = sent_file(request)
        add_document(
            actor=actor,
            record=record,
            data=file.read(),
            filename=file.name or "",
            title=request.POST.get("title", ""),
            shared=bool(request.POST.get("shared")),
        )
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, _("The document is kept."))
    return redirect("documents", record)


@require_safe
@signed_in(Permission.CASELOAD)
def document_file(request: HttpRequest, actor: Actor, record: UUID, document: UUID, picture: bool) -> HttpResponse:
    """The file itself, to save; a picture also to look at. One read of this document."""
    _record, one = read_thing(
        actor,
        record,
        Permission.READ,
        "document:read",
        lambda kept: kept.documents.filter(pk=document).first(),
        what=f"document {document}",
    )
    return download(one, picture=picture)


@require_POST
@signed_in(Permission.CASELOAD)
def change(request: HttpRequest, actor: Actor, record: UUID, document: UUID, what: str) -> HttpResponse:
    """Share, stop sharing, take off the list, put back."""
    try:
        if what == "end":
            end_document(actor=actor, record=record, document=document)
            words = _("Taken off the list. You can put it back below.")
        elif what == "restore":
            restore_document(actor=actor, record=record, document=document)
            words = _("Back on the list.")
        else:
            share_document(actor=actor, record=record, document=document, shared=what == "share")
            words = _("The family sees it now.") if what == "share" else _("The family no longer sees it.")
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, words)
    return redirect("documents", record)


def _page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.READ, "document:list", what="documents")
    kept = list(found.documents.select_related("added_by"))
    context = {
        "documents": [one for one in kept if one.ended is None],
        "ended": [one for one in kept if one.ended is not None],
        "most": MEGABYTES,
    }
    return answer(request, actor, found, "clinic/documents.html", context, refusal)
