"""Phenopackets version 1, recognised and turned into version 2, so that it is never read as version 2 by mistake.

Version 1 says `negated` where version 2 says `excluded`: read as version 2, absent findings would become present ones.
"""

from __future__ import annotations

import re
from typing import Any

from hoofbeat.interchange.phenopacket.schema import leaves
from hoofbeat.interchange.report import InputError

Tree = dict[str, Any]

_TOP_LEVEL = frozenset({"genes", "variants", "htsFiles", "hts_files"})
_SUBJECT = frozenset({"ageAtCollection", "age_at_collection", "ageRangeAtCollection", "age_range_at_collection"})
_FEATURE = frozenset(
    {"negated", "ageOfOnset", "age_of_onset", "ageRangeOfOnset", "age_range_of_onset", "classOfOnset", "class_of_onset"}
)
_VERSION = re.compile(r"v?[01](\.|$)")
_CAMEL = re.compile(r"_([a-z])")
_HTS_ATTRIBUTES = frozenset({"description", "htsFormat", "genomeAssembly"})
_EXPRESSIONS = {"hgvsAllele": ("hgvs", "hgvs"), "iscnAllele": ("iscn", "iscn")}
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
        if isinstance(version, str) and _VERSION.match(version.strip()):
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


def to_version2(packet: Tree) -> tuple[Tree, int]:
    """The same packet (or family, or cohort) in version 2, and how many values the conversion added.

    What has no place in version 2 stays under its old name, and so is carried. Raises InputError where the two versions
    are mixed so that something would be lost.
    """
    source = _camel(packet)
    result = {key: value for key, value in source.items() if key not in ("genes", "variants", "htsFiles")}
    if isinstance(source.get("subject"), dict):
        result["subject"] = _moved(source["subject"], "AtCollection", "timeAtLastEncounter")
    for key in ("phenotypicFeatures", "diseases"):
        if _objects(source.get(key)):
            result[key] = [_feature(member) for member in source[key]]
    if _objects(source.get("biosamples")):
        result["biosamples"] = [_biosample(one) for one in source["biosamples"]]
    added = 0
    calls: list[Tree] = []
    for key in ("genes", "variants"):
        if not _objects(source.get(key)):
            result |= {key: source[key]} if key in source else {}
        elif key == "genes":
            calls += [{"gene": _renamed(gene, {"id": "valueId"})} for gene in source[key]]
        else:
            for variant in source[key]:
                descriptor, more = _variant(variant)
                added += more
                calls.append({"variantInterpretation": {"variationDescriptor": descriptor}})
    if calls and "interpretations" not in source:
        # Version 1 does not say which disease its genes and variants belong to: the disease stays where it was.
        result["interpretations"] = [{"diagnosis": {"genomicInterpretations": calls}}]
    if _objects(source.get("htsFiles")) and "files" not in source:
        result["files"] = [_file(one) for one in source["htsFiles"]]
    elif "htsFiles" in source:
        result["htsFiles"] = source["htsFiles"]
    if leaves(result) != leaves(packet) + added or any(result.get(key) for key in _TOP_LEVEL):
        raise InputError(
            "fields of versions 1 and 2 are mixed in one packet, or its genes, variants or files are not objects",
            code="version-mixed",
            repair="write it in version 2 throughout",
        )
    return result, added


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


def _objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _renamed(tree: Tree, names: dict[str, str]) -> Tree:
    return {(names[key] if key in names and names[key] not in tree else key): value for key, value in tree.items()}


def _age(value: Any) -> Any:
    """Version 1 writes an age as {"age": "P3Y"}, version 2 as {"iso8601duration": "P3Y"}."""
    return _renamed(value, {"age": "iso8601duration"}) if isinstance(value, dict) else value


def _age_range(value: Any) -> Any:
    return {key: _age(member) for key, member in value.items()} if isinstance(value, dict) else value


def _moved(tree: Tree, suffix: str, into: str) -> Tree:
    """`ageOfOnset`, `ageRangeOfOnset` and `classOfOnset` (or other endings) become the forms of one time element."""
    forms = {f"age{suffix}": ("age", _age), f"ageRange{suffix}": ("ageRange", _age_range)}
    result: Tree = {}
    for key, value in tree.items():
        if key in forms and isinstance(result.setdefault(into, tree.get(into, {})), dict):
            name, convert = forms[key]
            result[into] = {**result[into], name: convert(value)}
        elif key == f"class{suffix}" and isinstance(result.setdefault(into, tree.get(into, {})), dict):
            result[into] = {**result[into], "ontologyClass": value}
        else:
            result.setdefault(key, value)
    return result


def _feature(feature: Tree) -> Tree:
    result = _moved(feature, "OfOnset", "onset")
    return _renamed(result, {"negated": "excluded", "tnmFinding": "clinicalTnmFinding"})


def _biosample(sample: Tree) -> Tree:
    result = _moved(sample, "OfIndividualAtCollection", "timeOfCollection")
    if _objects(result.get("phenotypicFeatures")):
        result["phenotypicFeatures"] = [_feature(one) for one in result["phenotypicFeatures"]]
    if _objects(result.get("htsFiles")) and "files" not in result:
        result["files"] = [_file(one) for one in result.pop("htsFiles")]
    return result


def _file(file: Tree) -> Tree:
    result = {key: value for key, value in file.items() if key not in _HTS_ATTRIBUTES}
    attributes = {key: value for key, value in file.items() if key in _HTS_ATTRIBUTES}
    return _renamed(result, {"individualToSampleIdentifiers": "individualToFileIdentifiers"}) | (
        {"fileAttributes": attributes} if attributes else {}
    )


def _variant(variant: Tree) -> tuple[Tree, int]:
    result: Tree = {}
    added = 0
    for key, value in variant.items():
        if key == "zygosity":
            result["allelicState"] = value
        elif key == "vcfAllele" and isinstance(value, dict):
            result["vcfRecord"] = _renamed(value, {"chr": "chrom"})
        elif key in _EXPRESSIONS and isinstance(value, dict) and isinstance(value.get(_EXPRESSIONS[key][0]), str):
            name, syntax = _EXPRESSIONS[key]
            result["expressions"] = [{"syntax": syntax, "value": value[name]}]
            result |= {one: member for one, member in value.items() if one != name}
            added += 1
        else:
            result.setdefault(key, value)
    return result, added
