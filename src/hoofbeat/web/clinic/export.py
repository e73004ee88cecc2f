"""Sends a record outside: shows exactly what would leave and what is learnt from it in a sentence, then lets it go."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hoofbeat.network.gate import THE_PATIENT, Purpose
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.release import Asked, Prepared, gate_consents, preview, release
from hoofbeat.web.records.consent_words import detail_name, details, purpose_name, recipient_name
from hoofbeat.web.records.models import Record

BETWEEN = "|"


@signed_in(Permission.EXPORT)
def export(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """GET shows what the patient agreed to; POST shows the bytes, and with `send` gives them."""
    if request.method != "POST":
        return _page(request, read(actor, pk, Permission.EXPORT, "record:export_page", what="export"))
    agreed, detail = request.POST.get("agreed", ""), request.POST.get("detail", "")
    purpose, _between, recipient = agreed.partition(BETWEEN)
    try:
        asked = Asked.own_copy() if purpose == Purpose.OWN_COPY else Asked.of(purpose, recipient, detail)
        if "send" in request.POST:
            return _file(release(actor=actor, record=pk, asked=asked, previewed=request.POST.get("sha256", "")))
        made = preview(actor=actor, record=pk, asked=asked)
    except RefusedError as refusal:
        found = read(actor, pk, Permission.EXPORT, "record:export_page", what="export")
        return _page(request, found, agreed=agreed, detail=detail, refusal=refusal)
    return _page(request, _shown(actor, pk), agreed=agreed, detail=detail, made=made)


def _shown(actor: Actor, pk: UUID) -> Record:
    """The record whose preview has just been read and noted: one page, one event."""
    return Record.objects.readable_by(actor).get(pk=pk)


def _file(made: Prepared) -> HttpResponse:
    answer = HttpResponse(made.data, content_type="application/json")
    # A name that says nothing of the person.
    answer["Content-Disposition"] = f'attachment; filename="release-{made.sha256[:12]}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _page(
    request: HttpRequest,
    record: Record,
    *,
    agreed: str = "",
    detail: str = "",
    made: Prepared | None = None,
    refusal: RefusedError | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    own = f"{Purpose.OWN_COPY.value}{BETWEEN}{THE_PATIENT}"
    choices = [
        (
            f"{one.purpose.value}{BETWEEN}{one.recipient}",
            f"{purpose_name(one.purpose)} → {recipient_name(one.recipient)}: {detail_name(one.detail)}",
        )
        for one in gate_consents(record)
        if one.holds(today)
    ]
    context = {
        "record": record,
        "agreed": [*choices, (own, f"{purpose_name(Purpose.OWN_COPY)} → {recipient_name(THE_PATIENT)}")],
        "has_consent": bool(choices),
        "details": [(one.key, f"{one.key}: {one.name}") for one in details()],
        "given": {"agreed": agreed or own, "detail": detail or "4"},
        "made": made,
        "text": made.data.decode() if made else "",
        "level": detail_name(made.detail) if made else "",
        # Purpose and recipient are one choice on this page.
        "errors": {"detail" if refusal.field == "detail" else "agreed": refusal.message} if refusal else {},
    }
    return show(request, "clinic/export.html", context, status=422 if refusal else 200)
