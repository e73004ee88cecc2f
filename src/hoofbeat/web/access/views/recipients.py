"""To whom data can go, and under which terms of use: the administrator keeps each version as it comes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoofbeat.web.access.actions.recipient_terms import add_terms
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.models import RecipientTerms
from hoofbeat.web.access.recipient_terms import terms_in_force
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.audit.chain import add_event
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.consent_words import recipient_name
from hoofbeat.web.records.consent_words import recipients as known_recipients

FIELDS = ("recipient", "place", "version", "in_force", "link", "text")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.STAFF)
def recipients(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every version that is kept, and the form that keeps a new one."""
    if request.method != "POST":
        return _page(request, actor, {"in_force": timezone.localdate().isoformat()})
    given = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        made = add_terms(actor=actor, **given)
    except RefusedError as refusal:
        return _page(request, actor, given, refusal)
    words = _("Kept. Whoever sends something there is asked to accept version %(version)s.")
    messages.success(request, words % {"version": made.version})
    return redirect("recipients")


def _page(
    request: HttpRequest, actor: Actor, given: dict[str, str], refusal: RefusedError | None = None
) -> HttpResponse:
    assert actor.clinic is not None  # the guard's permission is of a clinic
    kept = list(RecipientTerms.objects.filter(clinic=actor.clinic).select_related("added_by"))
    current = {one: terms_in_force(actor.clinic, one) for one in {row.recipient for row in kept}}
    add_event("terms:read", actor=actor, detail={"versions": len(kept)})
    context = {
        "kept": [(one, recipient_name(one.recipient), current[one.recipient] == one) for one in kept],
        "recipients": [(one.key, one.name) for one in known_recipients()],
        "given": dict.fromkeys(FIELDS, "") | given,
        "errors": {refusal.field: refusal.message} if refusal else {},
        "today": timezone.localdate(),
    }
    return show(request, "access/recipients.html", context, status=422 if refusal else 200)
