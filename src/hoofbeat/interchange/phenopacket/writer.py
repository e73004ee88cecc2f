"""A case as phenopacket, version 2: the same case always gives the same bytes.

Values that were carried are written back where they stood; what the schema requires is written even when it is the
default.
"""

from __future__ import annotations

import json
from typing import Any

from hoofbeat.cases import (
    Age,
    AgeRange,
    Attribute,
    Case,
    DoseInterval,
    Evidence,
    ExternalReference,
    Family,
    Finding,
    FindingState,
    Gene,
    GenomicInterpretation,
    GestationalAge,
    Interpretation,
    Interval,
    KaryotypicSex,
    Measurement,
    MedicalAction,
    OnsetClass,
    OntologyClass,
    Procedure,
    Provenance,
    Quantity,
    ReportedDisease,
    Sex,
    Subject,
    TimeElement,
    Timestamp,
    Treatment,
    Variant,
    VcfRecord,
)
from hoofbeat.interchange.phenopacket.carry_back import CarryBack
from hoofbeat.interchange.phenopacket.own_words import ASKED
from hoofbeat.interchange.phenopacket.reader import UNSET_TIME
from hoofbeat.interchange.phenopacket.resources import resources_for
from hoofbeat.knowledge.ontology import Ontology

Tree = dict[str, Any]

SCHEMA_VERSION = "2.0"
CREATED_BY = "Hoofbeat"
_WRITTEN = (FindingState.OBSERVED, FindingState.EXCLUDED)


def write(case: Case, *, ontology: Ontology) -> bytes:
    """The case as one phenopacket (a family where it has one), JSON in UTF-8 with sorted keys and a final line feed.

    A time of creation that is not known is written as protobuf's unset time, 1970-01-01T00:00:00Z, which `read` takes
    as unknown. Findings that are uncertain or not assessed cannot be said in a phenopacket: see `not_written`.
    """
    tree = _packet(case, ontology)
    if case.family is not None:
        tree = _family(case.family, tree, ontology)
    return (json.dumps(tree, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=2) + "\n").encode("utf-8")


def not_written(case: Case) -> tuple[Finding, ...]:
    """The findings that a phenopacket cannot express; other readers would take them for present."""
    return tuple(finding for finding in case.findings if finding.state not in _WRITTEN)


def _packet(case: Case, ontology: Ontology) -> Tree:
    moved: dict[str, Tree] = {}

    def placed(path: str, member: Tree) -> Tree:
        moved[path] = member
        return member

    features: list[Tree] = []
    for finding in case.findings:
        if finding.state in _WRITTEN:
            features.append(_finding(finding, ontology))
            moved |= dict.fromkeys(finding.paths, features[-1])
    features += [placed(one.path, _attribute(one, ontology)) for one in case.attributes]
    tree: Tree = _without_empty(
        {
            "id": case.id,
            "subject": _subject(case.subject) if case.subject != Subject() else None,
            "phenotypicFeatures": features,
            "measurements": [placed(one.path, _measurement(one)) for one in case.measurements],
            "interpretations": [placed(one.path, _interpretation(one)) for one in case.reported.interpretations],
            "diseases": [placed(one.path, _disease(one)) for one in case.reported.diseases],
            "medicalActions": [placed(one.path, _medical_action(one)) for one in case.medical_actions],
        }
    )
    moved.pop("", None)
    CarryBack(tree, moved).put(case.carried)
    return tree | {"metaData": _meta_data(case.provenance, tree, ontology)}


def _family(family: Family, proband: Tree, ontology: Ontology) -> Tree:
    relatives = [_packet(one, ontology) for one in family.relatives]
    persons = [
        {
            "familyId": one.family_id,
            "individualId": one.individual_id,
            "paternalId": one.paternal_id,
            "maternalId": one.maternal_id,
            "sex": _SEX[one.sex],
            "affectedStatus": one.affected_status.value,
        }
        for one in family.pedigree
    ]
    tree: Tree = {"id": family.id, "proband": proband}
    tree |= _without_empty({"relatives": relatives, "pedigree": {"persons": persons} if persons else None})
    if family.consanguineous_parents is not None:
        tree["consanguinousParents"] = family.consanguineous_parents
    CarryBack(tree, {}).put(family.carried)
    return tree | {"metaData": _meta_data(family.provenance, tree, ontology)}


def _without_empty(tree: Tree) -> Tree:
    return {key: value for key, value in tree.items() if value not in (None, "", [], {})}


def _concept(one: OntologyClass | None) -> Tree | None:
    """The schema wants a label: a concept without one repeats its identifier, which `read` takes as no label."""
    return None if one is None else {"id": one.id, "label": one.label or one.id}


def _concepts(several: tuple[OntologyClass, ...]) -> list[Tree | None]:
    return [_concept(one) for one in several]


