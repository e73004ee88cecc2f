"""A small ontology and fictional phenopackets (nobody real), for tests to change and to check by hand."""

from __future__ import annotations

import copy
import json
from typing import Any

from hoofbeat.interchange import phenopacket
from hoofbeat.interchange.imported import Imported
from hoofbeat.knowledge.ontology import Ontology, Synonym, Term

RELEASE = "2024-02-01"

ARACHNODACTYLY = "HP:0001166"
SEIZURE, GENERALIZED_SEIZURE = "HP:0001250", "HP:0002197"
HYPERMOBILITY = "HP:0001382"
ECTOPIA_LENTIS = "HP:0001083"
UNKNOWN = "HP:9999999"

_TERMS = (
    ("HP:0000001", "All", ()),
    ("HP:0000118", "Phenotypic abnormality", ("HP:0000001",)),
    ("HP:0000707", "Abnormality of the nervous system", ("HP:0000118",)),
    (SEIZURE, "Seizure", ("HP:0000707",)),
    (GENERALIZED_SEIZURE, "Generalized-onset seizure", (SEIZURE,)),
    (HYPERMOBILITY, "Joint hypermobility", ("HP:0000118",)),
    (ECTOPIA_LENTIS, "Ectopia lentis", ("HP:0000118",)),
    ("HP:0000005", "Mode of inheritance", ("HP:0000001",)),
    ("HP:0000006", "Autosomal dominant inheritance", ("HP:0000005",)),
    ("HP:0012823", "Clinical modifier", ("HP:0000001",)),
    ("HP:0012828", "Severe", ("HP:0012823",)),
    ("HP:0003674", "Onset", ("HP:0000001",)),
    ("HP:0003577", "Congenital onset", ("HP:0003674",)),
)


def small_ontology() -> Ontology:
    """A few real terms, with older identifiers: one alternative, one replaced, one obsolete without successor."""
    terms = [Term(identifier, name, parents=parents) for identifier, name, parents in _TERMS]
    terms += [
        Term(
            ARACHNODACTYLY,
            "Arachnodactyly",
            synonyms=(Synonym("Long, slender fingers", "EXACT", "layperson"),),
            parents=("HP:0000118",),
            alternative_ids=("HP:0001505",),
        ),
        Term("HP:0001388", "obsolete Joint laxity", is_obsolete=True, replaced_by=(HYPERMOBILITY,)),
        Term("HP:0008888", "obsolete Something", is_obsolete=True, consider=(SEIZURE,)),
    ]
    return Ontology.of(terms, release=RELEASE)


ONTOLOGY = small_ontology()


def feature(identifier: str, label: str = "", /, **more: Any) -> dict[str, Any]:
    """One entry of `phenotypicFeatures`; without a label, the name in the small ontology where it has one."""
    resolved = ONTOLOGY.resolve(identifier)
    name = ONTOLOGY.name(resolved.index) if resolved.index is not None and resolved.id == identifier else "a label"
    return {"type": {"id": identifier, "label": label or name}, **more}


