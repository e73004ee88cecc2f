"""Readers of the gene files of an HPO release: which gene is involved in which disease, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from hoofbeat.knowledge.disease_ids import normal_disease_id
from hoofbeat.knowledge.errors import KnowledgeError
from hoofbeat.knowledge.tables import open_table

_REPAIR = "use an unaltered {name} of an HPO release, or run `hoofbeat knowledge update`"


class Association(IntEnum):
    """How a gene belongs to a disease, as numbered in the knowledge file; the words of genes_to_disease.txt."""

    UNSTATED = 0
    MENDELIAN = 1
    POLYGENIC = 2
    UNKNOWN = 3
    OTHER = 4


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene by its NCBI (Entrez) number and its symbol."""

    ncbi_id: int
    symbol: str


@dataclass(frozen=True, slots=True)
class DiseaseGenes:
    """Gene-disease pairs with their association; `skipped` lists lines left out as `line: reason`."""

    pairs: dict[tuple[str, Gene], Association]
    skipped: tuple[str, ...]


def read_genes_to_phenotype(path: Path) -> DiseaseGenes:
    """Read the gene-disease pairs of genes_to_phenotype.txt, whose rows repeat each pair once per finding."""
    table = open_table(
        path,
        ("ncbi_gene_id", "gene_symbol", "disease_id"),
        repair=_REPAIR.format(name=path.name),
        older_names={
            "entrez-gene-id": "ncbi_gene_id",
            "entrez_gene_id": "ncbi_gene_id",
            "entrez-gene-symbol": "gene_symbol",
        },
    )
    pairs: dict[tuple[str, Gene], Association] = {}
    skipped: list[str] = []
    known: set[tuple[str, ...]] = set()
    for line, cells in table.rows:
        if cells in known:
            continue
        known.add(cells)
        gene = _gene(cells[0], cells[1])
        if gene is None or not cells[2]:
            skipped.append(f"{line}: {cells[0]!r}, {cells[1]!r}, {cells[2]!r} is not a gene and a disease")
            continue
        pairs[normal_disease_id(cells[2]), gene] = Association.UNSTATED
    if not pairs:
        raise KnowledgeError(f"{path}: no gene", repair=_REPAIR.format(name=path.name))
    return DiseaseGenes(pairs, (*skipped, *(f"{line}: too few cells" for line in table.short_lines)))


def read_genes_to_disease(path: Path) -> DiseaseGenes:
    """Read genes_to_disease.txt: gene, association type, disease. The first association stated for a pair stands."""
    table = open_table(
        path, ("ncbi_gene_id", "gene_symbol", "association_type", "disease_id"), repair=_REPAIR.format(name=path.name)
    )
    pairs: dict[tuple[str, Gene], Association] = {}
    skipped: list[str] = []
    for line, (number, symbol, association, disease) in table.rows:
        gene = _gene(number, symbol)
        if gene is None or not disease:
            skipped.append(f"{line}: {number!r}, {symbol!r}, {disease!r} is not a gene and a disease")
            continue
        pairs.setdefault((normal_disease_id(disease), gene), _association(association))
    return DiseaseGenes(pairs, (*skipped, *(f"{line}: too few cells" for line in table.short_lines)))


def joined(first: DiseaseGenes, second: DiseaseGenes | None) -> DiseaseGenes:
    """Both files as one: pairs of either, with the association where it is stated."""
    if second is None:
        return first
    return DiseaseGenes({**first.pairs, **second.pairs}, (*first.skipped, *second.skipped))


def _gene(number: str, symbol: str) -> Gene | None:
    """`NCBIGene:10` and `10` are gene 10; None if no number. A gene without a symbol is called by its number."""
    local = number.rpartition(":")[2].strip()
    if not local.isdecimal():
        return None
    named = symbol.strip() not in {"", "-"}
    return Gene(int(local), symbol.strip() if named else f"NCBIGene:{local}")


def _association(text: str) -> Association:
    word = text.strip().upper()
    if word in {"", "-"}:
        return Association.UNSTATED
    return Association.__members__.get(word, Association.OTHER)
