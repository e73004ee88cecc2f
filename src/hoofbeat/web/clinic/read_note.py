"""Reads a note for a record: pasted or chosen, gone through suggestion by suggestion, and taken over in one step.

The note is not kept. It goes back and forth in the body of the forms, never in an address, and is read anew each time,
so that nothing of it stays with the server between two steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hoofbeat.cases.finding import FindingState
from hoofbeat.interchange.report import InputError, Severity
from hoofbeat.interchange.text.reader import ReadText
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.note_review import Review, Suggestion, review_of
from hoofbeat.web.clinic.record import frame, stated
from hoofbeat.web.guard import signed_in
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import show
from hoofbeat.web.pages.english import around_english, english
from hoofbeat.web.records.actions.change import RefusedError, may_change, read
from hoofbeat.web.records.actions.note_findings import take_from_note, undo_from_note
from hoofbeat.web.records.actions.stating import Statement
from hoofbeat.web.records.files import too_large
from hoofbeat.web.records.free_text import LONGEST, read_note
from hoofbeat.web.records.models import Record, RecordedFinding
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.records.terms import term_index
from hoofbeat.web.upload import sent_file

LONGEST_TERM = 120
NEAR = 3  # terms that are named where what was typed is not clear
MOST_UNDONE = 400
STATES = frozenset({FindingState.OBSERVED, FindingState.EXCLUDED, FindingState.UNCERTAIN})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.CASELOAD)
def read_note_page(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The form; after sending it, what was found."""
    if request.method != "POST":
        found = read(actor, record, Permission.FIND, "finding:read", what="note form")
        return _form(request, actor, found)
    may_change(actor, record, Permission.FIND)  # before the note is read, which takes a moment
    try:
        text, refusal = _read(_given(request)), None
    except (RefusedError, KnowledgeError) as problem:
        text, refusal = None, problem
    found = read(actor, record, Permission.FIND, "finding:read", what="a note beside the findings")
    if text is None:
        return _form(request, actor, found, refusal)
    return _review(request, actor, found, review_of(text, stated(found), knowledge().ontology))


@require_POST
@signed_in(Permission.CASELOAD)
def take(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Take over what was decided on; the answer says what, and offers to undo it."""
    here = may_change(actor, record, Permission.FIND)
    review: Review | None = None
    try:
        text = _read(request.POST.get("text", "").encode(errors="replace"))
        review = review_of(text, stated(here), knowledge().ontology)
        said = _said(request.POST, review)
        made = take_from_note(actor=actor, record=record, said=said)
    except (RefusedError, KnowledgeError) as refusal:
        found = read(actor, record, Permission.FIND, "finding:read", what="a note, refused")
        if review is None or isinstance(refusal, KnowledgeError):
            return _form(request, actor, found, refusal)
        return _review(request, actor, found, review, refusal)
    context = frame(actor, made[0].record, "findings") | {"made": made}
    return show(request, "clinic/read_note_taken.html", context)


@require_POST
@signed_in(Permission.CASELOAD)
def undo(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Undo what was taken over at once."""
    try:
        rows = [UUID(one) for one in request.POST.getlist("row")[:MOST_UNDONE]]
    except ValueError:
        rows = []
    try:
        count = undo_from_note(actor=actor, record=record, findings=rows)
    except RefusedError as refusal:
        messages.error(request, refusal.message)
        return redirect("findings", record)
    said = ngettext(
        "%(num)d finding of the note was taken back.", "%(num)d findings of the note were taken back.", count
    )
    messages.success(request, said % {"num": count})
    return redirect("findings", record)


def _given(request: HttpRequest) -> bytes:
    """The note as it came: a file where one was chosen, else what was pasted."""
    pasted = request.POST.get("text", "")
    if "file" in request.FILES or too_large(request):
        data: bytes = sent_file(request).read()
        return data
    if not pasted.strip():
        raise RefusedError(_("paste a note, or choose a text file"), field="text")
    return pasted.encode(errors="replace")


def _read(data: bytes) -> ReadText:
    try:
        return read_note(data)
    except InputError as error:
        message = error.message()
        raise RefusedError(english(f"{message.what}; {message.repair}" if message.repair else message.what)) from None


def _said(given: Mapping[str, str], review: Review) -> list[Statement]:
    """What the form decided, as statements in the order of the note. Raises RefusedError for what is not clear."""
    made: dict[str, Statement] = {}
    for one in review.offered:
        state = given.get(f"say-{one.key}", "")
        if not state and "certain" in given and one.is_certain:
            state = one.proposed or ""
        if state not in STATES:
            continue
        hpo = _term(given.get(f"other-{one.key}", ""), one)
        if hpo in made and made[hpo].state != state:
            message = _("%(what)s was taken in two ways; leave one of them out")
            label = knowledge().ontology.name(knowledge().ontology.index(hpo))
            raise RefusedError(around_english(message, what=english(label)), field=f"row-{one.key}")
        origin = RecordedFinding.Origin.IMPORT
        made.setdefault(hpo, Statement(hpo, FindingState(state), words=str(one.quote), origin=origin))
    if not made:
        raise RefusedError(_("nothing was taken: say of at least one finding what it is"), field="suggestions")
    return list(made.values())


def _term(typed: str, one: Suggestion) -> str:
    """The term that was typed in place of the suggested one; that one where nothing was."""
    typed = " ".join(typed.split())[:LONGEST_TERM]
    if not typed:
        return one.mention.hpo
    words = typed.split()
    found = term_index().search(words[0] if words[0].upper().startswith("HP:") else typed)
    for match in found:
        if words[0].upper() == match.id or typed.casefold() in (match.label.casefold(), match.synonym.casefold()):
            return match.id
    near = "; ".join(match.label for match in found[:NEAR])
    message = (
        _("“%(typed)s” is not clear. Near to it: %(near)s") % {"typed": typed, "near": near}
        if near
        else _("“%(typed)s” is no finding of HPO; try another word for it") % {"typed": typed}
    )
    raise RefusedError(message, field=f"other-{one.key}")


def _form(
    request: HttpRequest, actor: Actor, record: Record, refusal: RefusedError | KnowledgeError | None = None
) -> HttpResponse:
    context = frame(actor, record, "findings")
    if isinstance(refusal, KnowledgeError):
        return knowledge_missing(request, context, refusal)
    context |= {"errors": {}, "given": "", "longest": LONGEST}
    if refusal is not None:
        field = "file" if refusal.field == "file" or "file" in request.FILES else "text"
        context |= {"errors": {field: refusal.message}, "given": request.POST.get("text", "")[:LONGEST]}
    return show(request, "clinic/read_note.html", context, status=200 if refusal is None else 422)


def _review(
    request: HttpRequest, actor: Actor, record: Record, review: Review, refusal: RefusedError | None = None
) -> HttpResponse:
    errors = {} if refusal is None else {refusal.field: refusal.message}
    remarks = [one for one in review.messages if one.severity is not Severity.INFO]
    context = frame(actor, record, "findings") | {"review": review, "remarks": remarks}
    context |= {"errors": errors, "given": request.POST}
    return show(request, "clinic/read_note_review.html", context, status=200 if refusal is None else 422)
