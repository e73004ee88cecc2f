"""Documents of the family: what the clinic shared and what they added themselves, and a form to add one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.download import download
from hoofbeat.web.guard import signed_in
from hoofbeat.web.portal.place import open_page, show_page
from hoofbeat.web.records.actions.change import RefusedError, read_thing
from hoofbeat.web.records.actions.documents import add_document
from hoofbeat.web.records.models import Document, Record
from hoofbeat.web.upload import MEGABYTES, sent_file


@signed_in(portal=True)
def documents(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """The list, and the form that adds."""
    if request.method != "POST":
        return _documents(request, actor, pk)
    try:
        file = sent_file(request)
        add_document(
            actor=actor, record=pk, data=file.read(), filename=file.name or "", title=request.POST.get("title", "")
        )
    except RefusedError as refusal:
        return _documents(request, actor, pk, refusal)
    messages.success(request, _("Thank you. Your team can open it now."))
    return redirect("portal_documents", pk)


@require_safe
@signed_in(portal=True)
def document_file(request: HttpRequest, actor: Actor, pk: UUID, document: UUID) -> HttpResponse:
    """The file, to save. What is not shared with the family is not there for them."""
    _record, one = read_thing(
        actor,
        pk,
        Permission.READ,
        "document:read",
        lambda kept: _theirs(kept, actor).filter(pk=document).first(),
        what=f"document {document}",
    )
    return download(one)


def _theirs(record: Record, actor: Actor) -> QuerySet[Document]:
    return record.documents.filter(Q(shared=True) | Q(added_by=actor.user), ended__isnull=True)


def _documents(request: HttpRequest, actor: Actor, pk: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    record = open_page(actor, pk, "documents")
    context = {"documents": _theirs(record, actor).select_related("added_by"), "most": MEGABYTES}
    return show_page(request, actor, record, "documents.html", context, refusal)
