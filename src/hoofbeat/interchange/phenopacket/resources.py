"""The ontologies and databases whose identifiers a packet uses: each has to be declared in its metaData."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from hoofbeat.cases import Resource
from hoofbeat.interchange.phenopacket.own_words import OWN_WORDS
from hoofbeat.knowledge.ontology import Ontology

_OBO = "http://purl.obolibrary.org/obo/"
_UNKNOWN = "unknown"  # the schema wants a version, and a packet does not say which one its author used

KNOWN = (
    Resource("geno", "Genotype Ontology", _OBO + "geno.owl", _UNKNOWN, "GENO", _OBO + "GENO_"),
    Resource("so", "Sequence types and features ontology", _OBO + "so.owl", _UNKNOWN, "SO", _OBO + "SO_"),
    Resource("mondo", "Mondo Disease Ontology", _OBO + "mondo.owl", _UNKNOWN, "MONDO", _OBO + "MONDO_"),
    Resource("maxo", "Medical Action Ontology", _OBO + "maxo.owl", _UNKNOWN, "MAXO", _OBO + "MAXO_"),
    Resource("eco", "Evidence and Conclusion Ontology", _OBO + "eco.owl", _UNKNOWN, "ECO", _OBO + "ECO_"),
    Resource("ncit", "NCI Thesaurus", _OBO + "ncit.owl", _UNKNOWN, "NCIT", _OBO + "NCIT_"),
    Resource("ncbitaxon", "NCBI Taxonomy", _OBO + "ncbitaxon.owl", _UNKNOWN, "NCBITaxon", _OBO + "NCBITaxon_"),
    Resource(
        "uberon", "Uberon multi-species anatomy ontology", _OBO + "uberon.owl", _UNKNOWN, "UBERON", _OBO + "UBERON_"
    ),
    Resource(
        "omim",
        "Online Mendelian Inheritance in Man",
        "https://www.omim.org",
        _UNKNOWN,
        "OMIM",
        "https://www.omim.org/entry/",
    ),
    Resource("orpha", "Orphanet", "https://www.orpha.net", _UNKNOWN, "ORPHA", "http://www.orpha.net/ORDO/Orphanet_"),
    Resource(
        "hgnc",
        "HUGO Gene Nomenclature Committee",
        "https://www.genenames.org",
        _UNKNOWN,
        "HGNC",
        "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:",
    ),
    Resource(
        "loinc",
        "Logical Observation Identifiers Names and Codes",
        "https://loinc.org",
        _UNKNOWN,
        "LOINC",
        "https://loinc.org/",
    ),
    OWN_WORDS,
    Resource("ucum", "Unified Code for Units of Measure", "https://ucum.org", _UNKNOWN, "UCUM", "https://ucum.org/"),
)


def resources_for(tree: dict[str, Any], declared: Iterable[Resource], ontology: Ontology) -> list[Resource]:
    """The known resources that a packet uses and does not declare, in alphabetical order; HPO is always used."""
    used = {identifier.partition(":")[0].upper() for identifier in _identifiers(tree)} | {"HP"}
    used -= {one.namespace_prefix.upper() for one in declared}
    hpo = Resource("hp", "Human Phenotype Ontology", _OBO + "hp.owl", ontology.release, "HP", _OBO + "HP_")
    return sorted((one for one in (hpo, *KNOWN) if one.namespace_prefix.upper() in used), key=lambda one: one.id)


def _identifiers(value: Any) -> Iterator[str]:
    """Every `id` of a concept and `valueId` of a gene. Packets within (a family) declare their own."""
    if isinstance(value, dict):
        for key, member in value.items():
            if isinstance(member, str):
                if key == "valueId" or (key == "id" and "label" in value):
                    yield member
            elif key not in ("proband", "relatives"):
                yield from _identifiers(member)
    elif isinstance(value, list):
        for member in value:
            yield from _identifiers(member)