def _finding(finding: Finding, ontology: Ontology) -> Tree:
    label = finding.label or ontology.name(ontology.index(finding.id))
    if finding.given_label and finding.given_id == finding.id:
        label = finding.given_label
    tree: Tree = {"type": {"id": finding.id, "label": label}}
    if finding.state is FindingState.EXCLUDED:
        tree["excluded"] = True
    return tree | _without_empty(
        {
            "description": finding.description,
            "severity": _concept(finding.severity),
            "modifiers": _concepts(finding.modifiers),
            "onset": _time(finding.onset),
            "resolution": _time(finding.resolution),
            "evidence": [_evidence(one) for one in (*finding.evidence, *((ASKED,) if finding.asked else ()))],
        }
    )


def _evidence(one: Evidence) -> Tree:
    return _without_empty({"evidenceCode": _concept(one.evidence_code), "reference": _reference(one.reference)})


def _reference(one: ExternalReference | None) -> Tree | None:
    if one is None:
        return None
    return _without_empty({"id": one.id, "reference": one.reference, "description": one.description})


def _attribute(one: Attribute, ontology: Ontology) -> Tree:
    tree: Tree = {"type": {"id": one.id, "label": one.label or ontology.name(ontology.index(one.id))}}
    return tree | ({"excluded": True} if one.excluded else {})


def _time(one: TimeElement | None) -> Tree | None:
    match one:
        case None:
            return None
        case Age():
            return {"age": {"iso8601duration": one.iso8601duration}}
        case AgeRange():
            start, end = one.start.iso8601duration, one.end.iso8601duration
            return {"ageRange": {"start": {"iso8601duration": start}, "end": {"iso8601duration": end}}}
        case OnsetClass():
            return {"ontologyClass": _concept(one.term)}
        case Timestamp():
            return {"timestamp": one.text}
        case Interval():
            return {"interval": _interval(one)}
        case GestationalAge():
            return {"gestationalAge": {"weeks": one.weeks, "days": one.days}}


def _interval(one: Interval) -> Tree:
    return {side: at.text for side, at in (("start", one.start), ("end", one.end)) if at is not None}


def _quantity(one: Quantity | None) -> Tree | None:
    if one is None:
        return None
    tree: Tree = {"value": one.value}
    tree |= _without_empty({"unit": _concept(one.unit)})
    if one.reference_range is not None:
        span: Tree = _without_empty({"unit": _concept(one.reference_range.unit)})
        for side, bound in (("low", one.reference_range.low), ("high", one.reference_range.high)):
            if bound is not None:
                span[side] = bound
        tree["referenceRange"] = span
    return tree


def _procedure(one: Procedure | None) -> Tree | None:
    if one is None:
        return None
    return _without_empty(
        {"code": _concept(one.code), "bodySite": _concept(one.body_site), "performed": _time(one.performed)}
    )


_SEX = {Sex.UNKNOWN: "UNKNOWN_SEX", Sex.FEMALE: "FEMALE", Sex.MALE: "MALE", Sex.OTHER: "OTHER_SEX"}


def _subject(subject: Subject) -> Tree:
    vital = subject.vital_status
    tree: Tree = {"id": subject.id, "sex": _SEX[subject.sex]}
    if subject.karyotypic_sex is not KaryotypicSex.UNKNOWN:
        tree["karyotypicSex"] = subject.karyotypic_sex.value
    if vital is not None:
        tree["vitalStatus"] = {"status": vital.status.value} | _without_empty(
            {
                "timeOfDeath": _time(vital.time_of_death),
                "causeOfDeath": _concept(vital.cause_of_death),
            }
        )
        if vital.survival_time_in_days is not None:
            tree["vitalStatus"]["survivalTimeInDays"] = vital.survival_time_in_days
    return tree | _without_empty(
        {
            "alternateIds": list(subject.alternate_ids),
            "dateOfBirth": subject.date_of_birth.text if subject.date_of_birth is not None else None,
            "timeAtLastEncounter": _time(subject.time_at_last_encounter),
            "gender": _concept(subject.gender),
            "taxonomy": _concept(subject.taxonomy),
        }
    )


def _measurement(one: Measurement) -> Tree:
    value = _without_empty({"quantity": _quantity(one.quantity), "ontologyClass": _concept(one.concept)})
    typed = [
        _without_empty({"type": _concept(kind), "quantity": _quantity(quantity)})
        for kind, quantity in one.typed_quantities
    ]
    return _without_empty(
        {
            "description": one.description,
            "assay": _concept(one.assay),
            "value": value,
            "complexValue": {"typedQuantities": typed} if typed else None,
            "timeObserved": _time(one.time_observed),
            "procedure": _procedure(one.procedure),
        }
    )


