"""What becomes of each field of a phenopacket, as a table.

The documentation is made from it, and a test holds it to the code.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """Fields of version 2 (a star stands for any member of a list) and the place in the case they are mapped to."""

    fields: str
    place: str


MAPPED = (
    Fate("id", "Case.id; the name of the file where it is missing"),
    Fate("subject", "Case.subject; taxonomy must be human; date of birth and identifiers stay at the site"),
    Fate("phenotypicFeatures", "Case.findings, or Case.attributes for terms that are no phenotype"),
    Fate(
        "phenotypicFeatures/*/evidence with the code HOOFBEAT:asked and no reference",
        "Finding.asked: the finding was asked about or looked for in this very person",
    ),
    Fate("measurements", "Case.measurements"),
    Fate("interpretations", "Case.reported.interpretations, which ranking never reads"),
    Fate("diseases", "Case.reported.diseases, which ranking never reads"),
    Fate("medicalActions", "Case.medical_actions, as history"),
    Fate("metaData", "Case.provenance; PubMed identifiers also as Case.publications"),
    Fate("Family: id, relatives, pedigree, consanguinousParents, metaData", "Case.family of the proband"),
    Fate("Cohort: members", "one case each"),
)

# Prefixes of JSON Pointers within a packet.
CARRIED = {
    "/biosamples": "samples are not used",
    "/files": "an address in a file is never opened",
    "/diseases/*/diseaseStage": "stages are not used",
    "/diseases/*/clinicalTnmFinding": "stages are not used",
    "/diseases/*/primarySite": "tumour sites are not used",
    "/medicalActions/*/radiationTherapy": "radiation is not used",
    "/medicalActions/*/therapeuticRegimen": "regimens are not used",
    "/interpretations/*/diagnosis/genomicInterpretations/*/variantInterpretation/variationDescriptor/variation": (
        "VCF and HGVS say the same"
    ),
    "/interpretations/*/diagnosis/genomicInterpretations/*/variantInterpretation/variationDescriptor/vrsRefAlleleSeq": (
        "VCF and HGVS say the same"
    ),
    "/interpretations/*/diagnosis/genomicInterpretations/*/variantInterpretation/variationDescriptor/extensions": (
        "private extensions are not used"
    ),
    "/interpretations/*/diagnosis/genomicInterpretations/*/variantInterpretation/variationDescriptor/xrefs": (
        "cross-references are not used"
    ),
    "/interpretations/*/diagnosis/genomicInterpretations/*/variantInterpretation/variationDescriptor/alternateLabels": (
        "further labels are not used"
    ),
}
