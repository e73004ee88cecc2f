"""My story: told in own words, and in signs that have plain names and wait for the clinician's eye."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoofbeat.cases.finding import FindingState
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.plain_terms import MAX_TYPED, PlainTerm
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.relations import permissions
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.portal.place import open_page, show_page
from hoofbeat.web.portal.story_signs import mentions_signs
from hoofbeat.web.posted import done_or_refused
from hoofbeat.web.records.actions.change import RefusedError
from hoofbeat.web.records.actions.findings import tell_finding
from hoofbeat.web.records.actions.story import take_back_told, tell_story
from hoofbeat.web.records.confidential import confiding, open_to
from hoofbeat.web.records.models import AskedQuestion, Record, RecordedFinding
from hoofbeat.web.records.plain_terms import plain_name, plain_term, plain_terms

ANSWERS = {
    "yes": FindingState.OBSERVED,
    "no": FindingState.EXCLUDED,
    "unsure": FindingState.UNCERTAIN,
}


@signed_in(portal=True)
def story(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """What was told, newest first, and the form for telling more."""
    if request.method == "POST":
        try:
            told = tell_story(
                actor=actor,
                record=pk,
                text=request.POST.get("text", ""),
                confidential=bool(request.POST.get("confidential")),
            )
        except RefusedError as refusal:
            return _story(request, actor, open_page(actor, pk, "story"), refusal)
        messages.success(request, _("Thank you. Your team can read it now."))
        if not told.confidential and mentions_signs(told.text):
            return redirect("portal_story_signs", pk, told.pk)
        return redirect("portal_story", pk)
    return _story(request, actor, open_page(actor, pk, "story"))


@require_POST
@signed_in(portal=True)
def search_signs(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """Signs like what was typed. By POST: what somebody types is not to stand in an address."""
    typed = request.POST.get("typed", "")[:MAX_TYPED]
    record = open_page(actor, pk, "signs", Permission.TELL)
    try:
        matches = plain_terms().search(typed)
    except KnowledgeError:
        matches = ()
    found = {"typed": typed, "matches": matches, "record": record}
    if getattr(request, "htmx", False):
        return show(request, "portal/signs_found.html", found)
    return _story(request, actor, record, found=found)


@require_POST
@signed_in(portal=True)
def tell_sign(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """One sign: yes, no, or not sure."""
    try:
        state = ANSWERS[request.POST.get("answer", "")]
        told = tell_finding(
            actor=actor, record=pk, hpo=request.POST.get("hpo", ""), state=state,
            words=request.POST.get("typed", "")[:MAX_TYPED],
        )  # fmt: skip
    except KeyError:
        raise Http404 from None  # no such answer: nobody's form sends it
    except (RefusedError, KnowledgeError):
        messages.error(request, _("That did not work. Search for the sign once more."))
        return redirect("portal_story", pk)
    name = plain_name(told.hpo, told.label)
    messages.success(request, _("Told: %(sign)s. Somebody of your team looks at it.") % {"sign": name})
    return redirect("portal_story", pk)


@require_POST
@signed_in(portal=True)
def take_back(request: HttpRequest, actor: Actor, pk: UUID, finding: UUID) -> HttpResponse:
    """Undo one's own telling while it waits."""
    done_or_refused(request, partial(take_back_told, actor=actor, record=pk, finding=finding), _("Taken back."))
    return redirect("portal_story", pk)


def _asked(record: Record) -> list[tuple[AskedQuestion, PlainTerm]]:
    """What the team asks about, in plain words."""
    waiting = record.asked.filter(ended__isnull=True).select_related("asked_by")
    found = [(one, plain_term(one.hpo)) for one in waiting]
    return [(one, sign) for one, sign in found if sign is not None]


def _story(
    request: HttpRequest,
    actor: Actor,
    record: Record,
    refusal: RefusedError | None = None,
    found: dict[str, object] | None = None,
) -> HttpResponse:
    told = (
        record.findings.filter(origin=RecordedFinding.Origin.FAMILY, ended__isnull=True)
        .select_related("said_by", "checked_by")
        .order_by("-created")
    )
    context = {
        "entries": record.story.filter(open_to(actor, record)).select_related("author", "read_by").order_by("-created"),
        "told": [(one, plain_name(one.hpo, one.label)) for one in told],
        "asked": _asked(record) if Permission.TELL in permissions(actor, record) else [],
        "found": found,
        "me": actor.user,
        **confiding(actor, record),
    }
    return show_page(request, actor, record, "story.html", context, refusal)
