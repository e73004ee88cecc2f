"""Three picture screens for a child: what it is about, what would happen, what one can say. The last one takes the
answer.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoofbeat.network.gate import Purpose
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.guard import signed_in
from hoofbeat.web.portal.place import open_page_of, show_page
from hoofbeat.web.records.actions.assent import give_assent
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.consent_words import purposes
from hoofbeat.web.records.dissents import is_minor
from hoofbeat.web.records.models import Assent

SCREENS = ("1", "2", "3")
FIELDS = ("purpose", "answer", "words", "present")


@signed_in(portal=True)
def assent(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """GET shows one of the three; POST keeps the answer of the third."""
    if request.method != "POST":
        screen = request.GET.get("screen", "1")
        return _screen(request, actor, pk, screen if screen in SCREENS else "1")
    try:
        made = give_assent(actor=actor, record=pk, **{name: request.POST.get(name, "") for name in FIELDS})
    except RefusedError as refusal:
        return _screen(request, actor, pk, "3", refusal)
    said = {
        Assent.Answer.NO: _("Heard. Nothing leaves for this. Your team talks with you about it."),
        Assent.Answer.YES: _("Heard. A grown-up who may decide agrees as well before anything leaves."),
    }
    messages.success(request, said.get(Assent.Answer(made.answer), _("Heard. Your team sees it and talks with you.")))
    return redirect("portal_consents", pk)


def _screen(
    request: HttpRequest, actor: Actor, pk: UUID, screen: str, refusal: RefusedError | None = None
) -> HttpResponse:
    # For a grown-up there is no such page.
    record, _child = open_page_of(actor, pk, "assent", lambda kept: kept if is_minor(kept) else None)
    given = request.POST if request.method == "POST" else request.GET
    choices = {one.key: one for one in purposes()}
    context = {
        "screen": int(screen),
        "purpose": choices.get(given.get("purpose", ""), choices[Purpose.MATCHING.value]),
        "purposes_named": [(one.key, one.name) for one in choices.values()],
        "answers": Assent.Answer.choices,
        "chosen": {name: given.get(name, "") for name in FIELDS},
    }
    return show_page(request, actor, record, "assent.html", context, refusal)
