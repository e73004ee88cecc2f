"""The documented fate of every field of the schema, held against what reading does, and the page made from it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from phenopackets import Phenopacket

from hoofbeat.interchange.codes import CODES
from hoofbeat.interchange.phenopacket import write
from hoofbeat.interchange.phenopacket.fates import CARRIED, MAPPED
from tests.conftest import ROOT
from tests.packets import ARACHNODACTYLY, ONTOLOGY, leaf_counts, read

PAGE = "docs/reference/phenopackets.md"
TEXT = """\
# Phenopackets

Hoofbeat reads and writes [GA4GH Phenopackets](https://phenopacket-schema.readthedocs.io), version 2: packets, families,
cohorts, lists of packets, one packet per line, and folders and zip archives of them. Version 1 is converted with a
warning. Each value of a source is mapped, carried or dropped, and the report counts all three. This page is generated
from the code; `make docs` writes it anew.

## Mapped

| field | place |
| --- | --- |
{mapped}

## Carried

Kept verbatim with its place, not used, and written back to a phenopacket for the owner: these fields, every field that
the standard does not have, findings whose identifier is unknown, obsolete without successor or of another code system,
and excluded findings that an observed one overrules.

| field | why |
| --- | --- |
{carried}

## Dropped

Impossible times and numbers, findings both observed and excluded (each with an error in the report), and nulls.

## Written

Keys in order, UTF-8, a final line feed; the same case always gives the same bytes. Positions of variants are text, as
protobuf writes them. Defaults that the schema requires are written. A time of creation that is not known is written as
`1970-01-01T00:00:00Z`, which protobuf means by an unset time. Findings that are uncertain or not assessed are not
written: a phenopacket cannot say so, and other readers would take them for present.

## Messages

The codes are stable. An error means that something was not accepted, a warning that it was read with a change.

| code | meaning |
| --- | --- |
{codes}
"""


def full(message: Descriptor, choice: int, depth: int = 0) -> dict[str, Any]:
    """A message with every field filled; of alternatives (oneof) the one that `choice` selects."""
    tree: dict[str, Any] = {}
    for one in message.fields:
        if one.containing_oneof is not None:
            alternatives = one.containing_oneof.fields
            if alternatives[choice % len(alternatives)].name != one.name:
                continue
        value = _value(one, choice, depth)
        if value is not None:
            tree[one.json_name] = [value] if one.is_repeated and not _is_map(one) else value
    return tree


def _is_map(one: FieldDescriptor) -> bool:
    return one.message_type is not None and bool(one.message_type.GetOptions().map_entry)


def _value(one: FieldDescriptor, choice: int, depth: int) -> Any:
    if one.message_type is not None:
        name = one.message_type.name
        if name == "Timestamp":
            return "2020-01-01T00:00:00Z"
        if _is_map(one):
            return {"key": "value"}
        if depth > 12:
            return None
        if name == "OntologyClass":
            identifiers = {"taxonomy": "NCBITaxon:9606", "type": ARACHNODACTYLY}
            return {"id": identifiers.get(one.name, "X:1"), "label": f"a {one.name}"}
        if name == "Age":
            return {"iso8601duration": "P3Y"}
        return full(one.message_type, choice, depth + 1)
    if one.enum_type is not None:
        return one.enum_type.values[-1].name
    if one.type == FieldDescriptor.TYPE_BOOL:
        return True
    if one.type == FieldDescriptor.TYPE_STRING:
        return "2.0" if one.name == "phenopacket_schema_version" else f"a {one.name}"
    return 5.5 if one.type == FieldDescriptor.TYPE_DOUBLE else 5


@pytest.fixture(scope="module")
def full_packets() -> list[dict[str, Any]]:
    """Enough packets that every alternative is chosen in one of them."""
    return [full(Phenopacket.DESCRIPTOR, choice) for choice in range(12)]


def test_the_table_says_what_is_carried(full_packets: list[dict[str, Any]]) -> None:
    carried: set[str] = set()
    for source in full_packets:
        imported = read(source)
        assert imported.report.errors == ()
        carried |= {re.sub(r"/\d+", "/*", one.path) for one in imported.cases[0].carried}
    hit = {prefix for prefix in CARRIED if any(path == prefix or path.startswith(f"{prefix}/") for path in carried)}
    assert hit == set(CARRIED)
    assert {path for path in carried if not any(path == one or path.startswith(f"{one}/") for one in hit)} == set()


def test_a_full_packet_is_written_back_whole(full_packets: list[dict[str, Any]]) -> None:
    for source in full_packets:
        imported = read(source)
        assert imported.report.leaves.total == sum(leaf_counts(source).values())
        assert imported.report.leaves.dropped == 0
        after = leaf_counts(json.loads(write(imported.cases[0], ontology=ONTOLOGY)))
        assert {key: number for key, number in leaf_counts(source).items() if after.get(key, 0) < number} == {}


def test_every_message_code_is_documented_and_used() -> None:
    folder = ROOT / "src" / "hoofbeat" / "interchange"
    text = "\n".join(path.read_text() for path in folder.rglob("*.py") if path.name != "codes.py")
    mentioned = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)*)"', text))
    assert set(CODES) - mentioned == set()
    noted = set(re.findall(r'code="([a-z0-9-]+)"', text))
    noted |= set(re.findall(r'\.(?:error|warning|info)\(\s*"([a-z0-9-]+)"', text))
    # Some pass a code on by place; those of a family of codes are known by how they begin.
    families = ("archive-", "gzip-", "hpo-", "json-", "ped-", "text-", "vcf-")
    noted |= {one for one in mentioned if one.startswith(families)}
    assert noted - set(CODES) == set()


def test_the_page_is_made_from_the_tables(generated_doc: Callable[[str, str], None]) -> None:
    mapped = "\n".join(f"| {one.fields} | {one.place} |" for one in MAPPED)
    carried = "\n".join(f"| `{prefix}` | {why} |" for prefix, why in CARRIED.items())
    codes = "\n".join(f"| `{code}` | {meaning} |" for code, meaning in sorted(CODES.items()))
    generated_doc(PAGE, TEXT.format(mapped=mapped, carried=carried, codes=codes))
