"""Sends a record outside: shows exactly what would leave, what is learnt from it in a sentence, how much it points to
one person, and what can be left out; then lets it go.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hoofbeat.cases.finding import FindingState
from hoofbeat.network.broader_words import SHARED_BY
from hoofbeat.network.gate import THE_PATIENT, Part, Purpose
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.meter_words import meter_words
from hoofbeat.web.clinic.record import frame
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.release import Asked, Prepared, gate_consents, preview, release
from hoofbeat.web.records.clinic_risk import clinic_risk
from hoofbeat.web.records.consent_words import detail_name, details, purpose_name, recipient_name
from hoofbeat.web.records.disclosure_words import part_words
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.ranking import knowledge

BETWEEN = "|"
OWN_FIELDS = ("detail", "words", "terms")


@dataclass(frozen=True)
class PartRow:
    """One thing that would be told and can be left out: `state` is that of a finding, else empty."""

    key: str
    label: str
    state: str
    is_told: bool


@signed_in(Permission.EXPORT)
def export(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """GET shows what the patient agreed to; POST shows the bytes, and with `send` gives them."""
    if request.method != "POST":
        return _page(request, actor, read(actor, pk, Permission.EXPORT, "record:export_page", what="export"))
    agreed, detail = request.POST.get("agreed", ""), request.POST.get("detail", "")
    broader = request.POST.get("words", "0")
    purpose, _between, recipient = agreed.partition(BETWEEN)
    refusal = None
    try:
        left_out = frozenset(request.POST.getlist("offered")) - frozenset(request.POST.getlist("part"))
        asked = Asked.own_copy()
        if purpose != Purpose.OWN_COPY:
            asked = Asked.of(purpose, recipient, detail, left_out, broader)
        if "send" in request.POST:
            sha256, accepted = request.POST.get("sha256", ""), request.POST.get("terms", "")
            try:
                return _file(release(actor=actor, record=pk, asked=asked, previewed=sha256, accepted=accepted))
            except RefusedError as unread:
                if unread.field != "terms":
                    raise
                refusal = unread
        # The consent may have gone since: then it is the preview that is refused.
        made = preview(actor=actor, record=pk, asked=asked)
    except RefusedError as refused:
        found = read(actor, pk, Permission.EXPORT, "record:export_page", what="export")
        return _page(request, actor, found, agreed=agreed, detail=detail, refusal=refused)
    return _page(request, actor, _shown(actor, pk), agreed=agreed, detail=detail, made=made, refusal=refusal)


def _shown(actor: Actor, pk: UUID) -> Record:
    """The record whose preview has just been read and noted: one page, one event."""
    return Record.objects.readable_by(actor).get(pk=pk)


def _file(made: Prepared) -> HttpResponse:
    answer = HttpResponse(made.data, content_type="application/json")
    # A name that says nothing of the person.
    answer["Content-Disposition"] = f'attachment; filename="release-{made.sha256[:12]}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _broader(least: int) -> str:
    return _("Broader, shared by %(count)d patients here") % {"count": least}


def _parts(made: Prepared) -> list[PartRow]:
    """What could be told, findings first, each with whether it is told now."""
    if made.offered is None:
        return []
    ontology, states = knowledge().ontology, {one.id: one.state for one in made.offered.findings}
    rows = []
    for key, is_told in made.parts:
        state = states.get(key)
        label = part_words(Part(key), made.offered) if state is None else ontology.name(ontology.index(key))
        rows.append(PartRow(key, label, "" if state is None else FindingState(state).value, is_told))
    return rows


def _page(
    request: HttpRequest,
    actor: Actor,
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
    context = frame(actor, record, "team") | {
        "agreed": choices,
        "own": own,
        "details": [(one.key, f"{one.key}: {one.name}") for one in details()],
        "words": [("0", _("As in the record")), *((str(one), _broader(one)) for one in reversed(SHARED_BY))],
        "given": {"agreed": agreed, "detail": detail or "4", "words": request.POST.get("words", "0")},
        "made": made,
        "text": made.data.decode() if made else "",
        "level": detail_name(made.detail) if made else "",
        "parts_told": _parts(made) if made else [],
        "meter": meter_words(clinic_risk(record, made.told)) if made and made.told else None,
        # Purpose and recipient are one choice on this page.
        "errors": {refusal.field if refusal.field in OWN_FIELDS else "agreed": refusal.message} if refusal else {},
    }
    return show(request, "clinic/export.html", context, status=422 if refusal else 200)
