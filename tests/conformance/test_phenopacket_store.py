"""Published cases (phenopacket-store), read against the installed HPO release and against independent readers."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import MessageToDict, Parse, ParseDict
from phenopackets import Phenopacket

from hoofbeat.interchange import phenopacket
from hoofbeat.interchange.imported import Imported
from hoofbeat.interchange.sources import documents, read_document
from hoofbeat.knowledge.facts import Facts
from tests.packets import leaf_counts


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its path: the independent reader."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from walk(member, f"{path}/{key}")
    elif isinstance(value, list):
        for member in value:
            yield from walk(member, path)
    else:
        yield path, value


@pytest.fixture(scope="module")
def store(shared_data: Path) -> dict[str, bytes]:
    archive = shared_data / "phenopackets" / "phenopackets-dev.zip"
    if not archive.is_file():
        pytest.skip(f"{archive} is missing: optional data")
    return {one.name: one.data for one in documents(archive) if one.problem is None}


@pytest.fixture(scope="module")
def imported(store: dict[str, bytes], hpo_facts: Facts) -> dict[str, Imported]:
    return {name: phenopacket.read(data, name=name, ontology=hpo_facts.ontology) for name, data in store.items()}


def test_all_are_read_without_error(imported: dict[str, Imported]) -> None:
    assert len(imported) == 6_490
    assert [name for name, one in imported.items() if len(one.cases) != 1 or one.report.errors] == []


def test_observed_and_excluded_are_those_of_a_plain_walk(
    store: dict[str, bytes], imported: dict[str, Imported]
) -> None:
    stated: Counter[bool] = Counter()
    for name, data in store.items():
        source = json.loads(data)
        own: Counter[bool] = Counter(bool(one.get("excluded")) for one in source.get("phenotypicFeatures", []))
        stated += own
        (case,) = imported[name].cases
        unused = [one for one in case.carried if re.fullmatch(r"/phenotypicFeatures/\d+/type/id", one.path)]
        assert len(case.observed) + len(case.excluded) + len(unused) == own.total()
        carried_as_excluded = sum(bool(one.value) for one in case.carried if one.path.endswith("/excluded"))
        assert len(case.excluded) + carried_as_excluded == own[True]
    assert (stated[False], stated[True]) == (55_299, 76_019)


def test_unknown_findings_are_carried(imported: dict[str, Imported]) -> None:
    unknown = [
        (name, message.value)
        for name, one in imported.items()
        for message in one.report.messages
        if message.code == "hpo-unknown"
    ]
    assert len(unknown) == 188
    assert len({name for name, _ in unknown}) == 125
    assert len({identifier for _, identifier in unknown}) == 44


def test_twelve_files_exclude_an_ancestor_of_an_observed_finding(imported: dict[str, Imported]) -> None:
    assert sum(one.report.count("excluded-ancestor") > 0 for one in imported.values()) == 12


def test_no_value_is_unaccounted_for(store: dict[str, bytes], imported: dict[str, Imported]) -> None:
    for name, data in store.items():
        assert imported[name].report.leaves.total == sum(1 for _ in walk(json.loads(data))), name


def test_nothing_is_lost_when_written_and_protobuf_agrees(
    store: dict[str, bytes], imported: dict[str, Imported], hpo_facts: Facts
) -> None:
    for name in sorted(store)[::13]:
        written = phenopacket.write(imported[name].cases[0], ontology=hpo_facts.ontology)
        before, after = leaf_counts(json.loads(store[name])), leaf_counts(json.loads(written))
        assert {key: number for key, number in before.items() if after.get(key, 0) < number} == {}, name
        ours, theirs = ParseDict(json.loads(written), Phenopacket()), Parse(store[name], Phenopacket())
        for message in (ours, theirs):
            message.phenotypic_features.sort(key=lambda one: (one.type.id, one.excluded))
            del message.meta_data.resources[:]
        assert MessageToDict(ours) == MessageToDict(theirs), name


def test_documents_are_read_alike_one_by_one(shared_data: Path, hpo_facts: Facts) -> None:
    archive = shared_data / "phenopackets" / "phenopackets-dev.zip"
    first = next(iter(documents(archive)))
    assert read_document(first, ontology=hpo_facts.ontology).cases[0].source is not None


# What the published JSON schema of version 2.0 requires of each message, and the one field that it does not allow.
REQUIRED = {
    "Phenopacket": {"id", "metaData"},
    "MetaData": {"created", "createdBy", "phenopacketSchemaVersion"},
    "Resource": {"id", "name", "url", "version", "namespacePrefix", "iriPrefix"},
    "Update": {"timestamp"},
    "Individual": {"id"},
    "VitalStatus": {"status"},
    "OntologyClass": {"id", "label"},
    "Age": {"iso8601duration"},
    "AgeRange": {"start", "end"},
    "GestationalAge": {"weeks"},
    "TimeInterval": {"start", "end"},
    "Evidence": {"evidenceCode"},
    "Procedure": {"code"},
    "File": {"uri"},
    "PhenotypicFeature": {"type"},
    "Disease": {"term"},
    "Interpretation": {"id", "progressStatus"},
    "Diagnosis": {"disease"},
    "GenomicInterpretation": {"subjectOrBiosampleId", "interpretationStatus"},
    "GeneDescriptor": {"valueId", "symbol"},
    "VariantInterpretation": {"acmgPathogenicityClassification", "therapeuticActionability", "variationDescriptor"},
    "VariationDescriptor": {"id", "moleculeContext"},
    "Expression": {"syntax", "value"},
    "VcfRecord": {"genomeAssembly", "chrom", "pos", "ref", "alt"},
    "Measurement": {"assay"},
    "Quantity": {"unit", "value"},
    "TypedQuantity": {"type", "quantity"},
    "ReferenceRange": {"unit", "low", "high"},
    "Treatment": {"agent"},
    "DoseInterval": {"quantity", "scheduleFrequency", "interval"},
}


def schema_faults(tree: dict[str, Any], message: Descriptor, path: str = "") -> Iterator[str]:
    """Required fields that are missing, fields that do not exist, empty labels, and a description of a finding."""
    fields = {one.json_name: one for one in message.fields}
    missing = REQUIRED.get(message.name, set()) - tree.keys()
    if missing:
        yield f"{path}: without {sorted(missing)}"
    if message.name == "OntologyClass" and not tree.get("label"):
        yield f"{path}: empty label"
    if message.name == "PhenotypicFeature" and "description" in tree:
        yield f"{path}: description"
    for key, value in tree.items():
        if key not in fields:
            yield f"{path}/{key}: no such field"
            continue
        for member in value if isinstance(value, list) else [value]:
            child = fields[key].message_type
            if isinstance(member, dict) and child is not None:
                yield from schema_faults(member, child, f"{path}/{key}")
    if message.name == "VcfRecord" and not isinstance(tree.get("pos"), str):
        yield f"{path}: position is not text"


def test_written_packets_have_all_that_the_schema_requires(imported: dict[str, Imported], hpo_facts: Facts) -> None:
    faults: list[str] = []
    for name, one in imported.items():
        tree = json.loads(phenopacket.write(one.cases[0], ontology=hpo_facts.ontology))
        faults += [f"{name} {fault}" for fault in schema_faults(tree, Phenopacket.DESCRIPTOR)]
    assert faults == []