def packet(*features: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A fictional packet of version 2 with the given findings, or with one observed and one excluded."""
    return {
        "id": "fictional-1",
        "subject": {"id": "person-1", "sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y6M"}}},
        "phenotypicFeatures": list(features) or [feature(ARACHNODACTYLY), feature(SEIZURE, excluded=True)],
        "metaData": {
            "created": "2020-01-01T00:00:00Z",
            "createdBy": "a test",
            "phenopacketSchemaVersion": "2.0",
            "externalReferences": [{"id": "PMID:123", "description": "A fictional report"}],
        },
        **more,
    }


def solved_packet() -> dict[str, Any]:
    """A fictional packet with a bit of everything that published cases have."""
    disease = {"id": "OMIM:154700", "label": "Marfan syndrome"}
    return packet(
        feature(ARACHNODACTYLY, onset={"age": {"iso8601duration": "P2Y"}}),
        feature(HYPERMOBILITY, severity={"id": "HP:0012828", "label": "Severe"}),
        feature(SEIZURE, excluded=True),
        feature(UNKNOWN, "Something new"),
        interpretations=[
            {
                "id": "interpretation-1",
                "progressStatus": "SOLVED",
                "diagnosis": {
                    "disease": copy.deepcopy(disease),
                    "genomicInterpretations": [
                        {
                            "subjectOrBiosampleId": "person-1",
                            "interpretationStatus": "CAUSATIVE",
                            "variantInterpretation": {
                                "acmgPathogenicityClassification": "PATHOGENIC",
                                "therapeuticActionability": "UNKNOWN_ACTIONABILITY",
                                "variationDescriptor": {
                                    "id": "variant-1",
                                    "geneContext": {"valueId": "HGNC:3603", "symbol": "FBN1"},
                                    "expressions": [{"syntax": "hgvs.c", "value": "NM_000138.5:c.1A>G"}],
                                    "vcfRecord": {
                                        "genomeAssembly": "hg38",
                                        "chrom": "chr15",
                                        "pos": 48644760,
                                        "ref": "T",
                                        "alt": "C",
                                    },
                                    "moleculeContext": "genomic",
                                    "allelicState": {"id": "GENO:0000135", "label": "heterozygous"},
                                },
                            },
                        }
                    ],
                },
            }
        ],
        diseases=[{"term": disease, "onset": {"ontologyClass": {"id": "HP:0003577", "label": "Congenital onset"}}}],
        measurements=[
            {
                "assay": {"id": "LOINC:1668-3", "label": "A fictional assay"},
                "value": {
                    "quantity": {
                        "unit": {"id": "UCUM:ng/dL", "label": "nanogram per decilitre"},
                        "value": 800.0,
                        "referenceRange": {
                            "unit": {"id": "UCUM:ng/dL", "label": "nanogram per decilitre"},
                            "low": 10.0,
                            "high": 60.0,
                        },
                    }
                },
            }
        ],
        medicalActions=[
            {
                "treatment": {"agent": {"id": "DrugCentral:1", "label": "a drug"}},
                "treatmentTerminationReason": {"id": "NCIT:C1", "label": "a reason"},
            }
        ],
    )


def version1_packet() -> dict[str, Any]:
    """A fictional packet of version 1: two findings there, one negated."""
    return {
        "id": "fictional-v1",
        "subject": {"id": "person-1", "ageAtCollection": {"age": "P14Y"}, "sex": "MALE"},
        "phenotypicFeatures": [
            {"type": {"id": ARACHNODACTYLY, "label": "Arachnodactyly"}, "ageOfOnset": {"age": "P2Y"}},
            {"type": {"id": SEIZURE, "label": "Seizure"}, "negated": True},
            {
                "type": {"id": HYPERMOBILITY, "label": "Joint hypermobility"},
                "classOfOnset": {"id": "HP:0003577", "label": "Congenital onset"},
            },
        ],
        "genes": [{"id": "HGNC:3603", "symbol": "FBN1"}],
        "variants": [
            {"hgvsAllele": {"hgvs": "NM_000138.5:c.1A>G"}, "zygosity": {"id": "GENO:0000135", "label": "heterozygous"}},
            {
                "vcfAllele": {
                    "vcfVersion": "4.2",
                    "genomeAssembly": "GRCh38",
                    "chr": "15",
                    "pos": 1,
                    "ref": "A",
                    "alt": "G",
                }
            },
        ],
        "diseases": [{"term": {"id": "OMIM:154700", "label": "Marfan syndrome"}, "ageOfOnset": {"age": "P1Y"}}],
        "htsFiles": [
            {"uri": "file://nowhere", "htsFormat": "VCF", "individualToSampleIdentifiers": {"person-1": "S1"}}
        ],
        "metaData": {"created": "2019-01-01T00:00:00Z", "createdBy": "a test", "phenopacketSchemaVersion": "1.0.0"},
    }


def read(value: Any, *, name: str = "a.json", ontology: Ontology = ONTOLOGY) -> Imported:
    """Read a packet given as Python values or bytes."""
    data = value if isinstance(value, bytes) else json.dumps(value, indent=1).encode()
    return phenopacket.read(data, name=name, ontology=ontology)


def leaf_counts(value: Any, path: str = "") -> dict[tuple[str, str], int]:
    """How often each value stands at each path (list positions left out).

    A plain walk, apart from the code under test.
    """
    counts: dict[tuple[str, str], int] = {}
    stack = [(path, value)]
    while stack:
        at, one = stack.pop()
        if isinstance(one, dict):
            stack += [(f"{at}/{key}", member) for key, member in one.items()]
        elif isinstance(one, list):
            stack += [(f"{at}/*", member) for member in one]
        else:
            counts[at, str(one)] = counts.get((at, str(one)), 0) + 1
    return counts
