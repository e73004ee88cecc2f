"""One phenopacket as a normal JSON tree becomes a case.

Everything mapped is popped from the tree, so that what remains is carried: nothing can be lost in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from hoofbeat.cases import (
    AcmgClassification,
    Case,
    CaseError,
    DoseInterval,
    Expression,
    Gene,
    GenomicInterpretation,
    Interpretation,
    InterpretationStatus,
    KaryotypicSex,
    Measurement,
    MedicalAction,
    ProgressStatus,
    Provenance,
    Reported,
    ReportedDisease,
    Resource,
    Sex,
    Source,
    Subject,
    TherapeuticActionability,
    Treatment,
    Update,
    Variant,
    VcfRecord,
    VitalState,
    VitalStatus,
)
from hoofbeat.interchange.findings import FindingRules
from hoofbeat.interchange.phenopacket import parts
from hoofbeat.interchange.phenopacket.features import Features
from hoofbeat.interchange.phenopacket.parts import Node
from hoofbeat.interchange.phenopacket.schema import Ledger
from hoofbeat.interchange.report import InputError, Where

Part = TypeVar("Part")

UNSET_TIME = "1970-01-01T00:00:00Z"  # what protobuf calls a time that was not set


def case_from(
    node: Node, ledger: Ledger, rules: FindingRules, *, source: Source, fallback_id: str, need_findings: bool = True
) -> Case | None:
    """The case in a normal packet tree, or None (with an error noted) where it says nothing of use. Empties `node`.

    Raises InputError where the packet as a whole cannot be a case (not human, too many findings).
    """
    try:
        return _case(node, ledger, rules, source, fallback_id, need_findings)
    except CaseError as error:
        raise InputError(error.what, code="not-a-case", repair=error.repair, where=Where(path=ledger.base)) from None


def _case(
    node: Node, ledger: Ledger, rules: FindingRules, source: Source, fallback_id: str, need_findings: bool
) -> Case | None:
    case_id = parts.text(node, "id")
    if not case_id:
        case_id = fallback_id
        ledger.notes.info("case-without-id", "the packet has no id", repair="named after its file", path=ledger.base)
    features = Features(ledger, rules).read(node)
    subject = accepted_subject(node, ledger)
    reported = Reported(
        _each(node, "diseases", lambda child, path: _disease(child, path, ledger)),
        _each(node, "interpretations", lambda child, path: _interpretation(child, path)),
    )
    measurements = _each(node, "measurements", lambda child, path: _measurement(child, path, ledger))
    actions = _each(node, "medicalActions", lambda child, path: _medical_action(child, path, ledger))
    provenance = provenance_from(node)
    ledger.carry("", node)
    if need_findings and not features.findings and not _has_variant(reported):
        ledger.notes.error(
            "no-finding",
            "the packet has neither a usable finding nor a variant",
            repair="give at least one HPO finding in phenotypicFeatures",
            path=ledger.base,
        )
        return None
    case = Case(
        id=case_id,
        subject=subject,
        findings=features.findings,
        attributes=features.attributes,
        measurements=measurements,
        medical_actions=actions,
        reported=reported,
        provenance=provenance,
        source=source,
        carried=tuple(ledger.carried),
    )
    rules.note_general_findings(case.findings, ledger.notes, base=ledger.base)
    return case


def _each(node: Node, key: str, read: Callable[[Node, str], Part | None]) -> tuple[Part, ...]:
    """Read the members of a list in place: what a member does not give up stays in the tree."""
    found = (read(child, f"/{key}/{number}") for number, child in enumerate(node.get(key, ())))
    return tuple(one for one in found if one is not None)


def accepted_subject(node: Node, ledger: Ledger) -> Subject:
    """The subject of a packet. Raises CaseError when it is not human."""
    child: Node = node.get("subject", {})
    sex = child.pop("sex", None)
    karyotype = child.pop("karyotypicSex", None)
    return Subject(
        id=parts.text(child, "id"),
        sex=Sex.UNKNOWN if sex is None else Sex.of(sex),
        karyotypic_sex=KaryotypicSex.UNKNOWN if karyotype is None else KaryotypicSex(karyotype),
        gender=parts.concept(child, "gender"),
        time_at_last_encounter=parts.time(child, "timeAtLastEncounter", "/subject", ledger),
        vital_status=_vital_status(child, ledger),
        alternate_ids=parts.texts(child, "alternateIds"),
        date_of_birth=parts.timestamp(child, "dateOfBirth", "/subject", ledger),
        taxonomy=parts.concept(child, "taxonomy"),
    )


def _vital_status(subject: Node, ledger: Ledger) -> VitalStatus | None:
    child = subject.pop("vitalStatus", None)
    if not child:
        return None
    path = "/subject/vitalStatus"
    return VitalStatus(
        VitalState(child.pop("status", VitalState.UNKNOWN.value)),
        parts.time(child, "timeOfDeath", path, ledger),
        parts.concept(child, "causeOfDeath"),
        parts.whole(child, "survivalTimeInDays"),
    )


def _disease(node: Node, path: str, ledger: Ledger) -> ReportedDisease | None:
    term = node.get("term", {})
    if not term.get("id") and not term.get("label"):
        return None
    found = parts.concept(node, "term")
    assert found is not None
    return ReportedDisease(
        term=found,
        excluded=bool(node.pop("excluded", False)),
        onset=parts.time(node, "onset", path, ledger),
        resolution=parts.time(node, "resolution", path, ledger),
        laterality=parts.concept(node, "laterality"),
        path=path,
    )


def _interpretation(node: Node, path: str) -> Interpretation:
    diagnosis: Node = node.get("diagnosis", {})
    return Interpretation(
        id=parts.text(node, "id"),
        progress=ProgressStatus(node.pop("progressStatus", ProgressStatus.UNKNOWN.value)),
        disease=parts.concept(diagnosis, "disease"),
        genomic_interpretations=tuple(_genomic(child) for child in diagnosis.get("genomicInterpretations", ())),
        summary=parts.text(node, "summary"),
        path=path,
    )


def _genomic(node: Node) -> GenomicInterpretation:
    call: Node = node.get("variantInterpretation", {})
    return GenomicInterpretation(
        subject_id=parts.text(node, "subjectOrBiosampleId"),
        status=InterpretationStatus(node.pop("interpretationStatus", InterpretationStatus.UNKNOWN.value)),
        gene=_gene(node, "gene"),
        variant=_variant(call["variationDescriptor"]) if call.get("variationDescriptor") else None,
        acmg=AcmgClassification(call.pop("acmgPathogenicityClassification", AcmgClassification.NOT_PROVIDED.value)),
        actionability=TherapeuticActionability(
            call.pop("therapeuticActionability", TherapeuticActionability.UNKNOWN.value)
        ),
    )


def _gene(node: Node, key: str) -> Gene | None:
    child = node.pop(key, None)
    if not child:
        return None
    return Gene(
        id=parts.text(child, "valueId"),
        symbol=parts.text(child, "symbol"),
        description=parts.text(child, "description"),
        alternate_ids=parts.texts(child, "alternateIds"),
        alternate_symbols=parts.texts(child, "alternateSymbols"),
        xrefs=parts.texts(child, "xrefs"),
    )


def _variant(node: Node) -> Variant:
    record = node.pop("vcfRecord", None)
    return Variant(
        id=parts.text(node, "id"),
        label=parts.text(node, "label"),
        description=parts.text(node, "description"),
        gene=_gene(node, "geneContext"),
        vcf_record=_vcf_record(record) if record else None,
        expressions=tuple(
            Expression(child.pop("syntax", ""), child.pop("value", ""), child.pop("version", ""))
            for child in node.pop("expressions", ())
        ),
        allelic_state=parts.concept(node, "allelicState"),
        structural_type=parts.concept(node, "structuralType"),
        molecule_context=parts.text(node, "moleculeContext"),
    )


def _vcf_record(node: Node) -> VcfRecord:
    return VcfRecord(
        genome_assembly=parts.text(node, "genomeAssembly"),
        chrom=parts.text(node, "chrom"),
        pos=parts.whole(node, "pos"),
        ref=parts.text(node, "ref"),
        alt=parts.text(node, "alt"),
        id=parts.text(node, "id"),
        qual=parts.text(node, "qual"),
        filter=parts.text(node, "filter"),
        info=parts.text(node, "info"),
    )


def _measurement(node: Node, path: str, ledger: Ledger) -> Measurement:
    value: Node = node.get("value", {})
    complex_value: Node = node.get("complexValue", {})
    typed = complex_value.pop("typedQuantities", ())
    return Measurement(
        assay=parts.concept(node, "assay"),
        quantity=parts.quantity(value, "quantity", f"{path}/value", ledger),
        concept=parts.concept(value, "ontologyClass"),
        typed_quantities=tuple(
            (
                parts.concept(child, "type"),
                parts.quantity(child, "quantity", f"{path}/complexValue/typedQuantities/{number}", ledger),
            )
            for number, child in enumerate(typed)
        ),
        time_observed=parts.time(node, "timeObserved", path, ledger),
        procedure=parts.procedure(node, "procedure", path, ledger),
        description=parts.text(node, "description"),
        path=path,
    )


def _medical_action(node: Node, path: str, ledger: Ledger) -> MedicalAction:
    return MedicalAction(
        procedure=parts.procedure(node, "procedure", path, ledger),
        treatment=_treatment(node, path, ledger),
        treatment_target=parts.concept(node, "treatmentTarget"),
        treatment_intent=parts.concept(node, "treatmentIntent"),
        response_to_treatment=parts.concept(node, "responseToTreatment"),
        adverse_events=parts.concepts(node, "adverseEvents"),
        treatment_termination_reason=parts.concept(node, "treatmentTerminationReason"),
        path=path,
    )


def _treatment(action: Node, path: str, ledger: Ledger) -> Treatment | None:
    child = action.pop("treatment", None)
    if not child:
        return None
    path = f"{path}/treatment"
    doses = tuple(
        DoseInterval(
            parts.quantity(dose, "quantity", f"{path}/doseIntervals/{number}", ledger),
            parts.concept(dose, "scheduleFrequency"),
            parts.interval(dose, "interval", f"{path}/doseIntervals/{number}", ledger),
        )
        for number, dose in enumerate(child.pop("doseIntervals", ()))
    )
    return Treatment(
        agent=parts.concept(child, "agent"),
        route_of_administration=parts.concept(child, "routeOfAdministration"),
        dose_intervals=doses,
        drug_type=parts.text(child, "drugType"),
        cumulative_dose=parts.quantity(child, "cumulativeDose", path, ledger),
    )


def provenance_from(node: Node) -> Provenance:
    """The metaData of a packet, a family or a cohort."""
    child = node.pop("metaData", None)
    if not child:
        return Provenance()
    created = parts.text(child, "created")
    return Provenance(
        created="" if created == UNSET_TIME else created,
        created_by=parts.text(child, "createdBy"),
        submitted_by=parts.text(child, "submittedBy"),
        schema_version=parts.text(child, "phenopacketSchemaVersion"),
        resources=tuple(_resource(one) for one in child.pop("resources", ())),
        updates=tuple(
            Update(one.pop("timestamp", ""), one.pop("updatedBy", ""), one.pop("comment", ""))
            for one in child.pop("updates", ())
        ),
        references=parts.references(child.pop("externalReferences", [])),
    )


def _resource(node: Node) -> Resource:
    return Resource(
        id=node.pop("id", ""),
        name=node.pop("name", ""),
        url=node.pop("url", ""),
        version=node.pop("version", ""),
        namespace_prefix=node.pop("namespacePrefix", ""),
        iri_prefix=node.pop("iriPrefix", ""),
    )


def _has_variant(reported: Reported) -> bool:
    return any(
        one.variant is not None
        for interpretation in reported.interpretations
        for one in interpretation.genomic_interpretations
    )


def with_references_of(case: Case, document: Provenance) -> Case:
    """The case citing what its cohort cites, where it cites nothing itself."""
    if case.provenance.references or not document.references:
        return case
    return replace(case, provenance=replace(case.provenance, references=document.references))
