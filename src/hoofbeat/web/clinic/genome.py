"""The genome of a record: its file uploaded, its samples matched to the family, read by a job, and what was found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hoofbeat.cases.called_variant import Build
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.genome_page import found_in, is_stopped, people_of, share_read
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.records.actions.change import NoSuchThingError, RefusedError, may_change, read, read_thing
from hoofbeat.web.records.actions.genome import (
    add_genome,
    end_genome,
    field_of,
    match_genome,
    restore_genome,
)
from hoofbeat.web.records.genome_upload import GIGABYTES, GenomeUpload, receiving, sent_genome
from hoofbeat.web.records.genomes import PATIENT, evidence_from
from hoofbeat.web.records.models import FamilyMember, Genome, Record
from hoofbeat.web.records.refused_genomes import parts_in_words

GOING_ON = (Genome.State.WAITING, Genome.State.READING)
QUESTIONS = 20  # newest ones that the page lists


@require_safe
@signed_in(Permission.CASELOAD)
def genome(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """The files, what was found in the one that counts, and what was asked of it."""
    return genome_page(request, actor, record)


@csrf_exempt  # `_sent` checks the form once it is known where the file goes: to ask for its token is to read all of it
@require_POST
@signed_in(Permission.CASELOAD)
def upload(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Keep a file of variants. Who may not is told before a byte of it is read."""
    may_change(actor, record, Permission.RANK)
    with receiving(request) as handler:
        return _sent(request, actor, record, handler)


@csrf_protect
def _sent(request: HttpRequest, actor: Actor, record: UUID, handler: GenomeUpload) -> HttpResponse:
    try:
        made = add_genome(actor=actor, record=record, upload=sent_genome(request, handler))
    except RefusedError as refusal:
        return genome_page(request, actor, record, refusal)
    handler.is_kept = True
    messages.success(request, _("The file is here. Say whose the samples are, and it is read."))
    to = reverse("genome_one", args=[record, made.pk])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Permission.CASELOAD)
def one(request: HttpRequest, actor: Actor, record: UUID, genome: UUID) -> HttpResponse:
    """One file: how far it is, whose its samples are, what was found; a POST says whose they are and has it read."""
    refused = None
    if request.method == "POST":
        may_change(actor, record, Permission.RANK)
        try:
            match_genome(
                actor=actor,
                record=record,
                genome=genome,
                whose=_whose(request, may_change(actor, record, Permission.RANK), genome),
                build=request.POST.get("build", ""),
                test=request.POST.get("test", ""),
            )
        except RefusedError as refusal:
            refused = refusal
        else:
            return redirect("genome_one", record, genome)
    found, here = read_thing(
        actor,
        record,
        Permission.RANK,
        "genome:read",
        lambda kept: kept.genomes.filter(pk=genome).select_related("added_by").first(),
        what="one genome",
    )
    return answer(request, actor, found, "clinic/genome_one.html", _one_context(found, here), refused)


@require_safe
@signed_in(Permission.CASELOAD)
def progress(request: HttpRequest, actor: Actor, record: UUID, genome: UUID) -> HttpResponse:
    """How far the reading is, asked again and again by the page; it shows nothing of the patient, so it is no look.
    When it is done, the page is asked for anew.
    """
    here = may_change(actor, record, Permission.RANK).genomes.filter(pk=genome, ended__isnull=True).first()
    if here is None:
        raise NoSuchThingError
    is_over = here.state not in GOING_ON or is_stopped(here, is_done=False)
    made = show(request, "clinic/genome_progress.html", _waiting(here, record))
    if is_over:
        made["HX-Refresh"] = "true"
    return made


@require_POST
@signed_in(Permission.CASELOAD)
def change(request: HttpRequest, actor: Actor, record: UUID, genome: UUID, what: str) -> HttpResponse:
    """Take off the list, put back."""
    try:
        if what == "end":
            end_genome(actor=actor, record=record, genome=genome)
            words = _("Taken off: it does not count any more. You can put it back for a day, then the file is removed.")
        else:
            restore_genome(actor=actor, record=record, genome=genome)
            words = _("Back on the list.")
    except RefusedError as refusal:
        return genome_page(request, actor, record, refusal)
    messages.success(request, words)
    return redirect("genome", record)


def genome_page(request: HttpRequest, actor: Actor, record: UUID, refusal: RefusedError | None = None) -> HttpResponse:
    """The tab."""
    found = read(actor, record, Permission.RANK, "genome:read", what="genome")
    every = list(found.genomes.select_related("added_by"))
    kept = [here for here in every if here.ended is None]
    in_use = next((here for here in kept if here.state == Genome.State.READ), None)
    context = {
        "genomes": kept,
        "ended": [here for here in every if here.ended is not None],
        "in_use": in_use,
        "found": None if in_use is None else found_in(evidence_from(in_use, found)),
        "questions": [] if in_use is None else in_use.questions.select_related("asked_by")[:QUESTIONS],
        "most": GIGABYTES,
    }
    return answer(request, actor, found, "clinic/genome.html", context, refusal)


def _whose(request: HttpRequest, record: Record, genome: UUID) -> dict[str, str]:
    here = record.genomes.filter(pk=genome, ended__isnull=True).first()
    if here is None:
        raise RefusedError(_("this genome is not on the list any more; look at it again"))
    return {sample: request.POST.get(field_of(here, sample), "") for sample in here.samples}


def _one_context(record: Record, here: Genome) -> dict[str, Any]:
    read_now = here.state == Genome.State.READ and here.ended is None
    stopped = here.state in GOING_ON and is_stopped(here, is_done=False)
    members = list(record.family.filter(ended__isnull=True, is_proband=False))
    alone = PATIENT if len(here.samples) == 1 else ""
    return {
        "genome": here,
        "people": people_of(here, record),
        "found": found_in(evidence_from(here, record)) if read_now else None,
        "fields": [(field_of(here, sample), sample, here.matched.get(sample, alone)) for sample in here.samples],
        "family": [("", _("not used")), (PATIENT, _("%(who)s, the patient") % {"who": record.called})]
        + [(str(member.pk), _member(member)) for member in members],
        "has_family": bool(members),
        "builds": [("", _("choose"))] + [(build.value, build.value) for build in Build],
        "tests": [(value, label) for value, label in Genome.Test.choices],
        "is_going_on": here.state in GOING_ON and not stopped,
        "is_stopped": stopped,
        **_waiting(here, record.pk),
        "problem": parts_in_words(here.problem, may_say_build=not here.stated_build) if here.problem else None,
    }


def _member(member: FamilyMember) -> str:
    affected = FamilyMember.Affected(member.affected).label
    return _("%(who)s (%(affected)s)") % {"who": member.label, "affected": affected}


def _waiting(here: Genome, record: UUID) -> dict[str, Any]:
    return {
        "size": here.size,
        "share": share_read(here, here.size),
        "bytes_read": here.bytes_read,
        "again": reverse("genome_progress", args=[record, here.pk]),
        "what": here.get_state_display(),
    }
