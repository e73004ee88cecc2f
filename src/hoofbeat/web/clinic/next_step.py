"""The next step of a record: which question or procedure tells most for what it asks, what must wait, and answering
right there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.diagnosis.next_step import StepKind
from hoofbeat.diagnosis.next_step.limits import Limits
from hoofbeat.diagnosis.next_step.next_step import remarks
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.explanation import shown
from hoofbeat.web.clinic.record import frame, stated
from hoofbeat.web.clinic.step_words import FAMILY_NAMES, StepCard, cards, remark_words, standing
from hoofbeat.web.guard import signed_in
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, read
from hoofbeat.web.records.actions.next_step import ask_family, end_mark, mark_step, take_question_back
from hoofbeat.web.records.actions.telling import links_that_may
from hoofbeat.web.records.models import Record
from hoofbeat.web.records.next_steps import NextSteps
from hoofbeat.web.records.ranking import knowledge

QUESTIONS, PROCEDURES = 5, 4  # shown of each kind
MORE = 10  # where only one kind is asked for
BESIDE = 5  # candidates beside the steps
ANSWERED = 8  # answers of the family that stay in sight
EARLIER = 8  # earlier tests beside the steps
# What a step may ask at most, in questions (ours): a walk to a specialist, and what takes a day in the hospital.
BURDENS = {"": None, "light": 5.0, "middle": 15.0}
BURDEN_NAMES = (
    ("", gettext_lazy("any")),
    ("light", gettext_lazy("light: no more than a visit to a specialist")),
    ("middle", gettext_lazy("middle: no more than about 15 questions")),
)


@require_safe
@signed_in(Permission.CASELOAD)
def next_step(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The page; with `part` what reads itself anew after each answer."""
    return _page(request, actor, record)


@require_POST
@signed_in(Permission.CASELOAD)
def mark(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Note what becomes of a procedure."""
    given = {name: request.POST.get(name, "") for name in ("step", "what", "reason", "when", "result")}
    return _done(request, actor, record, lambda: mark_step(actor=actor, record=record, **given), _("It is noted."))


@require_POST
@signed_in(Permission.CASELOAD)
def take_mark_back(request: HttpRequest, actor: Actor, record: UUID, mark: UUID) -> HttpResponse:
    """Undo a decision about a procedure."""
    words = _("Taken back: it may be suggested again.")
    return _done(request, actor, record, lambda: end_mark(actor=actor, record=record, mark=mark), words)


@require_POST
@signed_in(Permission.CASELOAD)
def ask(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Put a question to the family."""
    words = _("The family is asked on their pages. The answer waits for you among the findings.")
    hpo = request.POST.get("hpo", "")
    return _done(request, actor, record, lambda: ask_family(actor=actor, record=record, hpo=hpo), words)


@require_POST
@signed_in(Permission.CASELOAD)
def take_back(request: HttpRequest, actor: Actor, record: UUID, asked: UUID) -> HttpResponse:
    """Take a question to the family back."""
    act = lambda: take_question_back(actor=actor, record=record, question=asked)  # noqa: E731
    return _done(request, actor, record, act, _("The family is not asked any more."))


def _done(request: HttpRequest, actor: Actor, record: UUID, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except (RefusedError, KnowledgeError) as refusal:
        return _page(request, actor, record, refusal)
    messages.success(request, words)
    return redirect("next_step", record)


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """What the reader wants to see: a kind of step, how much it may ask. It stands in the address and says nothing of
    the patient.
    """
    kind, burden = request.GET.get("kind", ""), request.GET.get("burden", "")
    return {
        "kind": kind if kind in (StepKind.QUESTION.value, *FAMILY_NAMES) else "",
        "burden": burden if burden in BURDENS else "",
        "awake": request.GET.get("awake") == "1",
    }


def _page(
    request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | KnowledgeError | None = None
) -> HttpResponse:
    found = read(actor, record, Permission.RANK, "next_step:read", what="next step, refused" if refusal else "")
    context = frame(actor, found, "next_step")
    wanted = _wanted(request)
    try:
        context |= _steps(found, wanted)
    except KnowledgeError as error:
        return knowledge_missing(request, context, error)
    asked = list(found.asked.filter(ended__isnull=True).select_related("asked_by"))
    context |= {
        "wanted": wanted,
        "is_limited": any(wanted.values()),
        "kinds": [("", _("all")), (StepKind.QUESTION.value, _("questions")), *FAMILY_NAMES.items()],
        "burdens": BURDEN_NAMES,
        "earlier": found.tests.filter(ended__isnull=True).order_by("-when", "-created")[:EARLIER],
        "marks": found.step_marks.filter(ended__isnull=True).select_related("marked_by"),
        "asked": asked,
        "asked_terms": {one.hpo for one in asked},
        "told": found.findings.filter(standing="told", ended__isnull=True).order_by("created")[:ANSWERED],
        "can_ask": bool(links_that_may(found, Permission.TELL)),
        "stated": stated(found),
        "errors": _errors(request, refusal, context["procedures"]),
        "given": request.POST,
    }
    template = "next_step_part.html" if request.GET.get("part") == "1" else "next_step.html"
    return show(request, f"clinic/{template}", context, status=422 if refusal else 200)


def _errors(
    request: HttpRequest, refusal: RefusedError | KnowledgeError | None, procedures: list[StepCard]
) -> dict[str, str]:
    """What was refused, at the field of the step where that is still on the page."""
    if refusal is None:
        return {}
    if not isinstance(refusal, RefusedError):
        return {"": str(refusal)}
    is_there = any(card.step.id == request.POST.get("step") for card in procedures)
    return {refusal.field if is_there else "": refusal.message}


def _steps(record: Record, wanted: dict[str, Any]) -> dict[str, Any]:
    found = NextSteps.of(record)
    if found is None:
        return {"ranking": None, "questions": [], "procedures": [], "vetoes": [], "remarks": (), "done": ()}
    kind = wanted["kind"]
    families = frozenset({kind}) if kind in FAMILY_NAMES else None
    limits = Limits(families, BURDENS[wanted["burden"]], wanted["awake"])
    questions = 0 if families else MORE if kind else QUESTIONS
    procedures = MORE if families else 0 if kind else PROCEDURES
    return {
        "ranking": shown(found.ranked, BESIDE),
        "questions": cards(found.best(StepKind.QUESTION, questions, limits=limits), found.ranked),
        "procedures": cards(found.best(StepKind.PROCEDURE, procedures, limits=limits), found.ranked),
        "vetoes": standing(found.vetoes()),
        "remarks": remark_words(remarks(knowledge())),
        "done": found.decided.done,
    }
