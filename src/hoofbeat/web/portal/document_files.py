"""The files themselves, for the family: what the clinic shared and what they added; and the form that adds one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hoofbeat.interchange.attachment import MAX_BYTES
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.download import download, sent_file
from hoofbeat.web.guard import signed_in
from hoofbeat.web.portal.place import open_page, show_page
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.actions.documents import add_document


@require_safe
@signed_in(portal=True)
def document(request: HttpRequest, actor: Actor, pk: UUID, document: UUID) -> HttpResponse:
    """One file, to save. What the clinic does not share does not exist here."""
    with transaction.atomic():
        record = open_page(actor, pk, f"document {document}")
        mine = record.documents.filter(Q(shared=True) | Q(added_by=actor.user), ended__isnull=True)
        found = mine.filter(pk=document).first()
        if found is None:
            raise Http404
    return download(found)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(portal=True)
def add(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Give the clinic a letter or a picture."""
    refused = None
    if request.method == "POST":
        try:
            file = sent_file(request)
            title = request.POST.get("title", "")
            add_document(actor=actor, record=pk, data=file.read(), filename=file.name or "", title=title)
        except RefusedError as refusal:
            refused = refusal
        else:
            messages.success(request, _("Your team can see the document now."))
            return redirect("portal_documents", pk)
    record = open_page(actor, pk, "add a document", Permission.DOCUMENT)
    context = {"title": request.POST.get("title", "") if refused else "", "most": MAX_BYTES // 1024 // 1024}
    return show_page(request, actor, record, "add_document.html", context, refused)
