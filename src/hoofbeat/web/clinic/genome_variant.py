"""One variant of a genome, and the answer to why another one is not among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hoofbeat.cases.called_variant import Call, CalledVariant
from hoofbeat.cases.reported import AcmgClassification
from hoofbeat.diagnosis.differential import FilterTrace
from hoofbeat.diagnosis.genotype.evidence import GenotypeEvidence
from hoofbeat.diagnosis.genotype.pathogenicity import CLASS_NAMES
from hoofbeat.diagnosis.genotype.why_filtered import why_filtered
from hoofbeat.diagnosis.rank import Differential
from hoofbeat.diagnosis.ratio_words import times
from hoofbeat.interchange.vcf import asked
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.web.access.actor import Actor
from hoofbeat.web.access.roles import Permission
from hoofbeat.web.clinic.genome import genome_page
from hoofbeat.web.clinic.genome_page import (
    OtherAllele,
    frequency_of,
    is_stopped,
    others_in,
    people_of,
    share_read,
)
from hoofbeat.web.clinic.genome_words import (
    class_words,
    model_words,
    step_words,
    value_words,
    verdict_words,
    why_words,
)
from hoofbeat.web.clinic.record_page import answer
from hoofbeat.web.guard import signed_in
from hoofbeat.web.page import show
from hoofbeat.web.pages.english import localized
from hoofbeat.web.posted import posted_id
from hoofbeat.web.records.actions.change import NoSuchThingError, RefusedError, may_change, read_thing
from hoofbeat.web.records.actions.genome import ask_about
from hoofbeat.web.records.genomes import StoredEvidence, evidence_from, genome_in_use, with_asked
from hoofbeat.web.records.models import Genome, GenomeQuestion, GenomeVariant, Record
from hoofbeat.web.records.ranking import differential_of
from hoofbeat.web.records.refused_genomes import parts_in_words
from hoofbeat.web.records.stored_alleles import allele_in

MOST_DISEASES = 8  # that a variant counts in, on its page


@dataclass(frozen=True, slots=True)
class Carrier:
    """What one person has of an allele."""

    who: str
    zygosity: str
    reads: str
    quality: str


@require_safe
@signed_in(Permission.CASELOAD)
def variant(request: HttpRequest, actor: Actor, record: UUID, variant: UUID) -> HttpResponse:
    """What was found, in whom, which rules let it through, and what it adds to which diseases."""
    found, here = read_thing(
        actor,
        record,
        Permission.RANK,
        "variant:read",
        lambda kept: _variant(kept, variant),
        what=f"variant {variant}",
    )
    one = allele_in(here.allele)
    stored = evidence_from(here.genome, found)
    evidence = stored.evidence
    context = {
        "genome": here.genome,
        "variant": one,
        "position": one.position,
        "genes": [
            (effect.gene, one.consequence(effect.gene), effect.hgvs_c, effect.hgvs_p, effect.transcript)
            for effect in one.effects
        ],
        "name": one.name(),
        "frequency": frequency_of(one, evidence),
        "clinvar": class_words(one.clinvar.value if one.clinvar else ""),
        "acmg": class_words("" if one.acmg is AcmgClassification.NOT_PROVIDED else CLASS_NAMES[one.acmg]),
        "scores": one.scores,
        "carriers": carriers_of(one, evidence, people_of(here.genome, found)),
        "traces": [_trace(trace) for trace in why_filtered(one, evidence)],
        "models": _models(one, stored),
        "is_in_use": here.genome == genome_in_use(found),
        **_diseases(one, found),
    }
    return answer(request, actor, found, "clinic/genome_variant.html", context)


@require_POST
@signed_in(Permission.CASELOAD)
def ask(request: HttpRequest, actor: Actor, record: UUID) -> HttpResponse:
    """Have the file searched for a variant; by POST, so that no address names one."""
    try:
        otherwise = _("there is no genome that was read; ask when there is")
        genome = posted_id(request, "genome", otherwise, field="variant")
        made = ask_about(actor=actor, record=record, genome=genome, text=request.POST.get("variant", ""))
    except RefusedError as refusal:
        return genome_page(request, actor, record, refusal)
    return redirect("genome_answer", record, made.pk)


@require_safe
@signed_in(Permission.CASELOAD)
def answered(request: HttpRequest, actor: Actor, record: UUID, question: UUID) -> HttpResponse:
    """Each filter on what was asked about, with value, threshold and verdict."""
    found, here = read_thing(
        actor,
        record,
        Permission.RANK,
        "genome:read",
        lambda kept: _question(kept, question),
        what="what became of a variant",
    )
    is_done = here.found is not None
    context: dict[str, Any] = {
        "question": here,
        "is_done": is_done,
        "is_stopped": is_stopped(here, is_done=is_done),
        "traces": _answer(here, found) if is_done and not here.problem else [],
        "problem": parts_in_words(here.problem) if here.problem else None,
        **_waiting(here, record),
    }
    return answer(request, actor, found, "clinic/genome_answer.html", context)


@require_safe
@signed_in(Permission.CASELOAD)
def answer_progress(request: HttpRequest, actor: Actor, record: UUID, question: UUID) -> HttpResponse:
    """How far the search is; nothing of the patient, so that it is no look. When it is done, the page comes anew."""
    here = _question(may_change(actor, record, Permission.RANK), question)
    if here is None:
        raise NoSuchThingError
    made = show(request, "clinic/genome_progress.html", _waiting(here, record))
    if here.found is not None or is_stopped(here, is_done=False):
        made["HX-Refresh"] = "true"
    return made


def carriers_of(one: CalledVariant, evidence: GenotypeEvidence, people: dict[str, str]) -> list[Carrier]:
    """The genotype of everybody whose sample was read, the patient first."""
    named = zip(evidence.tested.samples, one.calls, strict=True)
    return [_carrier(people.get(sample, "?"), call) for sample, call in named]


def _carrier(who: str, call: Call) -> Carrier:
    reads = "" if call.depth is None else str(call.depth)
    if call.depth is not None and call.alt_depth is not None:
        reads = _("%(alt)s of %(depth)s") % {"alt": call.alt_depth, "depth": call.depth}
    return Carrier(who, value_words(call.zygosity), reads, "" if call.quality is None else str(call.quality))


def _models(one: CalledVariant, stored: StoredEvidence) -> list[tuple[str, str, str, tuple[OtherAllele, ...], str]]:
    """Gene, model, reason, other alleles and ratio of each inheritance that the allele was tried in and fits."""
    fitting = [model for models in stored.evidence.models.values() for model in models if one in model.variants]
    fitting.sort(key=lambda model: -model.log_lr)
    return [
        (
            model.gene,
            model_words(model.model.value),
            why_words(model.why),
            others_in(model, one, stored),
            localized(times(model.log_lr)),
        )
        for model in fitting
    ]


def _diseases(one: CalledVariant, record: Record) -> dict[str, Any]:
    """The diseases that the allele counts in, best ranked first: rank, name, what it adds."""
    try:
        ranked = differential_of(record)
    except KnowledgeError:
        ranked = None
    return {"has_ranking": ranked is not None, "diseases": [] if ranked is None else _counting(one, ranked)}


def _counting(one: CalledVariant, ranked: Differential) -> list[tuple[int, str, str, str]]:
    if ranked.genotype is None:
        return []
    best = ranked.genotype.best
    own = [disease for disease, why in best.items() if one in why.model.variants]
    own.sort(key=lambda disease: -ranked.scores[disease])
    return [
        (
            round(ranked.rank_of(ranked.id_of(disease))),
            ranked.knowledge.disease_name(disease),
            localized(times(float(ranked.genotype.log_lr[disease]))),
            model_words(best[disease].model.model.value),
        )
        for disease in own[:MOST_DISEASES]
    ]


def _variant(record: Record, variant: UUID) -> GenomeVariant | None:
    row = record.genome_variants.filter(pk=variant, genome__ended__isnull=True, genome__state=Genome.State.READ)
    return row.select_related("genome").first()


def _question(record: Record, question: UUID) -> GenomeQuestion | None:
    found = record.genome_questions.filter(pk=question, genome__ended__isnull=True)
    return found.select_related("genome", "asked_by").first()


def _answer(here: GenomeQuestion, record: Record) -> list[dict[str, Any]]:
    if here.genome.state != Genome.State.READ or here.turn != here.genome.turn:
        return []
    assert here.found is not None
    evidence = with_asked(evidence_from(here.genome, record).evidence, [allele_in(stored) for stored in here.found])
    return [_trace(trace) for trace in why_filtered(asked(here.text), evidence, was_asked=True)]


def _trace(trace: FilterTrace) -> dict[str, Any]:
    return {
        "variant": trace.variant,
        "steps": [(*step_words(step), step.passed) for step in trace.steps],
        "verdict": verdict_words(trace.verdict),
    }


def _waiting(here: GenomeQuestion, record: UUID) -> dict[str, Any]:
    return {
        "size": here.genome.size,
        "share": share_read(here, here.genome.size),
        "bytes_read": here.bytes_read,
        "again": reverse("genome_answer_progress", args=[record, here.pk]),
        "what": _("is being searched"),
    }
