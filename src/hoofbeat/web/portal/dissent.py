"""A no to a sharing, in one's own words; and agreeing oneself to what somebody else agreed to before."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoofbeat.web.access.actor import Actor
from hoofbeat.web.guard import signed_in
from hoofbeat.web.portal.sharing import consents_page
from hoofbeat.web.posted import done_or_refused
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.actions.consent import renew_consent
from hoofbeat.web.records.actions.dissent import dissent as say
from hoofbeat.web.records.actions.dissent import take_back_dissent


@require_POST
@signed_in(portal=True)
def say_no(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Say no."""
    purpose, words = request.POST.get("dissent_purpose", ""), request.POST.get("dissent_words", "")
    try:
        say(actor=actor, record=pk, purpose=purpose, words=words)
    except RefusedError as refusal:
        return consents_page(request, actor, pk, refusal)
    messages.success(request, _("Heard. Nothing leaves for this. Your team talks with you about it."))
    return redirect("portal_consents", pk)


@require_POST
@signed_in(portal=True)
def take_back(request: HttpRequest, actor: Actor, pk: UUID, dissent: UUID) -> HttpResponse:
    """Take one's own no back."""
    done_or_refused(request, partial(take_back_dissent, actor=actor, record=pk, dissent=dissent), _("Taken back."))
    return redirect("portal_consents", pk)


@require_POST
@signed_in(portal=True)
def renew(request: HttpRequest, actor: Actor, pk: UUID, consent: UUID) -> HttpResponse:
    """Agree oneself."""
    try:
        made = renew_consent(actor=actor, record=pk, consent=consent)
    except RefusedError as refusal:
        messages.error(request, refusal.message)
        return redirect("portal_consents", pk)
    messages.success(request, _("Agreed. You can take it back at any time, and it holds at once."))
    return redirect("portal_consent", pk, made.pk)
