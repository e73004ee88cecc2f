"""Phenopackets version 1, recognised and turned into version 2, so that it is never read as version 2 by mistake.

Version 1 says `negated` where version 2 says `excluded`: read as version 2, every absent finding would become a present
one.
"""

from __future__ import annotations

import re
from typing import Any

Tree = dict[str, Any]

_TOP_LEVEL = frozenset({"genes", "variants", "htsFiles", "hts_files"})
_SUBJECT = frozenset({"ageAtCollection", "age_at_collection", "ageRangeAtCollection", "age_range_at_collection"})
_FEATURE = frozenset(
    {"negated", "ageOfOnset", "age_of_onset", "ageRangeOfOnset", "age_range_of_onset", "classOfOnset", "class_of_onset"}
)
_CAMEL = re.compile(r"_([a-z])")
_HTS_ATTRIBUTES = ("description", "htsFormat", "genomeAssembly")
_VCF = {
    "genomeAssembly": "genomeAssembly",
    "chr": "chrom",
    "pos": "pos",
    "ref": "ref",
    "alt": "alt",
    "id": "id",
    "info": "info",
}
# Where a value of version 1 stood, for messages about the converted packet: (version 2, version 1).
_PLACES = (
    (re.compile(r"/onset/age/iso8601duration$"), "/ageOfOnset/age"),
    (re.compile(r"/onset/age$"), "/ageOfOnset"),
    (re.compile(r"/onset/ageRange"), "/ageRangeOfOnset"),
    (re.compile(r"/onset/ontologyClass"), "/classOfOnset"),
    (re.compile(r"/onset$"), "/ageOfOnset"),
    (re.compile(r"/timeAtLastEncounter"), "/ageAtCollection"),
    (re.compile(r"/excluded$"), "/negated"),
)


def is_version1(packet: Tree) -> bool:
    """Whether a packet is of version 1, by its own statement or by fields that only version 1 has."""
    if not packet.keys().isdisjoint(_TOP_LEVEL):
        return True
    meta = packet.get("metaData", packet.get("meta_data"))
    if isinstance(meta, dict):
        version = meta.get("phenopacketSchemaVersion", meta.get("phenopacket_schema_version"))
        if isinstance(version, str) and re.match(r"v?[01](\.|$)", version.strip()):
            return True
    subject = packet.get("subject")
    if isinstance(subject, dict) and not subject.keys().isdisjoint(_SUBJECT):
        return True
    features = packet.get("phenotypicFeatures", packet.get("phenotypic_features"))
    return isinstance(features, list) and any(
        isinstance(feature, dict) and not feature.keys().isdisjoint(_FEATURE) for feature in features
    )


def place_in_version1(path: str) -> str:
    """The place in the version 1 source of a place in the converted packet."""
    for pattern, before in _PLACES:
        path = pattern.sub(before, path)
    return path


def to_version2(packet: Tree) -> Tree:
    """The same packet in version 2.

    What has no place there is left under its old name, and so is reported as unknown.
    """
    source = _camel(packet)
    result = {key: value for key, value in source.items() if key not in ("genes", "variants", "htsFiles")}
    if isinstance(source.get("subject"), dict):
        result["subject"] = _subject(source["subject"])
    for key in ("phenotypicFeatures", "diseases"):
        if isinstance(source.get(key), list):
            result[key] = [_onset(member) if isinstance(member, dict) else member for member in source[key]]
    if isinstance(source.get("biosamples"), list):
        result["biosamples"] = [_biosample(one) if isinstance(one, dict) else one for one in source["biosamples"]]
    calls = _calls(source)
    if calls:
        # Version 1 does not say which disease its genes and variants belong to: the disease stays where it was.
        result["interpretations"] = [{"diagnosis": {"genomicInterpretations": calls}}]
    files = _objects(source.get("htsFiles"))
    if files is not None:
        result["files"] = [_file(one) for one in files]
    elif "htsFiles" in source:
        result["htsFiles"] = source["htsFiles"]
    for key in ("genes", "variants"):
        if key in source and _objects(source[key]) is None:
            result[key] = source[key]
    return result


