"""Messages with the family, from the team's side."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import lasting
from hoofbeat.web.access.roles import Permission, Role
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.posted import posted_id
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.messages import MAX_MESSAGE, mark_read, send_message

PER_PAGE = 50


@require_safe
@signed_in(Permission.CASELOAD)
def messages(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The thread. Looking at it marks nothing as read."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def send(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Write to the family. What was on the page is read then, and waits no longer."""
    try:
        answers = None
        if "until" in request.POST:
            answers = posted_id(request, "until", _("nothing was sent; look at the messages again"))
        send_message(
            actor=actor, record=record, text=request.POST.get("text", ""),
            confidential=bool(request.POST.get("confidential")), answers=answers,
        )  # fmt: skip
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    notices.success(request, _("The message is sent."))
    return redirect("messages", record)


@require_POST
@signed_in(Permission.CASELOAD)
def read_all(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Note that the messages on the page were read."""
    try:
        until = posted_id(request, "until", _("nothing was marked; look at the messages again"))
        mark_read(actor=actor, record=record, until=until)
    except RefusedError as refusal:
        return _page(request, actor, record, refusal)
    notices.success(request, _("Marked as read. The family sees when, and by whom."))
    return redirect("messages", record)


def _page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    found = read(actor, record, Permission.MESSAGE, "message:read", what="messages")
    rows = found.messages.select_related("author", "read_by").order_by("-created")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    thread = list(reversed(page.object_list))
    unread = [one for one in thread if not one.from_team and one.read_at is None]
    relations = {link.user_id: link.relation for link in found.links.all()}
    context = {
        "thread": [(one, relations.get(one.author_id, "")) for one in thread],
        "found": page,
        "unread": unread,
        "has_family": bool(relations),
        "may_confide": any(link.role == Role.PATIENT for link in found.links.filter(lasting())),
        "most": MAX_MESSAGE,
    }
    return answer(request, actor, found, "clinic/messages.html", context, refusal)
