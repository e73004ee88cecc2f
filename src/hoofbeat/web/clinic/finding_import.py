"""Takes the findings of a phenopacket into a record, and says what of the file is not kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoofbeat.cases.case import Case
from hoofbeat.interchange.phenopacket import read as read_phenopacket
from hoofbeat.interchange.report import Message, Report
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.record import frame
from hoofbeat.web.guard import signed_in
from hoofbeat.web.no_knowledge import knowledge_missing
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import RefusedError, may_change, read
from hoofbeat.web.records.actions.findings import import_findings
from hoofbeat.web.records.ranking import knowledge
from hoofbeat.web.upload import sent_file

MOST_BYTES = 20_000_000
MOST_SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.CASELOAD)
def import_page(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The form; after sending it, what was taken over and what was not."""
    if request.method == "POST":
        return _take(request, actor, record)
    found = read(actor, record, Permission.IMPORT, "finding:read", what="import form")
    return _page(request, frame(actor, found, "findings"))


def _take(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    messages: tuple[Message, ...] = ()
    may_change(actor, record, Permission.IMPORT)  # before the file is looked at, which takes a moment
    try:
        case, report = _read(sent_file(request))
        messages = report.messages
        if case is None:
            raise RefusedError(_first(report), field="file")
        done = import_findings(actor=actor, record=record, findings=case.findings)
    except (RefusedError, KnowledgeError) as refusal:
        found = read(actor, record, Permission.IMPORT, "finding:read", what="import, refused")
        context = frame(actor, found, "findings")
        if isinstance(refusal, KnowledgeError):
            return knowledge_missing(request, context, refusal)
        context |= {"errors": {refusal.field: refusal.message}, "messages": _shown(messages)}
        return _page(request, context, status=422)
    return _page(
        request,
        frame(actor, done.record, "findings")
        | {"done": done, "messages": _shown(messages), "leaves": report.leaves, "not_kept": _not_kept(case)},
    )


def _read(file: UploadedFile[Any]) -> tuple[Case | None, Report]:
    if (file.size or 0) > MOST_BYTES:
        message = _("the file is larger than %(size)d MB; give one patient's file")
        raise RefusedError(message % {"size": MOST_BYTES // 1_000_000}, field="file")
    made = read_phenopacket(file.read(), name="file", ontology=knowledge().ontology)
    if len(made.cases) > 1:
        message = _("the file holds %(count)d people; give a file with this patient alone")
        raise RefusedError(message % {"count": len(made.cases)}, field="file")
    return (made.cases[0] if made.cases else None), made.report


def _first(report: Report) -> str:
    if not report.errors:
        return _("the file holds no phenopacket")
    message = report.errors[0]
    return f"{message.what} ({message.repair})" if message.repair else message.what


def _not_kept(case: Case) -> list[str]:
    """What the file says beside findings, in words; none of it is taken over."""
    parts = {
        "subject": _("who the person is (age, sex)"),
        "measurements": _("measurements"),
        "medical_actions": _("treatments and procedures"),
        "reported": _("reported diagnoses and variants"),
        "family": _("the family"),
        "attributes": _("inheritance and course"),
        "carried": _("other values"),
    }
    return [words for name, words in parts.items() if getattr(case, name, None)]


def _shown(messages: tuple[Message, ...]) -> list[Message]:
    return list(messages[:MOST_SHOWN])


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    empty: dict[str, Any] = {"errors": {}, "done": None, "messages": [], "not_kept": [], "leaves": None}
    return show(request, "clinic/import.html", empty | context, status=status)
