"""Links between ORPHA and OMIM entries, from Orphadata (XML), from its JSON extract, or from Mondo (SSSOM).

None of them is needed to build the knowledge; each makes the merging of twin entries better.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError, reading
from hoofbeat.knowledge.tables import open_table


class Relation(StrEnum):
    """How an ORPHA entry relates to an OMIM entry, in Orphadata's words."""

    EXACT = "E"
    BROADER = "BTNT"  # the ORPHA entry is broader than the OMIM entry
    NARROWER = "NTBT"  # the ORPHA entry is narrower than the OMIM entry


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One cross-reference with its origin; `date` is empty where the file states none."""

    orpha: str
    omim: str
    relation: Relation
    source: str
    date: str = ""


_RELATIONS = {relation.value: relation for relation in Relation}


def first_stated(*tables: Iterable[Link]) -> tuple[Link, ...]:
    """All links, one per pair: where tables disagree, the table given first stands; within one, E stands. Sorted by
    pair.
    """
    chosen: dict[tuple[str, str], Link] = {}
    for table in tables:
        for link in sorted(table, key=lambda link: (link.relation is not Relation.EXACT, link)):
            chosen.setdefault((link.orpha, link.omim), link)
    return tuple(chosen[pair] for pair in sorted(chosen))


def read_json_links(path: Path) -> tuple[Link, ...]:
    """Read `{"ORPHA:558": [["OMIM:154700", "BTNT"], ...], ...}`. Relations other than E, BTNT and NTBT are ignored."""
    repair = 'give a JSON object of ORPHA id to a list of [OMIM id, "E" | "BTNT" | "NTBT" | ...]'
    try:
        with reading(path):
            text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise KnowledgeError(f"{path}: not JSON: {error}", repair=repair) from error
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path}: not a JSON object", repair=repair)
    links = []
    for orpha, targets in content.items():
        for target in targets or ():
            if not (isinstance(target, list) and len(target) == 2 and isinstance(target[0], str)):
                raise KnowledgeError(f"{path}: {orpha}: {target!r} is not [OMIM id, relation]", repair=repair)
            relation = _RELATIONS.get(str(target[1]))
            if relation is not None:
                links.append(Link(normal_disease_id(orpha), normal_disease_id(target[0]), relation, path.name))
    return tuple(links)


def read_orphadata_links(path: Path) -> tuple[Link, ...]:
    """Read Orphadata product 1 (`en_product1.xml`): the OMIM references of each disorder and their relations.

    References that Orphanet has not validated yet are left out.
    """
    repair = "give an unaltered en_product1.xml of Orphadata"
    links: list[Link] = []
    date = ""
    try:
        with reading(path):
            for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
                if event == "start" and element.tag == "JDBOR":
                    date = element.get("date", "")[:10]
                elif event == "end" and element.tag == "Disorder" and element.find("OrphaCode") is not None:
                    links.extend(_disorder_links(element, date))
                    element.clear()
    except (ParseError, DefusedXmlException) as error:
        raise KnowledgeError(f"{path}: not the XML of Orphadata: {error!r}", repair=repair) from error
    if not links:
        raise KnowledgeError(f"{path}: no OMIM reference in it", repair=repair)
    return tuple(links)


def _disorder_links(disorder: Element, date: str) -> Iterator[Link]:
    orpha = f"ORPHA:{(disorder.findtext('OrphaCode') or '').strip()}"
    for reference in disorder.iter("ExternalReference"):
        if (reference.findtext("Source") or "").strip() != "OMIM":
            continue
        stated = (reference.findtext("DisorderMappingRelation/Name") or "").split()
        relation = _RELATIONS.get(stated[0]) if stated else None
        omim = (reference.findtext("Reference") or "").strip()
        validation = (reference.findtext("DisorderMappingValidationStatus/Name") or "").strip()
        if relation is not None and omim.isdecimal() and validation in {"", "Validated"}:
            yield Link(orpha, f"OMIM:{omim}", relation, "Orphadata product 1", date)


def read_mondo_links(path: Path) -> tuple[Link, ...]:
    """Read Mondo's SSSOM table: an ORPHA and an OMIM entry that map to the same Mondo class are linked through it.

    Both exact: E. One exact, the other broader or narrower than the Mondo class: BTNT or NTBT. Two inexact mappings say
    nothing.
    """
    table = open_table(
        path, ("subject_id", "predicate_id", "object_id"), repair="give an unaltered mondo.sssom.tsv of a Mondo release"
    )
    found = re.search(r"\d{4}-\d{2}-\d{2}", " ".join(table.comments))
    date = found.group(0) if found else ""
    by_class: dict[str, list[tuple[str, str]]] = {}
    for _, (subject, predicate, target) in table.rows:
        identifier = normal_disease_id(target)
        if identifier.startswith(("OMIM:", "ORPHA:")) and predicate in _MATCH:
            by_class.setdefault(subject, []).append((identifier, _MATCH[predicate]))
    links = []
    for mappings in by_class.values():
        for orpha, orpha_match in mappings:
            for omim, omim_match in mappings:
                relation = _THROUGH.get((orpha_match, omim_match))
                if orpha.startswith("ORPHA:") and omim.startswith("OMIM:") and relation is not None:
                    links.append(Link(orpha, omim, relation, "Mondo", date))
    return first_stated(links)


# skos: `subject broadMatch object` says that the object is the broader one.
_MATCH = {"skos:exactMatch": "exact", "skos:broadMatch": "broad", "skos:narrowMatch": "narrow"}
_THROUGH = {
    ("exact", "exact"): Relation.EXACT,
    ("broad", "exact"): Relation.BROADER,
    ("exact", "narrow"): Relation.BROADER,
    ("narrow", "exact"): Relation.NARROWER,
    ("exact", "broad"): Relation.NARROWER,
}
