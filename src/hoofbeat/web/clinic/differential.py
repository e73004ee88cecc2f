"""The differential of a record: candidates with their reasons, two of them side by side, and how the ranking moved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.diagnosis.compare import compare, what_would_change
from hoofbeat.diagnosis.differential import Change, Comparison
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.nearest import nearest_diseases
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.because_words import because_words
from hoofbeat.web.clinic.explanation import LEAST_SCALE, Reason, one_shown, reason, shown
from hoofbeat.web.clinic.findings import panel_of
from hoofbeat.web.clinic.genome_page import variant_keys
from hoofbeat.web.clinic.moved_words import reasons
from hoofbeat.web.clinic.ranking_chart import bump_chart
from hoofbeat.web.clinic.record import frame, stated
from hoofbeat.web.guard import signed_in
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import read
from hoofbeat.web.records.actions.diagnosis import rank_again
from hoofbeat.web.records.genomes import evidence_of
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.ranking import differential_of, knowledge

CANDIDATES = 10
CHOICES = 20  # candidates that can be chosen for a comparison


@require_safe
@signed_in(Permission.CASELOAD)
def differential(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The first candidates, explained; `?without=genome` by the findings alone."""
    found = read(actor, record, Permission.RANK, "differential:read", what="differential")
    context = frame(actor, found, "differential") | _genome(request, found)
    try:
        ranked = differential_of(found, with_genome=context["with_genome"])
    except KnowledgeError as error:
        return knowledge_missing(request, context, error)
    confirmed = list(found.confirmations.filter(withdrawn__isnull=True))
    ranking = shown(ranked, CANDIDATES) if ranked else None
    return show(
        request,
        "clinic/differential.html",
        {
            **context,
            "ranking": ranking,
            "stated": stated(found),
            "choices": _choices(ranked),
            "confirmed": confirmed,
        },
    )


@require_safe
@signed_in(Permission.CASELOAD)
def panel(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The part that reads itself anew after each change; `?whole=1` for the page of the differential."""
    found = read(actor, record, Permission.RANK, "differential:read", what="differential, after a change")
    context = frame(actor, found, "differential") | _genome(request, found)
    is_whole = request.GET.get("whole") == "1"
    try:
        if is_whole:
            ranked = differential_of(found, with_genome=context["with_genome"])
            ranking = shown(ranked, CANDIDATES) if ranked else None
        else:
            ranking = panel_of(found)
    except KnowledgeError as error:
        return knowledge_missing(request, context, error)
    context |= {"ranking": ranking, "stated": stated(found), "is_whole": is_whole}
    return show(request, "clinic/differential_part.html", context)


@require_POST
@signed_in(Permission.CASELOAD)
def compared(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Two diseases side by side; by POST, so that no address names one. Nothing is changed."""
    found = read(actor, record, Permission.RANK, "differential:read", what="comparison")
    context = frame(actor, found, "differential")
    try:
        ranked = differential_of(found)
    except KnowledgeError as error:
        return knowledge_missing(request, context, error)
    if ranked is None:
        return redirect("differential", found.pk)
    first, second = request.POST.get("a", ""), request.POST.get("b", "")
    other = request.POST.get("other", "").strip()
    context |= {"choices": _choices(ranked), "a": first, "b": second, "other": other, "comparison": None, "errors": {}}
    try:
        second = _named(ranked, other) if other else second
        comparison = compare(ranked, first, second)
    except KnowledgeError:
        context["errors"] = {"other": _not_two(ranked, other)}
        return show(request, "clinic/compare.html", context, status=422)
    change = what_would_change(ranked, first, second)
    return show(request, "clinic/compare.html", context | _side_by_side(ranked, comparison, change))


@require_safe
@signed_in(Permission.CASELOAD)
def history(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """How the ranking moved, because of what, and with which knowledge."""
    found = read(actor, record, Permission.RANK, "differential:read", what="history of the ranking")
    context = frame(actor, found, "differential")
    snapshots = list(found.snapshots.order_by("created").prefetch_related("changes"))
    try:
        release = str(knowledge().release_info()["knowledge"])
    except KnowledgeError:
        release = ""
    is_behind = bool(release and snapshots and snapshots[-1].release.get("knowledge") != release)
    rows = [
        (number, one, because_words(one.because), [why for change in one.changes.all() for why in reasons(change)])
        for number, one in reversed(list(enumerate(snapshots, 1)))
    ]
    return show(
        request,
        "clinic/ranking_history.html",
        {**context, "rows": rows, "chart": bump_chart(snapshots), "release": release, "is_behind": is_behind},
    )


@require_POST
@signed_in(Permission.CASELOAD)
def again(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Rank with the knowledge of today and keep the result in the history."""
    try:
        rank_again(actor=actor, record=record)
    except KnowledgeError as error:
        found = read(actor, record, Permission.RANK, "differential:read", what="differential, refused")
        return knowledge_missing(request, frame(actor, found, "differential"), error)
    return redirect("ranking_history", record)


def _genome(request: HttpRequest, record: Record) -> dict[str, Any]:
    """Whether there is a genome, whether it is to count here, and where its variants' pages are."""
    stored = evidence_of(record)
    return {
        "has_genome": stored is not None,
        "with_genome": request.GET.get("without") != "genome",
        "variant_rows": variant_keys(stored),
    }


def _choices(ranked: Differential | None) -> list[tuple[str, str]]:
    """The first candidates as what can be chosen."""
    if ranked is None:
        return []
    first = ranked.first(CHOICES)
    return [
        (ranked.id_of(index), f"{place}. {ranked.knowledge.disease_name(index)}")
        for place, index in enumerate(first, 1)
    ]


def _named(ranked: Differential, given: str) -> str:
    """The disease that a name or an identifier means; what cannot be told apart stays as it was given."""
    if ranked.index_of(given) is not None:
        return given
    near = nearest_diseases(ranked.knowledge.facts.diseases, given, limit=1)
    return near[0].id if near else given


def _not_two(ranked: Differential, other: str) -> str:
    """Why two diseases cannot be compared."""
    if other and ranked.index_of(_named(ranked, other)) is None:
        return _("“%(given)s” is no disease that is ranked; choose one from the list") % {"given": other}
    return _("choose two different diseases that are ranked")


def _side_by_side(ranked: Differential, comparison: Comparison, change: Change | None) -> dict[str, Any]:
    one, other = comparison.a, comparison.b
    scale = max(
        [LEAST_SCALE, *(abs(side.log_lr) for row in comparison.rows for side in (row.a, row.b) if side is not None)]
    )
    rows: list[tuple[str, Reason | None, Reason | None]] = []
    for row in comparison.rows:
        sides = [reason(side, scale) if side is not None else None for side in (row.a, row.b)]
        label = next(side.label for side in sides if side is not None)
        rows.append((label, sides[0], sides[1]))
    return {
        "comparison": comparison,
        "a": one.disease.id,
        "b": other.disease.id,
        "one": one_shown(ranked, one),
        "two": one_shown(ranked, other),
        "rows": rows,
        "change": change,
    }