def _medical_action(one: MedicalAction) -> Tree:
    return _without_empty(
        {
            "procedure": _procedure(one.procedure),
            "treatment": _treatment(one.treatment),
            "treatmentTarget": _concept(one.treatment_target),
            "treatmentIntent": _concept(one.treatment_intent),
            "responseToTreatment": _concept(one.response_to_treatment),
            "adverseEvents": _concepts(one.adverse_events),
            "treatmentTerminationReason": _concept(one.treatment_termination_reason),
        }
    )


def _treatment(one: Treatment | None) -> Tree | None:
    if one is None:
        return None
    return _without_empty(
        {
            "agent": _concept(one.agent),
            "routeOfAdministration": _concept(one.route_of_administration),
            "doseIntervals": [_dose(dose) for dose in one.dose_intervals],
            "drugType": one.drug_type,
            "cumulativeDose": _quantity(one.cumulative_dose),
        }
    )


def _dose(one: DoseInterval) -> Tree:
    return _without_empty(
        {
            "quantity": _quantity(one.quantity),
            "scheduleFrequency": _concept(one.schedule_frequency),
            "interval": _interval(one.interval) if one.interval is not None else None,
        }
    )


def _disease(one: ReportedDisease) -> Tree:
    tree: Tree = {"term": _concept(one.term)}
    if one.excluded:
        tree["excluded"] = True
    return tree | _without_empty(
        {"onset": _time(one.onset), "resolution": _time(one.resolution), "laterality": _concept(one.laterality)}
    )


def _interpretation(one: Interpretation) -> Tree:
    diagnosis: Tree = _without_empty(
        {
            "disease": _concept(one.disease),
            "genomicInterpretations": [_genomic(call) for call in one.genomic_interpretations],
        }
    )
    tree: Tree = {"id": one.id, "progressStatus": one.progress.value}
    return tree | _without_empty({"diagnosis": diagnosis, "summary": one.summary})


def _genomic(one: GenomicInterpretation) -> Tree:
    tree: Tree = {"subjectOrBiosampleId": one.subject_id, "interpretationStatus": one.status.value}
    if one.gene is not None:
        tree["gene"] = _gene(one.gene)
    if one.variant is not None:
        tree["variantInterpretation"] = {
            "acmgPathogenicityClassification": one.acmg.value,
            "therapeuticActionability": one.actionability.value,
            "variationDescriptor": _variant(one.variant),
        }
    return tree


def _gene(one: Gene) -> Tree:
    return {"valueId": one.id, "symbol": one.symbol} | _without_empty(
        {
            "description": one.description,
            "alternateIds": list(one.alternate_ids),
            "alternateSymbols": list(one.alternate_symbols),
            "xrefs": list(one.xrefs),
        }
    )


def _variant(one: Variant) -> Tree:
    tree: Tree = {"id": one.id, "moleculeContext": one.molecule_context or "unspecified_molecule_context"}
    return tree | _without_empty(
        {
            "label": one.label,
            "description": one.description,
            "geneContext": _gene(one.gene) if one.gene is not None else None,
            "vcfRecord": _vcf_record(one.vcf_record) if one.vcf_record is not None else None,
            "expressions": [
                {"syntax": each.syntax, "value": each.value} | _without_empty({"version": each.version})
                for each in one.expressions
            ],
            "allelicState": _concept(one.allelic_state),
            "structuralType": _concept(one.structural_type),
        }
    )


def _vcf_record(one: VcfRecord) -> Tree:
    """The position as text, as protobuf's JSON writes 64-bit numbers."""
    tree: Tree = {"genomeAssembly": one.genome_assembly, "chrom": one.chrom, "ref": one.ref, "alt": one.alt}
    if one.pos is not None:
        tree["pos"] = str(one.pos)
    return tree | _without_empty({"id": one.id, "qual": one.qual, "filter": one.filter, "info": one.info})


def _meta_data(one: Provenance, tree: Tree, ontology: Ontology) -> Tree:
    meta: Tree = {
        "created": one.created or UNSET_TIME,
        "createdBy": one.created_by or CREATED_BY,
        "phenopacketSchemaVersion": one.schema_version if one.schema_version.startswith("2") else SCHEMA_VERSION,
    }
    resources = [
        {
            "id": each.id,
            "name": each.name,
            "url": each.url,
            "version": each.version,
            "namespacePrefix": each.namespace_prefix,
            "iriPrefix": each.iri_prefix,
        }
        for each in (*one.resources, *resources_for(tree, one.resources, ontology))
    ]
    updates = [
        {"timestamp": each.timestamp} | _without_empty({"updatedBy": each.updated_by, "comment": each.comment})
        for each in one.updates
    ]
    references = [_reference(each) for each in one.references]
    return meta | _without_empty(
        {
            "submittedBy": one.submitted_by,
            "resources": resources,
            "updates": updates,
            "externalReferences": references,
        }
    )
