"""Enters findings: search and body systems, stating, taking back, restoring, and deciding on what the family told.

Each works as a form by itself, and as a part that htmx puts into the page. After a change the answer carries the
trigger `findings-changed`, at which the differential beside the list reads itself anew.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hoofbeat.cases.finding import FindingState
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.ontology import PHENOTYPIC_ABNORMALITY
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.findings import list_context, page_context
from hoofbeat.web.clinic.record import frame
from hoofbeat.web.guard import signed_in
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read, without_nul
from hoofbeat.web.records.actions.findings import decide_told, restore_finding, set_finding, take_back_finding
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.terms import term_index

LONGEST_QUERY = 120
MOST_STATED = 5_000
CHANGED = "findings-changed"
# The pages that ask for findings and read themselves anew: where an answer says that it comes from, and their names.
ASKED_AT = {"differential": "differential", "next": "next_step"}
FIELDS = {"onset": "number", "onset_number": "number", "onset_class": "class", "severity": "severity"}


@require_POST
@signed_in(Permission.FIND)
def terms(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The terms that match what is typed, or that lie below one: words of HPO, nothing of any record.

    What is stated already comes with the question, from the page that shows it: no record is read here. With `for`, the
    name of the field that was typed in, the answer offers terms to put there.
    """
    context = _looked_up(request)
    if "for" in request.POST:
        return show(request, "clinic/term_picks.html", context)
    try:
        where = UUID(request.POST.get("record", ""))
    except ValueError:
        return HttpResponse(status=400)
    return show(
        request, "clinic/term_matches.html", {**context, "record_id": where, "stated": _stated_on_the_page(request)}
    )


@require_POST
@signed_in(Permission.CASELOAD)
def find(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The same within the page, for browsers without scripts."""
    found = read(actor, record, Permission.FIND, "finding:read", what="findings, search")
    context = _looked_up(request)
    return show(request, "clinic/findings.html", page_context(actor, found) | context)


def _stated_on_the_page(request: HttpRequest) -> dict[str, str]:
    """The state of each term as the asking page said it (`HP:0001166=observed`); anything else is passed over."""
    pairs = (one.partition("=") for one in request.POST.getlist("stated")[:MOST_STATED])
    return {hpo: state for hpo, _between, state in pairs if state in frozenset(FindingState)}


def _looked_up(request: HttpRequest) -> dict[str, Any]:
    typed_in, below = request.POST.get("for", "q"), request.POST.get("below", "")
    query = request.POST.get(typed_in, "").strip()[:LONGEST_QUERY]
    index = term_index()
    if below:
        top = below == PHENOTYPIC_ABNORMALITY
        return {
            "query": "",
            "matches": None,
            "branches": index.below(below),
            "way": () if top else index.way_to(below),
        }
    return {"query": query, "matches": index.search(query) if query else (), "branches": None, "way": ()}


@require_POST
@signed_in(Permission.CASELOAD)
def set_one(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """State a finding: observed, excluded, not assessed or uncertain; onset, severity and note where they are given."""
    given = request.POST
    try:
        made = set_finding(
            actor=actor,
            record=record,
            hpo=given.get("hpo", ""),
            state=_state(given.get("state", "")),
            onset=_onset(request),
            severity=given.get("severity"),
            note=given.get("note"),
        )
    except (RefusedError, KnowledgeError) as refusal:
        return _refused(request, actor, record, refusal)
    return _changed(request, actor, made.record)


@require_POST
@signed_in(Permission.CASELOAD)
def take_back(request: HttpRequest, actor: Actor, record: UUID, finding: UUID) -> HttpResponse:
    """Take a finding back; the answer offers to undo it."""
    try:
        made = take_back_finding(actor=actor, record=record, finding=finding)
    except RefusedError as refusal:
        return _refused(request, actor, record, refusal)
    return _changed(request, actor, made.record)


@require_POST
@signed_in(Permission.CASELOAD)
def restore(request: HttpRequest, actor: Actor, record: UUID, finding: UUID) -> HttpResponse:
    """Undo: state again what an older row stated."""
    try:
        made = restore_finding(actor=actor, record=record, finding=finding)
    except RefusedError as refusal:
        return _refused(request, actor, record, refusal)
    return _changed(request, actor, made.record)


@require_POST
@signed_in(Permission.CASELOAD)
def decide(request: HttpRequest, actor: Actor, record: UUID, finding: UUID) -> HttpResponse:
    """Take over what the family told, or put it aside."""
    take_over = {"take_over": True, "put_aside": False}.get(request.POST.get("decision", ""))
    try:
        if take_over is None:
            raise RefusedError(_("say whether to take it over or to put it aside"))
        made = decide_told(actor=actor, record=record, finding=finding, take_over=take_over)
    except RefusedError as refusal:
        return _refused(request, actor, record, refusal)
    return _changed(request, actor, made.record)


def _state(text: str) -> FindingState:
    try:
        return FindingState(text)
    except ValueError:
        message = _("say whether it is observed, excluded, not assessed or uncertain")
        raise RefusedError(message, field="state") from None


def _onset(request: HttpRequest) -> str | None:
    """The onset as it is stored: the class that was chosen, else the number with its unit; None where not asked."""
    given = request.POST
    if "onset_class" not in given and "onset_number" not in given:
        return None
    chosen, number = given.get("onset_class", ""), given.get("onset_number", "").strip()
    if not number:
        return chosen
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        message = _("give the age at onset as a whole number of years or months")
        raise RefusedError(message, field="onset_number")
    return f"P{int(number)}{'M' if given.get('onset_unit') == 'months' else 'Y'}"


def _changed(request: HttpRequest, actor: Actor, record: Record) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(ASKED_AT.get(request.POST.get("from", ""), "findings"), record.pk)
    if request.POST.get("from") in ASKED_AT:
        answer = HttpResponse(status=204)
    else:
        context = list_context(actor, record) | {"empty_search": request.POST.get("from") == "search"}
        answer = show(request, "clinic/findings_part.html", context)
    answer["HX-Trigger"] = CHANGED
    return answer


def _refused(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | KnowledgeError) -> HttpResponse:
    """The page again with what is wrong, and what was entered."""
    found = read(actor, record, Permission.FIND, "finding:read", what="findings, refused")
    if isinstance(refusal, KnowledgeError):
        return knowledge_missing(request, frame(actor, found, "findings"), refusal)
    hpo = without_nul(request.POST.get("hpo", ""))
    row = found.findings.filter(hpo=hpo, standing="confirmed", ended__isnull=True).first()
    # The form of a finding that stands has fields of its own, which the summary leads to.
    place = f"{FIELDS[refusal.field]}-{row.pk}" if row is not None and refusal.field in FIELDS else ""
    context: dict[str, Any] = {"errors": {place: refusal.message}, "given": request.POST}
    if request.htmx:  # type: ignore[attr-defined]
        context = list_context(actor, found) | {"empty_search": False} | context
        return show(request, "clinic/findings_part.html", context, status=422)
    return show(request, "clinic/findings.html", page_context(actor, found) | context, status=422)