def _camel(value: Any) -> Any:
    """Field names in the spelling of JSON (where that is free); values are untouched."""
    if isinstance(value, dict):
        result: Tree = {}
        for key, member in value.items():
            camel = _CAMEL.sub(lambda found: found.group(1).upper(), key)
            result[key if camel in value or camel in result else camel] = _camel(member)
        return result
    if isinstance(value, list):
        return [_camel(member) for member in value]
    return value


def _objects(value: Any) -> list[Tree] | None:
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else None


def _age(value: Any) -> Any:
    """Version 1 writes an age as {"age": "P3Y"}, version 2 as {"iso8601duration": "P3Y"}."""
    if isinstance(value, dict) and "age" in value:
        return {("iso8601duration" if key == "age" else key): member for key, member in value.items()}
    return value


def _age_range(value: Any) -> Any:
    return {key: _age(member) for key, member in value.items()} if isinstance(value, dict) else value


def _onset(member: Tree) -> Tree:
    result: Tree = {}
    for key, value in member.items():
        if key == "negated":
            # A packet that says both is refused later: "excluded" may not stand twice.
            result["excluded" if "excluded" not in member else "negated"] = value
        elif key == "ageOfOnset":
            result["onset"] = {"age": _age(value)}
        elif key == "ageRangeOfOnset":
            result["onset"] = {"ageRange": _age_range(value)}
        elif key == "classOfOnset":
            result["onset"] = {"ontologyClass": value}
        elif key == "tnmFinding":
            result["clinicalTnmFinding"] = value
        else:
            result[key] = value
    return result


def _subject(subject: Tree) -> Tree:
    result: Tree = {}
    for key, value in subject.items():
        if key == "ageAtCollection":
            result["timeAtLastEncounter"] = {"age": _age(value)}
        elif key == "ageRangeAtCollection":
            result["timeAtLastEncounter"] = {"ageRange": _age_range(value)}
        else:
            result[key] = value
    return result


def _biosample(sample: Tree) -> Tree:
    result: Tree = {}
    for key, value in sample.items():
        if key == "ageOfIndividualAtCollection":
            result["timeOfCollection"] = {"age": _age(value)}
        elif key == "ageRangeOfIndividualAtCollection":
            result["timeOfCollection"] = {"ageRange": _age_range(value)}
        elif key == "phenotypicFeatures" and _objects(value) is not None:
            result[key] = [_onset(one) for one in value]
        elif key == "htsFiles" and _objects(value) is not None:
            result["files"] = [_file(one) for one in value]
        else:
            result[key] = value
    return result


def _file(file: Tree) -> Tree:
    result: Tree = {}
    attributes: Tree = {}
    for key, value in file.items():
        if key == "individualToSampleIdentifiers":
            result["individualToFileIdentifiers"] = value
        elif key in _HTS_ATTRIBUTES:
            attributes[key] = value
        else:
            result[key] = value
    return result | ({"fileAttributes": attributes} if attributes else {})


def _calls(source: Tree) -> list[Tree]:
    genes, variants = _objects(source.get("genes")) or [], _objects(source.get("variants")) or []
    calls = [
        {"gene": {("valueId" if key == "id" else key): value for key, value in gene.items()}} for gene in genes if gene
    ]
    calls += [{"variantInterpretation": {"variationDescriptor": _variant(variant)}} for variant in variants if variant]
    return calls


def _variant(variant: Tree) -> Tree:
    result: Tree = {}
    for key, value in variant.items():
        if key == "zygosity":
            result["allelicState"] = value
        elif key == "vcfAllele" and isinstance(value, dict):
            result["vcfRecord"] = {_VCF.get(name, name): member for name, member in value.items()}
        elif key == "hgvsAllele" and isinstance(value, dict) and isinstance(value.get("hgvs"), str):
            result["expressions"] = [{"syntax": "hgvs", "value": value["hgvs"]}]
            result |= {name: member for name, member in value.items() if name != "hgvs"}
        elif key == "iscnAllele" and isinstance(value, dict) and isinstance(value.get("iscn"), str):
            result["expressions"] = [{"syntax": "iscn", "value": value["iscn"]}]
            result |= {name: member for name, member in value.items() if name != "iscn"}
        else:
            result[key] = value
    return result
