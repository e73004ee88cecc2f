"""Builds the knowledge file of a release from its input files, and reports what went in, what was merged, and what was
left out.

A build is a function of its input files: the same files give the same bytes. It takes seconds, and the new file takes
the place of an older one only when it is complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hoofbeat.knowledge.actions import Actions, read_actions
from hoofbeat.knowledge.annotations import Annotations, count_branches_astray
from hoofbeat.knowledge.crossreferences import (
    Link,
    Relation,
    first_stated,
    read_json_links,
    read_mondo_links,
    read_orphadata_links,
)
from hoofbeat.knowledge.disease_ids import SOURCES, disease_source
from hoofbeat.knowledge.diseases import Diseases
from hoofbeat.knowledge.facts import KNOWLEDGE_FILE, Facts
from hoofbeat.knowledge.frequencies import frequencies_of
from hoofbeat.knowledge.genes import DiseaseGenes, joined, read_genes_to_disease, read_genes_to_phenotype
from hoofbeat.knowledge.hpoa import Aspect, Hpoa, HpoaRow, read_hpoa, stated_release
from hoofbeat.knowledge.obo import OboDocument, read_obo
from hoofbeat.knowledge.ontology import Ontology
from hoofbeat.knowledge.own_parts import Described
from hoofbeat.knowledge.releases import as_of_name
from hoofbeat.knowledge.sources import FILE_NAMES, LICENCES, Role, Sources, checksum
from hoofbeat.knowledge.stated_frequency import FrequencyKind
from hoofbeat.knowledge.twins import Entry, Twins, merge_twins

Progress = Callable[[str, float], None]

# Orphadata states the relation itself; Mondo's is derived through its classes. Where they disagree the first one
# stands.
LINK_ROLES = (Role.LINKS_ORPHADATA, Role.LINKS_JSON, Role.LINKS_MONDO)


@dataclass(frozen=True)
class BuildReport:
    """What a build did: the file it wrote, and the manifest inside it (inputs, counts, what was mapped, skipped and
    merged).
    """

    path: Path
    manifest: dict[str, Any]

    @property
    def release(self) -> str:
        """The name of the release."""
        return str(self.manifest["release"])


@dataclass(frozen=True)
class _Inputs:
    document: OboDocument
    ontology: Ontology
    hpoa: Hpoa
    genes: DiseaseGenes
    links: tuple[Link, ...]
    files: list[dict[str, Any]]
    actions: Actions
    actions_report: dict[str, Any]


def build(
    sources: Sources, target: Path, *, as_of: date | None = None, progress: Progress = lambda what, share: None
) -> BuildReport:
    """Build the knowledge file of `sources` in the folder `target`.

    With `as_of`, rows curated after that day are dropped, and the manifest says `approximate`: a row that was changed
    later is lost whole, and ontology and genes are those of the release. `progress` gets a text and the share done,
    0..1. Raises KnowledgeError where an input cannot be used; an existing file is then left as it was.
    """
    inputs = _read(sources, as_of, progress)
    facts = _compile(inputs, as_of, progress)
    progress("Writing the knowledge file", 0.9)
    path = target / KNOWLEDGE_FILE
    saved = facts.save(path)
    progress("Done", 1.0)
    return BuildReport(path, dict(saved.manifest))


def release_name(sources: Sources, as_of: date | None = None) -> str:
    """The name that a build of these sources gets, without building: the release of the annotations, and the day if one
    is asked for.
    """
    return _release_name(stated_release(sources.paths[Role.ANNOTATIONS]), as_of)


def _release_name(release: str, as_of: date | None) -> str:
    return release if as_of is None else as_of_name(release, as_of.isoformat())


def _read(sources: Sources, as_of: date | None, progress: Progress) -> _Inputs:
    progress("Reading the ontology", 0.0)
    document = read_obo(sources.paths[Role.ONTOLOGY])
    ontology = Ontology.of(document.terms, release=document.release)
    progress("Reading the annotations", 0.3)
    day = None if as_of is None else as_of.year * 10_000 + as_of.month * 100 + as_of.day
    hpoa = read_hpoa(sources.paths[Role.ANNOTATIONS], ontology, as_of=day)
    progress("Reading genes and cross-references", 0.6)
    to_disease = sources.paths.get(Role.GENES_TO_DISEASE)
    genes = joined(
        read_genes_to_phenotype(sources.paths[Role.GENES_TO_PHENOTYPE]),
        None if to_disease is None else read_genes_to_disease(to_disease),
    )
    tables = {role: _READERS[role](sources.paths[role]) for role in LINK_ROLES if role in sources.paths}
    versions = {Role.ONTOLOGY: document.release, Role.ANNOTATIONS: hpoa.release}
    versions |= {role: max((link.date for link in links), default="") for role, links in tables.items()}
    actions, report = _actions(sources, ontology)
    versions |= {Role.ACTIONS: actions.release, Role.OBSERVABILITY: report.get("annotation_release", "")}
    files = [_input(sources, role, versions.get(role, "")) for role in Role if role in sources.paths]
    return _Inputs(document, ontology, hpoa, genes, first_stated(*tables.values()), files, actions, report)


def _actions(sources: Sources, ontology: Ontology) -> tuple[Actions, dict[str, Any]]:
    """The medical actions, where both of their files are there."""
    pair = [sources.paths.get(role) for role in (Role.ACTIONS, Role.OBSERVABILITY)]
    if pair[0] is None or pair[1] is None:
        return Actions.empty(), {}
    return read_actions(pair[0], pair[1], ontology)


_READERS = {
    Role.LINKS_ORPHADATA: read_orphadata_links,
    Role.LINKS_JSON: read_json_links,
    Role.LINKS_MONDO: read_mondo_links,
}


def _input(sources: Sources, role: Role, version: str) -> dict[str, Any]:
    path = sources.paths[role]
    return {
        "role": role.value,
        "name": FILE_NAMES[role],
        "sha256": checksum(path),
        "size": path.stat().st_size,
        "date": version,
        "origin": sources.origin(role),
        "licence": LICENCES[role],
    }


def _compile(inputs: _Inputs, as_of: date | None, progress: Progress) -> Facts:
    progress("Merging twin diseases", 0.65)
    rows = inputs.hpoa.rows
    entries = _entries(rows, inputs.genes)
    twins = merge_twins(entries, inputs.links)
    inheritance: dict[str, set[int]] = {}
    for row in rows:
        if row.aspect is Aspect.INHERITANCE and not row.negated:
            inheritance.setdefault(row.disease, set()).add(row.term)
    diseases = Diseases.of(
        twins,
        {entry.id: entry.names[0] for entry in entries},
        genes=inputs.genes.pairs,
        links=inputs.links,
        inheritance=inheritance,
    )
    progress("Arranging the annotations", 0.75)
    annotations = Annotations.of(rows, diseases)
    manifest = {
        "release": _release_name(inputs.hpoa.release, as_of),
        "ontology_release": inputs.document.release,
        "annotation_release": inputs.hpoa.release,
        "as_of": None if as_of is None else as_of.isoformat(),
        "approximate": as_of is not None,
        "inputs": inputs.files,
        "counts": _counts(inputs, diseases, annotations),
        "report": _report(inputs, twins, annotations),
    }
    progress("Compiling frequencies", 0.85)
    frequencies = frequencies_of(annotations.findings, inputs.ontology, len(diseases))
    described = Described.of(frequencies, inputs.ontology)
    return Facts(inputs.ontology, diseases, annotations, frequencies, described, manifest, inputs.actions)


def _entries(rows: Iterable[HpoaRow], genes: DiseaseGenes) -> list[Entry]:
    """The annotated entries; the first name of each is the one on its latest rows (then on most rows, then first in the
    alphabet).
    """
    used: dict[str, dict[str, tuple[int, int]]] = {}
    for row in rows:
        names = used.setdefault(row.disease, {})
        latest, count = names.get(row.disease_name, (0, 0))
        names[row.disease_name] = max(latest, row.date), count + 1
    gene_ids: dict[str, set[int]] = {}
    for disease, gene in genes.pairs:
        gene_ids.setdefault(disease, set()).add(gene.ncbi_id)
    return [
        Entry(
            disease,
            tuple(sorted(names, key=lambda name: (-names[name][0], -names[name][1], name))),
            frozenset(gene_ids.get(disease, ())),
        )
        for disease, names in used.items()
    ]


def _counts(inputs: _Inputs, diseases: Diseases, annotations: Annotations) -> dict[str, Any]:
    """The figures by which a release is recognised; `rows` and `frequencies` are of the rows that went in."""
    rows = inputs.hpoa.rows
    findings = [row for row in rows if row.aspect is Aspect.FINDING]
    entries = Counter(disease_source(member) for member in diseases.member_ids)
    kinds = Counter((disease_source(row.disease), FrequencyKind(row.frequency.kind)) for row in findings)
    synonyms = [synonym for term in inputs.document.terms for synonym in term.synonyms]
    zero = sum(1 for row in findings if not row.negated and row.frequency.text().startswith("0/"))
    return {
        "terms": len(inputs.ontology),
        "phenotype_terms": int(inputs.ontology.is_phenotype.sum()),
        "layperson_synonyms": sum(1 for synonym in synonyms if synonym.kind == "layperson"),
        "rows_read": inputs.hpoa.rows_read,
        "rows": len(rows),
        "rows_by_aspect": {aspect.value: len(annotations.table(aspect)) for aspect in Aspect},
        "rows_not": sum(row.negated for row in rows),
        "rows_zero_of_m": zero,
        "rows_with_several_references": sum(len(row.references) > 1 for row in rows),
        "rows_with_onset": sum(row.onset >= 0 for row in rows),
        "rows_with_sex": sum(row.sex > 0 for row in rows),
        "rows_with_modifiers": sum(bool(row.modifiers) for row in rows),
        "course_rows_with_counts": int((annotations.course.frequency_kind == FrequencyKind.COUNTS).sum()),
        "frequencies": {
            source: {kind.name.lower(): kinds[source, kind] for kind in FrequencyKind if kinds[source, kind]}
            for source in sorted({source for source, _ in kinds})
        },
        "references": len(annotations.reference_ids),
        "entries": {
            source: entries[source] for source in (*SOURCES, *sorted(set(entries) - set(SOURCES))) if entries[source]
        },
        "diseases": len(diseases),
        "genes": len(diseases.gene_ids),
        "gene_disease_pairs": len(inputs.genes.pairs),
        "links": len(inputs.links),
        "outside_entries": len(diseases.outside_ids),
        "outside_entries_that_are_a_disease": int((diseases.outside_same >= 0).sum()),
    }


def _report(inputs: _Inputs, twins: Twins, annotations: Annotations) -> dict[str, Any]:
    """What was changed, left out or decided on the way, with enough to look it up."""
    annotated = {entry for group in twins.groups for entry in group}
    exact = sum(
        1 for x in inputs.links if x.relation is Relation.EXACT and x.orpha in annotated and x.omim in annotated
    )
    return {
        "mapped_ids": [
            {"given": given, "used": used, "rows": count} for (given, used), count in inputs.hpoa.mapped.items()
        ],
        "skipped_rows": [{"line": row.line, "reason": row.reason} for row in inputs.hpoa.skipped],
        "skipped_gene_lines": list(inputs.genes.skipped),
        "dropped_later_rows": inputs.hpoa.dropped_later,
        "findings_outside_phenotypic_abnormality": count_branches_astray(annotations, inputs.ontology),
        "genes_of_unannotated_entries": len({disease for disease, _ in inputs.genes.pairs} - annotated),
        "twins": {
            "entries": len(annotated),
            "merged": len(twins.groups),
            "exact_links_annotated_on_both_sides": exact,
            "by_exact_link": len(twins.exact),
            "by_name": [list(pair) for pair in twins.named],
            "contradictory": [list(group) for group in twins.contradictory],
            "nested": len(twins.nested),
            "links_known": bool(inputs.links),
        },
        "actions": inputs.actions_report,
        "warnings": _warnings(inputs),
    }


def _warnings(inputs: _Inputs) -> list[str]:
    warnings = []
    expected = inputs.hpoa.hpo_release
    if expected not in {"unknown", inputs.document.release}:
        warnings.append(f"phenotype.hpoa was made with HPO {expected}, but hp.obo is {inputs.document.release}")
    kept = {disease_source(row.disease) for row in inputs.hpoa.rows}
    for source, number in inputs.hpoa.dropped_later.items():
        if source not in kept:
            warnings.append(
                f"no {source} row is left: all {number:,} are dated later (ORPHA rows carry the day of export)"
            )
    if inputs.genes.skipped:
        warnings.append(
            f"{len(inputs.genes.skipped):,} lines of the tables of genes skipped; the first: {inputs.genes.skipped[0]}"
        )
    if not inputs.links:
        warnings.append(
            "no cross-reference table was given: twin diseases are found by names and genes alone; "
            "`hoofbeat knowledge update` fetches one"
        )
    if not len(inputs.actions):
        warnings.append(
            "no medical actions (maxo.obo with maxo_diagnostic_annotations.tsv): `next` knows of procedures only what "
            "the "
            "burden file says; `hoofbeat knowledge update` fetches them"
        )
    return warnings
